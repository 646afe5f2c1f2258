"""E-mail addresses: which can be written to, and one key for each mailbox, however it is spelt."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

LONGEST = 254  # RFC 5321, 4.5.3.1.3
NO_ADDRESS = _("Enter an e-mail address with a name, an @ and a domain, like name@example.org")

DOTS_MEAN_NOTHING = {"gmail.com", "googlemail.com"}


def validate_address(text: str) -> None:
    """``ValidationError`` for what nobody can write to, signs that nobody sees among it: Django
    lets these pass in a domain, and control characters in a quoted name."""
    try:
        validate_email(text.lower())  # so is it kept; what "İ" becomes belongs into no address
    except ValidationError as error:
        raise ValidationError(NO_ADDRESS, "invalid") from error
    if not text.isprintable() or len(text) > LONGEST or len(text.split()) > 1:
        raise ValidationError(NO_ADDRESS, "invalid")


class AddressField(forms.EmailField):
    """Asks for an address that a letter can go to."""

    default_validators = [validate_address]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, **kwargs})


def normalised(address: str) -> str:
    """The mailbox behind ``address``, as far as its spelling tells: small letters, without what
    follows a ``+``, and without dots where the provider passes over them.

    For counting alone. Two people whose addresses come out the same share a limit and nothing else,
    so nobody's account is ever looked up by it.
    """
    text = unicodedata.normalize("NFKC", address).strip().casefold()
    name, _at, domain = text.rpartition("@")
    domain = domain.rstrip(".")
    name = name.partition("+")[0] or name
    if domain in DOTS_MEAN_NOTHING:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


def folded(address: str) -> str:
    """``normalised``, without any dot in the name: what most providers tell apart by dots nobody
    can know, and one letter a day is enough for all of them. For counting alone, as that is."""
    name, _at, domain = normalised(address).rpartition("@")
    return f"{name.replace('.', '')}@{domain}"
