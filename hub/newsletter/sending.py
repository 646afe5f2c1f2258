"""Issues to their readers: each at most once without a person's doing, many over one line.

The steps of a delivery are those of every letter (``notices.leases``). What is different is that a
turn claims several, renders an issue once for all who get it in one language, and gives way: to
letters that let somebody in at once, to all letters by leaving them a share of the hour.
"""

import time
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from hub.newsletter import presenting
from hub.newsletter.letters import IssueLetter
from hub.newsletter.models import Delivery, Issue
from hub.newsletter.reading import Told, language_for, share_of
from hub.newsletter.subscribers import reader_of, wishes_of
from hub.notices import ceilings
from hub.notices.handover import Line, Mail
from hub.notices.leases import CLAIMS, LEASE, Sql, back_off, begin, carry, give_back, is_open
from hub.notices.models import Address, Message, Posted
from hub.notices.suppression import normalised

BATCH = 25  # claimed at once: what of an issue is public is asked once for each
SECONDS = 3  # of a turn, after which other jobs come first
LOOK_EVERY = 0.2  # seconds, for letters that let somebody in

State = Posted.State


def turn(seconds: float = SECONDS) -> bool:
    """Send for a while what is due; whether some of it may still wait."""
    watch, letters = Watch(seconds), Letters()
    with Line() as line:
        while not watch.is_over():
            batch = claim()
            if not batch:
                return False
            letters.look_again(batch)
            if not _carry_all(batch, letters, line, watch):
                return True
    return True


def _carry_all(batch: list[Delivery], letters: "Letters", line: Line, watch: "Watch") -> bool:
    """Send these, as long as there is time; whether all went their way."""
    for number, delivery in enumerate(batch):
        # The first goes in any case, or nothing ever would where all is slow.
        is_late = number and watch.is_over()
        if is_late or not _send(delivery, letters, line):
            _put_back(batch[number + (not is_late) :])
            return False
    return True


def _send(delivery: Delivery, letters: "Letters", line: Line) -> bool:
    """Send this one; whether others may follow at once."""
    claimed = delivery.leased_until
    try:
        letter = letters.of(delivery)
    except Exception as error:
        # A fault of ours: it waits, and the others of this turn go back.
        give_back(delivery, f"{type(error).__name__}: {error}", wait=back_off(delivery.attempts))
        raise
    if letter is None:
        _leave_out([delivery], Delivery.Because.NOTHING)
        return True
    mail, language = letter

    def before() -> None:
        begin(delivery, letters.still, language=language)

    may_go_on = carry(delivery, lambda: line.hand_over(mail, before))
    if delivery.leased_until == claimed:  # it was stopped, or its reader left, at the last moment
        _put_back([delivery])
    return may_go_on


class Watch:
    """Says when a turn is over: after its time, or when somebody waits to get in."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._look_at = 0.0

    def is_over(self) -> bool:
        now = time.monotonic()
        if now > self._end:
            return True
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_EVERY
        return Message.objects.due().filter(is_secret=True).exists()


def still_wanted() -> Sql:
    """The question which deliveries may go out at the moment at which it is asked."""
    blocked = Address.objects.suppressed().filter(address=OuterRef("address"))
    wanted = Delivery.objects.wanted().annotate(address=Lower("subscription__email"))
    return wanted.filter(~Exists(blocked)).values("pk").query.sql_with_params()


@transaction.atomic
def claim(most: int = BATCH) -> list[Delivery]:
    """Take a lease on what is due next, if any may go out now. Who wants no more, is blocked or was
    erased since the issue began is left out here."""
    if not is_open():
        return []
    with connection.cursor() as cursor:
        # One after the other, or two would take the last place under a ceiling.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMS])
    due = Delivery.objects.due().order_by("id")
    while room := min(most, ceilings.room_for_many()):
        rows = list(due.select_for_update(skip_locked=True, of=("self",))[:room])
        if not rows:
            return []
        ready = _still_ready(rows)
        until = timezone.now() + LEASE
        Delivery.objects.filter(pk__in=[row.pk for row in ready]).update(
            leased_until=until,
            attempts=F("attempts") + 1,
            tried_since=Coalesce("tried_since", timezone.now()),
        )
        for row in ready:
            row.leased_until, row.attempts = until, row.attempts + 1
            row.tried_since = row.tried_since or timezone.now()
        if ready:
            return ready
    return []


def _still_ready(rows: list[Delivery]) -> list[Delivery]:
    receiving = wishes_of([row.subscription_id for row in rows])
    addresses = {normalised(one.email) for one in receiving.values()}
    blocked = set(
        Address.objects.suppressed().filter(address__in=addresses).values_list("address", flat=True)
    )
    ended, suppressed, ready = [], [], []
    for row in rows:
        row.subscription = receiving.get(row.subscription_id)
        if row.subscription is None:
            ended.append(row)
        elif normalised(row.to) in blocked:
            suppressed.append(row)
        else:
            ready.append(row)
    _leave_out(ended, Delivery.Because.ENDED)
    _close(suppressed, state=State.SUPPRESSED)
    return ready


def _leave_out(rows: list[Delivery], because: Delivery.Because) -> None:
    _close(rows, state=State.CANCELLED, because=because)


def _close(rows: list[Delivery], **changes: object) -> None:
    if rows:
        waiting = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=State.WAITING)
        waiting.update(leased_until=None, **changes)


def _put_back(rows: list[Delivery]) -> None:
    """End our lease on what has not gone over."""
    if rows:
        Delivery.objects.filter(
            pk__in=[row.pk for row in rows],
            state=State.WAITING,
            leased_until__in={row.leased_until for row in rows},
        ).update(leased_until=None, attempts=F("attempts") - 1)


@dataclass
class Letters:
    """The letters of a turn, each rendered when somebody first gets it."""

    still: Sql = ("", ())  # written once for each batch, asked for each letter
    issues: dict[int, Issue] = field(default_factory=dict)
    told: dict[int, list[Told]] = field(default_factory=dict)
    rendered: dict[tuple[int, str, bool, tuple[str, ...]], IssueLetter] = field(
        default_factory=dict
    )

    def look_again(self, batch: list[Delivery]) -> None:
        """Ask what of the issues of a batch is public now."""
        self.still = still_wanted()
        for pk in {delivery.issue_id for delivery in batch}:
            if pk not in self.issues:
                self.issues[pk] = Issue.objects.prefetch_related("texts", "items").get(pk=pk)
            self.told[pk] = presenting.told(self.issues[pk])

    def of(self, delivery: Delivery) -> tuple[Mail, str] | None:
        """The e-mail of a delivery and its language; ``None`` where nothing of the issue is left for
        its reader."""
        issue, told = self.issues[delivery.issue_id], self.told[delivery.issue_id]
        subscription = delivery.subscription
        share = share_of(told, subscription.groups, subscription.wanted_term_ids)
        if not share.refs:
            return None
        language, is_theirs = language_for(subscription.languages, issue)
        # Rendered anew when something is public no more: what was said of it is forgotten then.
        key = issue.pk, language, is_theirs, tuple(one.ref for one in told)
        if key not in self.rendered:
            self.rendered[key] = IssueLetter(issue, language, is_theirs=is_theirs)
        mail = self.rendered[key].mail(reader_of(subscription), share, delivery.message_id)
        return mail, language
