"""From an event to a draft of the library in one step."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import now

from events import consents, to_knowledge
from events.models import Event, Outcome
from events.tests.factories import (
    local,
    make_appearance,
    make_event,
    make_registration,
    make_session,
)
from events.tests.test_outcomes import make_material
from events.to_knowledge import Origin
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from hub.vocabulary.tests.factories import make_term
from knowledge import merging, services
from knowledge.models import Credit, Resource
from knowledge.tests.factories import make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def owner():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def editor(owner):
    return make_editor(owner)


@pytest.fixture
def event(owner):
    event = make_event(
        title="Sector coupling",
        summary="What it was about.",
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
        owner=owner,
        languages=["en", "fr"],
    )
    event.terms.add(make_term("Steel"))
    event.organisers.create(name=owner.name, organisation=owner)
    return event


def draft(editor, event, session=None, kind="video"):
    return to_knowledge.make(editor, Origin(event, session), owner=event.owner, kind=kind)


def refusal(editor, event, session=None) -> str:
    before = Resource.objects.count()
    with pytest.raises(ValidationError) as refused:
        draft(editor, event, session)
    assert Resource.objects.count() == before
    return " ".join(refused.value.messages)


def test_a_session_becomes_a_draft_with_its_speakers_as_credits(editor, event):
    union = make_organisation("Miners' Union")
    session = make_session(event, title="Coal and steel", summary="We spoke of steel.")
    make_appearance(session, "Ana Ruiz", organisation=union, consent="yes", role="chair")
    make_appearance(session, "Ben Ode", consent="yes", position=1)
    make_appearance(make_session(event), "Not Here", consent="no")
    session.released = {"title": "Coal and steel", "starts_at": None}
    session.save()
    make_material(event, "Film", kind="recording", session=session, url="https://v.example.org/1")
    make_material(event, "Slides", session=session, url="https://v.example.org/2")
    make_material(event, "Ours", session=session, visibility="registrants")
    make_material(event, "Of the whole", url="https://v.example.org/3")

    made = draft(editor, event, session)

    assert made.status == Resource.Status.DRAFT
    assert not Resource.objects.public().exists()
    assert (str(made), made.kind, made.owner) == ("Coal and steel", "video", event.owner)
    assert made.summary == "We spoke of steel."
    assert made.languages == ["en", "fr"]
    assert list(made.terms.all()) == list(event.terms.all())
    authors = made.credits.filter(role=Credit.Role.AUTHOR)
    assert list(authors.values_list("name", "organisation__name")) == [
        ("Ana Ruiz", "Miners' Union"),
        ("Ben Ode", None),
    ]
    assert made.credits.get(role=Credit.Role.PUBLISHER).organisation == event.owner
    assert list(made.links.values_list("url", "label")) == [
        ("https://v.example.org/1", "Recording: Film"),
        ("https://v.example.org/2", "Slides: Slides"),
    ]
    assert made.published_on.isoformat() == "2022-10-24"
    assert made.source_url.endswith(session.get_absolute_url())
    assert made.revisions.count() == 1


def test_an_event_becomes_a_draft_of_its_key_messages(editor, event):
    Outcome.objects.create(
        event=event, summary="In <b>short</b>.", key_messages=["Ask the miners", "Plan early"]
    )

    made = draft(editor, event, kind="brief")

    assert made.summary == "Ask the miners\nPlan early"
    body = made.original.body
    assert "<li>Plan early</li>" in body
    assert "<b>" not in body
    assert "&lt;b&gt;short" in body


def test_nobody_is_named_who_has_not_agreed(editor, event):
    session = make_session(event)
    for name, consent in [("Ana Yes", "yes"), ("Ben No", "no"), ("Cy Asked", "asked"), ("Di", "")]:
        make_appearance(session, name, consent=consent)

    said = refusal(editor, event, session)

    assert "Ben No, Cy Asked, Di" in said
    assert "Ana Yes" not in said
    assert consents.missing(event) == ["Ben No", "Cy Asked", "Di"]


def test_who_has_no_name_and_who_did_not_come_after_all_need_not_agree(editor, event):
    session = make_session(event)
    make_appearance(session, "", organisation_name="A ministry")
    cancelled = make_session(event, status="cancelled")
    make_appearance(cancelled, "Was To Come")

    assert draft(editor, event).credits.filter(role=Credit.Role.AUTHOR).count() == 0


def test_once_is_enough(editor, event):
    made = draft(editor, event)

    assert "has this origin already" in refusal(editor, event)

    services.discard(made.pk)
    assert draft(editor, event)


def test_what_is_to_come_or_was_called_off_makes_no_draft(editor, owner):
    assert "not taken place" in refusal(editor, make_event(owner=owner))
    past = {"starts_local": local("2022-10-24 14:30"), "ends_local": None}
    called_off = make_event(owner=owner, status="cancelled", cancelled_at=now(), **past)
    assert "not taken place" in refusal(editor, called_off)


def test_it_is_for_editors_of_the_owner_alone(event, owner):
    stranger = make_editor(make_organisation())
    author = make_editor(owner, Membership.Role.AUTHOR)
    for somebody in (stranger, author):
        with pytest.raises(PermissionDenied):
            draft(somebody, event)
    editor = make_editor(owner)
    with pytest.raises(PermissionDenied):
        to_knowledge.make(editor, Origin(event), owner=make_organisation(), kind="video")


def test_what_is_a_work_already_is_noted_and_not_linked_twice(editor, event, owner):
    work = make_draft("The film", owner=owner, summary="A film.")
    work.links.create(url="https://v.example.org/1")
    make_material(event, "Film", kind="recording", url="https://v.example.org/1")
    paper = make_draft("The paper", owner=owner, summary="A paper.")
    services.publish(paper.pk)
    make_material(event, "Paper", kind="paper", resource=paper)

    made = draft(editor, event)

    assert made.links.count() == 0
    assert "https://v.example.org/1" in made.curator_note
    assert paper.get_absolute_url() in made.curator_note


# Under the Chatham House Rule


@pytest.fixture
def closed(event):
    event.attribution = Event.Attribution.CHATHAM_HOUSE
    event.save()
    return event


def test_under_chatham_house_the_draft_names_nobody(editor, closed):
    make_appearance(make_session(closed), "Ana Ruiz")
    make_material(closed, "Film", kind="recording")
    Outcome.objects.create(event=closed, key_messages=["Somebody said: ask the miners"])

    made = draft(editor, closed)

    assert not made.credits.filter(role=Credit.Role.AUTHOR).exists()
    assert made.links.count() == 0
    assert made.summary == "Somebody said: ask the miners"
    texts = f"{made.original.body} {made.curator_note} {made.summary}"
    assert "Ruiz" not in texts


@pytest.mark.parametrize(
    "words",
    [
        "As Ana Ruiz put it",
        "as ANA RUÍZ put it",
        "Ruiz, Ana: ask the miners",
        "A. Ruiz said so",
        "Dr Ruiz said so",
        "Dora Đặng, from the room",
    ],
)
def test_under_chatham_house_a_text_with_a_name_is_refused(editor, closed, words):
    make_appearance(make_session(closed), "Ana Ruiz", person=make_person("Ana Ruiz"))
    make_registration(closed, name="Dora Dang")
    Outcome.objects.create(event=closed, key_messages=["First", words])

    assert "Take the names out" in refusal(editor, closed)


def test_under_chatham_house_other_words_are_no_names(editor, closed):
    make_appearance(make_session(closed), "Will Green")
    make_registration(closed, name="Sol")
    text = "It will be a green and solar future; Greenland was named, and Willa."
    Outcome.objects.create(event=closed, key_messages=[text])

    assert draft(editor, closed)


# At the desk


def test_the_desk_makes_the_draft_or_says_who_is_missing(client, editor, event):
    row = make_appearance(make_session(event), "Ana Ruiz")
    client.force_login(editor)
    path = f"/admin/events/event/{event.pk}/to-knowledge/"
    told = {"kind": "video", "owner": event.owner.pk, "session": ""}

    page = client.get(path).content.decode()
    assert "These have not agreed yet: Ana Ruiz." in page
    refused = client.post(path, told)
    assert refused.status_code == 200
    assert "These have not agreed yet" in refused.content.decode()
    assert not Resource.objects.exists()

    row.consent = "yes"
    row.save()
    response = client.post(path, told)

    made = Resource.objects.get()
    assert response["Location"] == f"/admin/knowledge/resource/{made.pk}/change/"


def test_the_desk_asks_those_who_can_be_asked(client, editor, event):
    person = make_person("Ana Ruiz", email="ana@example.org")
    row = make_appearance(make_session(event), "Ana Ruiz", person=person)
    client.force_login(editor)
    path = f"/admin/events/event/{event.pk}/consents/"

    assert client.get(path).status_code == 302
    row.refresh_from_db()
    assert row.consent == ""
    assert client.post(path).status_code == 302

    row.refresh_from_db()
    assert row.consent == "asked"


@pytest.mark.parametrize("page", ["to-knowledge", "consents", "feedback"])
def test_pages_of_the_desk_are_for_who_publishes_the_event(client, event, owner, page):
    path = f"/admin/events/event/{event.pk}/{page}/"
    for somebody in (make_editor(make_organisation()), make_editor(owner, Membership.Role.AUTHOR)):
        client.force_login(somebody)
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)


def test_materials_and_outcome_are_kept_at_the_desk(client, editor, event):
    client.force_login(editor)
    path = f"/admin/events/event/{event.pk}/change/"
    page = client.get(path)
    assert page.status_code == 200
    assert "key messages" in page.content.decode().lower()
    assert "To the library" in page.content.decode()


def test_a_material_is_the_work_that_its_own_became_part_of(event):
    stays, goes = make_draft("On pits"), make_draft("Coal and after")
    material = make_material(event, url="", resource=goes)

    merging.merge(stays.pk, goes.pk)

    material.refresh_from_db()
    assert material.resource == stays
