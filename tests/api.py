"""What the tests of the API share: something public of each kind, and how to ask."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now

from events import release
from events.models import Event, Session
from events.tests.factories import make_appearance, make_event, make_session
from hub.catalogue.services import put
from hub.links import absolute
from hub.partners.models import Organisation, Person
from hub.partners.tests.factories import make_organisation, make_person
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.tests.factories import make_term
from knowledge.models import Resource
from knowledge.tests.factories import make_resource
from taskforce.models import Finding, WorkingGroup
from taskforce.tests.factories import (
    make_government,
    make_group,
    make_participation,
    make_public_finding,
    make_round,
)

ROOT = "/api/v1/"
NAMES = [
    *("resources", "events", "sessions", "organisations", "people", "terms", "places"),
    *("groups", "findings"),
]


@dataclass
class Public:
    """One of each kind."""

    resource: Resource
    event: Event
    session: Session
    organisation: Organisation
    person: Person
    topic: Term
    place: Term
    group: WorkingGroup
    finding: Finding

    @property
    def ids(self) -> dict[str, Any]:
        return {
            "resources": self.resource.public_id,
            "events": self.event.pk,
            "sessions": self.session.pk,
            "organisations": self.organisation.pk,
            "people": self.person.pk,
            "terms": self.topic.pk,
            "places": self.place.pk,
            "groups": self.group.pk,
            "findings": self.finding.pk,
        }


def make_public() -> Public:
    """Something public of each kind, of which all parts are filled in."""
    topic = make_term("Finance", slug="finance")
    place = make_term("Spain", Scheme.PLACE, slug="spain")
    sector = make_term("Steel", Scheme.SECTOR, slug="steel")
    organisation = make_organisation("Partner of all", slug="partner", place=place)
    person = make_person("Ana Ruiz", organisation=organisation, expertise=[topic], languages=["es"])
    resource = make_resource(
        "Finance for Asturias",
        summary="Who pays for what comes after coal.",
        terms=[topic, place, sector],
        publishers=["Desk"],
        owner=organisation,
        licence="CC BY 4.0",
        at=now() - timedelta(days=1),
    )
    event = make_event(title="What comes after coal", country=place)
    event.terms.add(topic)
    session = make_session(event, title="Who pays")
    make_appearance(session, person=person)
    release.release(event)
    put(event)
    session.refresh_from_db()
    group = make_group(sector=sector, slug="steel")
    put(group)
    round = make_round(slug="autumn")
    put(round)
    government = make_government("Upper Valley", place=place)
    finding = make_public_finding(make_participation(round, government), may_be_quoted=True)
    finding.sectors.add(sector)
    put(finding)
    return Public(*(resource, event, session, organisation, person, topic, place, group, finding))


def ask(client: Client, address: str, **headers: str) -> HttpResponse:
    """What the API answers at an address below its own, or at a whole one."""
    path = address.removeprefix(absolute("")) if "://" in address else f"{ROOT}{address}"
    return client.get(path, headers=headers)


def told(response: HttpResponse) -> Any:
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def walked(client: Client, address: str) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    rows: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        page = told(ask(client, following))
        rows += page["results"]
        following = page["next"]
    return rows
