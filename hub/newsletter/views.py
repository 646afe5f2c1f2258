"""Signing up for the newsletter, and what a reader does by the links of their letters."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta
from hub.newsletter import signing_up
from hub.newsletter.archive import past_issues
from hub.newsletter.forms import SignUpForm, WishesForm
from hub.newsletter.models import Subscription
from hub.newsletter.signing_up import CONFIRM, PREFERENCES, UNSUBSCRIBE, Consent

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
SAVED, ENDED, BACK = "saved", "ended", "back"

Reader = Callable[[HttpRequest, Subscription, str], HttpResponse]


def _of_a_reader(purpose: str) -> Callable[[Reader], Callable]:
    """For pages behind a link that one reader has: who has it, or a page that says why there is
    nothing. Nobody keeps such a page, and no other site is told its address."""

    def decorate(view: Reader) -> Callable:
        @wraps(view)
        def found(request: HttpRequest, token: str) -> HttpResponse:
            subscription = signing_up.find(purpose, token)
            if subscription is None:
                response = render(request, "newsletter/over.html", status=HTTPStatus.NOT_FOUND)
            else:
                response = view(request, subscription, token)
            patch_cache_control(response, private=True, no_store=True)
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return found

    return decorate


@GET_OR_POST
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form, and the issues so far. What is answered is the same whether the address is known."""
    form = SignUpForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        signing_up.count(client_of(request))
        by = request.user if request.user.is_authenticated else None
        consent = Consent(signing_up.wording(), request.path)
        email = form.cleaned_data["email"]
        signing_up.sign_up(email, form.wishes, consent, get_language(), by)
        return redirect("newsletter:written")
    context = {
        "form": form,
        "wording": signing_up.wording(),
        "issues": past_issues(),
        "meta": Meta(
            _("Newsletter"),
            request.path,
            description=_("News, research, commentary and events for coal regions, by mail."),
        ),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "newsletter/sign_up.html", context, status=status)


@require_safe
def written(request: HttpRequest) -> HttpResponse:
    """What happens next: the same for all."""
    return render(
        request, "newsletter/written.html", {"meta": _meta(request, _("Look into your mail"))}
    )


@GET_OR_POST
@_of_a_reader(CONFIRM)
def confirm(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """Ask once more, and on POST begin: mail programs open links by themselves."""
    if request.method == "POST":
        signing_up.confirm(subscription.pk)
        return redirect(_preferences(subscription, "begun"))
    context = {"subscription": subscription, "meta": _meta(request, _("Get the newsletter"))}
    return render(request, "newsletter/confirm.html", context)


@GET_OR_POST
@_of_a_reader(PREFERENCES)
def preferences(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """What a reader chose, to be changed; ending it, and coming back."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "end":
        signing_up.end(subscription.pk)
        return redirect(_preferences(subscription, ENDED))
    if act == "back":
        signing_up.confirm(subscription.pk)
        return redirect(_preferences(subscription, BACK))
    form = WishesForm(posted(request), initial=WishesForm.told_by(subscription))
    if request.method == "POST" and form.is_valid():
        signing_up.change(subscription.pk, form.wishes)
        return redirect(_preferences(subscription, SAVED))
    context = {
        "form": form,
        "subscription": subscription,
        "said": next((one for one in ("begun", SAVED, ENDED, BACK) if one in request.GET), ""),
        "meta": _meta(request, _("Your newsletter")),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "newsletter/preferences.html", context, status=status)


@csrf_exempt  # mail programs send it without having seen a page (RFC 8058)
@GET_OR_POST
@_of_a_reader(UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """A button, and on POST the end at once: by a reader, or by their mail program with whatever body,
    neither with a cookie. Sent again it says the same."""
    is_over = request.method == "POST"
    if is_over:
        signing_up.end(subscription.pk)
    context = {
        "is_over": is_over,
        "preferences": _preferences(subscription),
        "meta": _meta(request, _("End the newsletter")),
    }
    return render(request, "newsletter/unsubscribe.html", context)


def _preferences(subscription: Subscription, said: str = "") -> str:
    address = signing_up.path_of(PREFERENCES, subscription)
    return f"{address}?{said}=1" if said else address


def _meta(request: HttpRequest, title: str) -> Meta:
    crumbs = (Crumb(_("Newsletter"), reverse("newsletter:sign_up")),)
    return Meta(title, request.path, crumbs=crumbs, is_indexed=False)
