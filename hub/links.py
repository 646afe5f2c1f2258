"""Addresses that leave the site, and signed links to a person's own things.

A signed link has one purpose, is dated and can be revoked. Its token is ``<primary key>:<link
version>:<time>:<signature>``; the salt is the purpose, so a token made for one purpose is refused by
every other. Raising the row's ``link_version`` revokes all links to it. Rotating ``SECRET_KEY`` with
``SECRET_KEY_FALLBACKS`` keeps them alive.
"""

import re
from datetime import timedelta
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

NUMBERS = re.compile(r"[\d.]+|.*:.*")  # an address on the net, of either version

# An address that a reader may follow, or none; any other scheme could run something in their browser.
OF_THE_WEB = r"^(https?://|$)"


class Ours(str):
    """An address of this site that we made ourselves: it may become a link in a letter. What is made
    from it by cutting or joining bears the mark no more."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


def absolute(path: str) -> Ours:
    """The full address of a path, from the configured base: never from the request's Host."""
    return Ours(f"{settings.BASE_URL}{path}")


def host_of(url: str) -> str:
    """The site that an address leads to, as people name it; in words where it has no name, and
    empty for what is no address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    if NUMBERS.fullmatch(host):
        return _("a site without a name")
    return host.removeprefix("www.")


class Linked(Protocol):
    """What a model needs so that links to its rows can be signed."""

    pk: int
    link_version: int


Row = TypeVar("Row", bound=Model)


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(salt=f"hub.links.{purpose}")


def sign(purpose: str, row: Linked) -> str:
    """A token for ``row`` that only ``resolve`` with the same purpose accepts."""
    return _signer(purpose).sign(f"{row.pk}:{row.link_version}")


def resolve(purpose: str, token: str, rows: "QuerySet[Row]", *, max_age: timedelta) -> Row | None:
    """The row of ``rows`` that the token was signed for, or ``None`` if the token is forged, of
    another purpose, too old or revoked, or the row is gone: all the same to the caller, who
    answers 404."""
    try:
        value = _signer(purpose).unsign(token, max_age=max_age)
        pk, _sign, version = value.partition(":")
        return rows.filter(pk=int(pk), link_version=int(version)).first()
    except (BadSignature, ValueError):
        return None
