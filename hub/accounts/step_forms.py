"""The forms of a second step: codes that work once, and passkeys."""

import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as stock
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from hub import limits as counts
from hub.accounts import factors, limits
from hub.accounts.forms import Plain

# What the readers of keys' answers stumble over when these are not as they should be.
STUMBLES = (TypeError, ValueError, KeyError, AttributeError, IndexError)


class CodeForm(Plain):
    """Counts every code before it looks at it, and takes none twice."""

    said = {
        "code": (
            _("Code"),
            _("Six digits from your app, or one of your recovery codes."),
            _("Enter the code"),
        )
    }

    def clean_code(self) -> str:
        counts.require(limits.SECOND_STEPS, str(self.user.pk))
        code = self.cleaned_data["code"]
        found = factors.accepting(self.user, code)
        if not found:
            raise get_adapter().validation_error("incorrect_code")
        counts.forget(limits.SECOND_STEPS, str(self.user.pk))
        self.authenticator = found
        return code


class SecondStepForm(CodeForm, stock.AuthenticateForm):
    pass


class ReauthenticateForm(CodeForm, stock.ReauthenticateForm):
    pass


class AddAppForm(Plain, totp.ActivateTOTPForm):
    said = {"code": (_("Code from the app"), _("Six digits."), _("Enter the code from the app"))}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        counts.require(limits.SECOND_STEPS, str(self.user.pk))
        self.step = factors.step_of(self.secret, self.cleaned_data["code"])
        return super().clean_code()


class CredentialField(forms.CharField):
    """What a browser says of a key: JSON, of a length that none of them needs."""

    widget = forms.HiddenInput
    LONGEST = 16_000

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            if len(text) > self.LONGEST:
                raise ValueError("This is no answer of a key.")
            answer = json.loads(text)
            json.dumps(answer, ensure_ascii=False).encode()  # no halves of signs
        except (ValueError, RecursionError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return answer


class PasskeyAnswer(forms.Form):
    """Reads what a browser says of a key; nonsense is refused in words."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except STUMBLES as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(PasskeyAnswer, webauthn.LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """Nobody who has been deactivated comes in by a key either."""
        authenticator = super().clean_credential()
        if not authenticator.user.is_active:
            raise get_adapter().validation_error("incorrect_code")
        return authenticator


class PasskeyStepForm(PasskeyAnswer, webauthn.AuthenticateWebAuthnForm):
    pass


class PasskeyReauthenticateForm(PasskeyAnswer, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(Plain, webauthn.SignupWebAuthnForm):
    """A key that signs in by itself, so its device has to make sure of its owner."""

    credential = CredentialField()
    said = {"name": (_("Name"), _("So that you know it again in the list of your keys."), "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 100
        self.fields["name"].widget.attrs |= {"maxlength": 100, "autocomplete": "off"}

    def clean_name(self) -> str:
        return super().clean_name()[:100]

    def clean(self) -> dict:
        try:
            return super().clean()
        except STUMBLES as error:
            raise get_adapter().validation_error("incorrect_code") from error
