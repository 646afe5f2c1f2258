"""Everything that a government and a group keep to themselves, looked for behind every link that others
can follow: another government, somebody who waits to speak, an observer, a former member, anybody."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate, now

from conftest import Browser
from events.models import JoinAddress
from events.tests.factories import make_material
from hub.accounts.tests.factories import make_member
from hub.catalogue.services import put
from hub.partners.tests.factories import make_editor
from hub.tests.pages import links_of
from taskforce import own, own_seats
from taskforce.kinds import Circle
from taskforce.models import GroupMembership, Meeting, Participation
from taskforce.tests.factories import (
    make_action,
    make_agenda_item,
    make_contact,
    make_finding,
    make_government,
    make_group,
    make_group_membership,
    make_interview,
    make_meeting,
    make_participation,
    make_round,
    make_slot,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
WORD = "quokka"
OF_A_GOVERNMENT = {"contact", "position", "asking", "priorities", "slot", "notes", "unapproved"}
OF_A_GROUP = {"paper", "decision", "minutes", "action", "member", "application", "door"}
PUBLIC = (
    "/",
    "/taskforce/",
    "/taskforce/groups/",
    "/events/",
    f"/search/?q={WORD}",
    "/sitemap.xml",
)
MOST_PAGES = 150


def word(part: str) -> str:
    return f"{WORD}{part}"


def crawled(browser: Browser, *begin: str) -> tuple[set[str], int]:
    """Which words stand on the pages behind these addresses and all links from there, and how many
    pages that are."""
    found: set[str] = set()
    ahead, seen = list(begin), set(begin)
    answered = 0
    while ahead and answered < MOST_PAGES:
        answer = browser.get(ahead.pop(0))
        if answer.status_code != 200:
            continue
        answered += 1
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = content.decode(errors="ignore")
        found |= {part for part in OF_A_GOVERNMENT | OF_A_GROUP if word(part) in text}
        if answer["Content-Type"].startswith("text/html"):
            further = [link for link in _links(links_of(answer)) if link not in seen]
            seen.update(further)
            ahead += further
    return found, answered


def _links(links: Iterable[str]) -> Iterable[str]:
    """Those that lead to pages of this hub, without the choices of its library."""
    for link in dict.fromkeys(link.partition("#")[0] for link in links):
        if link.startswith("/") and not link.startswith(("/static/", "/resources/?", "/search/?")):
            yield link


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.force_login(make_member(email))
    return browser


@pytest.fixture
def round():
    return make_round(slug="autumn", title="Round of autumn", offers_interview=True)


@pytest.fixture
def theirs(round) -> Participation:
    """A government of which each thing that it keeps to itself has a word of its own."""
    one = make_participation(
        round, make_government("Lower Valley"), priorities=word("priorities"), may_be_named=True
    )
    one.contacts.update(name=word("contact"), position=word("position"))
    make_contact(one, name=word("asking"), email="asks@valley.example", agreed_at=None)
    slot = make_slot(round, make_editor(round.owner), join_url=f"https://x.example/{word('slot')}")
    interview = make_interview(one, slot, notes=word("notes"))
    make_finding(one, word("unapproved"), interview=interview)
    put(round)
    return one


@pytest.fixture
def meeting(round) -> Meeting:
    """The same of a group of the round, whose next meeting is its first."""
    group = make_group(
        slug="steel", name="Group on steel", is_open_to_applications=True, call="Come."
    )
    group.rounds.add(round)
    group.applications.create(
        email="who@asks.example",
        name=word("application"),
        organisation_name="Mill",
        motivation=word("application"),
        status="received",
        confirmed_at=now(),
    )
    meeting = make_meeting(group=group, slug="first")
    make_material(meeting.event, word("paper"), visibility="members")
    make_agenda_item(meeting, "Opening", decision=word("decision"))
    make_action(meeting, word("action"))
    meeting.revisions.create(number=1, body=word("minutes"))
    meeting.minutes_status, meeting.circulated_at = "circulated", now()
    meeting.save()
    make_group_membership(group, name=word("member"), email="hidden@mill.example")
    JoinAddress.objects.create(event=meeting.event, url=f"https://x.example/{word('door')}")
    put(group)
    return meeting


def test_who_it_is_for_meets_it(theirs, meeting):
    """The control: what this crawl does not meet on the way of those who may see it, it would not
    meet anywhere."""
    seat = make_group_membership(meeting.group)

    of_government, _pages = crawled(Browser(), own.path_of(theirs.contact))
    of_group, _pages = crawled(Browser(), own_seats.path_of(seat))

    assert of_government == {"contact", "position", "asking", "priorities", "slot"}
    assert of_group == {"paper", "decision", "minutes", "action"}


def test_nobody_meets_it_in_public(theirs, meeting):
    found, pages = crawled(Browser(), *PUBLIC)

    assert (found, pages > 15) == (set(), True)


def test_another_government_meets_nothing_of_it(round, theirs, meeting):
    other = make_participation(round, make_government("Upper Valley"), email="eve@upper.example")
    browser = signed_in("eve@upper.example")

    found, pages = crawled(browser, own.path_of(other.contact), "/account/", *PUBLIC)

    assert (found, pages > 15) == (set(), True)
    for link in (theirs.contact, theirs.contacts.get(name=word("asking"))):
        forged = own.path_of(link).replace(own.token_of(link), own.token_of(other.contact))
        assert crawled(browser, forged)[0] == set()


def test_whoever_waits_for_the_word_of_a_colleague_meets_nothing(theirs, meeting):
    asking = theirs.contacts.get(name=word("asking"))
    browser = signed_in(asking.email)

    found, _pages = crawled(browser, own.path_of(asking), "/account/", *PUBLIC)

    assert found <= {"asking"}


def test_observers_meet_no_papers_and_former_members_nothing(theirs, meeting):
    seat = make_group_membership(meeting.group, email="obs@mill.example", circle=Circle.OBSERVER)
    browser = signed_in(seat.email)
    begin = (
        own_seats.path_of(seat),
        f"/account/groups/{meeting.group.slug}/",
        "/account/",
        *PUBLIC,
    )

    observed, pages = crawled(browser, *begin)
    GroupMembership.objects.filter(pk=seat.pk).update(circle=Circle.CORE)
    as_core, _pages = crawled(browser, *begin)
    today = localdate()
    GroupMembership.objects.filter(pk=seat.pk).update(
        term=DateRange(today - timedelta(days=30), today)
    )
    afterwards, _pages = crawled(browser, *begin)

    assert (observed, pages > 15) == (set(), True)
    assert as_core == {"paper", "decision", "minutes", "action"}
    assert afterwards == set()
