"""What is not public is nowhere in the API: not in a list, behind no parameter, at no address."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from conftest import Browser
from events import release
from events.models import JoinAddress
from events.tests.factories import make_event, make_registration, make_session
from hub.accounts.tests.factories import make_member
from hub.catalogue.api.router import viewsets
from hub.catalogue.services import put
from hub.partners.tests.factories import make_organisation, make_person
from hub.tests.queue import run_waiting_jobs
from knowledge import services
from knowledge.tests.factories import make_draft
from taskforce.models import Finding
from taskforce.tests.factories import (
    make_finding,
    make_government,
    make_group,
    make_meeting,
    make_participation,
    make_public_finding,
    make_round,
)
from tests.api import NAMES, ROOT, Public, ask, make_public, walked

pytestmark = pytest.mark.django_db
WORD = "quokka"


@pytest.fixture
def public() -> Public:
    return make_public()


@pytest.fixture
def hidden(public) -> dict[str, list[Any]]:
    """By collection the ids of what must not be told, which all bears the word."""
    draft = make_draft(f"{WORD} draft", slug=f"{WORD}-draft", summary=WORD)
    coming = make_draft(f"{WORD} scheduled", slug=f"{WORD}-coming", summary=WORD)
    services.publish(coming.pk, at=now() + timedelta(hours=1))
    gone = make_draft(f"{WORD} withdrawn", slug=f"{WORD}-gone", summary=WORD)
    services.publish(gone.pk, at=now() - timedelta(hours=1))
    services.withdraw(gone.pk, reason="A newer one is out.")
    events = [
        make_event(title=f"{WORD} members", slug=f"{WORD}-members", audience="members"),
        make_event(title=f"{WORD} invited", slug=f"{WORD}-invited", audience="invited"),
        make_event(title=f"{WORD} draft", slug=f"{WORD}-event", status="draft", published_at=None),
    ]
    private = make_event(title=f"{WORD} meeting", slug=f"{WORD}-meeting", audience="members")
    make_meeting(group=public.group, slug=f"{WORD}-meeting", event=private)
    events.append(private)
    sessions = [make_session(event, title=f"{WORD} session") for event in events]
    for event in events:
        release.release(event)
        put(event)
    sessions.append(make_session(public.event, title=f"{WORD} not released"))
    put(public.event)
    guest = make_registration(public.event, f"{WORD}@guest.example", name=f"{WORD} guest")
    JoinAddress.objects.create(event=public.event, url=f"https://meet.example/{WORD}")
    make_member(f"{WORD}@member.example")
    unlisted = make_person(
        f"{WORD} unlisted",
        slug=f"{WORD}-unlisted",
        is_listed=False,
        bio=WORD,
        email=f"{WORD}@x.org",
    )
    public.person.email = f"{WORD}@person.example"
    public.person.save()
    groups = [
        make_group(name=f"{WORD} draft", slug=f"{WORD}-group", published_at=None),
        make_group(
            name=f"{WORD} gone", slug=f"{WORD}-old", withdrawn_at=now(), reason="It has ended."
        ),
    ]
    round, closed = public.finding.participation.round, make_round(published_at=None)
    put(closed)
    unnamed = make_participation(round, make_government(f"{WORD} Valley", slug=f"{WORD}-valley"))
    findings = [
        make_finding(unnamed, f"{WORD} secret"),
        make_finding(
            unnamed,
            f"{WORD} peers",
            visibility=Finding.Visibility.PEERS,
            approved_by_government_at=now(),
        ),
        make_finding(unnamed, f"{WORD} asked", asked_at=now()),
        make_public_finding(make_participation(closed, make_government("Lower")), f"{WORD} early"),
    ]
    assert guest.pk
    run_waiting_jobs()
    return {
        "resources": [draft.public_id, coming.public_id, gone.public_id],
        "events": [event.pk for event in events],
        "sessions": [session.pk for session in sessions],
        "people": [unlisted.pk],
        "groups": [group.pk for group in groups],
        "findings": [finding.pk for finding in findings],
    }


def everything(browser: Browser) -> list[str]:
    """Every list, by every parameter with the word too, and every object that it names."""
    found = []
    for viewset in viewsets():
        rows = walked(browser, f"{viewset.slug}/?limit=2")
        found += [row["api_url"] for row in rows]
        found += [f"{viewset.slug}/", f"{viewset.slug}/?limit=100"]
        names = [one.name for one in viewset.parameters]
        found += [f"{viewset.slug}/?q={WORD}"] if "q" in names else []
    return found


def test_what_is_not_public_is_nowhere(client, public, hidden):
    answers = {path: ask(client, path) for path in everything(client)}
    answers[""] = client.get(ROOT)

    assert {answer.status_code for answer in answers.values()} == {200}
    assert len(answers) > 4 * len(NAMES)
    leaks = {
        path
        for path, answer in answers.items()
        if WORD in answer.content.decode().replace(f"?q={WORD}", "").replace("Quokka", "")
        and "organisations" not in path
    }
    assert leaks == set()


def test_what_is_not_public_has_no_address(client, hidden):
    for name, ids in hidden.items():
        for key in ids:
            answer = ask(client, f"{name}/{key}/")
            assert answer.status_code in (404, 410), (name, key)
            assert WORD not in answer.content.decode()


def test_members_and_the_secretariat_are_told_nothing_more(client, public, hidden):
    member = Browser()
    member.force_login(make_member("secretary@hub.example", is_secretariat=True))

    for name in NAMES:
        assert ask(member, f"{name}/").content == ask(client, f"{name}/").content


def test_who_is_listed_no_more_is_gone_at_once(client, public):
    assert public.person.name in ask(client, "people/").content.decode()
    public.person.is_listed = False
    public.person.save()

    assert walked(client, "people/") == []
    assert ask(client, f"people/{public.person.pk}/").status_code == 404
    assert f"/people/{public.person.slug}/" not in ask(client, "sessions/").content.decode()


def test_a_finding_that_is_not_to_be_quoted_names_nobody(client, public):
    public.finding.may_be_quoted = False
    public.finding.save()

    [row] = walked(client, "findings/")

    assert (row["government"], row["country"]) == (None, None)
    assert "Upper Valley" not in str(row)


def test_organisations_tell_no_address_of_mail(client, public):
    make_organisation("Another")

    assert "@" not in str(walked(client, "organisations/"))
    assert "@" not in str(walked(client, "people/"))
