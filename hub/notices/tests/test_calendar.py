from datetime import UTC, date, datetime, timedelta
from email import policy
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from hub.notices import delivery
from hub.notices.calendar import Invitation, Method, feed
from hub.notices.calendar_files import zone_component
from hub.notices.tests import sink as post
from hub.notices.tests.factories import make_letter

LONDON, SANTIAGO, ULAANBAATAR = (
    ZoneInfo(name) for name in ("Europe/London", "America/Santiago", "Asia/Ulaanbaatar")
)
STAMP = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def invitation(**changes) -> Invitation:
    fields = {
        "uid": "event-7@hub.example.org",
        "sequence": 2,
        "summary": "Round table",
        "starts": datetime(2026, 3, 30, 9, 30, tzinfo=LONDON),
        "ends": datetime(2026, 3, 30, 11, 0, tzinfo=LONDON),
        "organiser": "desk@hub.example.org",
        "attendee": "ada@example.org",
        "stamped_at": STAMP,
    }
    return Invitation(**{**fields, **changes})


def event_of(rendered: str | bytes):
    calendar = Calendar.from_ical(rendered)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_request_says_all_that_programs_need():
    calendar, event = event_of(
        invitation(location="Hall 1", url="https://hub.example.org/e/").render()
    )

    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert event["UID"] == "event-7@hub.example.org"
    assert event["SEQUENCE"] == 2
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:desk@hub.example.org"
    assert event["ATTENDEE"] == "mailto:ada@example.org"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["LOCATION"] == "Hall 1"
    assert event["URL"] == "https://hub.example.org/e/"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.start == datetime(2026, 3, 30, 9, 30, tzinfo=LONDON)
    assert event.decoded("DTSTAMP") == STAMP


def test_a_cancellation_says_so_in_method_and_status():
    calendar, event = event_of(invitation(method=Method.CANCEL, sequence=3).render())

    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)


def test_a_feed_tells_nobody_who_takes_part():
    entries = [invitation(uid=f"event-{number}@hub", sequence=number) for number in range(3)]
    cancelled = invitation(uid="event-9@hub", is_cancelled=True)

    octets = feed([*entries, cancelled], "Coal; regions")

    calendar = Calendar.from_ical(octets)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == "Coal; regions"
    assert [event["STATUS"] for event in calendar.walk("VEVENT")] == [
        *["CONFIRMED"] * 3,
        "CANCELLED",
    ]
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert b"mailto" not in octets


def test_days_are_days_and_the_end_is_the_first_day_after():
    first, last = date(2026, 10, 24), date(2026, 10, 25)

    rendered = invitation(starts=first, ends=last).render()

    assert "DTSTART;VALUE=DATE:20261024\r\n" in rendered
    assert "DTEND;VALUE=DATE:20261026\r\n" in rendered
    assert "VTIMEZONE" not in rendered


@pytest.mark.parametrize(
    "summary",
    [
        "Комиссия по справедливому переходу, " * 4,
        "ประชุมกลุ่มทำงานเรื่องการเปลี่ยนผ่านที่เป็นธรรม" * 3,
        "🏭" * 60,
        "a" * 400,
    ],
)
def test_lines_are_folded_at_75_octets_and_between_letters(summary):
    octets = invitation(summary=summary, description=summary).render().encode()

    lines = octets.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"".join(line.decode().encode() for line in lines), "no letter is torn apart"
    assert b"\n" not in octets.replace(b"\r\n", b"")
    _calendar, event = event_of(octets)
    assert event["SUMMARY"] == " ".join(summary.split())


def test_what_people_typed_cannot_add_a_line():
    hostile = "A\r\nATTENDEE:mailto:evil@example.org; b, c\\n \x00\x07END:VEVENT\nX"

    rendered = invitation(summary=hostile, location=hostile, description=hostile).render()

    unfolded = rendered.replace("\r\n ", "")
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded.split("\r\n")]
    assert names.count("ATTENDEE") == 1
    assert names.count("END") == names.count("BEGIN")
    assert "X" not in names
    _calendar, event = event_of(rendered)
    assert event["SUMMARY"] == "A ATTENDEE:mailto:evil@example.org; b, c\\n END:VEVENT X"
    assert event["DESCRIPTION"].splitlines()[0] == "A"


@pytest.mark.parametrize("uid", ["", "a\r\nMETHOD:CANCEL", "a\x00"])
def test_a_uid_is_one_line(uid):
    with pytest.raises(ValueError, match="UID"):
        invitation(uid=uid)


def transitions(component) -> set[tuple[datetime, timedelta, timedelta]]:
    """What a VTIMEZONE says: at which moment, in UTC, clocks go from which offset to which."""
    return {
        (
            part.decoded("DTSTART") - part.decoded("TZOFFSETFROM"),
            part.decoded("TZOFFSETFROM"),
            part.decoded("TZOFFSETTO"),
        )
        for part in component.subcomponents
        if part.decoded("TZOFFSETFROM") != part.decoded("TZOFFSETTO")
    }


def hours(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(hours=number) for number in numbers)


def test_the_zone_of_london_changes_at_one_in_utc():
    assert transitions(zone_component("Europe/London", 2026, 2026)) == {
        (datetime(2025, 3, 30, 1), *hours(0, 1)),
        (datetime(2025, 10, 26, 1), *hours(1, 0)),
        (datetime(2026, 3, 29, 1), *hours(0, 1)),
        (datetime(2026, 10, 25, 1), *hours(1, 0)),
        (datetime(2027, 3, 28, 1), *hours(0, 1)),
        (datetime(2027, 10, 31, 1), *hours(1, 0)),
    }


def test_the_zone_of_santiago_has_its_summer_over_the_new_year():
    assert transitions(zone_component("America/Santiago", 2026, 2026)) == {
        (datetime(2025, 4, 6, 3), *hours(-3, -4)),
        (datetime(2025, 9, 7, 4), *hours(-4, -3)),
        (datetime(2026, 4, 5, 3), *hours(-3, -4)),
        (datetime(2026, 9, 6, 4), *hours(-4, -3)),
        (datetime(2027, 4, 4, 3), *hours(-3, -4)),
        (datetime(2027, 9, 5, 4), *hours(-4, -3)),
    }


def test_the_zone_of_ulaanbaatar_never_changes():
    component = zone_component("Asia/Ulaanbaatar", 2026, 2026)

    (part,) = component.subcomponents
    assert part.name == "STANDARD"
    assert part.decoded("TZOFFSETTO") == timedelta(hours=8)


def offset_by(component, moment: datetime) -> timedelta:
    """The offset that a program reads from a VTIMEZONE for this time on the wall."""
    begun = [part for part in component.subcomponents if part.decoded("DTSTART") <= moment]
    return max(begun, key=lambda part: part.decoded("DTSTART")).decoded("TZOFFSETTO")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 0, 59, tzinfo=LONDON),
        datetime(2026, 3, 29, 2, 0, tzinfo=LONDON),
        datetime(2026, 10, 25, 0, 59, tzinfo=LONDON),
        datetime(2026, 10, 25, 2, 0, tzinfo=LONDON),
        datetime(2026, 4, 4, 22, 59, tzinfo=SANTIAGO),
        datetime(2026, 4, 5, 0, 0, tzinfo=SANTIAGO),
        datetime(2026, 9, 5, 23, 59, tzinfo=SANTIAGO),
        datetime(2026, 9, 6, 1, 0, tzinfo=SANTIAGO),
        datetime(2026, 12, 31, 23, 0, tzinfo=SANTIAGO),
        datetime(2026, 7, 1, 12, 0, tzinfo=ULAANBAATAR),
        datetime(2028, 2, 29, 12, 0, tzinfo=LONDON),
        datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Asia/Kolkata")),
        datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Pacific/Apia")),
    ],
)
def test_the_zone_that_travels_along_says_what_the_clocks_say(moment):
    entry = invitation(starts=moment, ends=moment + timedelta(hours=3))

    calendar, event = event_of(entry.render())

    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == event["DTSTART"].params["TZID"] == moment.tzinfo.key
    assert offset_by(zone, moment.replace(tzinfo=None)) == moment.utcoffset()
    assert event.start == moment


def test_the_second_of_two_equal_hours_is_said_in_utc():
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)

    _calendar, event = event_of(invitation(starts=first, ends=first.replace(hour=2)).render())
    _calendar, second = event_of(
        invitation(starts=first.replace(fold=1), ends=first.replace(hour=2)).render()
    )

    assert event.start.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.start.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert "TZID" not in second["DTSTART"].params


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"starts": datetime(2026, 3, 29, 1, 30, tzinfo=LONDON)}, "leave out 2026-03-29 01:30"),
        ({"starts": datetime(2026, 3, 30, 9, 30)}, "needs an IANA zone"),
        ({"starts": datetime(2026, 3, 30, 9, 30, tzinfo=UTC)}, "needs an IANA zone"),
        ({"starts": date(2026, 3, 30)}, "of days or of moments"),
        ({"starts": datetime(2026, 3, 30, 11, 0, tzinfo=LONDON)}, "ends after it starts"),
        ({"ends": datetime(2026, 3, 30, 23, 0, tzinfo=SANTIAGO)}, "in the same zone"),
        ({"starts": date(2026, 3, 2), "ends": date(2026, 3, 1)}, "last day is before"),
        ({"attendee": ""}, "needs an organiser and an attendee"),
        (
            {
                "starts": datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
                "ends": datetime(2026, 10, 25, 1, 45, tzinfo=LONDON),
            },
            "ends after it starts",
        ),
        ({"sequence": -1}, "from 0 up"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(changes, reason):
    with pytest.raises(ValueError, match=reason):
        invitation(**changes)


@pytest.mark.django_db
def test_an_invitation_travels_as_part_and_as_file(settings):
    settings.EMAIL_BACKEND = "hub.notices.smtp.EmailBackend"
    settings.EMAIL_HOST = post.HOST
    entry = invitation(summary="Комиссия, " * 20)
    message = make_letter(calendar=entry)
    sink = post.Sink()

    with post.running(sink) as port:
        settings.EMAIL_PORT = port
        delivery.deliver_next()

    (mail,) = sink.parsed()
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    *_others, part, file = mail.walk()
    assert part.get_param("method") == "REQUEST"
    assert part.get_param("charset") == "utf-8"
    assert file.get_filename() == "invite.ics"
    assert file.get_payload(decode=True).decode() == message.calendar == entry.render()
    assert part.get_payload(decode=True).replace(b"\r\n", b"\n").strip() == (
        message.calendar.replace("\r\n", "\n").strip().encode()
    )
    # In the letter as it went over the wire no line is longer than mail allows.
    assert max(len(line) for line in mail.as_bytes(policy=policy.SMTP).split(b"\r\n")) <= 998
