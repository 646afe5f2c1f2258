"""The pages of an account: those of django-allauth, with the hub's limits and a page or two more.

Whatever depends on whether an address is known happens behind the same answer; what is true of it goes
to the address by mail.
"""

from typing import Any

from allauth.account import views as stock
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.messages import SUCCESS
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from hub.accounts import agents, factors, limits, sessions


@method_decorator(login_required, name="dispatch")
class WaysIn(TemplateView):
    """How one signs in, and where each part of it is changed."""

    template_name = "account/ways_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "has_second_factor": factors.has_second_factor(user),
            "passkeys": Authenticator.objects.filter(user=user, type=factors.Type.WEBAUTHN).count(),
        }


@method_decorator(login_not_required, name="dispatch")
class SignedOut(TemplateView):
    template_name = "account/signed_out.html"


class Together:
    """For views whose act writes a letter: both are done, or neither."""

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        return super().form_valid(form)


class SignUp(stock.SignupView):
    def form_valid(self, form) -> HttpResponse:
        limits.spend_from(self.request, limits.SIGN_UPS_FROM)
        limits.spend_code(form.cleaned_data["email"])
        with transaction.atomic():
            return super().form_valid(form)


class VerifyAddress(Together, stock.ConfirmEmailVerificationCodeView):
    """Where the code that was mailed is typed in; for an address that got none as well."""

    def _resend_form_valid(self, form) -> HttpResponse:
        limits.spend_code(self._process.state["email"])
        return super()._resend_form_valid(form)


verify_address = login_not_required(VerifyAddress.as_view())


class ChangePassword(Together, stock.PasswordChangeView):
    pass


class SetPassword(Together, stock.PasswordSetView):
    pass


class AskForReset(stock.PasswordResetView):
    def form_valid(self, form) -> HttpResponse:
        limits.spend_reset(self.request, form.cleaned_data["email"])
        return super().form_valid(form)


class ResetPassword(Together, stock.PasswordResetFromKeyView):
    """By the link in the letter, which signs in as well: somebody who goes on trying passwords would
    keep its owner out. A second step stays to be taken."""

    def form_valid(self, form) -> HttpResponse:
        self.request.session.pop(stock.INTERNAL_RESET_SESSION_KEY, None)
        limits.forget_passwords(self.reset_user.email)
        response = super().form_valid(form)
        # Said before, it would have been to nobody.
        adapter = get_adapter()
        adapter.add_message(self.request, SUCCESS, "account/messages/password_changed.txt")
        return response


@method_decorator(reauthentication_required(app="allauth.account", allow_get=True), name="dispatch")
class ChangeAddress(stock.EmailView):
    """An account has one address. The new one takes its place when its code has been typed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            sync_user_email_address(request.user)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form) -> HttpResponse:
        limits.spend_code(form.cleaned_data["email"])
        with transaction.atomic():
            return super().form_valid(form)


class Sessions(ListUserSessionsView):
    template_name = "usersessions/usersession_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["sessions"] = [
            {
                "browser": agents.in_words(row.user_agent),
                "address": row.ip,
                "since": row.created_at,
                "seen": row.last_seen_at,
                "is_this": row.is_current(),
            }
            for row in sorted(context["sessions"], key=_newest_first)
        ]
        return context

    def form_valid(self, form) -> HttpResponse:
        if "everywhere" not in self.request.POST:
            return super().form_valid(form)
        sessions.end_all(self.request.user)
        logout(self.request)
        return redirect("account_signed_out")


def _newest_first(row: UserSession) -> tuple[bool, float]:
    return not row.is_current(), -row.last_seen_at.timestamp()
