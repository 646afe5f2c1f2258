"""Three questions after an event, answered by nobody knows whom.

The link in the letter proves a seat, and one answer is taken for each. That a registration has answered
is noted (``FeedbackGiven``), what was answered is noted elsewhere (``Feedback``), and nothing leads from one
to the other: no key, no moment, and no order. For that it is not enough to leave the columns out. A
database keeps rows in the order in which they came, and with each row the number of the transaction that
wrote it, which would be the same for both. So with every answer all answers of the event are written anew
in an order that chance makes, and so are all notes of who has answered. Afterwards every row of either
table bears the number of this one transaction, and lies where chance put it: whoever reads the whole
database knows who has answered, and what, but not who what. (Copies of the database that are taken between
two answers could be compared; of those we keep none so close together.)

Fewer than ``FEWEST`` answers are shown to nobody, since few could be guessed.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Event, Feedback, FeedbackGiven, Registration
from hub import links
from hub.texts import tidy

PURPOSE = "feedback"
FEWEST = 5
OPEN_FOR = timedelta(days=60)
GRADES = {
    5: gettext_lazy("Very useful"),
    4: gettext_lazy("Useful"),
    3: gettext_lazy("Partly useful"),
    2: gettext_lazy("Of little use"),
    1: gettext_lazy("Of no use"),
}
HELD = (Event.Status.PUBLISHED,)


def token_of(registration: Registration) -> str:
    return links.sign(PURPOSE, registration)


def seat_of(token: str) -> Registration | None:
    """The seat that the link proves; ``None`` for a link that is forged, or of somebody who had none."""
    rows = Registration.objects.coming().select_related("event")
    return links.resolve(PURPOSE, token, rows, max_age=timedelta(days=3 * 365))


def is_open(event: Event, at: datetime | None = None) -> bool:
    """Whether the questions are asked now: when it is over, and not so long ago that nobody remembers."""
    over, at = event.is_over_from, at or now()
    return event.status in HELD and over <= at < over + OPEN_FOR


def is_early(event: Event) -> bool:
    """Whether the questions are still to come."""
    return event.status in HELD and now() < event.is_over_from


def has_answered(registration: Registration) -> bool:
    return FeedbackGiven.objects.filter(registration=registration).exists()


@transaction.atomic
def give(registration: Registration, *, useful: int, will_use: str = "", missing: str = "") -> None:
    """Take an answer. ``ValidationError`` where it is the second, or nobody is asked now."""
    # All who answer about one event take turns.
    event = Event.objects.select_for_update(of=["self"]).get(pk=registration.event_id)
    if not is_open(event):
        raise ValidationError(_("The questions about this event are closed."), code="closed")
    if has_answered(registration):
        raise ValidationError(_("You have answered already. Thank you."), code="twice")
    answer = Feedback(event=event, useful=useful, will_use=tidy(will_use), missing=tidy(missing))
    answer.full_clean(exclude=["event"])
    answers = [*Feedback.objects.filter(event=event), answer]
    notes = FeedbackGiven.objects.filter(registration__event=event)
    keys = [*notes.values_list("registration_id", flat=True), registration.pk]
    notes.delete()
    Feedback.objects.filter(event=event).delete()
    for one in answers:
        one.pk, one._state.adding = uuid4(), True
    Feedback.objects.bulk_create(_shuffled(answers))
    FeedbackGiven.objects.bulk_create(
        [FeedbackGiven(registration_id=key) for key in _shuffled(keys)]
    )


def _shuffled(rows: list) -> list:
    mixed = list(rows)
    secrets.SystemRandom().shuffle(mixed)
    return mixed


# For the desk


@dataclass(frozen=True)
class Bar:
    """How many gave one grade: as a row of the table, and as a bar of the drawing, whose measures
    are shares of the width and pixels of the height."""

    grade: int
    label: str
    count: int
    share: int
    width: str
    y: int

    @property
    def text_y(self) -> int:
        return self.y + 17


@dataclass(frozen=True)
class Figures:
    """What an event's answers say together."""

    answers: int
    asked: int
    mean: float
    bars: tuple[Bar, ...]
    will_use: tuple[str, ...]
    missing: tuple[str, ...]

    ROW = 32

    @property
    def height(self) -> int:
        return self.ROW * len(self.bars)


def figures(event: Event) -> Figures | None:
    """What the desk may know; ``None`` while there are fewer answers than ``FEWEST``."""
    answers = list(Feedback.objects.filter(event=event))
    if len(answers) < FEWEST:
        return None
    counts = Counter(answer.useful for answer in answers)
    most = max(counts.values())
    bars = tuple(
        Bar(
            grade,
            str(label),
            counts[grade],
            round(100 * counts[grade] / len(answers)),
            f"{55 * counts[grade] / most:.2f}%",  # the rest of the width is for the words
            Figures.ROW * index,
        )
        for index, (grade, label) in enumerate(GRADES.items())
    )
    return Figures(
        answers=len(answers),
        asked=event.registrations.coming().count(),
        mean=round(sum(answer.useful for answer in answers) / len(answers), 1),
        bars=bars,
        # By the alphabet: what somebody uses and what they missed stand in no common order.
        will_use=tuple(sorted(filter(None, (one.will_use for one in answers)))),
        missing=tuple(sorted(filter(None, (one.missing for one in answers)))),
    )
