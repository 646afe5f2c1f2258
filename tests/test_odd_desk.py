"""Odd addresses of the desk answer in words, and no list lets anybody guess what it does not show."""

import pytest
from django.contrib import admin
from django.urls import reverse

from events.tests.factories import make_event, make_session
from hub.partners.tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_user(is_superuser=True))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("notices/message/?state__exact=%00", 400),
        ("contact/letter/?state__exact=%00", 400),
        ("knowledge/resource/?q=a%00b", 400),
        ("knowledge/resource/?kind__exact=%00", 400),
        (
            "autocomplete/?app_label=knowledge&model_name=resource&field_name=terms&term=%00",
            400,
        ),
        ("partners/person/add/?expertise=x,%00", 400),
        ("partners/person/add/?expertise=x,7", 200),
        ("knowledge/resource/add/?owner=x&terms=a,b&published_at=zz&published_on=zz", 200),
        ("knowledge/resource/add/?owner=99999999999999999999&nowhere=1&tags=a,b", 200),
        ("knowledge/resource/?owner__id__exact=x", 200),
        ("events/event/?q=a%00b", 400),
        ("events/event/?status__exact=%00", 400),
        ("events/event/add/?owner=x&terms=a,b&starts_on=zz&timezone=nowhere", 200),
        ("events/event/add/?country=99999999999999999999&question_1_kind=x", 200),
        ("events/event/?_to_field=registrations", 400),
        ("events/event/add/?_to_field=registrations", 400),
        ("events/event/?_to_field=nowhere", 400),
        ("partners/organisation/?_to_field=owned_events&_popup=1", 400),
        ("partners/organisation/?_to_field=id&_popup=1", 200),
        ("events/event/x/timetable/", 404),
        ("events/event/99999999999999999999/registrations/", 404),
        ("events/event/1/sessions/99999999999999999999/", 404),
    ],
)
def test_odd_addresses_are_answered(desk, path, status):
    assert desk.get(f"/admin/{path}").status_code == status


def test_what_an_address_proposes_is_taken_where_it_can_be(desk):
    page = desk.get("/admin/partners/person/add/?name=Ana&organisation=x").content.decode()

    assert 'value="Ana"' in page


@pytest.mark.parametrize(
    "guess",
    [
        *("message/?text__contains=can", "message/?html__contains=can", "message/?id__exact=1"),
        *("message/?text__startswith=can", "message/?reply_to__contains=a"),
    ],
)
def test_the_text_of_a_letter_cannot_be_guessed_at(desk, guess):
    assert desk.get(f"/admin/notices/{guess}").status_code == 400


@pytest.mark.parametrize("guess", ["words__contains=can", "email__startswith=b", "name=Ben"])
def test_what_somebody_wrote_to_a_person_cannot_be_guessed_at(desk, guess):
    assert desk.get(f"/admin/contact/letter/?{guess}").status_code == 400


def test_what_a_list_offers_can_be_asked(desk):
    assert desk.get("/admin/contact/letter/?state__exact=passed").status_code == 200


@pytest.mark.parametrize("key", ["x", "²", "9" * 30, "-1", "\N{THAI DIGIT ONE}", ""])
def test_what_is_no_key_at_all_is_no_choice(desk, key):
    organisation = make_organisation("Coal Valley Institute")
    sent = {"name": "", "kind": "research", "place": key, "slug": "x"}

    page = desk.post(f"/admin/partners/organisation/{organisation.pk}/change/", sent)

    assert page.status_code == 200
    person = {"name": "Ana", "slug": "ana", "organisation": key, "expertise": [key, "x"]}
    assert desk.post("/admin/partners/person/add/", person).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("change/", "timetable/", "sessions/1/", "release/", "clone/", "registrations/act/"),
        *("registrations/add/", "seats/", "write/", "check-in/", "cancel/", "participants/"),
    ],
)
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"sessions-TOTAL_FORMS": "x", "sessions-INITIAL_FORMS": "-1", "act": "\x00"},
        {"sessions-TOTAL_FORMS": "999999", "sessions-INITIAL_FORMS": "0", "version": "\x00"},
        {"sessions-TOTAL_FORMS": "1", "sessions-INITIAL_FORMS": "1", "sessions-0-id": "x"},
        {"people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "1", "people-0-person": "\x00"},
        {"first_day": "9999-12-31", "title": "\x00", "reason": "\x00", "format": "\x00"},
        {"first_day": "9999-12-31", "title": "The end of time"},
        {"first_day": "0001-01-01", "title": "The beginning", "capacity_in_person": "-1"},
        {"chosen": ["x", "9" * 30, "\x00"], "act": "cancel", "confirmed": "1", "here": "\x00"},
        {"email": "\x00@x.org", "name": "\x00", "mode": "x", "letter": "x", "statuses": "x"},
    ],
)
def test_odd_things_that_are_sent_to_an_event_are_answered(desk, path, sent):
    event = make_event()
    session = make_session(event)
    path = path.replace("sessions/1/", f"sessions/{session.pk}/")

    assert desk.post(f"/admin/events/event/{event.pk}/{path}", sent).status_code < 500


@pytest.mark.parametrize(
    "guess",
    [
        *("registrations__email__startswith=a", "join_address__url__contains=a"),
        *("sessions__join_address__url__contains=a", "registrations__name=Ana"),
    ],
)
def test_who_comes_and_how_they_join_cannot_be_guessed_at(desk, guess):
    assert desk.get(f"/admin/events/event/?{guess}").status_code in (302, 400)


@pytest.mark.parametrize("model_admin", admin.site._registry.values(), ids=str)
def test_what_points_to_a_row_is_no_key_of_it(desk, model_admin):
    relations = [one.name for one in model_admin.opts.get_fields() if not one.concrete]
    path = reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")

    answers = {name: desk.get(path, {"_to_field": name}).status_code for name in relations}

    assert answers == dict.fromkeys(relations, 400)
