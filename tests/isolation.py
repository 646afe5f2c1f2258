"""What one partner owns, no other partner's desk shows or changes.

A and B are partners. All that B owns bears a word that occurs nowhere else. The addresses come from
the URLconf of the admin, the fields from the models, so what is added later is walked too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from taggit.models import Tag

from events.models import (
    Event,
    Feedback,
    FeedbackGiven,
    JoinAddress,
    Material,
    Outcome,
    Registration,
)
from events.tests.factories import make_appearance, make_event, make_registration, make_session
from hub import jobs
from hub.audit.models import Access
from hub.catalogue.jobs import refresh_records
from hub.catalogue.models import KeptPage, SearchMiss, UsageDay
from hub.catalogue.sources import ref_of
from hub.contact.models import Letter
from hub.members.models import Invitation, RoleRequest
from hub.models import Change
from hub.newsletter.models import Delivery, Issue, Subscription
from hub.newsletter.tests.factories import make_reader
from hub.newsletter.tests.issue_factories import make_issue
from hub.notices.models import Address, Message
from hub.partners.models import Membership, Organisation, Person, User
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.portal.models import Quote
from hub.vocabulary.models import Term
from hub.vocabulary.tests.factories import make_term
from knowledge import drafting, reading_lists, reviewing, revisions, services, workflow
from knowledge.models import (
    Collection,
    Contribution,
    Edition,
    Identifier,
    Import,
    ImportRow,
    Link,
    Merged,
    ProblemReport,
    Resource,
    ReviewLink,
)
from knowledge.tests.factories import make_cover, make_draft, make_list_draft
from taskforce.models import (
    Finding,
    Interview,
    InterviewSlot,
    Meeting,
    Participation,
    Round,
    WorkingGroup,
)
from taskforce.tests.factories import (
    make_action,
    make_agenda_item,
    make_finding,
    make_group,
    make_group_membership,
    make_interview,
    make_participation,
    make_round,
    make_slot,
)

CANARY = "quokkazephyr"
PART = CANARY[:6]  # to look for it: pages repeat the question
MISSING = 999_999_999
ROLES = ["editor", "author"]
Snapshot = dict[tuple[str, Any], tuple]


@dataclass
class House:
    """Two partners with their people and rows."""

    people: dict[str, User] = field(default_factory=dict)
    mine: Resource | None = None
    rows: dict[type[Model], list[Model]] = field(default_factory=dict)
    before: Snapshot = field(default_factory=dict)

    @property
    def theirs(self) -> dict[str, Resource]:
        return {resource.slug.rpartition("-")[2]: resource for resource in self.rows[Resource]}


def snapshot() -> Snapshot:
    """Every row of every table by table and key; sessions come and go, and so do pages that are
    kept, the notes of what has changed and of who looked at whom."""
    return {
        (model._meta.label, row[0]): row
        for model in apps.get_models(include_auto_created=True)
        if model not in (Session, KeptPage, Change, Access)
        and model._meta.managed
        and not model._meta.proxy
        for row in model._base_manager.values_list("pk", *(f.attname for f in columns_of(model)))
    }


def columns_of(model: type[Model]) -> list:
    return [column for column in model._meta.concrete_fields if not column.primary_key]


def make_canary_resource(owner: Organisation, name: str, term: Term) -> Resource:
    resource = make_draft(
        f"{CANARY} title {name}",
        slug=f"{CANARY}-{name}",
        summary=f"{CANARY} summary",
        owner=owner,
        terms=(term,),
        publishers=(f"{CANARY} publisher",),
        curator_note=f"{CANARY} note",
        source_url=f"https://example.org/{CANARY}",
        licence=f"{CANARY} licence",
    )
    resource.tags.add(f"{CANARY} tag")
    Edition.objects.create(resource=resource, language="es", title=f"{CANARY} edición", body=CANARY)
    Link.objects.create(resource=resource, url=f"https://example.org/{CANARY}/{name}")
    Identifier.objects.create(resource=resource, scheme="doi", value=f"10.1/{CANARY}.{name}")
    make_cover(resource, alt=CANARY)
    return resource


def make_usage(resource: Resource) -> UsageDay:
    today = timezone.now().date()
    return UsageDay.objects.create(record_id=ref_of(resource), day=today, metric="view", count=7)


def make_merged(into: Resource) -> Merged:
    names = {"public_id": PART, "slug": f"{CANARY}-merged", "former_id": MISSING - 1}
    return Merged.objects.create(into=into, title=CANARY, before={"stays": CANARY}, **names)


def make_message() -> Message:
    texts = dict.fromkeys(("dedup_key", "subject", "text", "html"), CANARY)
    return Message.objects.create(to=f"{CANARY}@example.org", template="post_test", **texts)


def make_letter() -> Letter:
    texts = dict.fromkeys(("name", "words"), CANARY)
    return Letter.objects.create(email=f"{CANARY}@example.org", state=Letter.State.HELD, **texts)


def draft_beside(resource: Resource, by: User) -> None:
    """A draft beside what is public, a word about it, and somebody who is asked for theirs."""
    resource = Resource.objects.get(pk=resource.pk)
    with drafting.undone():
        resource.tags.add(f"{CANARY} beside")
        snapshot = revisions.take(resource)
    drafting.keep_beside(resource, snapshot, by)
    workflow.take("comment", resource.pk, by=by, comment=CANARY)
    resource.refresh_from_db()
    reviewing.invite(by, resource, name=CANARY)


def make_canary_list(owner: Organisation, work: Resource, name: str) -> Collection:
    collection = make_list_draft(
        f"{CANARY} list", work, owner=owner, notes=(CANARY,), slug=f"{CANARY}-{name}", query=CANARY
    )
    return reading_lists.publish(collection.pk) if name == "two" else collection


def make_contribution(partner: Organisation) -> Contribution:
    texts = dict.fromkeys(("title", "words", "added", "name", "organisation_name"), CANARY)
    address = {"email": f"{CANARY}@example.org", "url": f"https://example.org/{CANARY}"}
    states = {"sort": "product", "language": "en", "state": Contribution.State.WAITING}
    return Contribution.objects.create(partner=partner, **texts, **address, **states)


def make_problem(resource: Resource) -> ProblemReport:
    return ProblemReport.objects.create(
        resource=resource, sort="facts", words=CANARY, email=f"{CANARY}@example.org"
    )


def make_import(user: User, owner: Organisation) -> Import:
    """One that is ready, with a row of everything."""
    known = {"form": "csv", "kind": "report", "language": "en", "state": Import.State.READY}
    batch = Import.objects.create(user=user, owner=owner, file_name=CANARY, **known)
    cells, words = {"title": CANARY}, {"warnings": [CANARY], "changes": [["title", "", CANARY]]}
    ImportRow.objects.create(
        batch=batch, number=1, line=2, cells=cells, outcome="new", title=CANARY, **words
    )
    return batch


def make_canary_event(owner: Organisation, status: str) -> Event:
    """With a programme, people and what they agreed to, a way in, materials, what came of it, what was
    answered, a seat that is still to be named, and somebody who comes."""
    event = make_event(
        owner=owner,
        slug=f"{CANARY}-event-{status}",
        status=status,
        published_at=None if status == Event.Status.DRAFT else timezone.now(),
        venue=CANARY,
        **dict.fromkeys(("title", "summary", "body"), f"{CANARY} event"),
    )
    event.organisers.create(name=f"{CANARY} organiser")
    session = make_session(event, title=f"{CANARY} session", slug=CANARY, room=CANARY)
    make_appearance(session, CANARY, consent="no", credited_as=CANARY)
    JoinAddress.objects.create(event=event, url=f"https://meet.example.org/{CANARY}")
    Material.objects.create(event=event, kind="slides", title=CANARY, url="https://example.org/x")
    Outcome.objects.create(event=event, summary=CANARY, key_messages=[CANARY])
    Feedback.objects.create(event=event, useful=3, will_use=CANARY, missing=CANARY)
    guest = make_registration(event, f"{CANARY}@example.org", name=CANARY, organisation_name=CANARY)
    guest.session_seats.create(session=session, status="confirmed")
    FeedbackGiven.objects.create(registration=guest)
    Registration.objects.create(
        event=event, delegation=owner, mode="online", status="confirmed", is_held_by_organiser=True
    )
    return event


def make_canary_meeting(owner: Organisation) -> Meeting:
    """Of a group that somebody asks to sit in, with people, agenda, minutes and an action."""
    words = dict.fromkeys(("name", "summary", "mandate", "call", "outputs", "lead_name"), CANARY)
    group = make_group(slug=f"{CANARY}-group", owner=owner, **words)
    texts = dict.fromkeys(("name", "organisation_name", "motivation"), CANARY)
    group.applications.create(
        email=f"{CANARY}@example.org", status="received", confirmed_at=timezone.now(), **texts
    )
    make_group_membership(group, owner, email=f"{CANARY}@example.org", name=CANARY)
    event = make_event(
        owner=owner, slug=f"{CANARY}-meeting", title=f"{CANARY} meeting", audience="members"
    )
    meeting = Meeting.objects.create(slug=f"{CANARY}-meeting", event=event, group=group)
    make_agenda_item(meeting, CANARY, text=CANARY, decision=CANARY, lead_name=CANARY)
    meeting.revisions.create(number=1, body=CANARY)
    make_action(meeting, CANARY, owner_government=owner)
    return meeting


def make_canary_finding(owner: Organisation, interviewer: User) -> Finding:
    """Of a government that has said much in an interview; its round has an invitation, and a colleague
    asks to speak for it too."""
    words = dict.fromkeys(("title", "summary", "call", "synthesis", "contact_name"), CANARY)
    round = make_round(slug=f"{CANARY}-round", owner=owner, published_at=None, **words)
    round.milestones.create(title=CANARY, text=CANARY, starts_on=date(2031, 1, 1))
    round.invitations.create(email=f"{CANARY}@example.org", name=CANARY, government_name=CANARY)
    one = make_participation(
        round,
        status=Participation.Status.REGISTERED,
        accepted_at=None,
        priorities=CANARY,
        email=f"{CANARY}-speaker@example.org",
    )
    one.contacts.update(name=CANARY, position=CANARY)
    one.contacts.create(
        name=CANARY, email=f"{CANARY}-asks@example.org", confirmed_at=timezone.now()
    )
    slot = make_slot(round, interviewer, join_url=f"https://example.org/{CANARY}")
    interview = make_interview(one, slot, notes=CANARY)
    return make_finding(one, CANARY, interview=interview)


@pytest.fixture
def house() -> House:
    ours = make_organisation("Coal Valley Institute")
    house = House()
    house.people = {
        "editor": make_editor(ours),
        "author": make_editor(ours, role=Membership.Role.AUTHOR),
        "secretariat": make_user(is_secretariat=True),
        "administrator": make_user(is_superuser=True),
        "delegate": make_editor(ours, role=Membership.Role.DELEGATE),
    }
    term = make_term("Retraining")
    house.mine = make_draft("Our own work", summary="Ours.", owner=ours, terms=(term,))
    Person.objects.create(slug="own", name="Own Person", organisation=ours)
    Tag.objects.create(name="shared")
    earlier = set(snapshot())

    their = make_organisation("Wind Coast Union", summary=CANARY, website=f"https://{CANARY}.org")
    colleague = make_editor(their, email=f"{CANARY}@example.org", name=CANARY)
    states = ["draft", "scheduled", "public", "withdrawn", "restored"]
    resources = {name: make_canary_resource(their, name, term) for name in states}
    services.publish(resources["scheduled"].pk, at=timezone.now() + timedelta(days=1))
    services.publish(resources["public"].pk)
    for name in ("withdrawn", "restored"):
        services.publish(resources[name].pk)
        public = Resource.objects.get(pk=resources["public"].pk)
        services.withdraw(resources[name].pk, reason=CANARY, replaced_by=public)
    services.restore(resources["restored"].pk)
    draft_beside(resources["public"], colleague)
    person = Person.objects.create(
        slug=CANARY, name=CANARY, bio=CANARY, email=f"{CANARY}@example.org", organisation=their
    )
    invitation = Invitation.objects.create(
        email=f"{CANARY}@example.net", organisation=their, role="author", invited_by=colleague
    )
    asked = RoleRequest.objects.create(
        user=make_user(name=CANARY), organisation=their, words=CANARY
    )
    meeting = make_canary_meeting(their)
    finding = make_canary_finding(their, colleague)
    quote = Quote.objects.create(person=CANARY, words=CANARY, organisation=their)
    jobs.enqueue(refresh_records, refs=[CANARY])
    house.rows = {
        Resource: list(Resource.objects.filter(owner=their)),
        Organisation: [their],
        Person: [person],
        Quote: [quote],
        User: [colleague],
        Term: [term],
        Tag: list(Tag.objects.filter(name__startswith=CANARY)),
        ProcrastinateJob: list(ProcrastinateJob.objects.all()),
        SearchMiss: [SearchMiss.objects.create(day=date(2026, 1, 1), query="pit ponies")],
        Merged: [make_merged(resources["public"])],
        UsageDay: [make_usage(resource) for resource in resources.values()],
        Message: [make_message()],
        Address: [Address.objects.create(address=f"{CANARY}@example.org", soft_bounces=1)],
        Letter: [make_letter()],
        Subscription: [reader := make_reader(f"{CANARY}@example.org")],
        Delivery: [make_issue().deliveries.create(subscription=reader)],
        Issue: [],  # which editors of all partners compose together
        Membership: list(colleague.memberships.all()),
        Invitation: [invitation],
        RoleRequest: [asked],
        Collection: [make_canary_list(their, resources["draft"], name) for name in ("one", "two")],
        Contribution: [make_contribution(their)],
        ProblemReport: [make_problem(resources["public"])],
        Import: [make_import(colleague, their)],
        Event: [make_canary_event(their, status) for status in ("draft", "published")],
        WorkingGroup: [meeting.group],
        Meeting: [meeting],
        Finding: [finding],
        Interview: [finding.interview],
        InterviewSlot: [finding.interview.slot],
        Round: [finding.participation.round],
        Participation: [finding.participation],
    }
    for model, rows in house.rows.items():
        for row in rows if model not in (SearchMiss, UsageDay) else ():  # which nobody can change
            LogEntry.objects.create(
                user=colleague,
                content_type=ContentType.objects.get_for_model(row),
                object_id=row.pk,
                object_repr=CANARY,
                action_flag=CHANGE,
                change_message=CANARY,
            )
    house.before = {key: row for key, row in snapshot().items() if key not in earlier}
    return house


def changed_rows(house: House) -> Snapshot:
    """What is left of B's rows in another state than before; nothing if nobody touched them."""
    now = snapshot()
    return {key: now.get(key) for key, row in house.before.items() if now.get(key) != row}


# The addresses of the admin


def routes() -> Iterator[str]:
    """Every route of the admin, as the URLconf has it."""

    def walk(patterns: list, route: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route + str(pattern.pattern))
            else:
                assert isinstance(pattern, URLPattern)
                yield route + str(pattern.pattern)

    yield from walk(admin.site.get_urls(), "/admin/")


PLACEHOLDER = re.compile(r"\^?\(\?P<(\w+)>(?:[^()]*)\)/?\$?|<(?:\w+:)?(\w+)>")


def model_of(route: str) -> type[Model] | None:
    for model in admin.site._registry:
        if route.startswith(f"/admin/{model._meta.app_label}/{model._meta.model_name}/"):
            return model
    return None


def filled(route: str, **values: Any) -> str:
    """The address of a route; a placeholder that we do not know is a ``KeyError``: think of it."""
    return PLACEHOLDER.sub(lambda match: str(values[match.group(1) or match.group(2)]), route)


def addresses_of_rows(house: House) -> Iterator[tuple[str, str]]:
    """Each address of each of B's rows, and the same address of a row that does not exist."""
    for route in routes():
        names = {one or other for one, other in PLACEHOLDER.findall(route)}
        if not names & {"object_id", "id"}:
            continue
        models = [model_of(route)] if model_of(route) else list(house.rows)
        for model in models:
            content_type = ContentType.objects.get_for_model(model)
            for row in house.rows[model]:
                known = {"content_type_id": content_type.pk} | below(row)
                yield (
                    filled(route, object_id=row.pk, id=row.pk, **known),
                    filled(route, object_id=MISSING, id=MISSING, **known),
                )


def below(row: Model) -> dict[str, Any]:
    """The keys of what has an address below that of the row."""
    parts = {"number": 1, "pk": ReviewLink.objects.get().pk, "session": 1, "registration": 1}
    parts |= {"application": 1, "action": 1, "invitation": 1, "contact": 1, "answer": "agree"}
    if isinstance(row, Round):
        parts["invitation"] = row.invitations.get().pk
    if isinstance(row, Participation):
        parts["contact"] = row.contacts.asking().get().pk
    if isinstance(row, Event):
        registration = row.registrations.named().earliest("pk")  # seeded, all have a name
        parts |= {"session": row.sessions.get().pk, "registration": registration.pk}
    if isinstance(row, WorkingGroup):
        parts["application"] = row.applications.get().pk
    if isinstance(row, Meeting):
        parts["action"] = row.actions.get().pk
    return parts


def addresses_without_rows() -> Iterator[str]:
    for route in routes():
        names = {one or other for one, other in PLACEHOLDER.findall(route)}
        if names & {"object_id", "id"} or route.endswith("/logout/"):
            continue
        labels = [model._meta.app_label for model in admin.site._registry]
        for label in dict.fromkeys(labels if "app_label" in names else [""]):
            yield filled(route, app_label=f"{label}/", url="nowhere/")


def shape(response: HttpResponse, pk: Any) -> tuple[int, str]:
    """How an answer looks to somebody who guesses keys."""
    return response.status_code, response.get("Location", "").replace(str(pk), "#")


def has_canary(response: HttpResponse) -> bool:
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    # A file can be read once; what was read is put back for whoever looks next.
    content = response.getvalue()
    if response.streaming:
        response.streaming_content = [content]
    return CANARY in content.decode(errors="replace") + headers + cookies
