"""Addresses that get no more mail, as what was sent came back or its owner complained."""

import re

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub import texts
from hub.notices.models import Address

SOFT_BOUNCES_IN_A_ROW = 5
# RFC 3463: no such mailbox, no such domain, no such address. Not 5.7, which is about the sender.
NO_MAILBOX = re.compile(r"^5\d\d 5\.1\.(1|2|3|6|10)\b")
ADDRESS = re.compile(r"(?=.{3,254}$)\S+@\S+")  # what a provider may tell us of
FOR_GOOD = {RejectReason.BOUNCED, RejectReason.INVALID}
# Some providers call every letter that came back "bounced"; the answer, 4xx, or their own word tells.
FOR_NOW = re.compile(r"\b4\d\d[ -]|\b4\.\d\.\d|soft", re.IGNORECASE)


def is_suppressed(address: str) -> bool:
    return Address.objects.suppressed().filter(address=normalised(address)).exists()


def normalised(address: str) -> str:
    """One spelling for all cases of letters; a ``+tag`` or a dot may make another mailbox."""
    return address.strip().lower()


def suppress(address: str, reason: Address.Reason, said: str = "") -> Address:
    """Send no more to this address. Twice changes nothing but what was said last."""
    with transaction.atomic():
        known = _row_of(address)
        known.suppressed_at = known.suppressed_at or timezone.now()
        known.reason = known.reason or reason
        known.last_said = _short(said)
        known.save()
    return known


def lift(addresses: QuerySet) -> int:
    """Send to these addresses again; answers to how many."""
    return addresses.update(suppressed_at=None, reason="", soft_bounces=0)


def came_back(address: str, said: str = "") -> None:
    """Count a letter that came back for a while; the fifth in a row blocks the address."""
    with transaction.atomic():
        known = _row_of(address)
        known.soft_bounces += 1
        known.last_said = _short(said)
        if known.soft_bounces >= SOFT_BOUNCES_IN_A_ROW and not known.suppressed_at:
            known.suppressed_at = timezone.now()
            known.reason = Address.Reason.SOFT
        known.save()


def arrived(address: str) -> None:
    """Forget what came back earlier: the mailbox takes letters again."""
    counted = Address.objects.filter(address=normalised(address), suppressed_at=None)
    counted.update(soft_bounces=0)


def refused(address: str, reason: str) -> None:
    """Take note of a mail server's final refusal, if it says that there is no such mailbox."""
    if NO_MAILBOX.match(reason):
        suppress(address, Address.Reason.BOUNCE, reason)


def note(event: AnymailTrackingEvent) -> None:
    """Do as a provider's report says; reports of other things change nothing."""
    address = event.recipient
    if not (isinstance(address, str) and ADDRESS.fullmatch(address) and address.isprintable()):
        return
    said = event.mta_response or event.description or ""
    if event.event_type == EventType.COMPLAINED or event.reject_reason == RejectReason.SPAM:
        suppress(address, Address.Reason.COMPLAINT, said)
    elif event.event_type == EventType.DELIVERED:
        arrived(address)
    elif _is_hard(event):
        suppress(address, Address.Reason.BOUNCE, said)
    elif event.event_type == EventType.BOUNCED:  # not DEFERRED: that one is tried again
        came_back(address, said)


def _is_hard(event: AnymailTrackingEvent) -> bool:
    if event.event_type not in (EventType.BOUNCED, EventType.REJECTED):
        return False
    kind = event.esp_event.get("Type", "") if isinstance(event.esp_event, dict) else ""
    is_soft = FOR_NOW.search(f"{kind} {event.mta_response or ''}")
    return event.reject_reason in FOR_GOOD and not is_soft


def _row_of(address: str) -> Address:
    """The row of this address, made where there is none, and locked."""
    row, _is_new = Address.objects.get_or_create(address=normalised(address))
    return Address.objects.select_for_update().get(pk=row.pk)


def _short(said: str) -> str:
    whole = str(said).encode(errors="replace").decode()  # halves of signs fit into no column
    return " ".join(texts.tidy(whole).split())[:500]
