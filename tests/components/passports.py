"""What the specimens of a government's own page show: made by hand, never saved."""

from datetime import date
from types import SimpleNamespace

from hub.partners.models import Organisation
from taskforce.interview_part import Choice, Day, Week, weeks_of
from taskforce.kinds import Activity
from taskforce.models import Participation, ParticipationContact, Round
from taskforce.passport_parts import Chosen
from tests.components.happenings import LONG

TOKEN = "specimen"
WEEKDAYS = (date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 11))


def participation() -> Participation:
    return Participation(
        round=Round(slug="specimen", title="Specimen"),
        government=Organisation(slug="specimen", name=f"Government of {LONG}"),
        priorities=f"What comes after coal.\n{LONG}",
        language="en",
        timezone="Europe/London",
        **{one.value: True for one in Activity},
    )


def activities() -> SimpleNamespace:
    done, chosen, other = (activity.label for activity in Activity)
    rows = [Chosen(done, True, True), Chosen(chosen, True, False), Chosen(other, False, False)]
    return SimpleNamespace(context={"activities": rows, "is_met": True})


def weeks() -> list[Week]:
    times = (Choice(1, "09:00–09:30", ""), Choice(2, "10:00–10:30", "11:00–11:30 in Brussels"))
    return weeks_of([Day(day, times) for day in WEEKDAYS])


def shown() -> dict[str, object]:
    return {
        "participation": participation(),
        "contact": ParticipationContact(name="Ana Ruiz", position=LONG, email="ana@example.org"),
        "activities_part": activities(),
        "interview_weeks": weeks(),
        "token": TOKEN,
    }
