"""Every form of the desk: keys of others and fields that nobody asked for change nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.partners.models import Organisation, Person, User
from hub.partners.tests.factories import make_organisation
from hub.tests.pages import form_of
from knowledge import services
from knowledge.models import Credit, Resource
from knowledge.tests.factories import make_resource
from tests.isolation import MISSING, ROLES, House, changed_rows, has_canary

pytestmark = pytest.mark.django_db


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
ALWAYS_WRITTEN = {"updated_at", "version"}


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
        "stage": "approved",
        "pending": "1",
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
