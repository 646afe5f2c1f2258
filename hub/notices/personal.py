"""What the post office keeps about people."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hub.notices import retention
from hub.notices.models import Address, Message
from hub.notices.suppression import normalised
from hub.partners.holdings import Holding, plain, register

_told_of_any = plain("subject", "language", "state", "created_at", "sent_at")


def _told_of_received(message: Message) -> dict[str, Any]:
    """With its text while that is kept, but for what lets its reader in."""
    text = "" if message.is_secret else message.text
    return {**_told_of_any(message), str(_("text")): text}


def _erase_address(rows: QuerySet) -> None:
    """What was blocked stays blocked, or the next letter would go where nobody wants it; what the
    mail server said goes."""
    rows.suppressed().update(last_said="")
    rows.filter(suppressed_at=None).delete()


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Letters to you"),
            model=Message,
            rows=Message.objects.to_address,
            export=_told_of_received,
            erase=retention.forget_readers,
            retain=retention.let_go,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("Letters to others that tell of you"),
            model=Message,
            rows=Message.objects.telling_of,
            export=_told_of_any,  # to whom they went and what they say of others is theirs
            erase=retention.forget_words,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("Letters to you that came back"),
            model=Address,
            rows=lambda email: Address.objects.filter(address=normalised(email)),
            export=plain("address", "reason", "suppressed_at", "soft_bounces", "last_said"),
            erase=_erase_address,
        )
    )
