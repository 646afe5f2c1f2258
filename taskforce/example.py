"""Loaders of what there is to try in the example round: times for interviews, a meeting of all who take
part, and lines of what a government said, each of them marked as an example. The hub's own desk stands for
the government, so that none is said to have done what it did not."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from events import publishing as event_publishing
from events.models import Event
from hub.catalogue import services
from hub.partners.models import Organisation, User
from hub.starter import Load, Row, RowError, loaded, one_of, save
from taskforce import meetings
from taskforce.kinds import Activity, Area, FindingKind
from taskforce.models import Finding, InterviewSlot, Meeting, Participation, Round

# Nobody signs in with it and nobody reads what is sent there: the domain is kept for examples.
INTERVIEWER = ("interviewer@example.invalid", "Example interviewer")
# Times begin so many days from now at the earliest, and the meeting lies in the week that it says.
AHEAD = 3


def begin_slots() -> Load:
    """Loader of ``example_slots.csv``: times at which the example's interviewer is there. ``week`` and
    ``day`` are counted from the first Monday that is some days ahead."""
    rounds, monday = loaded("example_round.csv"), _monday()

    def load(row: Row) -> InterviewSlot:
        email, name = INTERVIEWER
        interviewer = User.objects.filter(email=email).first() or User.objects.create_user(
            email, name=name, is_active=False
        )
        slot = InterviewSlot(
            round=_round(rounds, row),
            interviewer=interviewer,
            timezone=row["timezone"],
            buffer=int(row.number("buffer")),
            **_hours(row, monday),
        )
        save(slot)
        return slot

    return load


def begin_meetings() -> Load:
    """Loader of ``example_meetings.csv``: meetings of the example round, announced and open to all."""
    rounds, monday = loaded("example_round.csv"), _monday()

    def load(row: Row) -> Meeting:
        event = Event(
            title=row["title"],
            summary=row["summary"],
            mode=row["mode"],
            timezone=row["timezone"],
            registration=Event.Signup.OPEN,
            capacity_online=int(row.number("capacity")),
            is_example=True,
            **_hours(row, monday),
        )
        meeting = meetings.make(event, round=_round(rounds, row))
        event_publishing.publish(event.pk)
        return meeting

    return load


def begin_findings() -> Load:
    """Loader of ``example_findings.csv``: lines of an interview, as far approved as ``readers`` says;
    those without one wait for their government."""
    rounds, of = loaded("example_round.csv"), {}

    def load(row: Row) -> Finding:
        round = _round(rounds, row)
        if round.pk not in of:
            of[round.pk] = _participation(round)
        for column, choices in (("area", Area), ("kind", FindingKind)):
            one_of(dict(choices.choices), row[column], column)
        finding = Finding(
            participation=of[round.pk],
            area=row["area"],
            kind=row["kind"],
            text=row["text"],
            language=round.language,
            position=of[round.pk].findings.count() + 1,
            asked_at=timezone.now(),
        )
        if row["readers"]:
            one_of(dict(Finding.Visibility.choices), row["readers"], "readers")
            finding.visibility = row["readers"]
            finding.approved_by_government_at = timezone.now()
        if row["readers"] == Finding.Visibility.PUBLIC:
            finding.published_at = timezone.now()
        save(finding)
        services.put(finding)
        return finding

    return load


def _participation(round: Round) -> Participation:
    """The part of the hub's own desk in the example."""
    desk, moment = Organisation.objects.desk(), timezone.now()
    found = round.participations.filter(government=desk).first()
    return found or Participation.objects.create(
        round=round,
        government=desk,
        status=Participation.Status.ACCEPTED,
        submitted_at=moment,
        registered_at=moment,
        accepted_at=moment,
        **{one.value: True for one in Activity},
    )


def _round(rounds: dict[str, int], row: Row) -> Round:
    return Round.objects.get(pk=one_of(rounds, row["round"], "round"))


def _monday() -> date:
    soon = timezone.localdate() + timedelta(days=AHEAD)
    return soon + timedelta(days=-soon.weekday() % 7)


def _hours(row: Row, monday: date) -> dict[str, datetime]:
    day = monday + timedelta(weeks=int(row.number("week")), days=int(row.number("day")))
    try:
        starts, ends = (datetime.fromisoformat(f"{day}T{row[c]}") for c in ("starts", "ends"))
    except ValueError:
        raise RowError("starts and ends are hours, as 09:30") from None
    return {"starts_local": starts, "ends_local": ends}
