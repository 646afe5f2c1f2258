"""Registering on the site, and what one does with one's registration by its link."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from conftest import Browser
from events import own, release, seats
from events.kinds import Mode
from events.models import Event, Registration
from events.tests.acting import enter, last_letter, letters_to, statuses
from events.tests.factories import make_event, make_registration, make_session
from hub.accounts.tests.factories import verified
from hub.notices.models import Message
from hub.partners.tests.factories import make_organisation, make_user
from hub.tests.stamps import stamped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]

DIET = {"key": "diet", "label": "What do you eat?", "kind": "choice", "choices": ["All", "Vegan"]}
BUS = {"key": "bus", "label": "Do you take the bus?", "kind": "yes_no", "choices": []}


def send(event: Event, browser: Browser | None = None, **said: object):
    answers = {
        "shown": stamped("RegistrationForm"),
        "name": "Ana Ruiz",
        "email": "ana@x.org",
        "language": "en",
    }
    path = f"{event.get_absolute_url()}register/"
    return (browser or Browser()).post(path, answers | said)


def page_of(registration: Registration) -> str:
    return own.path_of(registration)


def test_the_form_asks_what_the_event_needs():
    event = make_event(
        mode=Mode.HYBRID, questions=[DIET | {"is_required": True}, BUS | {"is_required": False}]
    )

    page = Browser().get(f"{event.get_absolute_url()}register/")
    html = page.content.decode()

    assert page.status_code == 200
    for words in ("How do you take part?", "What do you eat?", "Vegan", "Do you take the bus?"):
        assert words in html
    assert "checked" not in html  # no consent is ticked beforehand


def form_of(event: Event) -> str:
    return Browser().get(f"{event.get_absolute_url()}register/").content.decode()


def test_the_form_says_where_there_is_a_waiting_list_and_where_room():
    room = {"mode": Mode.HYBRID, "capacity_in_person": 1, "capacity_online": 2}
    event = make_event(**room)
    make_registration(event, mode=Mode.IN_PERSON)

    half = form_of(event)
    assert "In person: full, with a waiting list · Online: 2 seats free" in half
    assert re.search(r'<button type="submit" class="button">\s*Register\s*</button>', half)
    Event.objects.filter(pk=event.pk).update(capacity_online=0)
    assert "Who registers now waits for one." in form_of(event)
    assert "Join the waiting list</button>" in form_of(event)
    Event.objects.filter(pk=event.pk).update(has_waiting_list=False)
    assert "All seats are taken." in form_of(event)
    assert "<button" not in form_of(event).partition("<main")[2].partition("</main>")[0]


def test_registering_takes_the_seat_and_writes_one_letter():
    event = make_event(mode=Mode.HYBRID, questions=[DIET | {"is_required": True}])
    union = make_organisation("Union of Miners")

    answer = send(
        event,
        mode="in_person",
        organisation_name="union of  miners",
        access_needs="Captions",
        answer_diet="Vegan",
        consents=["may_be_listed"],
    )

    ana = event.registrations.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"{event.get_absolute_url()}register/sent/"
    assert (ana.status, ana.mode, ana.organisation) == ("confirmed", "in_person", union)
    assert (ana.answers, ana.access_needs) == ({"diet": "Vegan"}, "Captions")
    assert (ana.may_be_listed, ana.may_be_pictured, ana.is_coming) == (True, False, False)
    (letter,) = letters_to("ana@x.org")
    assert page_of(ana).split(":")[0] in letter.text
    assert "Brussels" in letter.text


def test_nobody_but_the_mailbox_is_told_that_it_is_registered():
    event = make_event(seats_per_organisation=1)
    send(event, organisation_name="One")

    known = send(event, organisation_name="Other", name="Mallory")
    unknown = send(event, organisation_name="Third", email="new@x.org")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    # Nor by what is refused: it does not depend on the address.
    texts = {
        send(event, organisation_name="One", email=email, name="M").content.decode().count("taken")
        for email in ("ana@x.org", "other@x.org")
    }
    assert len(texts) == 1
    assert texts != {0}


def test_scenario_9_the_form_sent_twice_leads_to_the_same_page():
    event = make_event()

    answers = {send(event)["Location"] for _time in range(2)}

    assert len(answers) == 1
    assert event.registrations.count() == 1
    assert len(letters_to("ana@x.org")) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": ""}, "Enter your name"),
        ({"email": "ana"}, "an @ and a domain"),
        ({"name": "Buy at https://x.org"}, "without an address"),
        ({"answer_diet": ""}, "This answer is needed"),
        ({"answer_diet": "Grass"}, "not one of the available choices"),
        ({"homepage": "https://x.org"}, "robots"),
        ({"shown": ""}, "quicker than"),
        ({"language": "xx"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(said, words):
    event = make_event(questions=[DIET | {"is_required": True}])

    page = send(event, **{"answer_diet": "All", "access_needs": "A ramp"} | said)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert "A ramp" in page.content.decode()
    assert not event.registrations.exists()


def test_why_one_cannot_register_stands_in_place_of_the_form():
    event = make_event(opens_at=now() + timedelta(days=1))

    page = Browser().get(f"{event.get_absolute_url()}register/")

    assert "It opens on" in page.content.decode()
    assert "<button" not in page.content.decode().partition("<main")[2].partition("</main")[0]
    assert send(event).status_code == 422
    assert not event.registrations.exists()


def test_what_takes_no_registrations_leads_to_the_event():
    event = make_event(registration="none")

    assert Browser().get(f"{event.get_absolute_url()}register/").status_code == 302
    closed = make_event(audience="members")
    assert Browser().get(f"{closed.get_absolute_url()}register/").status_code == 404


def test_who_is_signed_in_is_led_to_the_registration():
    event, user = make_event(), verified(make_user())
    browser = Browser()
    browser.force_login(user)

    answer = send(event, browser, email=user.email)

    ana = event.registrations.get()
    assert (ana.user, ana.is_coming) == (user, True)
    page = browser.get(answer["Location"])
    assert page["Cache-Control"] == "private, no-store"
    assert "You have a seat" in page.content.decode()


def test_confirming_by_the_link_keeps_the_seat():
    event = make_event()
    ana = enter(event, "ana@x.org")
    assert "Please confirm that it was you" in Browser().get(page_of(ana)).content.decode()

    Browser().post(page_of(ana), {"act": "confirm"})

    ana.refresh_from_db()
    assert ana.is_coming
    assert "Please confirm" not in Browser().get(page_of(ana)).content.decode()
    assert last_letter("ana@x.org").calendar_method == "REQUEST"


def test_cancelling_asks_once_more_and_tells_who_is_next():
    event = make_event(capacity_online=1)
    ana, _bo = enter(event, "ana@x.org"), enter(event, "bo@x.org")

    asked = Browser().get(f"{page_of(ana)}cancel/")
    assert statuses(event)["ana"] == "confirmed"
    assert "change your mind" in asked.content.decode()
    Browser().post(f"{page_of(ana)}cancel/")
    Browser().post(f"{page_of(ana)}cancel/")

    assert statuses(event) == {"ana": "cancelled", "bo": "confirmed"}
    assert "There is a seat for you" in last_letter("bo@x.org").subject
    assert "Register once more" in Browser().get(page_of(ana)).content.decode()


def test_details_are_changed_by_the_link():
    event = make_event(questions=[BUS | {"is_required": False}])
    ana = enter(event, "ana@x.org", may_be_listed=True)

    told = {"name": "Ana R.", "language": "es", "answer_bus": "yes"}
    Browser().post(f"{page_of(ana)}edit/", told)

    ana.refresh_from_db()
    assert (ana.name, ana.language, ana.answers) == ("Ana R.", "es", {"bus": "yes"})
    assert not ana.may_be_listed
    assert ana.is_coming  # whoever has the link has the mailbox
    assert Browser().post(f"{page_of(ana)}edit/", {"name": ""}).status_code == 422


def test_one_takes_part_in_another_way_by_the_link():
    event = make_event(mode=Mode.HYBRID, venue="Hall", capacity_in_person=1, capacity_online=1)
    enter(event, "bo@x.org", mode="in_person")
    ana = enter(event, "ana@x.org", mode="in_person")
    assert "Take it while you wait" in Browser().get(page_of(ana)).content.decode()

    Browser().post(page_of(ana), {"act": "meanwhile", "mode": "online"})
    ana.refresh_from_db()
    assert (ana.mode, ana.wants_mode, ana.status) == ("online", "in_person", "confirmed")

    Browser().post(page_of(ana), {"act": "switch", "mode": "online"})
    ana.refresh_from_db()
    assert ana.wants_mode == ""
    odd = Browser().post(page_of(ana), {"act": "switch", "mode": "by boat"})
    assert odd.status_code == 422


def test_sessions_are_chosen_by_the_link():
    event = make_event()
    ana = enter(event, "ana@x.org")
    visit = make_session(event, capacity=5)
    make_session(event, capacity=5, title="Not released")
    visit.released = {"title": visit.title}
    visit.save()

    page = Browser().get(f"{page_of(ana)}sessions/").content.decode()
    assert visit.title in page
    assert "Not released" not in page
    Browser().post(f"{page_of(ana)}sessions/", {"sessions": [visit.pk]})

    assert ana.session_seats.get().status == "confirmed"


def test_a_place_is_handed_on_by_the_link():
    event = make_event()
    ana = enter(event, "ana@x.org")

    answer = Browser().post(f"{page_of(ana)}replace/", {"name": "Eva", "email": "eva@x.org"})

    assert answer.status_code == 302
    assert statuses(event) == {"ana": "cancelled", "eva": "confirmed"}
    assert "Please confirm" in last_letter("eva@x.org").subject


def test_the_file_for_a_calendar_has_the_uid_of_the_event():
    event = make_event()
    ana = enter(event, "ana@x.org")
    seats.confirm_address(ana.pk)

    file = Browser().get(f"{page_of(ana)}event.ics").content.decode()

    assert f"UID:{event.uid}" in file
    assert f"UID:{event.uid}" in last_letter("ana@x.org").calendar
    assert "ATTENDEE" not in file


def test_scenario_22_looking_at_every_link_a_hundred_times_changes_nothing():
    event = make_event(mode=Mode.HYBRID, venue="Hall")
    ana = enter(event, "ana@x.org")
    before = everything()

    browser = Browser()
    for number in range(100):
        for ending in ("", "edit/", "cancel/", "replace/", "sessions/", "event.ics"):
            ask = browser.head if number % 2 else browser.get
            assert ask(page_of(ana) + ending).status_code == 200
        if number == 1:
            browser.head(f"{event.get_absolute_url()}register/")

    assert everything() == before


def test_scenario_22_anothers_token_and_an_unknown_one_answer_alike():
    ana = make_registration(make_event())
    token = own.token_of(ana)
    forged = f"{ana.pk + 1}{token[len(str(ana.pk)) :]}"

    answers = [Browser().get(f"/registrations/{one}/") for one in (forged, "nonsense")]
    Registration.objects.filter(pk=ana.pk).update(link_version=2)
    answers.append(Browser().get(f"/registrations/{token}/"))

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def everything() -> list[dict]:
    return [*Registration.objects.values(), *Message.objects.values()]


@pytest.mark.parametrize("ending", ["", "edit/", "cancel/", "replace/", "sessions/"])
def test_every_page_of_a_registration_is_private(ending):
    ana = make_registration(make_event())

    page = Browser().get(page_of(ana) + ending)

    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"


def test_letter_and_page_name_sessions_answers_and_consents(client):
    questions = [
        {"key": "diet", "label": "What do you eat?", "kind": "text"},
        {"key": "bus", "label": "Do you need the bus?", "kind": "yes_no"},
        {"key": "tour", "label": "Which tour?", "kind": "text"},
    ]
    given = [one | {"choices": [], "is_required": False} for one in questions]
    event = make_event(questions=given)
    walk = make_session(event, title="Walk", capacity=20)
    release.show(walk)
    ana = enter(
        event,
        "ana@x.org",
        sessions=(walk,),
        answers={"diet": "Soup", "bus": "no"},
        may_be_listed=True,
    )
    assert "Soup" not in last_letter("ana@x.org").text  # the mailbox may be anybody's

    seats.confirm_address(ana.pk)

    page = client.get(own.path_of(ana)).content.decode()
    for text in (last_letter("ana@x.org").text, " ".join(page.split())):
        for label, value in (
            ("Walk", "Has a seat"),
            ("What do you eat?", "Soup"),
            ("Do you need the bus?", "No"),
            ("My name and organisation may stand in the list that participants get", "You agreed"),
            ("I may be seen in pictures and recordings", "You did not agree"),
        ):
            assert re.search(rf"{re.escape(label)}(: | ?</dt> <dd> ?){value}", text), label
        assert "Which tour?" not in text
