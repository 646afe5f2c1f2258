"""Who spoke is asked whether it may be published, and answers by a link of their own."""

import re

import pytest

from events import consents
from events.models import Appearance
from events.tests.factories import make_appearance, make_event, make_session
from hub.notices.models import Message
from hub.partners.tests.factories import make_person, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def event():
    return make_event(title="Coal and steel")


@pytest.fixture
def ana():
    return make_person("Ana Ruiz", email="ana@example.org")


def link_in(letter: Message) -> str:
    return re.search(r"/consent/\S+/", letter.text)[0]


def test_each_who_can_be_asked_is_written_to_once(event, ana):
    session = make_session(event)
    make_appearance(session, "Ana Ruiz", person=ana)
    make_appearance(make_session(event), "Ana Ruiz", person=ana)
    make_appearance(session, "No Profile")
    make_appearance(session, "No Address", person=make_person("No Address"))
    make_appearance(session, "Has Agreed", person=make_person(email="b@x.org"), consent="yes")
    by = make_user()

    assert consents.ask(by, event) == 1
    consents.ask(by, event)

    [letter] = Message.objects.all()
    assert letter.to == "ana@example.org"
    assert "Coal and steel" in letter.text
    said = dict(Appearance.objects.values_list("name", "consent"))
    assert said["Ana Ruiz"] == "asked"
    assert said["No Profile"] == said["No Address"] == ""
    assert said["Has Agreed"] == "yes"


def test_the_link_shows_and_the_answer_acts_for_all_of_the_event(client, event, ana):
    first = make_appearance(make_session(event, title="Opening"), "Ana Ruiz", person=ana)
    second = make_appearance(make_session(event, title="Panel"), "Ana Ruiz", person=ana)
    elsewhere = make_appearance(make_session(make_event()), "Ana Ruiz", person=ana)
    other = make_appearance(first.session, "Ben Ode", person=make_person(email="b@x.org"))
    consents.ask(make_user(), event)
    path = link_in(Message.objects.get(to="ana@example.org"))

    for _ in range(3):
        page = client.get(path)
        client.head(path)
    assert page.status_code == 200
    assert "Opening" in page.content.decode()
    assert "Panel" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert set(Appearance.objects.filter(person=ana).values_list("consent", flat=True)) == {
        *("asked", "")
    }

    assert client.post(path, {"answer": "yes"}).status_code == 302

    said = dict(Appearance.objects.values_list("pk", "consent"))
    assert said == {first.pk: "yes", second.pk: "yes", elsewhere.pk: "", other.pk: "asked"}
    assert "You have agreed" in client.get(path).content.decode()

    client.post(path, {"answer": "no"})
    assert set(
        Appearance.objects.filter(session__event=event, person=ana).values_list(
            "consent", flat=True
        )
    ) == {"no"}


@pytest.mark.parametrize("answer", ["", "maybe", "YES\x00"])
def test_an_odd_answer_changes_nothing(client, event, ana, answer):
    row = make_appearance(make_session(event), "Ana Ruiz", person=ana)

    response = client.post(consents.path_of(row), {"answer": answer})

    assert response.status_code == 422
    row.refresh_from_db()
    assert row.consent == ""


def test_a_link_opens_nothing_once_the_row_is_somebody_elses(client, event, ana):
    row = make_appearance(make_session(event), "Ana Ruiz", person=ana)
    path = consents.path_of(row)
    Appearance.objects.filter(pk=row.pk).update(person=make_person("Ben Ode", email="b@x.org"))

    assert client.get(path).status_code == 404
    assert client.post(path, {"answer": "yes"}).status_code == 404
    row.refresh_from_db()
    assert row.consent == ""


def test_a_revoked_or_forged_link_opens_nothing(client, event, ana):
    row = make_appearance(make_session(event), "Ana Ruiz", person=ana)
    path = consents.path_of(row)
    Appearance.objects.filter(pk=row.pk).update(link_version=2)

    odd = [path, "/consent/x/", f"/consent/{row.pk}:1:a:b/", f"/consent/{'9' * 30}:1:a:b/"]
    assert {client.get(one).status_code for one in odd} == {404}
