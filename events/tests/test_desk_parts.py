"""Materials and outcome in the form of an event at the desk."""

import pytest
from django.urls import reverse

from events import publishing
from events.models import Event, Material, Outcome
from events.tests.factories import local, make_event, make_material, make_session
from hub.catalogue.models import Passage
from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests.pages import form_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def event() -> Event:
    """One that is over."""
    return make_event(
        owner=make_organisation("Coal Valley Institute"),
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
    )


@pytest.fixture
def desk(client, event):
    client.force_login(make_editor(event.owner))
    return client


def page(event: Event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


def opened(desk, event: Event) -> dict:
    return form_of(desk.get(page(event)), "event_form")


def with_material(form: dict, number: int = 0, **fields) -> dict:
    """A row more for a material, as the button that adds one would make it."""
    values = {"kind": "slides", "title": "Slides", "visibility": "public", "position": "0"} | fields
    row = {f"materials-{number}-{name}": value for name, value in values.items()}
    return form | {"materials-TOTAL_FORMS": str(number + 1)} | row


def with_outcome(form: dict, **fields) -> dict:
    row = {f"outcome-0-{name}": value for name, value in fields.items()}
    return form | {"outcome-TOTAL_FORMS": "1"} | row


def outcomes_page(client, event: Event) -> str:
    return client.get(f"{event.get_absolute_url()}outcomes/").content.decode()


def test_materials_and_outcome_are_written_and_read(desk, event):
    session = make_session(event, title="Panel")
    form = with_material(
        opened(desk, event),
        title="What was said",
        kind="transcript",
        url="https://example.org/said",
        transcript="The quokka sleeps.",
        language="en",
    )
    form = with_outcome(form, summary="We agreed on three steps.", key_messages_0="First step")

    answer = desk.post(page(event), form)

    assert answer.status_code == 302, answer.context["adminform"].errors
    material, outcome = Material.objects.get(), Outcome.objects.get()
    assert (material.title, material.event) == ("What was said", event)
    assert (outcome.key_messages, outcome.published_at) == (["First step"], None)
    assert Passage.objects.filter(text__contains="quokka").exists()
    assert "three steps" not in outcomes_page(desk, event)

    form = with_outcome(opened(desk, event), is_shown="on")
    form = with_material(form, 1, url="https://example.org/slides", session=session.pk)
    assert desk.post(page(event), form).status_code == 302
    assert "three steps" in outcomes_page(desk, event)
    assert Material.objects.filter(session=session, title="Slides").exists()
    again = opened(desk, event)
    assert again["materials-0-title"] == ["What was said"]

    desk.post(page(event), again | {"materials-0-DELETE": "on"})
    assert [one.title for one in Material.objects.all()] == ["Slides"]
    assert not Passage.objects.filter(text__contains="quokka").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": ""}, "Give an address or a work of the library"),
        ({"url": "https://example.org/x", "title": ""}, "This field is required"),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(desk, event, fields, words):
    form = with_outcome(opened(desk, event), summary="Three steps.")

    refused = desk.post(page(event), with_material(form, **fields))

    assert refused.status_code == 200
    assert words in refused.content.decode()
    assert "Three steps." in refused.content.decode()
    assert not Material.objects.exists()
    assert not Outcome.objects.exists()


def test_a_session_of_another_event_cannot_be_chosen(desk, event):
    other = make_session(make_event())
    form = with_material(opened(desk, event), url="https://example.org/x", session=other.pk)

    assert desk.post(page(event), form).status_code == 200
    assert not Material.objects.exists()


def test_the_second_of_two_is_shown_which_parts_the_first_has_changed(desk, event):
    slides = make_material(event, title="Slides of Ana")
    publishing.saved(event)
    first, second = opened(desk, event), opened(desk, event)
    changed = with_material(
        first | {"materials-0-title": "Slides of Ana Ruiz"}, 1, title="Film", url="https://e.org/f"
    )
    assert desk.post(page(event), changed).status_code == 302

    mine = with_outcome(second, summary="Three steps.") | {"materials-0-licence": "CC BY"}
    refused = desk.post(page(event), mine)

    text = refused.content.decode()
    assert "Somebody else has saved" in text
    assert "there now: Slides of Ana Ruiz" in text
    assert "Film" in text
    slides.refresh_from_db()
    assert (slides.title, slides.licence) == ("Slides of Ana Ruiz", "")
    assert not Outcome.objects.exists()

    again = form_of(refused, "event_form")
    assert again["outcome-0-summary"] == ["Three steps."]
    taken_over = again | {"materials-0-title": "Slides of Ana Ruiz"}
    assert desk.post(page(event), taken_over).status_code == 302
    slides.refresh_from_db()
    assert (slides.title, slides.licence) == ("Slides of Ana Ruiz", "CC BY")
    assert Outcome.objects.get().summary == "Three steps."
    assert Material.objects.filter(title="Film").exists()
