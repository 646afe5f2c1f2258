"""Works taken along to programs that keep references, and nothing lost on the way: all of the real
starting content, written by the addresses that readers use and read by the libraries of others."""

import json
import re

import bibtexparser
import pytest
import rispy

from knowledge import citing
from knowledge.models import Resource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content")]
ENDINGS = ["bib", "ris", "json"]
OF_TEX = [
    *((told, sign) for sign, told in citing.TEX.items() if sign != "\\"),
    (r"\textbackslash{}", "\\"),
]


def plain(text: str) -> str:
    """What a reader of BibTeX shows for these signs."""
    text = text.removeprefix("{").removesuffix("}") if text.startswith("{") else text
    pattern = "|".join(re.escape(told) for told, _sign in OF_TEX)
    return re.sub(pattern, lambda found: dict(OF_TEX)[found[0]], text)


def read(content: str, ending: str) -> list[dict]:
    if ending == "bib":
        parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
        return bibtexparser.loads(content, parser).entries
    return rispy.loads(content) if ending == "ris" else json.loads(content)


def of_bibtex(entry: dict) -> dict:
    publisher = entry.get("institution") or entry.get("journal") or entry.get("publisher", "")
    authors = entry.get("author", "")
    return {
        "id": entry["ID"],
        "title": plain(entry["title"]),
        "authors": [plain(name) for name in authors.split(" and ")] if authors else [],
        "date": entry.get("date", ""),
        "publisher": plain(publisher),
        "abstract": plain(entry.get("abstract", "")),
        "keywords": [word for word in plain(entry.get("keywords", "")).split(", ") if word],
        "doi": plain(entry.get("doi", "")),
        "language": entry["language"],
        "url": entry["url"],
    }


def of_ris(entry: dict) -> dict:
    return {
        "id": entry["id"],
        "title": entry["title"],
        "authors": entry.get("authors", []),
        "date": "-".join(part for part in entry.get("date", "").split("/") if part),
        "publisher": entry.get("publisher", ""),
        "abstract": entry.get("abstract", ""),
        "keywords": entry.get("keywords", []),
        "doi": entry.get("doi", ""),
        "language": entry["language"],
        "url": entry["urls"][0].replace("%3B", ";"),
    }


def of_csl(item: dict) -> dict:
    [parts] = item.get("issued", {}).get("date-parts", [[]])
    names = item.get("author", [])
    return {
        "id": item["id"],
        "title": item["title"],
        "authors": [one.get("literal") or f"{one['family']}, {one['given']}" for one in names],
        "date": "-".join(f"{part:02}" for part in parts),
        "publisher": item.get("publisher", ""),
        "abstract": item.get("abstract", ""),
        "keywords": [word for word in item.get("keyword", "").split(", ") if word],
        "doi": item.get("DOI", ""),
        "language": item["language"],
        "url": item["URL"],
    }


OF = {"bib": of_bibtex, "ris": of_ris, "json": of_csl}


def known_of(work: Resource) -> dict:
    """What the hub itself says of a work."""
    original, day = work.original, work.published_on
    precision = {"year": "%Y", "month": "%Y-%m"}.get(work.published_precision, "%Y-%m-%d")
    title = ": ".join(filter(None, [original.title, original.subtitle]))
    dois = [one.value for one in work.identifiers.all() if one.scheme == "doi"]
    return {
        "id": work.slug,
        "title": title,
        "authors": work.authors(),
        "date": day.strftime(precision) if day else "",
        "publisher": "; ".join(one.name for one in work.publishers()),
        "abstract": " ".join(work.summary.split()),
        "keywords": [str(term) for term in work.terms.all()],
        "doi": "".join(dois),
        "language": work.languages[0],
        "url": work.work_url or work.permanent_url,
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_of_the_starting_content_is_lost(client, ending):
    works = {work.slug: work for work in Resource.objects.public().for_citing()}

    response = client.get(f"/resources.{ending}")

    entries = [OF[ending](entry) for entry in read(response.content.decode(), ending)]
    assert len(entries) == len(works) > 200
    for entry in entries:
        known = known_of(works[entry["id"]])
        # A term may have a comma in its name.
        entry["keywords"], known["keywords"] = (
            sorted(", ".join(words).split(", ")) for words in (entry["keywords"], known["keywords"])
        )
        assert entry == known


@pytest.mark.parametrize(
    "query", ["", "?kind=report", "?q=coal&sort=newest", "?language=es&kind=news"]
)
def test_a_list_is_taken_along_as_it_is_shown(client, query):
    page = client.get(f"/resources/{query}")
    shown = [card.record.path.split("/")[-2] for card in page.context["cards"]]
    works = [card for card in page.context["cards"] if card.record.kind != "collection"]

    links = dict(page.context["reference_files"])
    items = json.loads(client.get(f"/resources.json{query}").content)

    assert any(url.startswith("/resources.json") for url in links)
    for url in links:
        assert f'href="{url.replace("&", "&amp;")}"' in page.content.decode()
    assert works
    assert [item["id"] for item in items][: len(works)] == [
        slug for slug, card in zip(shown, page.context["cards"], strict=True) if card in works
    ]
