"""What the specimens of working groups and their meetings show: made by hand, never saved."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from events.models import Event
from events.outcomes import Shown
from hub.partners.models import Organisation
from taskforce.agenda import Agenda, Point, timed
from taskforce.balance import Balance, Share
from taskforce.group_listing import Listed
from taskforce.group_pages import Step
from taskforce.models import AgendaItem, GroupMembership, MinutesRevision, WorkingGroup
from tests.components.happenings import LONG

EVENT = Event(slug="specimen", title="Specimen", timezone="Europe/Brussels")


def listed() -> list[Listed]:
    leader = Organisation(slug="specimen", name=f"Government of {LONG}")
    plain = WorkingGroup(
        slug="specimen", name="Group on steel", summary="Looks for clean ways to make steel."
    )
    awkward = WorkingGroup(
        slug="specimen", name=LONG * 2, summary=LONG * 3, lead_government=leader, lead_name="Others"
    )
    return [Listed(plain, "Steel", "steel", 0), Listed(awkward, "Across sectors", "across", 31)]


def steps() -> list[Step]:
    return [
        Step("Planned", True, False),
        Step("Gathers members", True, False),
        Step("At work", False, True),
        Step("Has concluded", False, False),
    ]


def balance() -> Balance:
    def seat(name: str, role: str = "member") -> GroupMembership:
        organisation = Organisation(slug="specimen", name=name, kind=Organisation.Kind.UNION)
        return GroupMembership(organisation=organisation, role=role)

    governments = tuple(seat(name) for name in ("Scotland", "Lombardy", LONG))
    return Balance(
        (Share("Governments", governments, 100), Share("Workers", (seat("Union", "lead"),), 33)),
        ("employers", "research"),
    )


def agenda() -> Agenda:
    event = Event(
        slug="specimen",
        title="Specimen",
        timezone="Europe/Brussels",
        starts_local=datetime(2026, 3, 4, 10),
    )
    zone = ZoneInfo("Europe/Brussels")
    event.starts_at = datetime(2026, 3, 4, 10, tzinfo=zone)
    event.ends_at = datetime(2026, 3, 4, 12, tzinfo=zone)
    items = [
        AgendaItem(title="Opening", minutes=15, kind="information", lead_name="Ana Ruiz"),
        AgendaItem(title="Coffee", minutes=20, kind="break"),
        AgendaItem(title=LONG, minutes=90, kind="decision", text=LONG * 3, decision="Agreed."),
    ]
    plan = timed(event, items)
    paper = Shown(
        "Paper", "Draft plan", "/specimens/", "example.org", "en", "English", "", "", "", False
    )
    first = Point(items[0], plan.points[0].starts_at, plan.points[0].ends_at, (paper,))
    return Agenda((first, *plan.points[1:]))


def conflict() -> SimpleNamespace:
    last = MinutesRevision(number=3, body=f"Theirs.\n{LONG}")
    return SimpleNamespace(conflict=SimpleNamespace(last=last, body="Mine, with other words."))


def shown() -> dict[str, object]:
    return {
        "groups_listed": listed(),
        "group_steps": steps(),
        "group_balance": balance(),
        "meeting_agenda": agenda(),
        "meeting_event": EVENT,
        "minutes_form": conflict(),
    }
