"""What followers of a list are written: what became public since they were written to last.

A search and its letter are one transaction: ``told_until`` moves on with the letter that tells what was
before it. So a worker that is killed has told all of it or nothing, and whoever comes next begins there.
"""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from hub import links
from hub.bounded import TookTooLong
from hub.catalogue import saved
from hub.catalogue.cards import cards_for
from hub.catalogue.models import SavedSearch
from hub.catalogue.saved import Reading
from hub.catalogue.search import came
from hub.notices import services as notices

BATCH = 200
SHOWN = 10
# What somebody publishes has its moment a little before its transaction, where that was looked up first.
MARGIN = timedelta(minutes=1)
# Nobody writes for longer; who holds a transaction open without end shall not silence the hub.
LONGEST_TRANSACTION = timedelta(hours=6)

log = logging.getLogger(__name__)


def tell_batch(after: int = 0) -> int:
    """Write to the next followers who are due today; answers the last one's key, 0 if there was none.
    Of two that do this at once each takes what the other has not. What takes the database too long is
    left for another day, with all that it would have told."""
    today = timezone.now().date()
    due = SavedSearch.objects.due(today).filter(pk__gt=after).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    until = settled_until() if keys else None
    for key in keys:
        try:
            tell(key, until, today)
        except TookTooLong:
            log.warning("A list that is followed took too long: catalogue.SavedSearch %s", key)
            SavedSearch.objects.filter(pk=key).update(looked_on=today)
    return keys[-1] if len(keys) == BATCH else 0


def settled_until() -> datetime:
    """A moment before which nothing becomes public any more that was not yet: whoever publishes does so
    in a transaction that began before, and those that have not ended are waited for."""
    sql = """
        SELECT greatest(
            least(coalesce(min(xact_start), clock_timestamp()), clock_timestamp()),
            clock_timestamp() - %s
        ) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [LONGEST_TRANSACTION])
        return cursor.fetchone()[0] - MARGIN


@transaction.atomic
def tell(pk: int, until: datetime, today: date) -> None:
    """Write to one follower, if there is something new and nobody has been here today. ``TookTooLong``
    if the database was stopped."""
    rows = SavedSearch.objects.due(today).filter(pk=pk)
    search = rows.select_for_update(skip_locked=True).first()
    if search is None:
        return
    search.looked_on = today
    with override(search.language):
        reading = saved.read(search.query)
        if reading is None or reading.notices:
            _tell_unreadable(search, reading)
        else:
            search.unreadable_since = None
            if until > search.told_until:
                _tell_news(search, reading, until)
                search.told_until = until
    search.save(update_fields=["looked_on", "told_until", "unreadable_since"])


def _tell_news(search: SavedSearch, reading: Reading, until: datetime) -> None:
    scope = replace(reading.followed.scope, came_between=(search.told_until, until))
    total, records = came(reading.listing.filters, search.language, scope, SHOWN)
    if not total:
        return
    works = [
        {
            "title": card.title,
            "about": ", ".join([str(card.kind.label), *card.publishers]),
            "url": links.absolute(card.url),
        }
        for card in cards_for(records, search.language)
    ]
    told = {"works": works, "more": total - len(works), "list_url": links.absolute(reading.url)}
    _send("saved/news", search, reading.in_words, told, {"total": total})


def _tell_unreadable(search: SavedSearch, reading: Reading | None) -> None:
    """Say so once, until it can be read again; what comes meanwhile is told then."""
    if search.unreadable_since:
        return
    search.unreadable_since = timezone.now()
    told = {"why": reading.notices if reading else []}
    _send("saved/unreadable", search, reading.in_words if reading else "", told, {})


def _send(
    template: str, search: SavedSearch, called: str, told: dict[str, Any], counts: dict[str, int]
) -> None:
    stop_url = links.absolute(saved.stop_path_of(search))
    notices.send(
        template,
        search.email,
        f"saved-search:{search.pk}:{search.looked_on}",
        context={
            **told,
            "search": called,
            "asked_on": search.asked_at.date(),
            "is_daily": search.cadence == SavedSearch.Cadence.DAILY,
            "stop_url": stop_url,
            "manage_url": links.absolute(saved.path_of(search)),
        },
        subject_context=counts,
        language=search.language,
        stop_url=stop_url,
        is_private=True,
    )
