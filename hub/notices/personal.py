"""What the post office keeps about people."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hub.notices import retention
from hub.notices.models import Address, Message
from hub.notices.suppression import normalised
from hub.partners.holdings import Holding, plain, register


def declare() -> None:
    register(
        Holding(
            label=_("Letters to you"),
            model=Message,
            rows=Message.objects.to_address,
            export=plain("subject", "language", "state", "created_at", "sent_at"),
            erase=retention.forget_people,
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


def _erase_address(rows: QuerySet) -> None:
    """What was blocked stays blocked, or the next letter would go where nobody wants it; what the
    mail server said goes."""
    rows.suppressed().update(last_said="")
    rows.filter(suppressed_at=None).delete()
