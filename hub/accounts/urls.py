"""Addresses below /account/ that have to do with signing in, by the names that django-allauth gives them.

They are pages that people read, so other languages have their prefix as everywhere. All that is there
is listed here: what django-allauth brings besides, the hub does not have.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as stock
from allauth.mfa.base import views as steps
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from hub.accounts import step_views, views


def private(view: Callable, referrer: str = "same-origin") -> Callable:
    """The view, whose answers nobody keeps or finds, and of which other sites are told nothing.

    With ``no-referrer`` browsers would send forms with ``Origin: null``, which the check against
    forged forms refuses; so that is for pages without a form.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response.headers.pop("Expires", None)  # says the same, less surely, in each second another
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = referrer
        return response

    return guarded


def reset(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """With the token in the address nothing is shown but that it does not work; else one is led on to
    the form, which stands at an address without it."""
    holds_token = key != views.ResetPassword.reset_url_key
    view = private(views.ResetPassword.as_view(), "no-referrer" if holds_token else "same-origin")
    return view(request, uidb36=uidb36, key=key)


def page(route: str, view: Any, name: str) -> Any:
    return path(route, private(view.as_view() if isinstance(view, type) else view), name=name)


urlpatterns = [
    page("sign-in/", views.WaysIn, "account_home"),
    # In and out
    page("login/", stock.login, "account_login"),
    page("login/passkey/", step_views.SignInByPasskey, "mfa_login_webauthn"),
    page("login/second-step/", steps.authenticate, "mfa_authenticate"),
    page("logout/", stock.logout, "account_logout"),
    page("signed-out/", views.SignedOut, "account_signed_out"),
    page("signup/", views.SignUp, "account_signup"),
    page("confirm-email/", views.verify_address, "account_email_verification_sent"),
    page("inactive/", stock.account_inactive, "account_inactive"),
    # Once more
    page("reauthenticate/", stock.reauthenticate, "account_reauthenticate"),
    page("reauthenticate/code/", steps.reauthenticate, "mfa_reauthenticate"),
    page(
        "reauthenticate/passkey/",
        step_views.ReauthenticateByPasskey,
        "mfa_reauthenticate_webauthn",
    ),
    # Address and password
    page("email/", views.ChangeAddress, "account_email"),
    page("password/change/", views.ChangePassword, "account_change_password"),
    page("password/set/", views.SetPassword, "account_set_password"),
    page("password/reset/", views.AskForReset, "account_reset_password"),
    page("password/reset/sent/", stock.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[-\w]{1,100})/$",
        reset,
        name="account_reset_password_from_key",
    ),
    # Second steps
    page("second-step/", step_views.Overview, "mfa_index"),
    page("second-step/app/add/", step_views.AddApp, "mfa_activate_totp"),
    page("second-step/app/remove/", step_views.RemoveApp, "mfa_deactivate_totp"),
    page("second-step/passkeys/add/", step_views.AddPasskey, "mfa_add_webauthn"),
    page("second-step/passkeys/<int:pk>/remove/", step_views.RemovePasskey, "mfa_remove_webauthn"),
    page("second-step/recovery-codes/", step_views.recovery_codes, "mfa_view_recovery_codes"),
    # Where one is signed in
    page("sessions/", views.Sessions, "usersessions_list"),
]
