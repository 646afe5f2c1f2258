"""Events that are not for everybody."""

import pytest
from django.db.models import Q
from django.utils.timezone import now

from events import access, release
from events.models import Event, Registration
from events.tests.factories import make_event, make_registration, make_session
from hub.accounts.tests.factories import make_member, verified
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user

pytestmark = pytest.mark.django_db


class Nobody:
    is_authenticated = is_active = False


def seen_by(user) -> set[Event]:
    return set(access.visible_to(user))


def test_visitors_see_what_is_public_and_nothing_else():
    shown = make_event()
    for audience in access.CLOSED:
        make_event(audience=audience)
    make_event(status="draft", audience="members")

    assert seen_by(Nobody()) == {shown}
    assert seen_by(make_member()) == {shown}


def test_members_of_the_organisations_that_hold_it_see_a_members_event():
    holder, other = make_organisation(), make_organisation()
    meeting = make_event(audience="members", owner=make_organisation())
    meeting.organisers.create(name=holder.name, organisation=holder)
    make_event(audience="invited", owner=holder)

    assert seen_by(make_editor(holder, Membership.Role.DELEGATE)) == {meeting}
    assert seen_by(make_editor(other, Membership.Role.DELEGATE)) == set()


def test_those_invited_see_it_by_their_own_verified_address_alone():
    invited = make_event(audience="invited")
    member = verified(make_user("Ana@Example.org"))
    make_registration(invited, "ana@example.ORG")
    assert seen_by(member) == {invited}

    stranger = make_user("eve@example.org")  # never showed that the address is theirs
    make_registration(invited, "eve@example.org")
    assert seen_by(stranger) == set()

    row = invited.registrations.get(email="ana@example.ORG")
    row.status, row.ended_at = Registration.Status.CANCELLED, now()
    row.save()
    assert seen_by(member) == set()


def test_what_is_not_announced_is_seen_by_nobody_here():
    holder = make_organisation()
    make_event(audience="members", owner=holder, status="draft")

    assert seen_by(make_editor(holder)) == set()
    assert seen_by(make_user(is_secretariat=True)) == set()


def test_who_curates_it_sees_it():
    holder = make_organisation()
    invited = make_event(audience="invited", owner=holder)

    assert seen_by(make_editor(holder)) == {invited}
    assert seen_by(make_user(is_secretariat=True)) == {invited}
    assert seen_by(make_editor(make_organisation())) == set()


@pytest.fixture
def group():
    """An audience that an app above adds: people by address, each time they are asked for."""
    people: set[str] = set()

    def audience(user):
        return Q(slug="group-meeting") if user.email in people else Q(pk__in=[])

    access.register_audience(audience)
    yield people
    access.audiences._entries.remove(audience)


def test_an_audience_is_asked_at_each_request(group):
    meeting, member = make_event(audience="members", slug="group-meeting"), make_member()
    assert seen_by(member) == set()

    group.add(member.email)
    assert seen_by(member) == {meeting}
    assert access.is_member(member, meeting)

    group.clear()
    assert seen_by(member) == set()
    assert not access.is_member(member, meeting)


def test_an_audience_adds_nobody_to_what_is_for_those_invited(group):
    make_event(audience="invited", slug="group-meeting")
    member = make_member()
    group.add(member.email)

    assert seen_by(member) == set()


def test_an_account_that_is_closed_sees_what_everybody_does():
    holder = make_organisation()
    make_event(audience="members", owner=holder)
    closed = make_editor(holder, is_active=False)

    assert seen_by(closed) == set()


# Its pages


@pytest.mark.usefixtures("published_files")
@pytest.mark.parametrize("audience", access.CLOSED)
def test_its_pages_are_not_there_for_others_and_nobody_keeps_them(client, audience):
    holder = make_organisation()
    event = make_event(audience=audience, owner=holder, slug="closed", title="quokkazephyr")
    session = make_session(event, slug="panel")
    release.release(event)
    pages = ["", "sessions/panel/", "choose/", "outcomes/", "programme.json", "offline.html"]
    paths = [f"/events/closed/{page}" for page in pages]
    paths += ["/events/closed.ics", f"/events/closed/sessions/{session.slug}.ics"]
    for public in ("/events/", "/search/?q=quokkazephyr", "/events/calendar.ics", "/events.atom"):
        assert "quokkazephyr</" not in client.get(public).content.decode()

    for person in (None, make_member(), make_editor(make_organisation())):
        if person:
            client.force_login(person)
        for path in paths:
            assert client.get(path).status_code == 404, path

    client.force_login(make_editor(holder))
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        assert "no-store" in response["Cache-Control"], path
        assert "public" not in response["Cache-Control"], path
    assert "noindex" in client.get("/events/closed/").content.decode()
    assert client.get("/embed/events/closed/programme/").status_code == 404


@pytest.mark.usefixtures("published_files")
def test_pages_for_all_ask_nobody_who_they_are(client):
    make_event(slug="open")
    client.force_login(make_member())

    response = client.get("/events/open/")

    assert "public" in response["Cache-Control"]
    assert "cookie" not in response.get("Vary", "").lower()
