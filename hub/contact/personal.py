"""What the hub keeps about those who write through it."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.contact.models import CONFIRMED_WITHIN, KEPT, Letter
from hub.partners.holdings import Holding, plain, register


def _retain(letters: QuerySet[Letter]) -> int:
    """Delete what nobody confirmed in time, and what was passed on or dismissed long ago."""
    moment = timezone.now()
    unconfirmed = Q(state=Letter.State.UNCONFIRMED, written_at__lt=moment - CONFIRMED_WITHIN)
    over = Q(decided_at__lt=moment - KEPT)
    return erasure.delete(letters.filter(unconfirmed | over))


def _received(email: str) -> QuerySet[Letter]:
    return Letter.objects.filter(person__email__iexact=email, state=Letter.State.PASSED)


def declare() -> None:
    """Register them."""
    register(
        Holding(
            label=_("Letter through the hub"),
            model=Letter,
            rows=lambda email: Letter.objects.filter(email__iexact=email),
            export=plain("person", "name", "email", "words", "state", "written_at"),
            erase=lambda letters: letters.delete(),
            retain=_retain,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("Letter through the hub that you got"),
            model=Letter,
            rows=_received,
            export=plain("name", "words", "decided_at"),
            erase=lambda letters: letters.delete(),
        )
    )
