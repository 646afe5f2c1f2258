"""The way of a reader: asks, confirms by a link, changes what they wish, ends it, comes back.

Whether an address is known is told to its mailbox alone: every answer on the site is the same.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub import limits, links
from hub.accounts.people import addresses_of
from hub.addresses import folded
from hub.limits import Limit
from hub.newsletter.models import Subscription
from hub.newsletter.models.subscriptions import CONFIRMED_WITHIN
from hub.notices import services as notices
from hub.partners.models import User
from hub.vocabulary.models import Term

DAY = timedelta(days=1)
FROM_CLIENT = Limit("newsletter from", 20, DAY)
# However an address is spelt: else anybody could fill a mailbox with letters of ours.
TO_MAILBOX = Limit("newsletter letters to", 1, DAY)
CONFIRM, PREFERENCES, UNSUBSCRIBE = (
    "newsletter.confirm",
    "newsletter.preferences",
    "newsletter.unsubscribe",
)
# Letters lie in mailboxes for years; who ends it may use the link of any of them.
LINKS_LAST = timedelta(days=3650)


@dataclass(frozen=True)
class Wishes:
    """What somebody wants to read. No ``groups`` are all of them."""

    languages: Sequence[str] = ("en",)
    groups: Sequence[str] = ()
    terms: Sequence[Term] = ()
    cadence: str = Subscription.Cadence.EVERY

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "languages": list(self.languages),
            "groups": list(self.groups),
            "cadence": self.cadence,
        }


@dataclass(frozen=True)
class Consent:
    """What somebody was told when they agreed, and on which page."""

    wording: str
    source_path: str
    version: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.wording.encode()).hexdigest()
        object.__setattr__(self, "version", digest[:12])

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "wording": self.wording,
            "wording_version": self.version,
            "source_path": self.source_path[:300],
        }


def wording() -> str:
    """What whoever signs up agrees to. Another sentence is another version of the consent."""
    return _(
        "The Just Transition Hub may send me its newsletter by e-mail. I can end that at any time, by a "
        "link in each issue."
    )


def count(client: str) -> None:
    """Count one more sign-up of a client; ``limits.Exceeded`` if there are too many. Outside a
    transaction."""
    if client:
        limits.require(FROM_CLIENT, client)


def sign_up(
    email: str, wishes: Wishes, consent: Consent, language: str, by: User | None = None
) -> None:
    """Ask the mailbox whether it wants the newsletter. Whoever is signed in and gives an address of
    theirs has confirmed it by that. Outside a transaction."""
    if by is not None and email.lower() in addresses_of(by):
        _begin(email, wishes, consent)
        return
    if not limits.take(TO_MAILBOX, folded(email)):
        return  # it was asked within a day, in this spelling or another
    try:
        _ask(email, wishes, consent, language)
    except Exception:
        limits.give_back(TO_MAILBOX, folded(email))
        raise


def find(purpose: str, token: str) -> Subscription | None:
    """The subscription of a link, or ``None``: of another purpose, forged, too old, erased."""
    rows, lasts = Subscription.objects.all(), LINKS_LAST
    if purpose == CONFIRM:
        rows, lasts = Subscription.objects.asked_for(), CONFIRMED_WITHIN
    return links.resolve(purpose, token, rows, max_age=lasts)


@transaction.atomic
def confirm(pk: int) -> Subscription:
    """The mailbox agreed; a second time changes nothing."""
    subscription = Subscription.objects.select_for_update().get(pk=pk)
    if not subscription.is_receiving:
        subscription.confirmed_at = timezone.now()
        subscription.ended_at, subscription.ending = None, ""
        subscription.save(update_fields=["confirmed_at", "ended_at", "ending"])
    return subscription


@transaction.atomic
def change(pk: int, wishes: Wishes) -> None:
    """Write down what a reader wishes from now on."""
    subscription = Subscription.objects.select_for_update().get(pk=pk)
    _wish(subscription, wishes)


@transaction.atomic
def end(pk: int, ending: str = Subscription.Ending.ASKED) -> None:
    """Send them nothing more, from now on. A second time changes nothing, nor does it where nothing
    was confirmed."""
    going = Subscription.objects.select_for_update().receiving().filter(pk=pk)
    going.update(ended_at=timezone.now(), ending=ending)


def path_of(purpose: str, subscription: Subscription) -> str:
    """The page for this purpose, which only its reader has."""
    name = f"newsletter_own:{purpose.partition('.')[2]}"
    return reverse(name, args=[links.sign(purpose, subscription)])


@transaction.atomic
def _begin(email: str, wishes: Wishes, consent: Consent) -> None:
    subscription = _row_of(email, consent)
    if not subscription.is_receiving:
        _agree_anew(subscription, consent)
    _wish(subscription, wishes)
    confirm(subscription.pk)


@transaction.atomic
def _ask(email: str, wishes: Wishes, consent: Consent, language: str) -> None:
    subscription = _row_of(email, consent)
    if subscription.is_receiving:
        # What a reader chose stays: whoever asked may be anybody.
        _write(subscription, "known", PREFERENCES, language)
        return
    _agree_anew(subscription, consent)
    _wish(subscription, wishes)
    _write(subscription, "confirm", CONFIRM, language)


def _row_of(email: str, consent: Consent) -> Subscription:
    """The locked row of an address, made if there was none: of two who ask at once one waits here."""
    found = Subscription.objects.select_for_update().of_address(email).first()
    if found:
        return found
    Subscription.objects.bulk_create(
        [Subscription(email=email, **consent.columns)], ignore_conflicts=True
    )
    return Subscription.objects.select_for_update().of_address(email).get()


def _agree_anew(subscription: Subscription, consent: Consent) -> None:
    subscription.asked_at = timezone.now()
    for name, value in consent.columns.items():
        setattr(subscription, name, value)
    subscription.save(update_fields=["asked_at", *consent.columns])


def _wish(subscription: Subscription, wishes: Wishes) -> None:
    for name, value in wishes.columns.items():
        setattr(subscription, name, value)
    subscription.save(update_fields=list(wishes.columns))
    subscription.terms.set(wishes.terms)


def _write(subscription: Subscription, template: str, purpose: str, language: str) -> None:
    """A letter to the mailbox alone. Nothing of what was typed stands in it."""
    notices.send(
        f"newsletter/{template}",
        subscription.email,
        f"newsletter:{subscription.pk}:{template}:{timezone.now():%Y%m%d%H%M%S%f}",
        context={"link": links.absolute(path_of(purpose, subscription))},
        language=language,
        is_private=True,
    )
