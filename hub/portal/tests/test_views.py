from datetime import date

import pytest
from django.urls import reverse

from hub.partners.models import Organisation
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge import services
from knowledge.models import Credit
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import Page, queries_of

pytestmark = pytest.mark.django_db


def links(content: bytes) -> set[str]:
    return {link.get("href", "") for link in Page(content.decode()).all("a")}


def test_pages_cost_the_same_however_much_they_show(client):
    costs = {
        "/": 24,
        "/search/": 14,
        "/search/?q=finance&topic=topic0&publisher=giz": 29,  # events cost one question more, the taskforce another
        "/topics/": 6,
        "/topics/topic0/": 21,
        "/sectors/": 6,
        "/sectors/sector0/": 21,
        "/places/": 6,
        "/places/spain/": 23,
        "/places/region0/": 26,
        "/partners/": 6,
        "/partners/partner0/": 12,
    }
    spain = make_term("Spain", Scheme.PLACE, slug="spain", is_focus=True)
    found = []

    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            terms = [
                make_term(f"Finance {number}", slug=f"topic{number}"),
                make_term(f"Steel {number}", Scheme.SECTOR, slug=f"sector{number}"),
                make_term(f"Region {number}", Scheme.PLACE, spain, slug=f"region{number}"),
            ]
            make_resource(
                terms=[*terms, *Term.objects.filter(slug__endswith="0")],
                owner=make_organisation(slug=f"partner{number}", place=terms[2]),
                publishers=["GIZ", f"Publisher {number}"],
                is_featured=number % 2 == 0,
                published_on=date(2000 + number, 1, 1),
                published_precision="year",
            )
        # After a change the first reader pays for the vocabulary and the counts of everything.
        for path in ("/resources/?sort=title", "/search/?sort=title"):
            client.get(path)
        found.append({path: queries_of(client, path) for path in costs})

    assert found == [costs, costs]
    # Asked again: the version of the content, and the page that is kept. A miss is counted too.
    again = dict.fromkeys(costs, 2) | {"/search/?q=finance&topic=topic0&publisher=giz": 3}
    assert {path: queries_of(client, path) for path in costs} == again


def test_home_shows_a_hub_without_works(client):
    response = client.get("/")

    page = Page(response.content.decode())
    assert (response.status_code, page.count("h1"), page.count("article")) == (200, 1, 0)


def test_home_tells_what_there_is(client):
    spain = make_term("Spain", Scheme.PLACE, is_focus=True)
    region = make_term("Asturias", Scheme.PLACE, parent=spain)
    finance, youth = make_term("Finance"), make_term("Youth")
    make_term("Without works")
    make_organisation("Implementing")
    make_organisation("Else", kind=Organisation.Kind.DONOR, is_partner=False)
    owner = make_organisation("Owner", is_partner=False)
    make_resource("Lead", terms=[finance, region], is_featured=True, owner=owner)
    make_resource("Otra", terms=[finance, youth], language="es", kind="news", owner=owner)

    shown = client.get("/").context

    stats = shown["stats"]
    assert (stats.works, stats.languages, stats.regions) == (2, 2, 1)
    assert [card.title for card in shown["featured"]] == ["Lead"]
    assert [card.title for card in shown["newest"]] == ["Otra"]
    assert [(one.label, one.count) for one in shown["topics"]] == [("Finance", 2), ("Youth", 1)]
    assert [(one.label, one.count) for one in shown["places"]] == [("Spain", 1)]
    assert [one.name for one in shown["partners"]] == ["Implementing"]
    assert [(one.stream.value, one.count) for one in shown["strata"]] == [
        ("research", 1),
        ("news", 1),
    ]


@pytest.mark.parametrize(
    ("words", "terms", "organisations"),
    [
        ("social dialogue", ["Social dialogue"], []),
        ("Diálogo social", ["Social dialogue"], []),
        ("ประชุม", ["Social dialogue"], []),
        ("tripartism", ["Social dialogue"], []),
        ("labour", [], ["International Labour Organization"]),
        ("ilo", [], ["International Labour Organization"]),
        ("editorial", [], []),
        ("s", [], []),
        ("x%", [], []),
        ("s_", [], []),
    ],
)
def test_search_finds_pages_of_the_hub_by_name(client, words, terms, organisations):
    term = make_term("Social dialogue")
    make_label(term, "es", "Diálogo social")
    make_label(term, "th", "การประชุม")
    term.labels.filter(language="en").update(alternatives=["tripartism"])
    make_organisation("International Labour Organization", acronym="ILO")
    Organisation.objects.desk()

    response = client.get("/search/", {"q": words})

    assert [label.label for label in response.context["terms"]] == terms
    assert [one.name for one in response.context["organisations"]] == organisations


def test_search_finds_works_in_all_languages_and_keeps_out_of_other_searches(client):
    make_resource("Los mineros", language="es")
    make_resource("Miners", kind="news")

    response = client.get("/search/", {"q": "mineros"})

    page = Page(response.content.decode())
    assert [card.title for card in response.context["cards"]] == ["Los mineros"]
    assert (page.robots, page.title) == ("noindex", "Search: mineros – Just Transition Hub")


@pytest.mark.parametrize("scheme", [Scheme.TOPIC, Scheme.SECTOR, Scheme.PLACE])
def test_term_detail_shows_works_names_and_what_is_beside(client, scheme):
    term = make_term("Named", scheme)
    make_label(term, "es", "Nombrado")
    beside = make_term("Beside", Scheme.TOPIC if scheme != Scheme.TOPIC else Scheme.SECTOR)
    make_resource("Works on it", terms=[term, beside], kind="tool")
    make_resource("Works on another", terms=[beside])

    shown = client.get(term.get_absolute_url()).context

    assert (shown["label"], shown["total"]) == ("Named", 1)
    assert [card.title for card in shown["cards"]] == ["Works on it"]
    assert [name.label for name in shown["names"]] == ["Nombrado"]
    assert [(one.kind.value, one.count) for one in shown["kinds"]] == [("tool", 1)]
    assert shown["all_url"] == f"/resources/?{scheme}={term.slug}"
    around = [*shown["topics"], *shown["sectors"]]
    assert [(one.label, one.count) for one in around] == [("Beside", 1)]


def test_place_detail_of_a_country_holds_its_regions(client):
    spain = make_term("Spain", Scheme.PLACE)
    asturias = make_term("Asturias", Scheme.PLACE, parent=spain)
    make_term("Teruel", Scheme.PLACE, parent=spain)
    seated = make_organisation("Seated in a region", place=asturias)
    make_resource("On Asturias", terms=[asturias])

    country = client.get(spain.get_absolute_url()).context
    region = client.get(asturias.get_absolute_url()).context

    assert [card.title for card in country["cards"]] == ["On Asturias"]
    regions = [(one.label, one.count) for one in country["regions"]]
    assert regions == [("Asturias", 1), ("Teruel", 0)]
    assert [one.organisation for one in country["organisations"]] == [seated]
    assert (region["parent"].label, region["tag"]) == ("Spain", "Coal region in Spain")


@pytest.mark.parametrize("scheme", [Scheme.TOPIC, Scheme.SECTOR, Scheme.PLACE])
def test_term_detail_of_a_term_without_a_name_is_no_page(client, scheme):
    fields = {"place_kind": "country"} if scheme == Scheme.PLACE else {}
    Term.objects.create(scheme=scheme, slug="unnamed", **fields)

    assert client.get(f"/{scheme}s/unnamed/").status_code == 404
    assert client.get(f"/{scheme}s/").status_code == 200


def test_term_detail_belongs_to_one_scheme(client):
    make_term("Coal", Scheme.SECTOR, slug="coal")

    paths = ["/sectors/coal/", "/topics/coal/", "/places/coal/", "/partners/coal/"]

    assert [client.get(path).status_code for path in paths] == [200, 404, 404, 404]


def test_partner_detail_shows_what_it_published_not_what_it_curates(client):
    partner, other = make_organisation("Partner", slug="partner"), make_organisation()
    make_resource("Owned", owner=partner)
    shared = make_draft("Shared", owner=other)
    shared.co_owners.add(partner)
    published = make_draft("Published", owner=other)
    Credit.objects.create(resource=published, role="publisher", organisation=partner)
    make_draft("Draft", owner=partner)
    make_resource("Of others", owner=other)
    for draft in (shared, published):
        services.publish(draft.pk)

    shown = client.get("/partners/partner/").context

    assert [card.title for card in shown["cards"]] == ["Published"]
    assert (shown["total"], shown["organisation"]) == (1, partner)
    assert client.get(shown["all_url"]).context["total"] == 1


def test_partner_pages_leave_out_the_desk(client):
    desk = Organisation.objects.desk()
    partner = make_organisation("Partner")

    listed = links(client.get("/partners/").content)

    assert partner.get_absolute_url() in listed
    assert desk.get_absolute_url() not in listed
    assert client.get(desk.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["topic_list", "sector_list", "place_list", "partner_list"])
def test_lists_lead_to_all_that_they_name(client, name):
    spain = make_term("Spain", Scheme.PLACE, is_focus=True)
    terms = [make_term("T"), make_term("S", "sector"), spain, make_term("A", "place", spain)]
    make_resource(terms=terms, owner=make_organisation(place=spain))
    path = reverse(f"portal:{name}")

    below = {url for url in links(client.get(path).content) if url.startswith(path) and url != path}

    assert len(below) == (2 if name == "place_list" else 1)
    assert {client.get(url).status_code for url in below} == {200}


def test_audiences_have_pages_and_can_be_filtered_by(client):
    miners = make_term("Miners", Scheme.AUDIENCE, slug="miners")
    make_resource("For miners", terms=[miners])
    make_resource("For others")

    page = client.get("/audiences/miners/").context

    assert [card.title for card in page["cards"]] == ["For miners"]
    assert client.get(page["all_url"]).context["total"] == 1
    assert [one.label for one in client.get("/audiences/").context["terms"]] == ["Miners"]
    assert [one.url for one in client.get("/search/?q=miners").context["terms"]] == [
        "/audiences/miners/"
    ]
