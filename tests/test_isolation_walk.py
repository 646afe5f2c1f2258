"""Every address of the desk: what one partner owns, no other partner's desk shows or changes."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from events.models import Event
from hub.partners.models import Organisation, Person, User
from hub.tests.pages import links_of
from hub.vocabulary.models import Term
from knowledge.models import Resource
from tests.isolation import (
    MISSING,
    PART,
    ROLES,
    addresses_of_rows,
    addresses_without_rows,
    changed_rows,
    columns_of,
    has_canary,
    routes,
    shape,
)

pytestmark = pytest.mark.django_db
# An issue of the newsletter is made of the public works of all partners.
OFFERS_WHAT_IS_PUBLIC = re.compile(r"^/admin/newsletter/issue/(add|\d+/add-items)/($|\?)")
# The key of a row in its address; that of its kind stands before it where the address is for all.
KEY = re.compile(r"^/admin/(?:r/\d+|\w+/\w+)/(\d+)/")


def test_the_walk_knows_the_admin():
    assert len(list(routes())) > 50
    assert {model._meta.label for model in admin.site._registry} == {
        "catalogue.SearchMiss",
        "catalogue.UsageDay",
        "contact.Letter",
        "events.Event",
        "knowledge.Collection",
        "knowledge.Contribution",
        "knowledge.Merged",
        "knowledge.ProblemReport",
        "knowledge.Import",
        "knowledge.Resource",
        "members.Invitation",
        "members.RoleRequest",
        "newsletter.Delivery",
        "newsletter.Issue",
        "newsletter.Subscription",
        "notices.Address",
        "notices.Message",
        "partners.Membership",
        "partners.Organisation",
        "partners.Person",
        "partners.User",
        "portal.Quote",
        "procrastinate.ProcrastinateJob",
        "taskforce.Finding",
        "taskforce.Interview",
        "taskforce.InterviewSlot",
        "taskforce.Meeting",
        "taskforce.Participation",
        "taskforce.Round",
        "taskforce.WorkingGroup",
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
        pk = KEY.search(foreign).group(1)
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
        if not OFFERS_WHAT_IS_PUBLIC.match(address) and has_canary(getattr(client, method)(address))
    ]

    assert leaks == []
    assert changed_rows(house) == {}


def test_pages_that_partners_open(client, house):
    """A new page at the desk has to be thought about: this is the list of those meant for all."""
    common = {
        "/admin/",
        "/admin/catalogue/",
        "/admin/catalogue/searchmiss/",
        "/admin/catalogue/usageday/",
        "/admin/catalogue/usageday/export/",
        "/admin/catalogue/usageday/export/days/",
        "/admin/events/",
        "/admin/events/event/",
        "/admin/events/event/add/",
        "/admin/jsi18n/",
        "/admin/knowledge/",
        "/admin/knowledge/collection/",
        "/admin/knowledge/collection/add/",
        "/admin/knowledge/import/",
        "/admin/knowledge/import/add/",
        "/admin/knowledge/resource/",
        "/admin/knowledge/resource/add/",
        "/admin/knowledge/resource/languages/",
        "/admin/partners/",
        "/admin/partners/organisation/",
        "/admin/partners/person/",
        "/admin/taskforce/",
        "/admin/taskforce/meeting/",
        "/admin/taskforce/round/",
        "/admin/taskforce/round/add/",
        "/admin/taskforce/workinggroup/",
        "/admin/taskforce/workinggroup/add/",
    }
    of_editors = {
        "/admin/newsletter/",
        "/admin/newsletter/issue/",
        "/admin/newsletter/issue/add/",
        "/admin/partners/person/add/",
        "/admin/taskforce/finding/",
        "/admin/taskforce/finding/add/",
        "/admin/taskforce/interview/",
        "/admin/taskforce/interviewslot/",
        "/admin/taskforce/interviewslot/add/",
        "/admin/taskforce/interviewslot/week/",
        "/admin/taskforce/meeting/add/",
        "/admin/taskforce/participation/",
    }
    from_outside = {"/admin/knowledge/contribution/", "/admin/knowledge/problemreport/"}
    of_role = {
        "author": common,
        "editor": common | from_outside | of_editors,
        "secretariat": common
        | from_outside
        | {
            "/admin/contact/",
            "/admin/contact/letter/",
            "/admin/knowledge/merged/",
            "/admin/members/",
            "/admin/members/invitation/",
            "/admin/members/rolerequest/",
            "/admin/newsletter/delivery/",
            "/admin/newsletter/subscription/",
            "/admin/notices/",
            "/admin/notices/address/",
            "/admin/notices/address/add/",
            "/admin/notices/message/",
            "/admin/partners/membership/",
            "/admin/partners/organisation/add/",
            *of_editors,
            "/admin/portal/",
            "/admin/portal/quote/",
            "/admin/portal/quote/add/",
            "/admin/taggit/",
            "/admin/taggit/tag/",
            "/admin/vocabulary/",
            "/admin/vocabulary/term/",
            "/admin/vocabulary/term/add/",
        },
        "delegate": set(),
        "anonymous": set(),
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


# A reading list may name works of all, once everybody can read them.
PUBLIC_TOO = {"app_label": "knowledge", "model_name": "collectionitem", "field_name": "resource"}


@pytest.mark.parametrize("role", ROLES)
def test_autocomplete_offers_own_rows_and_references_only(client, house, role):
    client.force_login(house.people[role])
    references = {Organisation, Term}
    public = str(house.theirs["public"].pk)
    asked, leaks = 0, []

    for names, target in autocomplete_fields():
        for term in ("", PART, "our", "union"):
            answer = client.get("/admin/autocomplete/", {**names, "term": term})
            is_refused = answer.status_code != 200
            asked += not is_refused
            offered = () if is_refused else {row["id"] for row in answer.json()["results"]}
            foreign = {str(row.pk) for row in house.rows[target]} & {*offered}
            if names == PUBLIC_TOO and foreign == {public}:
                continue
            if has_canary(answer) or (foreign and target not in references):
                leaks.append((names, term))
            if is_refused:
                break  # who may ask is settled before what was asked for is read

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
            for column in columns_of(relation.related_model):
                yield f"{relation.name}__{column.name}__startswith"
    yield "owner__memberships__user__password__startswith"
    yield "organisation__memberships__user__email__startswith"


@pytest.mark.parametrize("model", [Resource, Organisation, Person, Event])
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

    pages = dict(crawl(client))

    met = [address for address, page in pages.items() if has_canary(page)]
    assert [address for address in met if not OFFERS_WHAT_IS_PUBLIC.match(address)] == []
    assert f"/admin/knowledge/resource/{house.mine.pk}/change/" in pages


@pytest.mark.parametrize("role", ["secretariat", "administrator"])
def test_a_crawl_by_those_who_oversee_meets_everything(client, house, role):
    client.force_login(house.people[role])
    ahead = {reverse("admin:knowledge_resource_change", args=[r.pk]) for r in house.rows[Resource]}
    ahead |= {reverse("admin:partners_person_change", args=[p.pk]) for p in house.rows[Person]}

    for address, page in crawl(client, depth=2):
        if has_canary(page):
            ahead.discard(address)
        if not ahead:
            break

    assert ahead == set()


def crawl(client: Client, depth: int = 3, most: int = 500) -> Iterator[tuple[str, HttpResponse]]:
    """The pages of the desk that links lead to, in so many steps from its first."""
    seen: set[str] = set()
    ahead = {"/admin/"}
    for _ in range(depth + 1):
        found: set[str] = set()
        for address in sorted(ahead - seen)[: most - len(seen)]:
            seen.add(address)
            page = client.get(address)
            yield address, page
            if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
                found |= {_joined(address, link) for link in links_of(page)}
        # One filter at a time: lists multiply them.
        ahead = {a for a in found if a.startswith("/admin/") and a.count("&") + a.count("%26") == 0}


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
