"""What came of an event, by the door that each reader has."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from events import own, publishing, release, transcripts
from events.models import Event, Material, Outcome, Registration
from events.tests.factories import (
    local,
    make_event,
    make_material,
    make_registration,
    make_session,
)
from hub.accounts.tests.factories import make_member, verified
from hub.catalogue.models import Passage
from hub.partners.tests.factories import make_editor, make_organisation
from knowledge import services
from knowledge.tests.factories import make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def event() -> Event:
    return make_event(
        slug="past",
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
        owner=make_organisation(),
    )


def text(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_everybody_reads_what_is_for_everybody_and_hears_of_the_rest(client, event):
    make_material(event, "Open slides", licence="CC BY 4.0", language="es")
    make_material(event, "Room paper", visibility="registrants")
    make_material(event, "Group paper", visibility="members")
    Outcome.objects.create(event=event, key_messages=["Ask the miners"], published_at=now())

    response = client.get("/events/past/outcomes/")
    page = response.content.decode()

    assert "Ask the miners" in page
    assert "Open slides" in page
    assert "CC BY 4.0" in page
    assert "Spanish" in page
    assert "Room paper" not in page
    assert "Group paper" not in page
    assert "one more for those with a confirmed seat" in page
    assert "One more is for members" in page
    assert "public" in response["Cache-Control"]


def test_what_came_of_it_is_shown_once_it_is_public(client, event):
    Outcome.objects.create(event=event, summary="A draft of ours", key_messages=["Not yet"])

    page = text(client, "/events/past/outcomes/")

    assert "A draft of ours" not in page
    assert "Not yet" not in page
    assert "Nothing has been put here yet" in page
    assert "noindex" in page


def test_those_with_a_seat_read_theirs_by_their_link(client, event):
    make_material(event, "Room paper", visibility="registrants")
    make_material(event, "Group paper", visibility="members")
    seat = make_registration(event)

    response = client.get(f"/registrations/{own.token_of(seat)}/materials/")
    page = response.content.decode()

    assert "Room paper" in page
    assert "Group paper" not in page
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize(
    "without",
    [
        {"status": "waitlisted"},
        {"status": "pending"},
        {"status": "cancelled", "ended_at": now()},
        {"email_confirmed_at": None},
    ],
)
def test_without_a_sure_seat_the_link_opens_no_more_than_everybody_reads(client, event, without):
    make_material(event, "Open slides")
    make_material(event, "Room paper", visibility="registrants", transcript="Secret words")
    token = own.token_of(make_registration(event, **without))

    page = text(client, f"/registrations/{token}/materials/")

    assert "Open slides" in page
    assert "Room paper" not in page
    paper = event.materials.get(visibility="registrants")
    assert client.get(f"/registrations/{token}/materials/{paper.pk}/").status_code == 404


def test_a_link_that_was_revoked_or_forged_opens_nothing(client, event):
    seat = make_registration(event)
    token = own.token_of(seat)
    Registration.objects.filter(pk=seat.pk).update(link_version=2)

    for opens in (token, "x", f"{seat.pk}:1:x:y"):
        assert client.get(f"/registrations/{opens}/materials/").status_code == 404


def test_who_is_signed_in_reads_what_is_for_them(client, event):
    make_material(event, "Open slides")
    make_material(event, "Room paper", visibility="registrants")
    make_material(event, "Group paper", visibility="members")
    path = "/events/past/outcomes/mine/"
    assert client.get(path).status_code == 302

    client.force_login(make_member())
    page = text(client, path)
    assert "Open slides" in page
    assert "Room paper" not in page
    assert "Group paper" not in page

    guest = make_member()
    make_registration(event, guest.email)
    client.force_login(guest)
    page = text(client, path)
    assert "Room paper" in page
    assert "Group paper" not in page

    client.force_login(verified(make_editor(event.owner, "delegate")))
    response = client.get(path)
    assert "Group paper" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("audience", ["members", "invited"])
def test_outcomes_of_an_event_that_is_not_for_all_are_not_there_for_others(client, event, audience):
    Event.objects.filter(pk=event.pk).update(audience=audience)
    paper = make_material(event, "Group paper", transcript="Words")
    pages = ["outcomes/", "outcomes/mine/", f"outcomes/transcripts/{paper.pk}/"]
    client.get("/events/past/outcomes/")

    assert client.get("/events/past/outcomes/").status_code == 404
    client.force_login(make_member())
    for page in pages:
        assert client.get(f"/events/past/{page}").status_code == 404, page

    client.force_login(make_editor(event.owner))
    for page in pages:
        response = client.get(f"/events/past/{page}")
        assert response.status_code == 200, page
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response.content.decode()


def test_materials_of_a_session_stand_under_its_released_title(client, event):
    session = make_session(event, title="Coal and steel")
    make_material(event, "Panel slides", session=session)
    assert "Panel slides" not in text(client, "/events/past/outcomes/")

    release.release(event)
    session.refresh_from_db()
    session.title = "Not released yet"
    session.save()

    page = text(client, "/events/past/outcomes/")
    assert "Coal and steel" in page
    assert "Panel slides" in page
    assert "Not released yet" not in page


def test_a_session_of_another_event_is_refused(event):
    with pytest.raises(ValidationError, match="session of this event"):
        make_material(event, session=make_session(make_event()))


def test_a_work_of_the_library_is_named_once_it_is_public(client, event):
    work = make_draft("The report of it", owner=event.owner, summary="It says so.")
    make_material(event, "Report", resource=work)
    assert work.get_absolute_url() not in text(client, "/events/past/outcomes/")

    services.publish(work.pk)

    assert work.get_absolute_url() in text(client, "/events/past/outcomes/")


def test_a_transcript_is_read_in_pieces_with_addresses(client, event):
    said = "\n\n".join(f"{number}. " + "word " * 200 for number in range(1, 6))
    recording = make_material(event, "Film", kind="recording", transcript=said, language="en")

    page = text(client, f"/events/past/outcomes/transcripts/{recording.pk}/")

    assert len(transcripts.stretches(said)) == 5
    assert 'id="part-5"' in page
    assert f"transcripts/{recording.pk}/" in text(client, "/events/past/outcomes/")
    assert client.get("/events/past/outcomes/transcripts/99999999/").status_code == 404


def test_short_paragraphs_share_a_piece():
    assert transcripts.stretches("One.\n\nTwo.\n\n\n\nThree.") == ["One.\n\nTwo.\n\nThree."]
    assert transcripts.stretches("") == []


def test_text_of_organisers_is_no_markup(client, event):
    make_material(event, "<script>alert(1)</script>")
    Outcome.objects.create(
        event=event, summary="<img src=x>", key_messages=["<b>"], published_at=now()
    )

    page = text(client, "/events/past/outcomes/")

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page.split('id="messages"')[1].split("</section>")[0]


def test_what_was_said_is_found_by_everybody(client, event):
    said = "\n\n".join(["word " * 300, "Then somebody spoke of quokkazephyrs at length."])
    film = make_material(event, "Film", kind="recording", transcript=said, language="en")
    publishing.saved(event)

    found = "/events/?q=quokkazephyrs"
    assert 'href="/events/past/"' in text(client, found)
    pieces = Passage.objects.values_list("path", flat=True)
    assert f"/events/past/outcomes/transcripts/{film.pk}/#part-2" in pieces

    film.visibility = Material.Visibility.REGISTRANTS
    film.save()
    publishing.saved(event)
    assert not Passage.objects.exists()
    assert 'href="/events/past/"' not in text(client, found)


@pytest.mark.parametrize(
    "fields", [{"visibility": "registrants"}, {"visibility": "members"}, {"session": True}]
)
def test_what_was_said_behind_a_door_is_found_by_nobody(client, event, fields):
    if "session" in fields:  # one that readers have not heard of
        fields = {"session": make_session(event)}
    make_material(event, "Film", kind="recording", transcript="Of quokkazephyrs.", **fields)
    publishing.saved(event)

    assert not Passage.objects.exists()


def test_the_page_of_the_event_leads_to_what_came_of_it(client, event):
    assert "/events/past/outcomes/" not in text(client, "/events/past/")

    make_material(event, "Open slides")

    assert "/events/past/outcomes/" in text(client, "/events/past/")
