"""Every address for every role: what GET answers, and what an empty POST does where one is taken,
stands in ``tests/roles.csv``.

A new address, or another answer, fails until the table says so: look at the line before you accept it.
``ROLES_WRITE=1`` writes the table anew.
"""

import csv
import os
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from conftest import Browser
from events import checking_in, consents, feedback, joining, own, release, selections
from events.models import Event, JoinAddress
from events.tests.factories import (
    make_appearance,
    make_event,
    make_registration,
    make_session,
)
from hub import links
from hub.accounts.tests.factories import make_member
from hub.catalogue import saved
from hub.catalogue.models import SavedSearch
from hub.catalogue.sources import ref_of
from hub.contact import services as letters
from hub.members import calendar, invitations, requests
from hub.newsletter.tests.issue_factories import make_begun, make_issue, make_reader
from hub.partners.models import Membership, Organisation, Person, User
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user
from hub.vocabulary.tests.factories import make_term
from knowledge import contributing, problems, reviewing
from knowledge.models import Contribution, Resource
from knowledge.tests.factories import (
    make_cover,
    make_draft,
    make_file,
    make_list,
    make_resource,
)
from taskforce import applying, membership, own_seats
from taskforce import own as taskforce_links
from taskforce.models import Meeting, Participation, Round, WorkingGroup
from taskforce.tests.factories import (
    make_action,
    make_contact,
    make_group,
    make_group_membership,
    make_meeting,
    make_participation,
    make_public_finding,
    make_round,
)
from tests.isolation import MISSING, PLACEHOLDER, filled, model_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
TABLE = Path(__file__).parent / "roles.csv"
OUTSIDE = ["visitor", "member", "delegate"]
ROLES = [*OUTSIDE, "author", "editor", "secretariat", "administrator"]
HEADING = ["method", "address", *ROLES]


def all_routes(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[str]:
    """Every route of the hub as the URLconf has it, in all namespaces."""
    for pattern in patterns or get_resolver().url_patterns:
        # The desk lists its apps in the order in which they came.
        own = re.sub(r"\(\?P<app_label>.*?\)/\$", "<app_label>/", str(pattern.pattern))
        route = prefix + own.removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from all_routes(pattern.url_patterns, route)


class World:
    """An organisation with one person of each role, and a row behind each address."""

    def __init__(self) -> None:
        self.own = make_organisation("Coal Valley Institute", slug="cvi")
        roles = Membership.Role
        self.people: dict[str, User] = {
            "member": make_member(),
            "delegate": make_editor(self.own, roles.DELEGATE),
            "author": make_editor(self.own, roles.AUTHOR),
            "editor": make_editor(self.own, roles.EDITOR),
            "secretariat": make_user(is_secretariat=True),
            "administrator": make_user(is_superuser=True),
        }
        self.cookies = {"visitor": SimpleCookie()}
        for role, person in self.people.items():
            browser = Browser()
            browser.force_login(person)
            self.cookies[role] = browser.cookies
        for scheme in ("topic", "sector", "audience", "place"):
            make_term(f"Term of {scheme}s", scheme, slug="some")
        self.person = make_person("Ana", slug="some", organisation=self.own, email="a@example.org")
        self.work = make_resource("A work", slug="some", owner=self.own)
        self.cover, self.file = make_cover(self.work), make_file(self.work)
        self.invitation = invitations.invite(
            self.people["editor"], self.own, "ben@example.org", roles.AUTHOR
        )
        self.asked = requests.ask(make_member(), self.own, "I work there.")
        self.followed_list = SavedSearch.objects.create(
            email="ana@example.org", query="/search/", cadence="daily", source="form"
        )
        self.letter = letters.write(
            None, name="Ben", email="ben@example.org", words="Hello", language="en"
        )
        draft = make_draft(owner=self.own, summary="A draft.")
        self.review = reviewing.invite(self.people["editor"], draft, name="Bo")
        make_list("A list", self.work, slug="some", owner=self.own)
        told = {"title": "Pits", "words": "It matters.", "language": "en", "name": "Ben"}
        self.proposed = contributing.propose(
            sort="story", email="ben@example.org", **told, partner=self.own
        )
        self.followed = contributing.confirm(
            contributing.propose(sort="story", email="eva@example.org", **told, partner=self.own).pk
        )
        self.problem = problems.report(
            self.work, sort="facts", words="It is wrong.", email="ben@example.org", language="en"
        )
        self.secret = calendar.renew(self.people["member"])
        told = ("research", ref_of(self.work))
        make_issue(told)  # the desk's pages are asked about the draft
        make_reader()
        self.issue = make_begun(told)
        self._hold_event()
        self._hold_group()

    def _hold_event(self) -> None:
        """One that is announced, with a released session, and with somebody who comes."""
        self.event = make_event(slug="some", owner=self.own)
        self.session = make_session(self.event, slug="some")
        self.speaker = make_appearance(self.session, person=self.person)
        release.release(self.event)
        JoinAddress.objects.create(event=self.event, url="https://meet.example.org/")
        self.guest = make_registration(self.event, "guest@example.org")
        joining.issue(self.guest)
        self.selection = selections.make(self.event, [self.session])

    def _hold_group(self) -> None:
        """A group in which the member sits, with a meeting, somebody who applies and an action."""
        self.group = make_group(slug="some", owner=self.own, is_open_to_applications=True)
        self.seat = make_group_membership(
            self.group, email=self.people["member"].email, role="lead"
        )
        event = make_event(slug="of-members", owner=self.own, audience="members")
        self.meeting = make_meeting(group=self.group, slug="some", event=event)
        self.action = make_action(self.meeting, owner_government=self.own)
        of_all = make_event(slug="of-all", owner=self.own, audience="members")
        make_meeting(round=(round := make_round(slug="some")), slug="of-all", event=of_all)
        self.contact = make_participation(round).contact
        self.asking = make_contact(self.contact.participation, agreed_at=None)
        self.finding = make_public_finding(self.contact.participation, asked_at=timezone.now())
        wish = applying.Wish("ana@moors.example", "Ana", "Moors", "core", "We close a mine.")
        self.applied = applying.confirm(applying.apply(self.group, wish).pk)

    def path(self, route: str) -> str:
        """The address of a route; a placeholder that nothing is known of is a ``KeyError``."""
        if route.startswith("/admin/"):
            return self._desk_path(route)
        if route in (known := self._special() | self._of_event() | self._of_group()):
            return known[route]
        known = {"slug": self._slug(route), "public_id": self.work.public_id, "pk": MISSING}
        known |= {"session": "some", "token": own.token_of(self.guest), "organisation": "cvi"}
        known |= {"id": MISSING, "rest": "nothing"}  # of the API
        if route.startswith("/taskforce/participation/"):
            known |= {"token": taskforce_links.token_of(self.contact), "pk": self.asking.pk}
        return filled(route, **known, uidb36="1", key="x-y", provider="none")

    def _slug(self, route: str) -> str:
        return (
            "cvi" if route.startswith(("/partners/", "/embed/partners/", "/account/")) else "some"
        )

    def _special(self) -> dict[str, str]:
        role = self.people["author"].memberships.get()
        token = links.sign("letter", self.letter)
        return {
            "/account/invitation/<token>/": self.invitation.get_absolute_url(),
            "/account/calendar/<str:secret>.ics": f"/account/calendar/{self.secret}.ics",
            "/account/organisations/<slug:slug>/roles/<int:pk>/": (
                f"/account/organisations/cvi/roles/{role.pk}/"
            ),
            "/account/requests/<int:pk>/": f"/account/requests/{self.asked.pk}/",
            "/account/invitations/<int:pk>/": f"/account/invitations/{self.invitation.pk}/",
            "/letters/<token>/": f"/letters/{token}/",
            "/saved-searches/new/": "/saved-searches/new/?of=/search/",
            "/saved-searches/<token>/": saved.path_of(self.followed_list),
            "/saved-searches/stop/<token>/": saved.stop_path_of(self.followed_list),
            "/review/<token>/": self.review.get_absolute_url(),
            "/review/<token>/cover.webp": f"{self.review.get_absolute_url()}cover.webp",
            "/review/<token>/files/<slug:name>.pdf": f"{self.review.get_absolute_url()}files/a.pdf",
            "/contributions/confirm/<token>/": (
                f"/contributions/confirm/{links.sign(contributing.TO_CONFIRM, self.proposed)}/"
            ),
            "/contributions/<token>/": contributing.follow_path(self.followed),
            "/problems/<token>/": f"/problems/{links.sign(problems.PURPOSE, self.problem)}/",
            "/collections/<slug:slug>/works.<slug:ending>": "/collections/some/works.ris",
            "/resources.<slug:ending>": "/resources.ris",
            "/resources/<slug:slug>.<slug:ending>": f"/resources/{self.file.resource.slug}.ris",
            "/data/dumps/<slug:version>/<str:name>": "/data/dumps/latest/none",
            "/newsletter/<int:number>/": self.issue.get_absolute_url(),
            "/newsletter/<int:number>/<slug:language>/": f"{self.issue.get_absolute_url()}en/",
            "/sitemap-<slug:name>.xml": "/sitemap-records.xml",
            "/resources/<slug:slug>/cover-<slug:name>.webp": self.cover.as_picture().sizes[0].url,
            "/resources/<slug:slug>/files/<slug:name>.pdf": self.file.get_absolute_url(),
        }

    def _of_event(self) -> dict[str, str]:
        """What its people have links to."""
        programme = selections.path_of(self.selection)
        return {
            "/check-in/<str:token>/": checking_in.code_path(self.guest),
            "/consent/<token>/": consents.path_of(self.speaker),
            "/feedback/<token>/": f"/feedback/{feedback.token_of(self.guest)}/",
            "/join/<slug:secret>/": urlsplit(joining.link_of(self.guest)).path,
            "/programmes/<token>/": programme,
            "/programmes/<token>.ics": programme.removesuffix("/") + ".ics",
        }

    def _of_group(self) -> dict[str, str]:
        """The pages of its members, and of somebody who asks to be one."""
        area, link = "/account/groups/<slug:slug>/", "/taskforce/members/<token>/"
        below = "meetings/<slug:meeting>/"
        own, by_link = "/account/groups/some/", own_seats.path_of(self.seat)
        page_of_all = membership.meeting_path(self.contact, "of-all")
        pages = ("", "come/", "agenda/", "minutes/", "action/")
        return {
            area: own,
            link: by_link,
            f"{area}actions/<int:pk>/": f"{own}actions/{self.action.pk}/",
            **{f"{area}{below}{page}": f"{own}meetings/some/{page}" for page in pages},
            **{f"{link}{below}{page}": f"{by_link}meetings/some/{page}" for page in pages[:2]},
            **{
                f"/taskforce/participation/<token>/{below}{page}": page_of_all + page
                for page in pages[:2]
            },
            **self._of_government(),
            "/taskforce/applications/<token>/": applying.path_of(self.applied),
        }

    def _of_government(self) -> dict[str, str]:
        """What was written down of it, and a line of that which everybody may read."""
        mine = taskforce_links.path_of(self.contact)
        of = "/taskforce/participation/<token>/findings/<int:pk>/"
        asked = f"{mine}findings/{self.finding.pk}/"
        return {
            of: asked,
            f"{of}take-back/": f"{asked}take-back/",
            "/taskforce/<slug:slug>/findings/<int:pk>/": self.finding.get_absolute_url(),
        }

    def _desk_path(self, route: str) -> str:
        names = {one or other for one, other in PLACEHOLDER.findall(route)}
        if not names:
            return route
        model = model_of(route) or Resource
        row = self._row_of(model)
        content_type = ContentType.objects.get_for_model(model)
        known: dict[str, Any] = {"object_id": row, "id": row, "content_type_id": content_type.pk}
        known |= {"number": 1, "pk": self.review.pk}
        known |= {"session": self.session.pk, "registration": self.guest.pk}
        known |= {"application": self.applied.pk, "action": self.action.pk}
        known |= {"contact": self.asking.pk, "answer": "agree", "invitation": MISSING}
        return filled(route, app_label="knowledge", url="nowhere/", **known)

    def _row_of(self, model: type) -> Any:
        known = {Resource: self.work, Organisation: self.own, Person: self.person}
        known |= {Contribution: self.followed, Event: self.event}
        known |= {WorkingGroup: self.group, Meeting: self.meeting}
        known |= {Participation: self.contact.participation}
        known |= {Round: self.contact.participation.round}
        if model in known:
            return known[model].pk
        row = model._default_manager.order_by("pk").first()
        return row.pk if row else MISSING


def answers() -> dict[tuple[str, str], list[str]]:
    """For each method and route what every role is answered; nothing for a method that no role may
    use there."""
    world = World()
    told = {}
    for route in sorted(set(all_routes())):
        path = world.path(route)
        for method in ("GET", "POST"):
            row = [answer(world, role, method, path) for role in ROLES]
            if set(row) != {"405"}:
                told[method, route] = row
    return told


def answer(world: World, role: str, method: str, path: str) -> str:
    """The status of one answer; what it changed is taken back."""
    browser = Browser()
    browser.cookies.load(world.cookies[role].output(header="", sep=";"))
    with transaction.atomic():
        status = str(browser.generic(method, path).status_code)
        transaction.set_rollback(True)
    return status


def test_every_role_meets_what_the_table_says(settings):
    settings.REQUIRE_STAFF_MFA = False
    found = answers()
    if os.environ.get("ROLES_WRITE"):
        with TABLE.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [HEADING, *([*asked, *row] for asked, row in found.items())]
            )
    with TABLE.open(newline="") as file:
        [heading, *rows] = csv.reader(file)

    assert heading == HEADING
    listed = {(method, route): row for method, route, *row in rows}
    assert sorted(found.keys() - listed.keys()) == [], "addresses that nobody has listed"
    assert sorted(listed.keys() - found.keys()) == [], "listed addresses that are no more"
    assert {asked: row for asked, row in found.items() if listed[asked] != row} == {}


def test_the_desk_is_shut_to_all_who_curate_nothing():
    with TABLE.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["address"].startswith("/admin/"):
                answers = {row[role] for role in OUTSIDE}
                assert answers <= {"301", "302", "403", "404"}, row
