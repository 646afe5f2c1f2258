"""The pages of second steps: passkeys, an app, recovery codes."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods

from hub.accounts import factors, limits


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
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        # The code that was typed to add the app is used up like any other.
        factor = Authenticator.objects.get(user=self.request.user, type=factors.Type.TOTP)
        factor.data["last_step"] = form.step
        factor.save(update_fields=["data"])
        return response

    def get_success_url(self) -> str:
        return after_adding(self.request)


class AddPasskey(webauthn.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return context | {"options": options}

    def get_success_url(self) -> str:
        return after_adding(self.request)


class RemovePasskey(webauthn.RemoveWebAuthnView):
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
