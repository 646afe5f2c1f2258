"""The steps of whatever is posted on its way to the mail server: each at most once without a person's
doing.

Whoever delivers a row holds a lease on it, whose end is also its sign: every step on the way asks
for the row with that very lease, so that a worker that was too slow or thought dead cannot interfere
with the one that came after it. Until the mail server is about to take the text the row is
*waiting*, and goes back to the queue when the lease runs out. From then on it is *sending*, and
becomes *unknown* instead.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from hub.notices import suppression
from hub.notices.handover import InDoubt, LeaseLost, Refused, Unreachable
from hub.notices.models import Outage, Posted

# Longer than all steps with a mail server take together, each of which may last EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LONGEST_PAUSE = timedelta(minutes=2)
# For so long a letter is offered again to a server that refuses it "for now".
PATIENCE = timedelta(days=3)
CLAIMS = 0x706F7374  # the advisory lock of whoever claims something to send

State = Posted.State
Sql = tuple[str, Sequence[object]]  # a query and its values


def carry(row: Posted, hand_over: Callable[[], None]) -> bool:
    """Have a leased row handed over, and note what became of it; whether others may follow at once.
    ``hand_over`` calls ``begin`` on its way, and ends as ``handover`` says."""
    try:
        hand_over()
    except LeaseLost:
        pass
    except InDoubt as error:
        settle(row, State.UNKNOWN, str(error))
    except Refused as error:
        _refused(row, error)
    except Unreachable as error:
        give_back(row, str(error), wait=timedelta(0))
        note_outage(str(error))
        return False
    except Exception as error:
        # A fault of ours, before anything went out: it waits, and the others go on.
        give_back(row, f"{type(error).__name__}: {error}", wait=back_off(row.attempts))
        raise
    else:
        settle(row, State.SENT)
        _note_answer()
    return True


def is_open() -> bool:
    """Whether there is a mail server, and it was not found silent a moment ago."""
    is_silent = Outage.objects.filter(until__gt=timezone.now()).exists()
    return bool(settings.EMAIL_BACKEND) and not is_silent


def begin(row: Posted, still: Sql | None = None, **changes: object) -> None:
    """Note that from now on the row may have gone out, and these changes; ``LeaseLost`` if it must
    not, as it is not ours any more or not among the keys that ``still`` selects."""
    now = timezone.now()
    renewed = now + LEASE
    noted = {"state": State.SENDING, "handed_over_at": now, "leased_until": renewed, **changes}
    ours = "state = %s AND leased_until = %s AND leased_until > %s"
    values = [State.WAITING, row.leased_until, now]
    if still:
        ours, values = f"{ours} AND id IN ({still[0]})", [*values, *still[1]]
    if not _update(row, noted, ours, values):
        raise LeaseLost
    row.leased_until = renewed


def settle(row: Posted, state: State, error: str = "") -> None:
    """Note what became of a row that went over, even if it has been missed in the meantime."""
    noted = {"state": state, "error": error[:500], **row.changes_in(state)}
    if state == State.SENT:
        noted |= {"sent_at": timezone.now(), "leased_until": None}
    ours = "state IN (%s, %s) AND leased_until = %s"
    _update(row, noted, ours, [State.SENDING, State.UNKNOWN, row.leased_until])


def _update(row: Posted, noted: dict[str, object], ours: str, values: list[object]) -> bool:
    """Write this if the row is still ours. In SQL, as the ORM takes as long to find its words as the
    rest of a letter takes, and an issue is thousands."""
    columns = ", ".join(f"{name} = %s" for name in noted)
    sql = f"UPDATE {row._meta.db_table} SET {columns} WHERE id = %s AND {ours}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*noted.values(), row.pk, *values])
        return cursor.rowcount == 1


def give_back(row: Posted, error: str, *, wait: timedelta) -> None:
    """Put a row that did not go out, for certain, back into the queue."""
    _let_go(row, State.WAITING, error, not_before=timezone.now() + wait)


def _refused(row: Posted, refusal: Refused) -> None:
    if refusal.is_final:
        suppression.refused(row.to, str(refusal))
        _let_go(row, State.FAILED, str(refusal))
    elif timezone.now() - row.tried_since > PATIENCE:
        _let_go(row, State.FAILED, f"Given up after three days: {refusal}")
    else:
        give_back(row, str(refusal), wait=back_off(row.attempts))


def _let_go(row: Posted, state: State, error: str, **changes: object) -> None:
    """End the lease on a row that did not go out, for certain."""
    ours = type(row).objects.filter(
        pk=row.pk,
        state__in=[State.WAITING, State.SENDING, State.UNKNOWN],
        leased_until=row.leased_until,
    )
    ours.update(
        state=state,
        error=error[:500],
        leased_until=None,
        handed_over_at=None,
        **row.changes_in(state),
        **changes,
    )


def back_off(attempts: int) -> timedelta:
    """Twice as long with each attempt, give or take a quarter so that not all come back at once."""
    wait = min(SHORTEST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    return wait * random.uniform(0.75, 1.25)


def _note_answer() -> None:
    """The mail server answers: nobody needs to wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Outage._meta.db_table}")


def note_outage(reason: str) -> None:
    """Let nobody try for a moment, a longer one with each failure; the letters keep their turn."""
    now = timezone.now()
    with transaction.atomic():
        outage, is_new = Outage.objects.select_for_update().get_or_create(
            defaults={"until": now, "reason": reason[:500]}
        )
        if outage.until > now:
            return  # of several that failed at once, one counts
        outage.failures += 0 if is_new else 1
        pause = min(SHORTEST_WAIT * 2 ** min(outage.failures - 1, 10), LONGEST_PAUSE)
        outage.until = now + pause * random.uniform(0.75, 1)
        outage.reason = reason[:500]
        outage.save()


def settle_lost(model: type[Posted]) -> int:
    """Call unknown what was being sent by workers that are gone; answers how many.

    They keep their lease: should the worker be alive after all, what it knows still counts."""
    return model.objects.lost_from_sight().update(
        state=State.UNKNOWN, error="The worker was gone before it could note the answer."
    )
