"""When something is, in words: the moments that everybody must tell alike."""

import pytest

from events import wording
from events.tests.factories import local, make_event, make_session

pytestmark = pytest.mark.django_db


def at(start, end=None, zone="Europe/Brussels", **fields):
    return make_event(
        starts_local=local(start), ends_local=end and local(end), timezone=zone, **fields
    )


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("", "Monday 24 October 2022, 14:30–16:00 Brussels (CEST, UTC+2)"),
        ("America/Bogota", "Monday 24 October 2022, 07:30–09:00 Bogota (UTC−5)"),
        ("America/Santiago", "Monday 24 October 2022, 09:30–11:00 Santiago (UTC−3)"),
        ("Asia/Jakarta", "Monday 24 October 2022, 19:30–21:00 Jakarta (WIB, UTC+7)"),
        ("Asia/Ulaanbaatar", "Monday 24 October 2022, 20:30–22:00 Ulaanbaatar (UTC+8)"),
        (
            "Australia/Melbourne",
            "Monday 24 October 2022, 23:30 – Tuesday 25 October 2022, 01:00 "
            "Melbourne (AEDT, UTC+11)",
        ),
    ],
)
def test_scenario_14_the_panel_in_brussels_is_told_in_every_zone(zone, told):
    event = at("2022-10-24 14:30", "2022-10-24 16:00")

    assert wording.when_words(event, zone) == told


def test_scenario_14_the_presentation_in_dubai_is_at_eleven_in_berlin():
    event = at("2023-12-10 14:00", zone="Asia/Dubai")

    assert wording.when_words(event) == "Sunday 10 December 2023, 14:00 Dubai (UTC+4)"
    assert wording.when_words(event, "Europe/Berlin") == (
        "Sunday 10 December 2023, 11:00 Berlin (CET, UTC+1)"
    )
    assert wording.when_html(event, "Europe/Berlin") == (
        'Sunday 10 December 2023, <time datetime="2023-12-10T11:00:00+01:00">'
        '11:00</time> <span class="zone">Berlin (CET, UTC+1)</span>'
    )


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2022-10-24", "2022-10-26", "24–26 October 2022"),
        ("2022-04-01", "2022-06-30", "1 April – 30 June 2022"),
        ("2022-12-30", "2023-01-02", "30 December 2022 – 2 January 2023"),
        ("2022-10-26", "2022-10-26", "Wednesday 26 October 2022"),
        ("2022-10-26", None, "Wednesday 26 October 2022"),
    ],
)
def test_days_are_the_same_in_every_zone(start, end, told):
    event = at(start, end, precision="day")

    assert wording.when_words(event, "Pacific/Kiritimati") == told


def test_a_span_over_a_change_of_the_clocks_names_both_offsets():
    event = at("2022-10-29 22:00", "2022-10-30 08:00")

    assert wording.when_words(event) == (
        "Saturday 29 October 2022, 22:00 Brussels (CEST, UTC+2) – "
        "Sunday 30 October 2022, 08:00 Brussels (CET, UTC+1)"
    )


def test_what_has_no_time_yet_says_so():
    session = make_session(at("2022-10-24"), starts_local=None, ends_local=None)

    assert wording.when_words(session) == "Time to be announced"
