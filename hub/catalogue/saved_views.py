"""Pages for who follows a list by mail. GET shows and POST acts: mail programs open links by themselves."""

from dataclasses import dataclass
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.people import addresses_of
from hub.catalogue import saved
from hub.catalogue.models import SavedSearch
from hub.catalogue.saved_forms import SavedSearchForm
from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
MAX_ADDRESS = 20_000  # of a list, which a browser can still send


@dataclass(frozen=True)
class Row:
    """A search of somebody for their page: in words, and where its list is."""

    search: SavedSearch
    called: str
    url: str
    notices: list[str]


@GET_OR_POST
def new(request: HttpRequest) -> HttpResponse:
    """Ask to follow the list at the address ``of``; 404 where none is. What is answered says nothing
    of whether the address follows it already."""
    address = request.GET.get("of", "")
    reading = saved.read(address) if len(address) <= MAX_ADDRESS else None
    if reading is None:
        raise Http404
    form = SavedSearchForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        email, cadence = form.cleaned_data["email"], form.cleaned_data["cadence"]
        saved.count(client_of(request), email)
        is_known = request.user.is_authenticated and email.lower() in addresses_of(request.user)
        asked_in = {"language": get_language(), "is_known": is_known}
        try:
            search = saved.ask(reading, email, cadence, **asked_in)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return private(redirect(saved.path_of(search) if search else reverse("saved:asked")))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    crumbs = (Crumb(str(reading.followed.heading), reverse(reading.followed.name)),)
    meta = Meta(_("Get this list by mail"), request.path, crumbs=crumbs, is_indexed=False)
    context = {"form": form, "reading": reading, "notices": reading.notices, "meta": meta}
    context["action"] = f"{request.path}?{request.GET.urlencode()}"
    return render(request, "saved/new.html", context, status=status)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next: the same for all."""
    meta = Meta(_("Look into your mail"), request.path, is_indexed=False)
    return render(request, "saved/asked.html", {"meta": meta})


@GET_OR_POST
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """All that an address follows, for whoever has a link from one of its letters: to confirm, to have
    told more or less often, to stop. 404 for any other token."""
    search = saved.by_manage_token(token)
    if search is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            _act(request, search.email)
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            return private(redirect("saved:manage", token=token))
    rows = [_row(one) for one in SavedSearch.objects.standing().of(search.email)]
    context = {
        "meta": Meta(_("Lists that you follow by mail"), request.path, is_indexed=False),
        "email": search.email,
        "unconfirmed": [row for row in rows if not row.search.confirmed_at],
        "followed": [row for row in rows if row.search.confirmed_at],
        "refusal": refusal,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return private(render(request, "saved/manage.html", context, status=status))


@csrf_exempt  # mail programs post it for their readers, from no page of ours; the token says whose it is
@GET_OR_POST
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End one search, by a POST with whatever body or none (RFC 8058), as often as it comes. GET asks."""
    search = saved.by_stop_token(token)
    if search is None:
        raise Http404
    if request.method == "POST":
        saved.stop([search.pk])
        search.refresh_from_db()
    title = _("You get no more of these letters") if search.stopped_at else _("Stop these letters?")
    context = {
        "meta": Meta(title, request.path, is_indexed=False),
        "row": _row(search),
        "is_stopped": search.stopped_at is not None,
    }
    return private(render(request, "saved/stop.html", context))


def _act(request: HttpRequest, email: str) -> None:
    keys = [int(key) for key in request.POST.getlist("search")[: 2 * saved.MOST] if _is_key(key)]
    act, cadence = request.POST.get("act", ""), request.POST.get("cadence", "")
    if act == "confirm":
        saved.confirm(email, keys)
    elif act == "stop":
        own = SavedSearch.objects.standing().of(email).filter(pk__in=keys)
        saved.stop(own.values_list("pk", flat=True))
    elif act == "change" and cadence in SavedSearch.Cadence.values:
        for key in keys:
            saved.change(email, key, cadence)
    else:
        raise ValidationError(_("Choose what is to be done."))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _row(search: SavedSearch) -> Row:
    reading = saved.read(search.query)
    if reading is None:
        return Row(search, search.query, "", [_("There is no such list any more.")])
    return Row(search, reading.in_words, reading.url, reading.notices)


def private(response: HttpResponse) -> HttpResponse:
    """What the address of the page lets in whoever has it: no cache keeps it, no other site is told
    of it, nobody indexes it."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(response, private=True, no_store=True)
    return response
