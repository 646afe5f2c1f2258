"""What the catalogue keeps about who follows its lists by mail."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.catalogue import saved
from hub.catalogue.models import SavedSearch
from hub.catalogue.models.saved import CONFIRMED_WITHIN, STOPPED_KEPT
from hub.partners.holdings import Holding, plain, register


def _panel(rows: QuerySet[SavedSearch]) -> list[tuple[str, str]]:
    """Each leads to the page of all, where they are changed and stopped."""
    return [
        (reading.in_words if (reading := saved.read(one.query)) else one.query, saved.path_of(one))
        for one in rows.standing()
    ]


def _erase(rows: QuerySet[SavedSearch]) -> None:
    saved.stop(list(rows.values_list("pk", flat=True)))
    erasure.delete(rows)


def _retain(rows: QuerySet[SavedSearch]) -> int:
    """Delete what nobody confirmed in time, and what was stopped long ago."""
    now = timezone.now()
    unconfirmed = Q(confirmed_at=None, stopped_at=None, asked_at__lt=now - CONFIRMED_WITHIN)
    return erasure.delete(rows.filter(unconfirmed | Q(stopped_at__lt=now - STOPPED_KEPT)))


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Lists that you follow by mail"),
            model=SavedSearch,
            rows=SavedSearch.objects.of,
            export=plain(
                *("email", "query", "language", "cadence", "source", "wording", "asked_at"),
                *("confirmed_at", "stopped_at"),
            ),
            erase=_erase,
            panel=_panel,
            retain=_retain,
            is_of_earlier_addresses=True,
        )
    )
