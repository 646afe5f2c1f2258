"""The way of an issue: draft, to be sent, being sent, sent. The one writer of its state.

Each answers whether it could be done: it is one statement or one transaction, so that of two who
decide at once one learns that the other was quicker.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.utils import timezone

from hub.newsletter import presenting
from hub.newsletter.models import Delivery, Issue, Subscription
from hub.newsletter.subscribers import recipients

State = Issue.State
NUMBERS = 0x69737375  # the advisory lock of whoever gives an issue its number


def audience(issue: Issue) -> QuerySet[Subscription]:
    """Who would get it now."""
    groups = {one.group for one in presenting.told(issue)}
    return recipients(groups, timezone.now())


def schedule(issue: Issue, moment: datetime) -> bool:
    """Have it begin to go out at ``moment``."""
    rows = Issue.objects.filter(pk=issue.pk, state__in=[State.DRAFT, State.SCHEDULED])
    return bool(rows.update(state=State.SCHEDULED, send_at=moment))


def cancel(issue: Issue) -> bool:
    """Make it a draft again, as long as it has not begun."""
    rows = Issue.objects.filter(pk=issue.pk, state=State.SCHEDULED)
    return bool(rows.update(state=State.DRAFT, send_at=None))


@transaction.atomic
def begin(pk: int) -> bool:
    """Give it its number and a delivery to everybody who gets it now. Twice changes nothing."""
    waiting = Issue.objects.filter(pk=pk, state__in=[State.DRAFT, State.SCHEDULED])
    issue = waiting.select_for_update().first()
    if issue is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERS])
    last = Issue.objects.aggregate(last=Max("number"))["last"] or 0
    issue.number, issue.state, issue.begun_at = last + 1, State.SENDING, timezone.now()
    issue.save(update_fields=["number", "state", "begun_at"])
    _deliver_to_all(issue)
    return True


def _deliver_to_all(issue: Issue) -> int:
    """One row for each who gets it, in one statement; answers how many."""
    chosen, values = audience(issue).order_by().values("pk").query.sql_with_params()
    table, keys = Delivery._meta.db_table, Subscription._meta.db_table
    sql = f"""
        INSERT INTO {table}
            (issue_id, subscription_id, state, not_before, attempts, error, language, because)
        SELECT %s, id, 'waiting', statement_timestamp(), 0, '', '', ''
        FROM {keys} WHERE id IN ({chosen}) ORDER BY id
        ON CONFLICT (issue_id, subscription_id) DO NOTHING
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [issue.pk, *values])
        return cursor.rowcount


def begin_what_is_due() -> int:
    """Begin what was to go out by now; answers how many."""
    return sum(begin(issue.pk) for issue in Issue.objects.to_begin())


def stop(issue: Issue) -> bool:
    """Have no more of it go out; what is with the mail server already does."""
    return bool(Issue.objects.filter(pk=issue.pk, state=State.SENDING).update(state=State.STOPPED))


def go_on(issue: Issue) -> bool:
    """Send the rest of what was stopped."""
    return bool(Issue.objects.filter(pk=issue.pk, state=State.STOPPED).update(state=State.SENDING))


@transaction.atomic
def end(issue: Issue) -> bool:
    """Leave it at what has gone out of a stopped issue: who has not got it yet never will."""
    stopped = Issue.objects.filter(pk=issue.pk, state=State.STOPPED)
    if not stopped.update(state=State.SENT, finished_at=timezone.now()):
        return False
    Delivery.objects.filter(issue=issue, state=Delivery.State.WAITING).update(
        state=Delivery.State.CANCELLED, because=Delivery.Because.STOPPED, leased_until=None
    )
    return True


def finish() -> int:
    """Note what has gone out to everybody; answers how many."""
    rest = Delivery.objects.not_settled().filter(issue=OuterRef("pk"))
    done = Issue.objects.going_out().filter(~Exists(rest))
    return done.update(state=State.SENT, finished_at=timezone.now())


@transaction.atomic
def send_again(delivery: Delivery) -> bool:
    """Have a person's wish followed that a letter in doubt, or one that failed, goes out (again)."""
    settled = [Delivery.State.UNKNOWN, Delivery.State.FAILED]
    rows = Delivery.objects.filter(pk=delivery.pk, state__in=settled, subscription__isnull=False)
    is_done = rows.update(
        state=Delivery.State.WAITING,
        not_before=timezone.now(),
        leased_until=None,
        handed_over_at=None,
        tried_since=None,
        attempts=0,
        error="",
    )
    if is_done:
        Issue.objects.filter(pk=delivery.issue_id, state=State.SENT).update(
            state=State.SENDING, finished_at=None
        )
    return bool(is_done)


def mark_as_sent(delivery: Delivery) -> bool:
    """Have it noted that a letter in doubt went out, as a person knows."""
    unknown = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.UNKNOWN)
    return bool(
        unknown.update(
            state=Delivery.State.SENT, sent_at=F("handed_over_at"), leased_until=None, error=""
        )
    )
