"""What one partner owns, no other partner's desk shows or changes.

A and B are partners. All that B owns bears a word that occurs nowhere else. The addresses come from
the URLconf of the admin, the fields from the models, so what is added later is walked too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from taggit.models import Tag

from hub import jobs
from hub.catalogue.jobs import refresh_records
from hub.partners.models import Membership, Organisation, Person, User
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of, links_of
from hub.vocabulary.models import Term
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Credit, Edition, Identifier, Link, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db

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
    """Every row of every table by table and key; sessions come and go."""
    return {
        (model._meta.label, row[0]): row
        for model in apps.get_models(include_auto_created=True)
        if model is not Session and model._meta.managed
        for row in model._base_manager.values_list("pk", *(f.attname for f in _columns(model)))
    }


def _columns(model: type[Model]) -> list:
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
    return resource


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
    house.mine = make_draft("Our own work", owner=ours, terms=(term,))
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
        services.withdraw(
            resources[name].pk, reason=CANARY, replaced_by=services._locked(resources["public"].pk)
        )
    services.restore(resources["restored"].pk)
    person = Person.objects.create(
        slug=CANARY, name=CANARY, bio=CANARY, email=f"{CANARY}@example.org", organisation=their
    )
    jobs.enqueue(refresh_records, refs=[CANARY])
    house.rows = {
        Resource: list(Resource.objects.filter(owner=their)),
        Organisation: [their],
        Person: [person],
        User: [colleague],
        Term: [term],
        Tag: list(Tag.objects.filter(name__startswith=CANARY)),
        ProcrastinateJob: list(ProcrastinateJob.objects.all()),
    }
    for rows in house.rows.values():
        for row in rows:
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
                known = {"content_type_id": content_type.pk}
                yield (
                    filled(route, object_id=row.pk, id=row.pk, **known),
                    filled(route, object_id=MISSING, id=MISSING, **known),
                )


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
    return CANARY in response.content.decode() + headers + cookies


# Tests


def test_the_walk_knows_the_admin():
    assert len(list(routes())) > 50
    assert {model._meta.label for model in admin.site._registry} == {
        "knowledge.Resource",
        "partners.Organisation",
        "partners.Person",
        "partners.User",
        "procrastinate.ProcrastinateJob",
        "taggit.Tag",
        "vocabulary.Term",
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_row_answers_like_a_missing_one(client, house, role, method):
    client.force_login(house.people[role])
    send = getattr(client, method)
    data = {} if method == "get" else {"post": "yes", "reason": "Mine now", "_save": "Save"}

    leaks = []
    for foreign, missing in addresses_of_rows(house):
        answer, expected = send(foreign, data), send(missing, data)
        pk = re.search(r"/(\d+)/(?:\w+/)?$", foreign).group(1)
        if shape(answer, pk) != shape(expected, MISSING) or has_canary(answer):
            leaks.append((foreign, shape(answer, pk), shape(expected, MISSING)))
        if answer.status_code == 200:
            leaks.append((foreign, 200))

    assert leaks == []
    assert changed_rows(house) == {}
    start = client.get("/admin/")  # still signed in, and no message names what was asked for
    assert (start.status_code, has_canary(start)) == (200, False)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_without_a_row_tell_nothing(client, house, role, method):
    client.force_login(house.people[role])

    leaks = [
        address
        for address in addresses_without_rows()
        if has_canary(getattr(client, method)(address))
    ]

    assert leaks == []
    assert changed_rows(house) == {}


def test_pages_that_partners_open(client, house):
    """A new page at the desk has to be thought about: this is the list of those meant for all."""
    common = {
        "/admin/",
        "/admin/jsi18n/",
        "/admin/knowledge/",
        "/admin/knowledge/resource/",
        "/admin/knowledge/resource/add/",
        "/admin/partners/",
        "/admin/partners/organisation/",
        "/admin/partners/person/",
        "/admin/password_change/",
        "/admin/password_change/done/",
    }
    of_role = {
        "author": common,
        "editor": common | {"/admin/partners/person/add/"},
        "secretariat": common
        | {
            "/admin/partners/organisation/add/",
            "/admin/partners/person/add/",
            "/admin/vocabulary/",
            "/admin/vocabulary/term/",
            "/admin/vocabulary/term/add/",
        },
        "delegate": {"/admin/login/"},
        "anonymous": {"/admin/login/"},
    }

    found = {}
    for role in of_role:
        client.logout()
        if role in house.people:
            client.force_login(house.people[role])
        found[role] = {a for a in addresses_without_rows() if client.get(a).status_code == 200}

    assert found == of_role


def actions_of(model_admin: admin.ModelAdmin, person: User) -> list[str]:
    request = RequestFactory().get("/")
    request.user = person
    return list(model_admin.get_actions(request))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("select_across", ["0", "1"])
def test_actions_leave_smuggled_rows_alone(client, house, role, select_across):
    client.force_login(house.people[role])
    leaks = []

    for model, model_admin in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for action in actions_of(model_admin, house.people["administrator"]):
            data = {
                "action": action,
                "index": "0",
                "select_across": select_across,
                "_selected_action": [row.pk for row in house.rows[model]],
            }
            for confirmed in ({}, {"post": "yes"}):
                if has_canary(client.post(address, data | confirmed, follow=True)):
                    leaks.append((address, action, confirmed))

    assert leaks == []
    assert changed_rows(house) == {}


def test_actions_reach_own_rows_among_smuggled_ones(client, house):
    client.force_login(house.people["editor"])
    chosen = [house.mine.pk, *(row.pk for row in house.rows[Resource])]
    data = {"action": "publish_now", "index": "0", "_selected_action": chosen}

    client.post("/admin/knowledge/resource/", data)

    house.mine.refresh_from_db()
    assert house.mine.status == Resource.Status.PUBLISHED
    assert changed_rows(house) == {}


def autocomplete_fields() -> Iterator[tuple[dict[str, str], type[Model]]]:
    """Every field of any model that leads to a model with an admin that can be searched."""
    for model in apps.get_models():
        for relation in (*model._meta.fields, *model._meta.many_to_many):
            target = relation.related_model
            if target in admin.site._registry and admin.site._registry[target].search_fields:
                names = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                yield names | {"field_name": relation.name}, target


@pytest.mark.parametrize("role", ROLES)
def test_autocomplete_offers_own_rows_and_references_only(client, house, role):
    client.force_login(house.people[role])
    references = {Organisation, Term}
    asked, leaks = 0, []

    for names, target in autocomplete_fields():
        for term in ("", PART, "our", "union"):
            answer = client.get("/admin/autocomplete/", {**names, "term": term})
            asked += answer.status_code == 200
            offered = (
                {row["id"] for row in answer.json()["results"]} if answer.status_code == 200 else ()
            )
            foreign = {str(row.pk) for row in house.rows[target]} & {*offered}
            if has_canary(answer) or (foreign and target not in references):
                leaks.append((names, term))

    assert leaks == []
    assert asked > 20


@pytest.mark.parametrize("role", ROLES)
def test_search_filters_and_order_tell_nothing_of_others(client, house, role):
    client.force_login(house.people[role])
    their = house.rows[Organisation][0]
    queries = [
        {"q": PART},
        {"owner__id__exact": their.pk},
        {"organisation__id__exact": their.pk},
        {"status": "draft", "_facets": "True"},
        {"all": "", "_facets": "True"},
        *({"o": order} for order in ("1", "-2", "3.-4", "6")),
        {"_to_field": "slug", "_popup": "1"},
    ]

    leaks = [
        (model._meta.label, query)
        for model in house.rows
        for query in queries
        if has_canary(client.get(_changelist(model), query, follow=True))
    ]

    assert leaks == []


def _changelist(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def lookups_across_relations(model: type[Model]) -> Iterator[str]:
    for relation in model._meta.get_fields():
        if relation.related_model:
            for column in _columns(relation.related_model):
                yield f"{relation.name}__{column.name}__startswith"
    yield "owner__memberships__user__password__startswith"
    yield "organisation__memberships__user__email__startswith"


@pytest.mark.parametrize("model", [Resource, Organisation, Person])
def test_lists_refuse_lookups_across_relations(client, house, model):
    client.force_login(house.people["editor"])
    lookups = list(lookups_across_relations(model))

    answers = {lookup: client.get(_changelist(model), {lookup: PART}) for lookup in lookups}

    # 302 to ?e=1: no such lookup on this model. 400: one that is not for this list.
    assert {answer.status_code for answer in answers.values()} <= {302, 400}
    assert [lookup for lookup, answer in answers.items() if has_canary(answer)] == []
    assert len(lookups) > 10


@pytest.mark.parametrize("role", ROLES)
def test_a_crawl_of_the_desk_meets_nothing_of_others(client, house, role):
    client.force_login(house.people[role])

    pages = crawl(client)

    assert [address for address, page in pages.items() if has_canary(page)] == []
    assert f"/admin/knowledge/resource/{house.mine.pk}/change/" in pages


@pytest.mark.parametrize("role", ["secretariat", "administrator"])
def test_a_crawl_by_those_who_oversee_meets_everything(client, house, role):
    client.force_login(house.people[role])

    pages = crawl(client, depth=2)

    met = {address for address, page in pages.items() if has_canary(page)}
    assert {
        reverse("admin:knowledge_resource_change", args=[r.pk]) for r in house.rows[Resource]
    } <= met
    assert {reverse("admin:partners_person_change", args=[p.pk]) for p in house.rows[Person]} <= met


def crawl(client: Client, depth: int = 3, most: int = 500) -> dict[str, HttpResponse]:
    """The pages of the desk that links lead to, in so many steps from its first."""
    pages: dict[str, HttpResponse] = {}
    ahead = {"/admin/"}
    for _ in range(depth + 1):
        found: set[str] = set()
        for address in sorted(ahead - set(pages))[: most - len(pages)]:
            page = pages[address] = client.get(address)
            if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
                found |= {_joined(address, link) for link in links_of(page)}
        # One filter at a time: lists multiply them.
        ahead = {a for a in found if a.startswith("/admin/") and a.count("&") + a.count("%26") == 0}
    return pages


def _joined(address: str, link: str) -> str:
    link = link.partition("#")[0]
    path = address.partition("?")[0]
    if link.startswith("?"):
        return path + link
    return link if link.startswith("/") or ":" in link else f"{path}{link}"


def test_whoever_has_left_an_organisation_takes_no_titles_along(client, house):
    person = house.people["editor"]
    LogEntry.objects.update(user=person)

    client.force_login(person)
    before = client.get("/admin/")

    assert has_canary(before) is False


# Keys of others in forms


def change_form(client: Client, resource: Resource) -> tuple[str, dict[str, Any]]:
    address = reverse("admin:knowledge_resource_change", args=[resource.pk])
    return address, form_of(client.get(address), "resource_form")


def row_of(resource: Resource) -> tuple:
    return Resource.objects.filter(pk=resource.pk).values_list().get()


def foreign_choices(house: House) -> dict[str, dict[str, Any]]:
    theirs = house.theirs["draft"]
    edition, credit = theirs.editions.first(), theirs.credits.first()
    link, identifier = theirs.links.first(), theirs.identifiers.first()
    no_partner = make_organisation("A donor", is_partner=False, kind="donor")
    row = {
        "links-TOTAL_FORMS": "1",
        "links-INITIAL_FORMS": "1",
        "links-0-id": link.pk,
        "links-0-resource": house.mine.pk,
        "links-0-url": "https://example.org/mine",
        "links-0-kind": "work",
        "links-0-position": "0",
    }
    return {
        "owner": {"owner": theirs.owner_id},
        "co-owner who is no partner": {"co_owners": [no_partner.pk]},
        "co-owner who is nobody": {"co_owners": [MISSING]},
        "term": {"terms": [MISSING]},
        "edition": {"editions-0-id": edition.pk},
        "edition's resource": {"editions-0-resource": theirs.pk},
        "edition and resource": {
            "editions-0-id": edition.pk,
            "editions-0-resource": theirs.pk,
        },
        "credit": {
            "credits-TOTAL_FORMS": "1",
            "credits-INITIAL_FORMS": "1",
            "credits-0-id": credit.pk,
            "credits-0-resource": theirs.pk,
            "credits-0-role": "author",
            "credits-0-name": "Mine",
            "credits-0-position": "0",
        },
        "link": row,
        "link to be deleted": row | {"links-0-DELETE": "on"},
        "identifier": {
            "identifiers-TOTAL_FORMS": "1",
            "identifiers-INITIAL_FORMS": "1",
            "identifiers-0-id": identifier.pk,
            "identifiers-0-resource": theirs.pk,
            "identifiers-0-scheme": "doi",
            "identifiers-0-value": "10.1/mine",
        },
    }


@pytest.mark.parametrize("role", ROLES)
def test_keys_of_others_are_errors_in_the_form(client, house, role):
    client.force_login(house.people[role])
    address, form = change_form(client, house.mine)

    accepted = {}
    for name, smuggled in foreign_choices(house).items():
        mine = row_of(house.mine)
        answer = client.post(address, form | {"licence": name} | smuggled)
        accepted[name] = answer.status_code != 200 or row_of(house.mine) != mine
        assert has_canary(answer) is False, name

    # What is not asked of authors is not read, nor is a part that somebody deletes and does not have.
    unread = {"link to be deleted"}
    if role == "author":
        unread |= {"owner", "co-owner who is no partner", "co-owner who is nobody"}
    assert {name for name, was in accepted.items() if was} == unread
    assert changed_rows(house) == {}
    house.mine.refresh_from_db()
    assert (house.mine.owner.name, house.mine.co_owners.count()) == ("Coal Valley Institute", 0)


@pytest.mark.parametrize("role", ROLES)
def test_a_new_resource_cannot_be_put_on_others(client, house, role):
    client.force_login(house.people[role])
    address = "/admin/knowledge/resource/add/"
    form = form_of(client.get(address), "resource_form")
    form |= {
        "kind": "report",
        "original_language": "en",
        "editions-0-language": "en",
        "editions-0-title": "Under another's name",
        "owner": house.rows[Organisation][0].pk,
    }

    answer = client.post(address, form)

    assert list(answer.context["adminform"].form.errors) == ["owner"]
    assert not Resource.objects.filter(editions__title="Under another's name").exists()


def test_a_person_cannot_be_put_on_others(client, house):
    client.force_login(house.people["editor"])
    address = "/admin/partners/person/add/"
    their = house.rows[Organisation][0]
    form = form_of(
        client.get(address), "person_form", name="New", slug="new", organisation=their.pk
    )

    answer = client.post(address, form)

    assert list(answer.context["adminform"].form.errors) == ["organisation"]
    assert not Person.objects.filter(slug="new").exists()


@pytest.mark.parametrize("name", ["draft", "scheduled", "public", "withdrawn"])
def test_what_replaces_a_withdrawn_resource_is_ones_own(client, house, name):
    client.force_login(house.people["editor"])
    published = make_resource(owner=house.mine.owner)
    address = reverse("admin:knowledge_resource_withdraw", args=[published.pk])

    answer = client.post(address, {"reason": "Old", "replaced_by": house.theirs[name].pk})

    assert list(answer.context["form"].errors) == ["replaced_by"]
    assert has_canary(answer) is False
    published.refresh_from_db()
    assert published.status == Resource.Status.PUBLISHED


def test_a_foreign_replacement_is_named_only_while_it_is_public(client, house):
    withdrawn = make_resource(owner=house.mine.owner)
    public = house.theirs["public"]
    services.withdraw(withdrawn.pk, reason="Old", replaced_by=public)
    client.force_login(house.people["editor"])
    address = reverse("admin:knowledge_resource_change", args=[withdrawn.pk])

    while_public = client.get(address)
    services.withdraw(public.pk, reason="Old too")
    afterwards = client.get(address)

    assert (has_canary(while_public), has_canary(afterwards)) == (True, False)


# Fields that are not everybody's

ASKED_OF_AUTHORS = {
    "kind",
    "languages",
    "licence",
    "published_on",
    "published_precision",
    "review_by",
    "slug",
    "curator_note",
    "source_url",
}
ALWAYS_WRITTEN = {"updated_at"}


def all_fields_altered(house: House) -> dict[str, Any]:
    """Another value for every column of a resource, as a form would send it."""
    other = make_organisation()
    return {
        "id": MISSING,
        "public_id": "mine",
        "slug": "another-address",
        "kind": "tool",
        "status": "published",
        "original_language": "es",
        "languages": "es",
        "owner": other.pk,
        "owner_id": other.pk,
        "published_on": "2020-01-02",
        "published_precision": "month",
        "licence": "CC BY",
        "is_featured": "on",
        "publish_at": "2020-01-01 00:00",
        "publish_at_0": "2020-01-01",
        "publish_at_1": "00:00",
        "unpublished_at": "2020-01-01 00:00",
        "reason": "None",
        "replaced_by": house.theirs["public"].pk,
        "replaced_by_id": house.theirs["public"].pk,
        "review_by": "2030-01-01",
        "curator_note": "A note",
        "source_url": "https://example.org/found",
        "version": "7",
        "created_at": "2020-01-01 00:00",
        "updated_at": "2020-01-01 00:00",
        "editions-0-language": "es",
    }


def changed_columns(resource: Resource) -> set[str]:
    now = Resource.objects.get(pk=resource.pk)
    names = {column.name for column in Resource._meta.concrete_fields}
    return {name for name in names if getattr(now, name) != getattr(resource, name)}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("author", ASKED_OF_AUTHORS), ("secretariat", ASKED_OF_AUTHORS | {"is_featured", "owner"})],
)
def test_fields_that_nobody_asked_for_change_nothing(client, house, role, allowed):
    client.force_login(house.people[role])
    address, form = change_form(client, house.mine)
    altered = all_fields_altered(house)
    assert {column.name for column in Resource._meta.concrete_fields} <= set(altered)

    answer = client.post(address, form | altered)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/knowledge/resource/")
    assert changed_columns(house.mine) == allowed | ALWAYS_WRITTEN
    assert changed_rows(house) == {}


def test_an_editor_changes_everything_but_what_is_featured(client, house):
    client.force_login(house.people["editor"])
    address, form = change_form(client, house.mine)
    altered = all_fields_altered(house) | {"owner": house.mine.owner_id}

    client.post(address, form | altered)

    assert changed_columns(house.mine) == ASKED_OF_AUTHORS | ALWAYS_WRITTEN


def test_an_organisation_keeps_what_the_secretariat_decides(client, house):
    client.force_login(house.people["editor"])
    mine = house.mine.owner
    address = reverse("admin:partners_organisation_change", args=[mine.pk])
    form = form_of(client.get(address), "organisation_form")
    altered = {"slug": "x", "kind": "desk", "is_partner": "", "name": "A new name", "id": MISSING}

    client.post(address, form | altered)

    now = Organisation.objects.get(pk=mine.pk)
    assert (now.name, now.slug, now.kind, now.is_partner) == (
        "A new name",
        mine.slug,
        mine.kind,
        True,
    )


@pytest.mark.parametrize("page", ["change", "delete", "password_change"])
def test_nobody_but_administrators_touches_accounts(client, house, page):
    for role in ("author", "editor", "secretariat"):
        person = house.people[role]
        client.force_login(person)
        route = f"/admin/partners/user/{person.pk}/{page}/".replace("password_change", "password")
        data = {"post": "yes", "is_superuser": "on", "password1": "x" * 20, "password2": "x" * 20}

        answers = [client.get(route), client.post(route, data)]

        assert [answer.status_code for answer in answers] == [403, 403]
        assert User.objects.filter(pk=person.pk, is_superuser=False).exists()


def test_credits_of_all_partners_can_be_named(client, house):
    """Organisations are there to be named: B as the publisher of what A describes."""
    client.force_login(house.people["editor"])
    address, form = change_form(client, house.mine)
    their = house.rows[Organisation][0]
    credit = {
        "credits-TOTAL_FORMS": "1",
        "credits-0-role": "publisher",
        "credits-0-organisation": their.pk,
        "credits-0-position": "0",
    }

    client.post(address, form | credit)

    assert [c.organisation for c in Credit.objects.filter(resource=house.mine)] == [their]
