"""Writing a letter, and confirming that one wrote it."""

from contextlib import suppress
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.clients import client_of
from hub.contact import services
from hub.contact.forms import LetterForm
from hub.contact.models import Letter
from hub.guarded import posted
from hub.meta import Crumb, Meta
from hub.partners.models import Person

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_OR_POST
def write_to_person(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to somebody in the directory; 404 for who is not listed or cannot be reached."""
    person = get_object_or_404(Person.objects.public().exclude(email=""), slug=slug)
    crumbs = (
        Crumb(_("People"), reverse("portal:person_list")),
        Crumb(person.name, person.get_absolute_url()),
    )
    title = _("Write to %(name)s") % {"name": person.name}
    return _write(request, person, Meta(title, request.path, crumbs=crumbs, is_indexed=False))


@GET_OR_POST
def write_to_desk(request: HttpRequest) -> HttpResponse:
    """Write to those who keep the hub."""
    crumbs = (Crumb(_("About the hub"), reverse("portal:about")),)
    return _write(request, None, Meta(_("Write to the hub"), request.path, crumbs=crumbs))


def _write(request: HttpRequest, person: Person | None, meta: Meta) -> HttpResponse:
    form = LetterForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("name", "email", "words")}
        services.count(client_of(request), told["email"])
        letter = services.write(
            person,
            **told,
            language=get_language(),
            suspicions=form.suspicions,
            by=request.user if request.user.is_authenticated else None,
        )
        is_confirmed = letter.state != Letter.State.UNCONFIRMED
        return redirect("contact:sent" if is_confirmed else "contact:written")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "person": person, "meta": meta}
    return render(request, "contact/write.html", context, status=status)


@require_safe
def written(request: HttpRequest) -> HttpResponse:
    """What happens next: the same for all, whatever became of the letter."""
    meta = Meta(_("Look into your mail"), request.path, is_indexed=False)
    return render(request, "contact/written.html", {"meta": meta})


@GET_OR_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the letter, and on POST send it: mail programs open links by themselves."""
    letter = services.find(token)
    if letter is None:
        return render(request, "contact/over.html", status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        with suppress(Letter.DoesNotExist):  # confirmed a moment ago, in another window
            services.confirm(letter)
        return redirect("contact:sent")
    meta = Meta(_("Send your letter"), request.path, is_indexed=False)
    response = render(request, "contact/confirm.html", {"letter": letter, "meta": meta})
    response["Referrer-Policy"] = "same-origin"
    return response


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    meta = Meta(_("Your letter is on its way"), request.path, is_indexed=False)
    return render(request, "contact/sent.html", {"meta": meta})
