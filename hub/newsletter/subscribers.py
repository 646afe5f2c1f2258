"""What sending asks of subscriptions: who gets an issue, what they wish, and their own links."""

from collections import Counter
from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hub import links
from hub.newsletter.letters import Reader
from hub.newsletter.models import Delivery, Issue, Subscription
from hub.newsletter.reading import language_for
from hub.newsletter.signing_up import PREFERENCES, UNSUBSCRIBE, path_of

A_MONTH = timedelta(days=30)


def wishes_of(keys: list[int | None]) -> dict[int, Subscription]:
    """Those of these who still get the newsletter, with ``wanted_term_ids``."""
    rows = Subscription.objects.receiving().annotate(
        wanted_term_ids=Coalesce(ArrayAgg("terms", filter=Q(terms__isnull=False)), [])
    )
    return rows.in_bulk([key for key in keys if key is not None])


def reader_of(subscription: Subscription) -> Reader:
    """How they are addressed, with links that only they have."""

    return Reader(
        subscription.email,
        links.absolute(path_of(PREFERENCES, subscription)),
        links.absolute(path_of(UNSUBSCRIBE, subscription)),
    )


def recipients(groups: set[str], now: datetime) -> QuerySet[Subscription]:
    """Who gets an issue with these sections: whoever asked for one of them and, if they wanted one a
    month at most, was sent none for so long."""
    month = now - A_MONTH
    had_one = Delivery.objects.filter(subscription=OuterRef("pk")).exclude(
        state__in=[Delivery.State.FAILED, Delivery.State.SUPPRESSED, Delivery.State.CANCELLED]
    )
    lately = had_one.filter(Q(handed_over_at__gte=month) | Q(handed_over_at=None))
    asked = Q(groups__overlap=sorted(groups)) | Q(groups=[])
    monthly = Q(cadence=Subscription.Cadence.MONTHLY)
    return Subscription.objects.receiving().filter(asked).exclude(monthly & Exists(lately))


def by_language(issue: Issue, rows: QuerySet[Subscription]) -> Counter[tuple[str, bool]]:
    """How many of these get the issue in which language, and whether it is one of theirs."""
    counts: Counter[tuple[str, bool]] = Counter()
    grouped = rows.order_by().values_list("languages").annotate(count=Count("pk"))
    for languages, count in grouped:
        counts[language_for(languages, issue)] += count
    return counts
