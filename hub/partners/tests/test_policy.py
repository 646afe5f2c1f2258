"""Who sees and does what: a table of people against rows."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from hub.partners import policy
from hub.partners.models import Membership, Organisation, Person, User
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db

EVERYTHING = {
    *("own draft", "own public", "own withdrawn"),
    *("shared draft", "shared public"),
    *("their draft", "their public", "their withdrawn"),
}
OWN = {"own draft", "own public", "own withdrawn", "shared draft", "shared public"}
PUBLIC = {"own public", "shared public", "their public"}
# Of what is public an author makes a draft beside it.
OPEN = OWN - {"own withdrawn"}


@pytest.fixture
def own() -> Organisation:
    return make_organisation("Own")


@pytest.fixture
def resources(own) -> QuerySet[Resource]:
    """A resource in each state of our own, of others, and of others with us as co-owner."""
    their = make_organisation("Their")
    make_draft("own draft", owner=own)
    make_resource("own public", owner=own)
    services.withdraw(make_resource("own withdrawn", owner=own).pk, reason="Old")
    make_draft("shared draft", owner=their).co_owners.add(own)
    make_resource("shared public", owner=their).co_owners.add(own)
    make_draft("their draft", owner=their)
    make_resource("their public", owner=their)
    services.withdraw(make_resource("their withdrawn", owner=their).pk, reason="Old")
    return Resource.objects.all()


def make_person(role: str, own: Organisation) -> User | AnonymousUser:
    match role:
        case "anonymous":
            return AnonymousUser()
        case "member of nothing":
            return make_user()
        case "secretariat":
            return make_user(is_secretariat=True)
        case "administrator":
            return make_user(is_superuser=True)
        case "inactive editor":
            return make_editor(own, is_active=False)
        case "inactive administrator":
            return make_user(is_superuser=True, is_active=False)
        case _:
            return make_editor(own, role=role)


def titles(rows: QuerySet[Resource]) -> set[str]:
    return {str(resource) for resource in rows}


@pytest.mark.parametrize(
    ("role", "visible", "editable", "publishable"),
    [
        ("anonymous", PUBLIC, set(), set()),
        ("member of nothing", PUBLIC, set(), set()),
        (Membership.Role.DELEGATE, PUBLIC, set(), set()),
        (Membership.Role.AUTHOR, OWN, OPEN, set()),
        (Membership.Role.EDITOR, OWN, OWN, OWN),
        ("secretariat", EVERYTHING, EVERYTHING, EVERYTHING),
        ("administrator", EVERYTHING, EVERYTHING, EVERYTHING),
        ("inactive editor", PUBLIC, set(), set()),
        ("inactive administrator", PUBLIC, set(), set()),
    ],
)
def test_resources_by_role(own, resources, role, visible, editable, publishable):
    person = make_person(role, own)

    found = {
        "visible": titles(policy.visible(person, resources)),
        "choosable": titles(policy.choosable(person, resources)),
        "editable": titles(policy.editable(person, resources)),
        "publishable": titles(policy.publishable(person, resources)),
    }

    assert found == {
        "visible": visible,
        "choosable": visible,
        "editable": editable,
        "publishable": publishable,
    }


@pytest.mark.parametrize(
    ("role", "visible", "choosable", "editable"),
    [
        ("anonymous", {"Own", "Their"}, {"Own", "Their"}, set()),
        (Membership.Role.DELEGATE, {"Own", "Their"}, {"Own", "Their"}, set()),
        (Membership.Role.AUTHOR, {"Own"}, {"Own", "Their", "Desk"}, set()),
        (Membership.Role.EDITOR, {"Own"}, {"Own", "Their", "Desk"}, {"Own"}),
        (
            "secretariat",
            {"Own", "Their", "Desk"},
            {"Own", "Their", "Desk"},
            {"Own", "Their", "Desk"},
        ),
        ("inactive editor", {"Own", "Their"}, {"Own", "Their"}, set()),
    ],
)
def test_organisations_are_there_to_be_named(own, role, visible, choosable, editable):
    make_organisation("Their")
    make_organisation("Desk", kind=Organisation.Kind.DESK)
    person, rows = make_person(role, own), Organisation.objects.all()

    found = [
        {organisation.name for organisation in rule(person, rows)}
        for rule in (policy.visible, policy.choosable, policy.editable)
    ]

    assert found == [visible, choosable, editable]


@pytest.mark.parametrize(
    ("role", "visible", "editable"),
    [
        ("anonymous", {"their-listed"}, set()),
        (Membership.Role.AUTHOR, {"own"}, set()),
        (Membership.Role.EDITOR, {"own"}, {"own"}),
        (
            "secretariat",
            {"own", "their", "their-listed", "free"},
            {"own", "their", "their-listed", "free"},
        ),
    ],
)
def test_people_by_role(own, role, visible, editable):
    their = make_organisation("Their")
    Person.objects.create(slug="own", name="Own", organisation=own)
    Person.objects.create(slug="their", name="Their", organisation=their)
    Person.objects.create(
        slug="their-listed",
        name="Listed",
        organisation=their,
        is_listed=True,
        consented_at="2026-01-01T00:00Z",
    )
    Person.objects.create(slug="free", name="Of no organisation")
    person, rows = make_person(role, own), Person.objects.all()

    found = [
        {found.slug for found in rule(person, rows)} for rule in (policy.visible, policy.editable)
    ]

    assert found == [visible, editable]


@pytest.mark.parametrize(
    ("role", "oversees", "has_desk", "publishes", "leads"),
    [
        ("anonymous", False, False, False, False),
        ("member of nothing", False, False, False, False),
        (Membership.Role.DELEGATE, False, False, False, False),
        (Membership.Role.AUTHOR, False, True, False, False),
        (Membership.Role.EDITOR, False, True, True, True),
        ("secretariat", True, True, True, True),
        ("administrator", True, True, True, True),
        ("inactive editor", False, False, False, False),
        ("inactive administrator", False, False, False, False),
    ],
)
def test_what_a_person_is_at_the_desk(own, role, oversees, has_desk, publishes, leads):
    person = make_person(role, own)

    found = (
        policy.oversees(person),
        policy.has_desk(person),
        policy.publishes(person),
        policy.leads(person, own.pk),
    )

    assert found == (oversees, has_desk, publishes, leads)


def test_an_editor_here_and_author_there_publishes_here_only():
    here, there = make_organisation("Here"), make_organisation("There")
    person = make_editor(here)
    Membership.objects.create(user=person, organisation=there, role=Membership.Role.AUTHOR)
    make_draft("here draft", owner=here)
    make_draft("there draft", owner=there)
    make_resource("here public", owner=here)
    make_resource("there public", owner=there)
    rows = Resource.objects.all()

    found = [
        titles(rule(person, rows)) for rule in (policy.visible, policy.editable, policy.publishable)
    ]

    assert found == [
        {"here draft", "there draft", "here public", "there public"},
        {"here draft", "there draft", "here public", "there public"},
        {"here draft", "here public"},
    ]
    assert (policy.leads(person, here.pk), policy.leads(person, there.pk)) == (True, False)


def test_co_owners_neither_double_rows_nor_forbid_a_bulk_change(own):
    shared = make_draft(owner=make_organisation())
    shared.co_owners.add(own, make_organisation())
    rows = policy.editable(make_editor(own), Resource.objects.all())

    assert rows.count() == 1
    assert rows.update(licence="CC BY") == 1
