"""The forms of django-allauth with the hub's labels, limits and rules about addresses."""

from typing import Any

from allauth.account import forms as stock
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.forms import EmailField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hub.accounts import limits
from hub.accounts.people import (
    drop_unfinished,
    forget_old_addresses,
    is_unfinished,
)
from hub.addresses import validate_address
from hub.guarded import OnceMoreForm
from hub.partners.models import User


class Plain:
    """Labels instead of placeholders, which vanish when one begins to type."""

    # field: (label, help, what is said when it is empty)
    said: dict[str, tuple] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            label, help_text, missing = self.said.get(name, (field.label, "", ""))
            field.label, field.help_text = label, help_text
            if missing:
                field.error_messages["required"] = missing
            if isinstance(field, EmailField):
                field.validators = [validate_address]


ADDRESS = (_("E-mail address"), "", _("Enter your e-mail address"))
PASSWORD = (_("Password"), "", _("Enter your password"))
NEW_PASSWORD = (
    _("New password"),
    _("At least 12 characters. A few words that only you would put together are good."),
    _("Enter a new password"),
)
CODE = (_("Code"), _("Blanks and dashes do not matter."), _("Enter the code"))


class SignInForm(Plain, stock.LoginForm):
    said = {"login": ADDRESS, "password": PASSWORD}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class SignUpForm(Plain, OnceMoreForm, stock.SignupForm):
    """Says the same whether the address has an account or not, and takes as long.

    What looks like a robot's is asked for once more: nobody is there to look at sign-ups."""

    said = {
        "email": (_("E-mail address"), _("We send a code to it."), _("Enter your e-mail address")),
        "password1": (_("Password"), *NEW_PASSWORD[1:]),
    }

    def validate_unique_email(self, value: str) -> str:
        account = User.objects.with_address(value)
        self.account_already_exists = account is not None and not is_unfinished(account)
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    drop_unfinished(self.cleaned_data["email"])
                    return self.save(request), None
            except IntegrityError:  # somebody signed up with it at the same moment
                pass
        else:
            make_password(self.cleaned_data["password1"])
        return None, prevent_enumeration(request, email=self.cleaned_data["email"])

    def save(self, request: HttpRequest) -> User:
        forget_old_addresses(self.cleaned_data["email"])
        return super().save(request)


class VerifyAddressForm(Plain, stock.ConfirmEmailVerificationCodeForm):
    said = {"code": CODE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        code = super().clean_code()
        owner = User.objects.with_address(self.email)
        if owner and owner != self.user:
            raise get_adapter().validation_error("email_taken")
        return code


class ChangeAddressForm(Plain, stock.AddEmailForm):
    said = {
        "email": (
            _("New e-mail address"),
            _("We send a code to it. Until you have typed that in, nothing changes."),
            _("Enter the new e-mail address"),
        )
    }

    def clean_email(self) -> str:
        address = super().clean_email()
        if address == self.user.email.lower():
            raise get_adapter().validation_error("duplicate_email")
        return address


class AskForResetForm(Plain, stock.ResetPasswordForm):
    said = {"email": ADDRESS}

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        user = User.objects.with_address(address)
        self.users = [user] if user and user.is_active else []
        return address


class OnePassword(Plain):
    """A new password is typed once. Who mistypes it asks for a link; two fields to paste into
    prove nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class ResetPasswordForm(OnePassword, stock.ResetPasswordKeyForm):
    said = {"password1": NEW_PASSWORD}


class SetPasswordForm(OnePassword, stock.SetPasswordForm):
    said = {"password1": NEW_PASSWORD}


class ChangePasswordForm(OnePassword, stock.ChangePasswordForm):
    said = {
        "oldpassword": (_("Present password"), "", _("Enter your present password")),
        "password1": NEW_PASSWORD,
    }

    def clean_oldpassword(self) -> str:
        """Counted as a try to sign in: whoever holds a session may not guess here either."""
        limits.spend_password(context.request, self.user.email)
        password = super().clean_oldpassword()
        limits.refund_password(context.request, self.user.email)
        return password


class ReauthenticateForm(Plain, stock.ReauthenticateForm):
    said = {"password": PASSWORD}
