from datetime import date, timedelta
from itertools import permutations
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.utils import timezone

from hub.catalogue import usage
from hub.catalogue.models import Record
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge import services
from knowledge.models import Edition, Resource
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import Page, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms() -> dict[str, Term]:
    spain = make_term("Spain", Scheme.PLACE, slug="spain")
    return {
        "dialogue": make_term("Social dialogue", slug="social-dialogue"),
        "finance": make_term("Finance", slug="finance"),
        "spain": spain,
        "asturias": make_term("Asturias", Scheme.PLACE, slug="asturias", parent=spain),
        "chile": make_term("Chile", Scheme.PLACE, slug="chile"),
    }


@pytest.fixture
def library(terms) -> None:
    """Six works, the newest first."""
    rows = [
        ("Diálogo en Asturias", "op-ed", "es", ["dialogue", "asturias"], "ILO", 2024),
        ("Pagar la transición", "op-ed", "es", ["finance", "chile"], "GIZ", 2023),
        ("Talking works", "op-ed", "en", ["dialogue"], "ILO", 2022),
        ("Informe del diálogo", "report", "es", ["dialogue", "spain"], "ITUC", 2021),
        ("A tool for budgets", "tool", "en", ["finance", "dialogue"], "GIZ", 2021),
        ("Zinc and coal", "news", "en", [], "GIZ", None),
    ]
    for title, kind, language, names, publisher, year in rows:
        dated = {"published_on": date(year, 3, 1), "published_precision": "month"} if year else {}
        make_resource(
            title,
            kind=kind,
            language=language,
            terms=[terms[name] for name in names],
            publishers=[publisher],
            **dated,
        )


def titles(response: HttpResponse) -> list[str]:
    return [card.title for card in response.context["cards"]]


def counts(response: HttpResponse, name: str) -> dict[str, int]:
    """What a facet offers: each value, regions too, with its number."""
    facets = {facet.name: facet.options for facet in response.context["facets"]}
    options = [one for option in facets[name] for one in (option, *option.children)]
    return {option.value: option.count for option in options}


def chosen_by(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=op-ed&language=es&topic=social-dialogue", ["Diálogo en Asturias"]),
        ("kind=op-ed&language=es", ["Diálogo en Asturias", "Pagar la transición"]),
        ("kind=report&kind=tool", ["Informe del diálogo", "A tool for budgets"]),
        (
            "topic=finance&topic=social-dialogue&language=en",
            ["Talking works", "A tool for budgets"],
        ),
        ("place=spain", ["Diálogo en Asturias", "Informe del diálogo"]),
        ("place=asturias", ["Diálogo en Asturias"]),
        ("place=asturias&place=chile", ["Diálogo en Asturias", "Pagar la transición"]),
        ("publisher=giz&from=2021&to=2023", ["Pagar la transición", "A tool for budgets"]),
        ("publisher=giz&from=2023&to=2021", ["Pagar la transición", "A tool for budgets"]),
        ("publisher=giz&to=2021", ["A tool for budgets"]),
        ("publisher=ituc&topic=finance", []),
        ("q=dialogue&kind=op-ed", ["Talking works", "Diálogo en Asturias"]),
        ("q=dialogo+-informe", ["Diálogo en Asturias"]),
    ],
)
def test_resource_list_joins_choices_in_a_facet_by_or_and_facets_by_and(
    client, library, query, found
):
    response = client.get(f"/resources/?{query}")

    assert sorted(titles(response)) == sorted(found)
    assert response.context["total"] == len(found)


def test_resource_list_counts_a_facet_without_its_own_choice(client, library):
    response = client.get("/resources/?kind=op-ed&language=es")

    assert counts(response, "kind") == {"op-ed": 2, "report": 1}
    assert counts(response, "language") == {"es": 2, "en": 1}
    assert counts(response, "topic") == {"social-dialogue": 1, "finance": 1}
    assert counts(response, "place") == {"spain": 1, "asturias": 1, "chile": 1}
    assert counts(response, "publisher") == {"ilo": 1, "giz": 1}
    assert {bar.year: bar.count for bar in response.context["years"].bars} == {2023: 1, 2024: 1}


def test_resource_list_counts_what_a_choice_then_finds(client, library):
    overview = client.get("/resources/?language=es")

    for name in ("topic", "kind", "place", "publisher"):
        for value, count in counts(overview, name).items():
            response = client.get(f"/resources/?language=es&{name}={value}")
            assert (name, value, response.context["total"]) == (name, value, count)
    for bar in overview.context["years"].bars:
        assert client.get(bar.url).context["total"] == bar.count


def test_resource_list_chips_take_back_one_choice_each(client, library):
    chosen = {
        "q": ["works"],
        "topic": ["finance", "social-dialogue"],
        "kind": ["op-ed"],
        "language": ["en"],
        "place": ["spain"],
        "from": ["2022"],
        "to": ["2022"],
        "sort": ["title"],
    }
    query = "&".join(f"{name}={value}" for name, values in chosen.items() for value in values)

    response = client.get(f"/resources/?{query}&page=1")

    wanted = []
    for name, values in chosen.items():
        for value in values if name not in ("sort", "to") else []:
            rest = {**chosen, name: [other for other in values if other != value]}
            rest |= {"to": []} if name == "from" else {}
            wanted.append({name: values for name, values in rest.items() if values})
    chips = response.context["chips"]
    assert [chosen_by(chip.url) for chip in chips] == wanted
    names = ["“works”", "Finance", "Social dialogue", "Op-ed", "English", "Spain", "2022"]
    assert [str(chip.label) for chip in chips] == names
    assert response.context["clear_url"] == "/resources/"


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Newer", "Older", "Älter als alle", "Undated"]),
        ("sort=newest", ["Newer", "Older", "Älter als alle", "Undated"]),
        ("sort=oldest", ["Älter als alle", "Older", "Newer", "Undated"]),
        ("sort=title", ["Älter als alle", "Newer", "Older", "Undated"]),
        ("sort=relevance", ["Newer", "Older", "Älter als alle", "Undated"]),
        ("q=older", ["Older", "Newer"]),
        ("q=older&sort=newest", ["Newer", "Older"]),
    ],
)
def test_resource_list_is_ordered_as_asked(client, query, order):
    for title, year in [("Older", 1999), ("Undated", 0), ("Newer", 2020), ("Älter als alle", 1998)]:
        dated = {"published_on": date(year, 1, 1), "published_precision": "year"} if year else {}
        make_resource(title, summary="Not older." if title == "Newer" else "", **dated)

    response = client.get(f"/resources/?{query}")

    assert titles(response) == order
    assert [sort.is_current for sort in response.context["sorts"]].count(True) == 1


def test_resource_list_pages_hold_each_work_once(client):
    wanted = {make_resource(f"Work {number:02}").original.title for number in range(45)}

    pages = [client.get(f"/resources/?sort=title&page={number}") for number in (1, 2, 3)]

    shown = [titles(page) for page in pages]
    assert [len(one) for one in shown] == [20, 20, 5]
    assert [title for one in shown for title in one] == sorted(wanted)
    assert {page.context["total"] for page in pages} == {45}
    assert pages[1].context["page"].previous_url == "/resources/?sort=title"
    assert pages[1].context["page"].next_url == "/resources/?page=3&sort=title"
    assert client.get("/resources/?page=4").status_code == 404


def test_resource_list_has_one_address_whatever_the_order_of_parameters(client, library):
    parts = ["topic=finance", "topic=social-dialogue", "kind=tool", "q=budgets"]

    canonical = {
        Page(client.get(f"/resources/?{'&'.join(order)}").content.decode()).canonical
        for order in permutations(parts)
    }

    query = "q=budgets&topic=finance&topic=social-dialogue&kind=tool"
    assert canonical == {f"https://hub.example.org/resources/?{query}"}


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("page=1", ""),
        ("sort=newest", ""),
        ("sort=relevance", ""),
        ("sort=evil&topic=nothing&q=", ""),
        ("sort=title&page=1", "?sort=title"),
        ("q=coal&sort=relevance", "?q=coal"),
        ("q=coal&sort=newest", "?q=coal&sort=newest"),
        ("q=++coal++&kind=news&kind=news", "?q=coal&kind=news"),
    ],
)
def test_resource_list_leaves_out_of_its_address_what_goes_without_saying(
    client, library, query, canonical
):
    page = Page(client.get(f"/resources/?{query}").content.decode())

    assert page.canonical == f"https://hub.example.org/resources/{canonical}"


def test_resource_list_without_hits_keeps_what_was_chosen(client, library):
    response = client.get("/resources/?q=zinc&kind=op-ed&place=chile&publisher=ilo&from=2020")

    assert (response.status_code, response.context["total"]) == (200, 0)
    assert len(response.context["chips"]) == 5
    assert "Nothing fits all of this." in response.content.decode()
    for name, value in [("kind", "op-ed"), ("place", "chile"), ("publisher", "ilo")]:
        assert counts(response, name)[value] == 0
    page = Page(response.content.decode())
    ticked = {one["value"] for one in page.all("input") if "checked" in one}
    assert ticked == {"op-ed", "chile", "ilo"}
    assert [one["value"] for one in page.all("input") if one.get("name") == "from"] == ["2020"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("just transition", ["A just transition for all"]),
        ('"just transition"', ["A just transition for all"]),
        ("transicion", ["La transición justa"]),
        ("transición", ["La transición justa"]),
        ("TRANSICIONES", ["La transición justa"]),
        ("public transit", ["Public transit and regions in transition"]),
        ("-just transition", ["Public transit and regions in transition"]),
        ("public or justa", ["La transición justa", "Public transit and regions in transition"]),
        ('"transition just"', []),
        ("МІСТА", ["Шахтарські міста"]),
        ("Khanh Hoa", ["Khánh Hòa"]),
    ],
)
def test_resource_list_finds_words_as_people_type_them(client, words, found):
    make_resource("A just transition for all")
    make_resource("Public transit and regions in transition")
    make_resource("La transición justa", language="es")
    make_resource("Шахтарські міста", language="uk")
    make_resource("Khánh Hòa", language="vi")

    response = client.get("/resources/", {"q": words})

    assert sorted(titles(response)) == sorted(found)


def test_resource_list_finds_a_work_by_its_topic_in_another_language(client, terms):
    make_label(terms["dialogue"], "es", "Diálogo social", alternatives=["concertación"])
    make_resource("Talks at the table", terms=[terms["dialogue"]])

    for words in ("dialogo social", "concertacion"):
        assert titles(client.get("/resources/", {"q": words})) == ["Talks at the table"]


def test_resource_pages_cost_the_same_however_much_they_show(client, terms):
    costs = {
        "/resources/": 11,
        "/resources/?q=work&from=2020&kind=report&language=en": 19,
        "/resources/?q=work&topic=finance&place=spain&publisher=giz&sort=title": 20,
        "/resources/?q=nothing&topic=dragons": 26,
        # Counts its reader; asks, once after a change, all lists, and for the references kept of it.
        "/resources/work-0/": 23,
        "/r/work000/": 1,
    }
    found = []
    usage.begin_day()

    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            resource = make_draft(
                f"Work {number}",
                slug=f"work-{number}",
                public_id=f"work{number:03}",
                terms=terms.values(),
                publishers=[f"Publisher {number}", "GIZ"],
                published_on=date(2020, 1, 1),
                published_precision="year",
            )
            Edition.objects.create(resource=resource, language="es", title=f"Obra {number}")
            resource.co_owners.set([make_organisation(), make_organisation()])
            resource.tags.set(["one", "two"])
            services.publish(resource.pk)
        # After a change the first reader pays for the vocabulary and the counts of everything.
        for path in ("/resources/?sort=title", "/search/?sort=title"):
            client.get(path)
        found.append({path: queries_of(client, path) for path in costs})

    # The first reader of a work has its references made and kept.
    assert found == [costs | {"/resources/work-0/": 24}, costs]


def test_resource_detail_shows_the_work(client, terms):
    resource = make_resource(
        "Diálogo",
        language="es",
        slug="dialogo",
        terms=terms.values(),
        publishers=["ILO", "ITUC"],
        published_on=date(2021, 4, 1),
        published_precision="month",
    )
    Edition.objects.create(resource=resource, language="en", title="Dialogue", summary="In brief.")
    services.saved(resource)

    response = client.get("/resources/dialogo/")

    shown = response.context["edition"]
    assert (shown.title, shown.language, shown.summary) == ("Diálogo", "es", "In brief.")
    assert [(one.title, one.lang) for one in response.context["other_editions"]] == [
        ("Dialogue", "en")
    ]
    assert [publisher.name for publisher in response.context["publishers"]] == ["ILO", "ITUC"]
    assert response.context["dated"].text == "April 2021"
    page = Page(response.content.decode())
    assert page.title == "Diálogo – Just Transition Hub"
    assert page.canonical == "https://hub.example.org/resources/dialogo/"
    assert page.all("h1")[0]["lang"] == "es"


def test_resource_detail_names_works_that_share_its_terms(client, terms):
    read = make_resource("Read", terms=[terms["dialogue"], terms["asturias"]])
    make_resource("Shares a country", terms=[terms["spain"]])
    make_resource("Shares nothing", terms=[terms["chile"]])
    make_resource("Shares both", terms=[terms["dialogue"], terms["asturias"]])

    response = client.get(read.get_absolute_url())

    related = [card.title for card in response.context["related"]]
    assert related == ["Shares both", "Shares a country"]


def test_resource_detail_waits_for_a_missing_record(client):
    """As where somebody withdraws the work between the two questions of the view."""
    resource = make_resource()
    Record.objects.all().delete()

    assert client.get(resource.get_absolute_url()).status_code == 404


def test_withdrawn_resource_says_why_and_what_to_read_instead(client):
    newer = make_resource("Second edition", slug="second")
    withdrawn = make_resource("First edition", slug="first", summary="Wrong figures.")
    services.withdraw(withdrawn.pk, reason="Its figures were wrong.", replaced_by=newer)

    response = client.get("/resources/first/")

    page = Page(response.content.decode())
    assert response.status_code == 410
    assert (response.context["title"], page.robots) == ("First edition", "noindex")
    assert response.context["reason"] == "Its figures were wrong."
    assert "/resources/second/" in {link.get("href") for link in page.all("a")}
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert "Wrong figures." not in response.content.decode()


@pytest.mark.parametrize("then", ["withdrawn", "scheduled", "restored"])
def test_withdrawn_resource_names_no_replacement_that_is_not_public(client, then):
    newer = make_resource("Second edition")
    withdrawn = make_resource("First edition")
    services.withdraw(withdrawn.pk, reason="Wrong.", replaced_by=newer)
    if then == "scheduled":
        coming = timezone.now() + timedelta(days=1)
        Resource.objects.filter(pk=newer.pk).update(publish_at=coming)
    else:
        services.withdraw(newer.pk, reason="Wrong too.")
    if then == "restored":
        services.restore(newer.pk)

    response = client.get(withdrawn.get_absolute_url())

    assert (response.status_code, response.context["replacement"]) == (410, None)
    assert "Second edition" not in response.content.decode()


def test_short_address_leads_to_where_the_work_is_now(client):
    resource = make_resource(slug="old")
    Resource.objects.filter(pk=resource.pk).update(slug="new")

    for public_id in (resource.public_id, resource.public_id.upper()):
        response = client.get(f"/r/{public_id}/")
        assert (response.status_code, response["Location"]) == (302, "/resources/new/")

    assert client.get("/r/0000000/").status_code == 404
