"""What the hub keeps about those who write through it."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.contact.models import CONFIRMED_WITHIN, KEPT, Letter
from hub.partners.holdings import Holding, plain, register


def _retain(letters: QuerySet[Letter]) -> int:
    """Delete what nobody confirmed in time, and what was passed on or dismissed long ago."""
    moment = timezone.now()
    unconfirmed = Q(state=Letter.State.UNCONFIRMED, written_at__lt=moment - CONFIRMED_WITHIN)
    over = Q(decided_at__lt=moment - KEPT)
    count, _by_model = letters.filter(unconfirmed | over).delete()
    return count


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Letter through the hub"),
            model=Letter,
            rows=lambda email: Letter.objects.filter(email__iexact=email),
            export=plain("person", "name", "email", "words", "state", "written_at"),
            erase=lambda letters: letters.delete(),
            retain=_retain,
        )
    )
