"""The pages of countries and regions: what is written on them, who is at work, who is like them."""

import json
from datetime import date

import pytest
from django.utils import timezone

from hub.partners.models import Organisation, Person
from hub.partners.tests.factories import make_organisation
from hub.portal.tests.test_likeness import make_region
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge.models import Credit
from knowledge.services import publish
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def spain() -> Term:
    return make_term("Spain", Scheme.PLACE, slug="spain", code="ES")


@pytest.fixture
def asturias(spain) -> Term:
    point = {"latitude": 43.3, "longitude": -6.0}
    return make_term("Asturias", Scheme.PLACE, parent=spain, slug="asturias", **point)


def make_person(name: str, *knows: Term, **fields) -> Person:
    listed = {"is_listed": True, "consented_at": timezone.now()}
    person = Person.objects.create(name=name, slug=name.lower(), **listed | fields)
    person.expertise.set(knows)
    return person


def make_published(organisation: Organisation, *terms: Term, language: str = "en") -> None:
    draft = make_draft(terms=terms, owner=make_organisation(), language=language)
    Credit.objects.create(resource=draft, role="publisher", organisation=organisation)
    Credit.objects.create(resource=draft, role="author", name="Ana Díaz")
    publish(draft.pk)


def subject_of(response) -> dict:
    page = response.content.decode()
    start = page.index('<script type="application/ld+json">') + 35
    graph = json.loads(page[start : page.index("</script>", start)])["@graph"]
    return next(node for node in graph if node["@id"].endswith("#subject"))


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("coal", "Coal region in Spain"),
        ("industrial", "Industrial region in Spain"),
        ("subnational", "State or region in Spain"),
    ],
)
def test_a_region_says_what_it_is_and_where(client, spain, kind, tag):
    region = make_term("León", Scheme.PLACE, parent=spain, place_kind=kind)

    response = client.get(region.get_absolute_url())

    assert response.context["tag"] == tag
    assert Page(response.content.decode()).title == "León, Spain – Just Transition Hub"


@pytest.mark.parametrize(("is_focus", "tag"), [(True, "Focus country"), (False, "Country")])
def test_a_country_says_whether_the_programme_works_there(client, is_focus, tag):
    country = make_term("Chile", Scheme.PLACE, is_focus=is_focus)

    assert client.get(country.get_absolute_url()).context["tag"] == tag


def test_a_region_tells_machines_where_it_lies(client, asturias):
    make_resource(terms=[asturias])

    subject = subject_of(client.get("/places/asturias/"))

    assert (subject["@type"], subject["name"]) == ("Place", "Asturias")
    assert subject["geo"]["latitude"] == 43.3
    assert subject["containedInPlace"] == {
        "@type": "Country",
        "name": "Spain",
        "url": "https://hub.example.org/places/spain/",
    }


def test_figures_count_what_is_on_the_place(client, spain, asturias):
    publisher = make_organisation("Publisher")
    make_organisation("Seated", place=asturias)
    make_published(publisher, asturias)
    make_published(publisher, asturias, language="es")
    make_published(make_organisation("Elsewhere"), spain, language="de")

    region = client.get("/places/asturias/").context["figures"]
    country = client.get("/places/spain/").context["figures"]

    assert (region.works, region.languages, region.organisations) == (2, 2, 2)
    assert (country.works, country.languages, country.organisations) == (3, 3, 3)


def test_organisations_begin_with_the_governments_of_the_place(client, spain, asturias):
    often, once = make_organisation("Often"), make_organisation("Once")
    abroad = make_organisation("Ministry abroad", kind=Organisation.Kind.GOVERNMENT)
    for publisher in (often, often, often, abroad, once):
        make_published(publisher, asturias)
    make_organisation("University", place=asturias)
    make_organisation("Ministry", place=spain, kind=Organisation.Kind.GOVERNMENT)
    make_organisation("Of nowhere")

    shown = client.get("/places/spain/").context["organisations"]

    assert [(one.organisation.name, one.count) for one in shown] == [
        ("Ministry", 0),
        ("Often", 3),
        ("Ministry abroad", 1),
        ("Once", 1),
        ("University", 0),
    ]


def test_people_are_those_who_agreed_and_know_the_place(client, spain, asturias):
    here = make_organisation(place=asturias)
    make_person("Works-here", organisation=here)
    make_person("Knows-it", asturias, make_term("Finance"))
    make_person("Both", asturias, spain, organisation=here)
    make_person("Unlisted", asturias, is_listed=False)
    make_person("Elsewhere", make_term("Chile", Scheme.PLACE))

    for path in ("/places/asturias/", "/places/spain/"):
        people = client.get(path).context["people"]
        assert [person.name for person in people] == ["Both", "Knows-it", "Works-here"]


def test_a_place_without_people_says_how_they_come_to_be_listed(client, asturias):
    shown = client.get("/places/asturias/").content.decode()

    assert '<a href="/people/">How people come to be listed</a>' in shown


def test_authors_lead_to_what_they_wrote(client, asturias):
    make_published(make_organisation(), asturias)

    page = client.get("/places/asturias/")

    address = "/search/?q=%22Ana%20D%C3%ADaz%22"
    assert page.context["authors"] == ["Ana Díaz"]
    assert address in {link["href"] for link in Page(page.content.decode()).all("a")}
    assert client.get(address).context["total"] == 1


def test_regions_like_this_one_say_why_in_the_readers_words(client, spain):
    chile = make_term("Chile", Scheme.PLACE)
    gender, youth = make_term("Gender equality"), make_term("Youth")
    make_label(gender, "es", "Igualdad de género")
    own = make_region("Own", spain, [gender], [gender])
    make_region("Other", chile, [youth], [youth])
    make_region("Like", chile, [gender], [gender, youth])
    related = make_region("Related", spain)
    own.related.add(related)

    page = client.get(own.get_absolute_url())

    assert [
        (
            like.region.label,
            like.country.label,
            like.region.count,
            [label.label for label in like.shared],
            like.is_curated,
        )
        for like in page.context["likes"]
    ] == [
        ("Related", "Spain", 0, [], True),
        ("Like", "Chile", 2, ["Gender equality"], False),
    ]


@pytest.mark.parametrize("scheme", Scheme.values)
def test_a_term_without_works_leads_on(client, scheme):
    term = make_term("Empty & new", scheme)

    page = client.get(term.get_absolute_url())

    shown = Page(page.content.decode())
    links = {link["href"] for link in shown.all("a")}
    assert page.status_code == 200
    assert {f"/{scheme}s/", "/search/?q=Empty%20%26%20new", "/partners/"} <= links
    assert (shown.count("article"), shown.count("h1")) == (0, 1)


def test_a_region_without_works_leads_to_its_country(client, asturias):
    links = [
        link["href"] for link in Page(client.get("/places/asturias/").content.decode()).all("a")
    ]

    assert links.count("/places/spain/") >= 2  # among the crumbs, and where its works would stand


def test_a_topic_shows_its_countries_with_their_regions(client, spain, asturias):
    topic = make_term("Finance", slug="finance")
    make_resource(terms=[topic, asturias])
    make_resource(terms=[topic, spain])
    make_resource(terms=[topic, make_term("Chile", Scheme.PLACE)])

    shown = client.get("/topics/finance/").context

    assert [
        (one.label, one.count, [(child.label, child.count) for child in one.children])
        for one in shown["places"]
    ] == [("Spain", 2, [("Asturias", 1)]), ("Chile", 1, [])]
    assert shown["places_count"] == 2


def test_a_topic_is_drawn_by_year_with_the_numbers_beside(client):
    topic = make_term("Finance", slug="finance")
    for year in (2021, 2021, 2023, 2023, 2023):
        issued = {"published_on": date(year, 1, 1), "published_precision": "year"}
        make_resource(terms=[topic], kind="news", **issued)
    make_resource(terms=[topic])

    response = client.get("/topics/finance/")

    chart, page = response.context["chart"], Page(response.content.decode())
    assert [(one.heading, one.total) for one in chart.columns] == [
        ("2021", 2),
        ("2022", 0),
        ("2023", 3),
    ]
    assert chart.undated == 1
    assert page.count("caption") == 1
    assert [cell.get("scope") for cell in page.all("th")] == ["col"] * 3 + ["row"] * 4
    assert client.get(chart.columns[2].url).context["total"] == 3
    assert page.inline_code == []
