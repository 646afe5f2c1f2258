"""The pages of events as readers meet them."""

import json
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from events import publishing, release
from events.kinds import Mode, Role
from events.models import Event, Session
from events.tests.factories import (
    local,
    make_appearance,
    make_event,
    make_registration,
    make_session,
)
from hub.accounts.tests.factories import verified
from hub.catalogue.models import KeptPage, Record
from hub.partners.tests.factories import make_organisation, make_person, make_user
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term

pytestmark = pytest.mark.django_db
REASON = "The hall has burnt down."


@pytest.fixture
def conference() -> Event:
    """Brussels and online, in October 2022, with a panel online and a meeting in the room."""
    event = make_event(
        slug="jtp-2022",
        title="Just Transition Platform Conference",
        kind="conference",
        mode=Mode.HYBRID,
        city="Brussels",
        country=make_term("Belgium", Scheme.PLACE, place_kind="country"),
        starts_local=local("2022-10-24"),
        ends_local=local("2022-10-26"),
        precision="day",
    )
    panel = make_session(
        event,
        slug="sector-coupling",
        title="Sector coupling",
        mode=Mode.ONLINE,
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
    )
    make_appearance(panel, "Monika Banka", organisation_name="ECRN")
    make_session(
        event,
        slug="steel",
        title="Steel",
        room="Room 1",
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
    )
    release.release(event)
    publishing.saved(event)
    return event


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def subject_of(html):
    block = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    return next(node for node in json.loads(block)["@graph"] if node["@type"] == "Event")


def test_event_detail_tells_when_where_and_who(client, conference):
    conference.organisers.create(name="European Commission")

    html = page_of(client, "/events/jtp-2022/")

    assert (
        '<time datetime="2022-10-24">24</time>–<time datetime="2022-10-26">26 October 2022' in html
    )
    assert "Brussels, Belgium" in html
    assert "In person and online" in html
    assert "European Commission" in html
    assert "Monika Banka, ECRN" in html
    assert "2 at the same time" in html
    assert '<time datetime="2022-10-24T14:30:00+02:00">14:30</time>' in html
    assert "Brussels (CEST, UTC+2)" in html


def test_event_detail_shows_times_in_the_zone_of_the_address_and_its_own(client, conference):
    html = page_of(client, "/events/jtp-2022/?tz=America/Bogota")

    assert '<time datetime="2022-10-24T07:30:00-05:00">07:30</time>' in html
    assert "Bogota (UTC−5)" in html
    assert '<time datetime="2022-10-24T14:30:00+02:00">14:30</time>' in html


@pytest.mark.parametrize("odd", ["Mars/Base", "../../etc/passwd", "%00", "x" * 5000, "Factory%20"])
def test_event_detail_says_that_a_zone_is_none(client, conference, odd):
    html = page_of(client, f"/events/jtp-2022/?tz={odd}")

    assert "We do not know the time zone" in html
    assert "14:30" in html


def test_a_session_past_midnight_stands_under_its_day_in_the_zone_shown(client, conference):
    html = page_of(client, "/events/jtp-2022/?tz=Pacific/Auckland")

    assert 'id="day-2022-10-25"' in html
    assert 'id="day-2022-10-24"' not in html
    assert "Monday 24 October 2022, <time" in html  # by the clock of the event


def test_session_detail_tells_of_its_event_and_those_beside_it(client, conference):
    html = page_of(client, "/events/jtp-2022/sessions/sector-coupling/?tz=Asia/Jakarta")

    assert '<time datetime="2022-10-24T19:30:00+07:00">19:30</time>' in html
    assert 'href="/events/jtp-2022/?tz=Asia/Jakarta"' in html
    assert 'href="/events/jtp-2022/sessions/steel/?tz=Asia/Jakarta"' in html
    assert subject_of(html)["performer"] == [{"@type": "Person", "name": "Monika Banka"}]


def test_session_detail_is_not_there_before_it_is_released(client, conference):
    make_session(conference, slug="later")

    assert client.get("/events/jtp-2022/sessions/later/").status_code == 404


def test_only_people_and_organisations_with_a_page_are_led_to(client, conference):
    session = Session.objects.get(slug="steel")
    make_appearance(session, "Ana Ruiz", person=make_person("Ana Ruiz", slug="ana-ruiz"))
    hidden = make_person("Bo Li", slug="bo-li", is_listed=True)
    union = make_organisation("Miners' Union")
    make_appearance(session, "Bo Li", person=hidden, organisation=union, role=Role.CHAIR)
    release.release(conference)
    hidden.is_listed, hidden.agreed_on = False, None
    hidden.save()

    html = page_of(client, "/events/jtp-2022/")

    assert "Bo Li" in html
    assert "/people/bo-li/" not in html
    assert union.get_absolute_url() in html


def test_moved_and_cancelled_sessions_stay_and_say_so(client, conference):
    panel = Session.objects.get(slug="sector-coupling")
    panel.starts_local, panel.ends_local = local("2022-10-24 17:00"), local("2022-10-24 18:00")
    panel.save()
    steel = Session.objects.get(slug="steel")
    steel.status = "cancelled"
    steel.save()
    release.release(conference)

    html = page_of(client, "/events/jtp-2022/")

    assert "Moved. Before: Monday 24 October 2022, 14:30 Brussels (CEST, UTC+2)" in html
    assert "session--off" in html
    assert "What has changed in the programme" in html
    assert (
        "from Monday 24 October 2022, 14:30 Brussels (CEST, UTC+2) to "
        "Monday 24 October 2022, 17:00 Brussels (CEST, UTC+2)"
    ) in html


@pytest.mark.parametrize(
    ("act", "word", "status"),
    [("cancel", "Cancelled", "EventCancelled"), ("postpone", "Postponed", "EventPostponed")],
)
def test_what_does_not_take_place_says_why(client, conference, act, word, status):
    getattr(publishing, act)(conference.pk, REASON)

    html = page_of(client, "/events/jtp-2022/")
    listed = page_of(client, "/events/")

    assert f"<h2>{word}</h2>" in html
    assert REASON in html
    assert subject_of(html)["eventStatus"] == f"https://schema.org/{status}"
    assert f'<b class="event__state">{word}</b>' in listed


def test_what_is_withdrawn_is_gone_with_the_reason_everywhere(client, conference):
    publishing.withdraw(conference.pk, REASON)

    page = client.get("/events/jtp-2022/")
    assert page.status_code == 410
    assert REASON in page.content.decode()
    for rest in (
        *("sessions/steel/", "sessions/steel.ics", "programme.json", "offline.html"),
        "../../embed/events/jtp-2022/programme/",
    ):
        address = f"/events/jtp-2022/{rest}" if rest[0] != "." else f"/{rest[6:]}"
        assert client.get(address).status_code == 410, rest
    assert client.get("/events/jtp-2022.ics").status_code == 410
    assert client.get("/events/").context["total"] == 0
    assert not Record.objects.public().exists()


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"audience": "members"}])
def test_drafts_and_events_of_members_are_not_there(client, fields):
    event = make_event(slug="closed", **fields)
    publishing.saved(event)

    for address in ("/events/closed/", "/events/closed.ics", "/events/closed/programme.json"):
        assert client.get(address).status_code == 404
    assert client.get("/events/").context["total"] == 0


def test_attendance_and_places_are_told_to_machines(client, conference):
    told = subject_of(page_of(client, "/events/jtp-2022/"))

    assert told["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert (told["startDate"], told["endDate"]) == ("2022-10-24", "2022-10-26")
    assert [place["@type"] for place in told["location"]] == ["Place", "VirtualLocation"]


def test_event_detail_leads_to_its_own_page_where_another_app_has_it(client, conference):
    Event.objects.filter(pk=conference.pk).update(page_path="/about/")

    assert client.get("/events/jtp-2022/")["Location"] == "/about/"


class TestStanding:
    def words(self, client, **fields):
        event = make_event(**fields)
        return event, client.get(event.get_absolute_url()).context["standing"]

    def test_open(self, client):
        event, standing = self.words(client, capacity_online=3)

        assert standing.label == "Register"
        assert standing.url == f"/events/{event.slug}/register/"
        assert standing.words.startswith("Open until ")
        assert "Brussels (" in standing.words
        assert standing.details == ("Online: 3 seats free",)

    def test_full_with_and_without_a_waiting_list(self, client):
        told = [
            (True, "Join the waiting list", "Online: full, with a waiting list"),
            (False, "", "Online: full"),
        ]
        for has_list, label, left in told:
            event = make_event(capacity_online=1, has_waiting_list=has_list)
            make_registration(event)
            standing = client.get(event.get_absolute_url()).context["standing"]

            assert standing.words.startswith("All seats are taken.")
            assert standing.label == label
            assert standing.details == (left,)

    def test_not_open_yet_closed_elsewhere_and_none(self, client):
        soon = now() + timedelta(days=2)
        _event, standing = self.words(client, opens_at=soon)
        assert standing.words.startswith("Registration opens on ")
        assert not standing.url
        _event, standing = self.words(client, closes_at=now() - timedelta(hours=1))
        assert standing.words.startswith("Registration closed on ")
        assert not standing.url
        _event, standing = self.words(
            client, registration="external", external_url="https://example.org/go"
        )
        assert standing.url == "https://example.org/go"
        _event, standing = self.words(client, registration="none")
        assert standing.words == "No registration needed."

    def test_over(self, client):
        _event, standing = self.words(
            client, starts_local=local("2022-10-24 14:30"), ends_local=None
        )

        assert not standing


def test_scenario_29_a_programme_of_sixty_sessions_costs_twelve_queries_at_most(
    client, django_assert_max_num_queries
):
    event = make_event(slug="large")
    people = [make_person(f"Person {n}", slug=f"person-{n}") for n in range(8)]
    for number in range(60):
        start = event.starts_local + timedelta(hours=number % 8, days=number // 20)
        session = make_session(event, starts_local=start, ends_local=start + timedelta(hours=1))
        for place in range(4):
            one = people[(number + place) % 8]
            make_appearance(session, one.name, person=one)
    release.release(event)

    with django_assert_max_num_queries(12):
        html = page_of(client, "/events/large/?tz=Asia/Jakarta")

    assert html.count('<article class="session') == 60
    assert html.count("Panellist") == 60


def asked_of(client, path: str, **headers) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, headers=headers).status_code in (200, 304)
    return len(captured)


def test_a_page_is_kept_until_it_would_be_another(client):
    event = make_event(capacity_online=2)
    release.show(make_session(event, title="Opening"))
    path = event.get_absolute_url()
    first = client.get(path)
    assert asked_of(client, path) <= 8
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304

    make_registration(event)
    assert "Online: 1 seat free" in client.get(path).content.decode()
    make_session(event, title="Secret")
    assert "Secret" not in client.get(path).content.decode()
    release.release(Event.objects.get(pk=event.pk))
    assert "Secret" in client.get(path).content.decode()
    there = client.get(f"{path}?tz=Asia/Jakarta").content.decode()
    assert "Jakarta (WIB, UTC+7)" in there
    assert "Jakarta (WIB" not in client.get(path).content.decode()
    assert "We do not know the time zone" in client.get(f"{path}?tz=Moon").content.decode()
    assert "We do not know the time zone" not in client.get(path).content.decode()


def test_a_kept_page_says_what_time_has_done(client):
    event = make_event(opens_at=now() + timedelta(seconds=1))
    path = event.get_absolute_url()
    assert "Registration opens on" in client.get(path).content.decode()

    time.sleep(1.1)

    assert "Registration opens on" not in client.get(path).content.decode()


def test_what_is_not_for_all_is_kept_nowhere(client):
    user = make_user("ana@example.org")
    event = make_event(audience="invited")
    make_registration(event, "ana@example.org")
    verified(user)
    client.force_login(user)

    assert client.get(event.get_absolute_url()).status_code == 200

    assert not KeptPage.objects.exists()


def test_what_was_cancelled_is_not_at_the_same_time(client):
    event = make_event()
    for title, status in (("Coal", "live"), ("Steel", "live"), ("Cement", "cancelled")):
        release.show(make_session(event, title=title, status=status))

    assert "2 at the same time" in page_of(client, event.get_absolute_url())

    event.sessions.filter(title="Steel").update(status="cancelled")
    release.release(event)
    assert "at the same time" not in page_of(client, event.get_absolute_url())
