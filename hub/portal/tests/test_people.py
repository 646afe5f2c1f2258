import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hub.partners.models import Organisation, Person
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from hub.portal.people import PAGE_SIZE
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge.models import Credit
from knowledge.services import saved
from knowledge.tests.factories import make_resource
from tests.pages import Page, emails, queries_of
from tests.test_odd_input import LONG, ODD, PAGES, faults_of

pytestmark = pytest.mark.django_db

FACETS = ["topic", "sector", "place", "language", "organisation", "based"]


def names(response) -> list[str]:
    return [profile.name for profile in response.context["people"]]


def linked_data(response) -> list[dict]:
    found = re.search(r"application/ld\+json\">(.*?)</script>", response.content.decode())
    return json.loads(found.group(1))["@graph"]


@pytest.fixture
def seen():
    """Two people who differ in all that one can look for."""
    spain = make_term("Spain", Scheme.PLACE, slug="spain")
    asturias = make_term("Asturias", Scheme.PLACE, spain, slug="asturias")
    finance, steel = (
        make_term("Finance", slug="finance"),
        make_term("Steel", "sector", slug="steel"),
    )
    institute = make_organisation("Institute", slug="institute", place=asturias)
    union = make_organisation("Union", slug="union")
    make_person(
        "Ana", expertise=[finance, asturias], languages=["es", "en"], organisation=institute
    )
    make_person("Ben", expertise=[steel], languages=["en"], organisation=union)


def test_person_list_without_people_says_how_to_be_listed(client):
    make_person("Hidden", is_listed=False)

    response = client.get("/people/")

    page = Page(response.content.decode())
    assert (response.context["is_empty"], page.count("form"), page.count("h1")) == (True, 0, 1)
    assert "Nobody is listed yet." in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ana", "Ben"]),
        ("topic=finance", ["Ana"]),
        ("sector=steel", ["Ben"]),
        ("place=asturias", ["Ana"]),
        ("place=spain", ["Ana"]),
        ("language=en", ["Ana", "Ben"]),
        ("language=es", ["Ana"]),
        ("organisation=union", ["Ben"]),
        ("based=spain", ["Ana"]),
        ("language=es&language=en", ["Ana", "Ben"]),
        ("topic=finance&sector=steel", []),
    ],
)
def test_person_list_is_sifted_by_each_facet(client, seen, query, found):
    assert names(client.get(f"/people/?{query}")) == found


def test_person_list_counts_what_each_choice_would_leave(client, seen):
    facets = {one.name: one for one in client.get("/people/?sector=steel").context["facets"]}

    assert [(one.value, one.count) for one in facets["language"].options] == [("en", 1)]
    assert [(one.value, one.count) for one in facets["sector"].options] == [("steel", 1)]
    assert "topic" not in facets


def test_person_list_puts_regions_under_their_country(client, seen):
    facets = {one.name: one for one in client.get("/people/").context["facets"]}

    (spain,) = facets["place"].options
    assert (spain.label, [child.label for child in spain.children]) == ("Spain", ["Asturias"])


def test_person_list_takes_a_choice_back_by_a_chip(client, seen):
    chips = client.get("/people/?topic=finance&language=es").context["chips"]

    assert [(str(chip.group), chip.label, chip.url) for chip in chips] == [
        ("Topic", "Finance", "/people/?language=es"),
        ("Speaks", "Español", "/people/?topic=finance"),
    ]


def test_person_list_is_in_the_order_of_plain_latin_letters(client):
    for name in ("Zoë", "Øyvind", "Ánna", "Battsetseg", "Цэцэг"):
        make_person(name)

    assert names(client.get("/people/")) == ["Ánna", "Battsetseg", "Øyvind", "Цэцэг", "Zoë"]


def test_person_list_goes_on_over_pages(client, seen):
    for number in range(PAGE_SIZE):
        make_person(f"Person {number:02}", languages=["en"])

    first = client.get("/people/?language=en")
    last = client.get(first.context["page"].next_url)

    assert (len(names(first)), len(names(last))) == (PAGE_SIZE, 2)
    assert first.context["page"].next_url == "/people/?language=en&page=2"
    assert Page(last.content.decode()).canonical.endswith("/people/?language=en&page=2")


@pytest.mark.parametrize(("page", "status"), PAGES.items())
def test_only_pages_of_people_that_exist_are_pages(client, page, status):
    response = client.generic("GET", "/people/", QUERY_STRING=f"page={page}")

    assert faults_of(response, status) == []


@pytest.mark.parametrize("name", FACETS)
def test_person_list_understands_or_leaves_out(client, seen, name):
    faults = {}
    for value in [*ODD, *LONG]:
        response = client.generic("GET", "/people/", QUERY_STRING=f"{name}={value}")
        if found := faults_of(response, 200) or names(response) != ["Ana", "Ben"]:
            faults[value[:40]] = found

    assert faults == {}


@pytest.mark.parametrize(
    ("query", "notices"),
    [
        ("topic=", []),
        ("utm_source=letter", []),
        ("topic=dragons", ["We left out “dragons”: nobody in the directory is listed with it."]),
        ("based=a%00", ["We left out “a�”: nobody in the directory is listed with it."]),
        (
            "&".join(f"language=x{number}" for number in range(40)),
            [
                "We left out “x0”: nobody in the directory is listed with it.",
                "We left out “x1”: nobody in the directory is listed with it.",
                "We left out 29 more.",
            ],
        ),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_person_list_says_what_it_left_out(client, seen, query, notices):
    response = client.get(f"/people/?{query}")

    assert response.context["notices"] == notices
    assert all(notice in response.content.decode() for notice in notices)


def test_person_detail_tells_what_is_known(client, seen):
    resource = make_resource("Of Ana")
    Credit.objects.create(resource=resource, role="author", name="Ana")
    saved(resource)
    ana = Person.objects.get(name="Ana")

    response = client.get(ana.get_absolute_url())

    shown = response.context
    expertise = {str(one.label): [term.label for term in one.labels] for one in shown["expertise"]}
    assert expertise == {"Topics": ["Finance"], "Places": ["Asturias"]}
    assert [card.title for card in shown["cards"]] == ["Of Ana"]
    (subject,) = [node for node in linked_data(response) if node["@type"] == "Person"]
    assert subject["name"] == "Ana"
    assert subject["knowsLanguage"] == ["es", "en"]
    assert subject["worksFor"]["url"].endswith("/partners/institute/")


def test_person_detail_of_one_with_a_name_alone(client):
    person = make_person("Ana")

    response = client.get(person.get_absolute_url())

    assert (response.status_code, response.context["cards"]) == (200, [])


def test_person_detail_does_not_lead_to_the_desk_which_has_no_page(client):
    desk = Organisation.objects.desk()
    person = make_person("Ana", organisation=desk)

    content = client.get(person.get_absolute_url()).content.decode()

    assert desk.name in content
    assert desk.get_absolute_url() not in content


def test_who_is_not_listed_is_nowhere(client, seen):
    """Neither in lists and counts nor as a value to choose: as if they were not there."""
    paths = ["/people/", "/people/?language=en", "/partners/", "/partners/union/", "/about/"]
    before = [client.get(path).content for path in paths]
    hidden = make_person(
        "Canary",
        slug="canary",
        is_listed=False,
        languages=["th", "en"],
        organisation=Organisation.objects.get(slug="union"),
        expertise=[make_term("Canary topic", slug="canary-topic")],
    )

    assert [client.get(path).content for path in paths] == before
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert names(client.get("/people/?topic=canary-topic")) == ["Ana", "Ben"]
    assert names(client.get("/people/?language=th")) == ["Ana", "Ben"]


def test_who_withdraws_consent_is_gone_at_once(client, seen):
    ana = Person.objects.get(name="Ana")
    partner = ana.organisation.get_absolute_url()
    assert "Ana" in client.get(partner).content.decode()

    Person.objects.filter(pk=ana.pk).update(is_listed=False, consented_at=None)

    assert client.get(ana.get_absolute_url()).status_code == 404
    assert names(client.get("/people/")) == ["Ben"]
    assert "Ana" not in client.get(partner).content.decode()


def test_nobody_is_listed_without_consent():
    person = make_person(is_listed=False, consented_at=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_listed=True)


def test_no_page_tells_the_address_of_a_person(client):
    organisation = make_organisation()
    person = make_person("Ana", email="canary@example.org", organisation=organisation)

    for path in ("/people/", person.get_absolute_url(), organisation.get_absolute_url()):
        content = client.get(path).content.decode()
        assert (emails(content), "Ana" in content) == ([], True)


@pytest.mark.parametrize(
    ("bio", "is_refused"),
    [
        ("Write to ana@example.org.", True),
        ("ANA.DIAZ@mail.example.co", True),
        ("Head of unit @ Institute. Works on coal.", False),
    ],
)
def test_a_text_about_a_person_holds_no_address_of_mail(bio, is_refused):
    person = make_person("Ana")
    person.bio = bio
    refused = {}

    try:
        person.full_clean()
    except ValidationError as error:
        refused = error.message_dict

    sentence = "Leave out e-mail addresses: everybody can read this text."
    assert refused == ({"bio": [sentence]} if is_refused else {})


def test_an_editor_lists_a_person_of_their_organisation(client):
    organisation = make_organisation()
    person = make_person("Ana", organisation=organisation, is_listed=False, consented_at=None)
    client.force_login(make_editor(organisation))
    data = {
        "name": "Ana",
        "slug": "ana",
        "organisation": organisation.pk,
        "is_listed": "on",
        "consented_at_0": "2026-01-31",
        "consented_at_1": "12:00:00",
    }

    client.post(f"/admin/partners/person/{person.pk}/change/", data)

    client.logout()
    assert names(client.get("/people/")) == ["Ana"]
    assert client.get("/people/ana/").status_code == 200


def test_people_cost_the_same_however_many(client):
    costs = {"/people/": 4, "/people/person-0/": 7}
    spain = make_term("Spain", Scheme.PLACE, slug="spain")
    found = []

    for numbers in (range(2), range(2, 12)):
        for number in numbers:
            make_person(
                "Ana",
                slug=f"person-{number}",
                organisation=make_organisation(place=spain),
                expertise=[make_term(), make_term("", Scheme.PLACE, spain)],
                languages=["en"],
            )
            resource = make_resource(terms=[make_term()])
            Credit.objects.create(resource=resource, role="author", name="Ana")
            saved(resource)
        found.append({path: queries_of(client, path) for path in costs})

    assert found == [costs, costs]
