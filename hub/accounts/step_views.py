"""The pages of second steps: passkeys, an app, recovery codes."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.contrib.messages import SUCCESS
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods

from hub.accounts import factors, limits
from hub.accounts.views import Together


class Overview(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        has_factor = factors.has_second_factor(user)
        return super().get_context_data(**kwargs) | {
            "has_second_factor": has_factor,
            "must_have": bool(user.is_staff and factors.before_the_desk(self.request)),
            "codes_left": factors.recovery_codes_left(user),
            "codes_made": factors.RECOVERY_CODES,
        }


def after_adding(request: HttpRequest) -> str:
    """Whoever has no recovery codes yet is led to them next."""
    if factors.recovery_codes_left(request.user) is None:
        return reverse("mfa_view_recovery_codes")
    return reverse("mfa_index")


class AddApp(ActivateTOTPView):
    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        """What django-allauth does here, but in one transaction with the letter that tells of it."""
        user, adapter = self.request.user, get_account_adapter()
        factor = TOTP.activate(user, form.secret).instance
        # The code that was typed to add the app is used up like any other.
        factor.data["last_step"] = form.step
        factor.save(update_fields=["data"])
        adapter.add_message(self.request, SUCCESS, "mfa/messages/totp_activated.txt")
        adapter.send_notification_mail("mfa/email/totp_activated", user)
        clear_totp_secret(self.request)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return after_adding(self.request)


class RemoveApp(Together, DeactivateTOTPView):
    pass


class AddPasskey(Together, webauthn.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return context | {"options": options}

    def get_success_url(self) -> str:
        return after_adding(self.request)


class RemovePasskey(Together, webauthn.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class SignInByPasskey(webauthn.LoginWebAuthnView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the browser has to ask a key; which keys there are is not told."""
        limits.spend_from(request, limits.PASSKEYS_FROM)
        return JsonResponse(auth.begin_authentication(user=None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.spend_from(request, limits.PASSKEYS_FROM)
        return super().post(request, *args, **kwargs)


class ReauthenticateByPasskey(webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """How many are left; a POST makes new ones and shows them, this once. They are on no page again:
    only their hashes are kept."""
    if not factors.has_second_factor(request.user):
        raise Http404
    codes = []
    if request.method == "POST":
        with transaction.atomic():
            codes = factors.new_recovery_codes(request.user)
            get_adapter().send_notification_mail("mfa/email/recovery_codes_generated", request.user)
    left = factors.recovery_codes_left(request.user)
    return render(request, "mfa/recovery_codes/index.html", {"codes": codes, "left": left})
