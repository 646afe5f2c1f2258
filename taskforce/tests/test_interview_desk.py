"""Interviews at the desk: times are offered and taken back, notes are written, what became of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from conftest import Browser
from events import times
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from taskforce import booking
from taskforce.models import Interview, InterviewSlot
from taskforce.tests.factories import make_interview, make_participation, make_round, make_slot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def desk() -> Browser:
    browser = Browser()
    browser.user = make_user(is_secretariat=True)
    browser.force_login(browser.user)
    return browser


def page(model: str, name: str, *keys: object) -> str:
    return reverse(f"admin:taskforce_{model}_{name}", args=keys)


ADD = "/admin/taskforce/interviewslot/add/"


def plan(round, interviewer, **said: object) -> dict[str, object]:
    """A weekly hour in London, for two weeks from a Monday on."""
    day = localdate() + timedelta(days=14)
    monday = day - timedelta(days=day.weekday())
    words = {
        "round": round.pk,
        "interviewer": interviewer.pk,
        "first_on": monday,
        "last_on": monday + timedelta(days=13),
        "weekdays": [0],
        "begins": "10:00",
        "ends": "11:00",
        "timezone": "Europe/London",
        "length": 45,
        "buffer": 15,
    }
    return words | said


def seen(answer) -> str:
    return answer.context["digest"]


def test_a_plan_is_shown_before_it_makes_times(desk):
    said = plan(make_round(), desk.user)
    shown = desk.post(ADD, said | {"act": "show"})

    assert "2 times can be offered" in shown.content.decode()
    assert InterviewSlot.objects.count() == 0

    desk.post(ADD, said | {"act": "create", "shown": seen(shown)})
    assert InterviewSlot.objects.count() == 2


def test_what_was_not_shown_is_not_made(desk):
    said = plan(make_round(), desk.user)
    shown = desk.post(ADD, said | {"act": "show"})

    other = said | {"begins": "09:00", "act": "create", "shown": seen(shown)}
    answer = desk.post(ADD, other)

    assert answer.status_code == 200
    assert InterviewSlot.objects.count() == 0


def test_exceptions_the_past_and_other_interviews_are_told(desk):
    round = make_round()
    said = plan(round, desk.user)
    monday = said["first_on"]
    make_slot(round, desk.user, f"{monday} 10:30")

    answer = desk.post(
        ADD,
        said
        | {
            "first_on": monday - timedelta(days=28),
            "exceptions": f"{monday - timedelta(days=14)}\n{monday + timedelta(days=7)}",
            "act": "show",
        },
    )

    html = answer.content.decode()
    assert "another interview at this time" in html
    assert "This time is over" in html
    assert f"{monday + timedelta(days=7)}" in html
    assert answer.context["possible"] == 1


def test_15_the_hour_in_the_gap_is_refused_and_of_the_doubled_one_it_asks_which(desk):
    round = make_round()
    common = {"timezone": "Europe/Brussels", "weekdays": [6], "begins": "02:30", "ends": "03:00"}
    common |= {"length": 25, "act": "show"}

    spring = plan(round, desk.user, first_on="2029-03-25", last_on="2029-03-25", **common)
    assert "it never comes" in desk.post(ADD, spring).content.decode()
    autumn = plan(round, desk.user, first_on="2029-10-28", last_on="2029-10-28", **common)
    assert "say which one you mean" in desk.post(ADD, autumn).content.decode()
    answer = desk.post(ADD, autumn | {"which": "second"})
    desk.post(ADD, autumn | {"which": "second", "act": "create", "shown": seen(answer)})
    assert InterviewSlot.objects.get().starts_at.isoformat() == "2029-10-28T01:30:00+00:00"


def test_15_a_weekly_hour_of_london_moves_in_other_zones_with_their_clocks():
    round, anna = make_round(), make_user()
    first = make_slot(round, anna, "2022-03-31 10:00")
    second = make_slot(round, anna, "2022-04-07 10:00")

    def clocks(zone: str) -> tuple[str, ...]:
        there = times.known_zone(zone)
        return tuple(f"{one.starts_at.astimezone(there):%H:%M}" for one in (first, second))

    assert clocks("America/Santiago") == ("06:00", "05:00")
    assert clocks("Australia/Melbourne") == ("20:00", "19:00")
    assert clocks("America/Mexico_City") == ("03:00", "04:00")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("exceptions", "tomorrow", "is no day"),
        ("ends", "09:00", "ends before it begins"),
        ("last_on", "2020-01-01", "lie within half a year"),
        ("length", "0", "greater than or equal"),
        ("timezone", "Mars/Olympus", "valid choice"),
    ],
)
def test_odd_plans_are_refused_in_words(desk, name, value, words):
    answer = desk.post(ADD, plan(make_round(), desk.user, **{name: value}) | {"act": "show"})

    assert words in answer.content.decode()


def test_free_times_are_taken_back_and_booked_ones_are_not(desk):
    round = make_round()
    free, booked = make_slot(round, desk.user), make_slot(round, desk.user)
    booking.choose(make_participation(round).pk, booked.pk)

    answer = desk.post(
        page("interviewslot", "changelist"),
        {"action": "take_back", "_selected_action": [free.pk, booked.pk]},
        follow=True,
    )

    assert "Somebody has booked this time" in answer.content.decode()
    assert [one.is_withdrawn for one in InterviewSlot.objects.order_by("pk")] == [True, False]


def test_one_time_is_taken_back_after_a_question(desk):
    slot = make_slot(make_round(), desk.user)
    path = page("interviewslot", "take_back", slot.pk)
    desk.get(path)
    assert not InterviewSlot.objects.get().is_withdrawn

    desk.post(path)

    assert InterviewSlot.objects.get().is_withdrawn


def test_notes_are_written_and_the_rest_is_read(desk):
    round = make_round()
    interview = make_interview(make_participation(round), make_slot(round, desk.user))

    desk.post(page("interview", "change", interview.pk), {"notes": "Went well.", "status": "held"})

    interview.refresh_from_db()
    assert (interview.notes, interview.status) == ("Went well.", "booked")


def test_what_became_of_an_interview_is_noted(desk):
    round = make_round()
    yesterday = f"{localdate() - timedelta(days=1)} 10:00"
    past = make_interview(make_participation(round), make_slot(round, desk.user, yesterday))
    coming = make_interview(make_participation(round), make_slot(round, desk.user))

    early = desk.post(page("interview", "held", coming.pk)).content.decode()
    assert "still to come" in early
    desk.post(page("interview", "held", past.pk))
    refused = desk.post(page("interview", "cancel", coming.pk), {"reason": " "})
    assert refused.status_code == 200
    desk.post(page("interview", "cancel", coming.pk), {"reason": "We are ill."})

    states = Interview.objects.order_by("pk").values_list("status", "reason")
    assert list(states) == [("held", ""), ("cancelled", "We are ill.")]


def test_the_secretariat_of_another_owner_sees_nothing():
    round = make_round(owner=make_organisation())
    participation = make_participation(round)
    slot = make_slot(round, make_user(), join_url="https://meet.example/quokka")
    interview = make_interview(participation, slot, notes="quokka")
    browser = Browser()
    browser.force_login(make_editor(make_organisation()))

    for path in (
        page("interviewslot", "changelist"),
        page("interviewslot", "change", slot.pk),
        page("interviewslot", "take_back", slot.pk),
        page("interview", "changelist"),
        page("interview", "change", interview.pk),
        page("interview", "cancel", interview.pk),
        ADD,
    ):
        html = browser.get(path, follow=True).content.decode()
        assert "quokka" not in html, path
        assert str(participation) not in html, path
        assert round.title not in html, path


def test_29_the_lists_of_a_large_round_cost_few_queries(desk):
    round = make_round()
    for _number in range(60):
        make_interview(make_participation(round), make_slot(round, desk.user), booked_at=now())
    for model in ("interviewslot", "interview"):
        path = page(model, "changelist")
        desk.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(path).status_code == 200
        assert len(queries) <= 12, (path, len(queries))


WEEK = "/admin/taskforce/interviewslot/week/"


def test_the_week_shows_by_day_and_hour_who_has_booked_in_the_zone_of_the_interviewer(desk):
    round = make_round()
    monday = localdate() + timedelta(days=14)
    monday -= timedelta(days=monday.weekday())
    at = {"timezone": "Australia/Melbourne"}
    free = make_slot(round, desk.user, f"{monday} 09:30", **at)
    booked = make_slot(round, desk.user, f"{monday + timedelta(days=3)} 20:00", **at)
    interview = make_interview(make_participation(round), booked)

    answer = desk.get(f"{WEEK}?week={monday:%G-W%V}")

    hours = answer.context["hours"]
    assert [(hour.begins.hour, [len(day) for day in hour.days]) for hour in hours] == [
        (9, [1, 0, 0, 0, 0, 0, 0]),
        (20, [0, 0, 0, 1, 0, 0, 0]),
    ]
    html = answer.content.decode()
    assert str(interview.participation) in html
    assert "Australia/Melbourne" in html
    assert page("interviewslot", "change", free.pk) in html
    assert WEEK in desk.get(page("interviewslot", "changelist")).content.decode()


@pytest.mark.parametrize("asked", ["", "x", "2026-W99", "9999-W52", "0001-W01", "%ff", "2026-W1 "])
def test_an_empty_week_says_so_and_odd_ones_are_this_week(desk, asked):
    answer = desk.get(f"{WEEK}?week={asked}")

    assert answer.status_code == 200
    assert "No time is offered in this week" in answer.content.decode()


def test_the_week_shows_nobody_elses_times_and_costs_few_queries(desk):
    round = make_round()
    day = localdate() + timedelta(days=14)
    day -= timedelta(days=day.weekday())
    for number in range(60):
        starts = f"{day + timedelta(days=number % 7)} {8 + number // 7:02}:00"
        slot = make_slot(round, desk.user, starts)
        make_interview(make_participation(round), slot, booked_at=now())
    path = f"{WEEK}?week={day:%G-W%V}"
    desk.get(path)

    with CaptureQueriesContext(connection) as queries:
        html = desk.get(path).content.decode()

    assert len(queries) <= 12
    assert str(round.participations.first()) in html
    other = Browser()
    other.force_login(make_editor(make_organisation()))
    html = other.get(path).content.decode()
    assert "No time is offered in this week" in html
