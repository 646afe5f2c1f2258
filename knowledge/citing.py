"""Works as other programs cite them: CSL-JSON, RIS, BibTeX.

All three are written from one description, that of CSL 1.0.2 (docs.citationstyles.org). RIS is what
Zotero, Mendeley and EndNote read; BibTeX is kept to the entry types that every style knows.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from knowledge.models import Edition, Identifier, Resource

Item = dict[str, Any]
# What somebody says of works beside what they are, by their keys.
Notes = Mapping[int, str]
NO_NOTES: Notes = MappingProxyType({})


@dataclass(frozen=True)
class Form:
    """What a kind of ours is called by CSL, by RIS and by BibTeX."""

    csl: str
    ris: str
    bibtex: str = "misc"


FORMS = {
    "explainer": Form("webpage", "ELEC"),
    "policy-document": Form("report", "GOVDOC", "techreport"),
    "tool": Form("software", "COMP"),
    "portal": Form("webpage", "ELEC"),
    "guide": Form("report", "RPRT", "techreport"),
    "course": Form("webpage", "ELEC"),
    "op-ed": Form("article-newspaper", "NEWS"),
    "interview": Form("interview", "ELEC"),
    "video": Form("motion_picture", "VIDEO"),
    "podcast": Form("broadcast", "SOUND"),
    "report": Form("report", "RPRT", "techreport"),
    "brief": Form("report", "RPRT", "techreport"),
    "journal-article": Form("article-journal", "JOUR", "article"),
    "case-study": Form("report", "RPRT", "techreport"),
    "dataset": Form("dataset", "DATA"),
    "news": Form("article-newspaper", "NEWS"),
}
# What these are in is what published them.
IN_A_CONTAINER = ("article-journal", "article-newspaper")
PARTS_OF_DATE = {"year": 1, "month": 2, "day": 3, "": 3}
# What TeX takes for commands.
TEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}


def item_of(resource: Resource, note: str = "") -> Item:
    """A work in CSL's words: only what the entry knows, nothing left blank. It is read by
    ``Resource.objects.for_citing()``."""
    original = resource.original or Edition()
    publishers = "; ".join(publisher.name for publisher in resource.publishers())
    kind = FORMS[resource.kind].csl
    ids = {one.scheme: one.value for one in resource.identifiers.all()}
    told = {
        "id": resource.slug,
        "type": kind,
        "title": ": ".join(filter(None, [original.title, original.subtitle])),
        "author": [_name(name) for name in resource.authors()],
        "issued": _issued(resource),
        "publisher": publishers,
        "container-title": publishers if kind in IN_A_CONTAINER else "",
        "language": resource.languages[0],
        "abstract": _in_a_line(resource.summary),
        "keyword": ", ".join(str(term) for term in resource.terms.all()),
        "DOI": ids.get(Identifier.Scheme.DOI, ""),
        "ISBN": ids.get(Identifier.Scheme.ISBN, ""),
        # Where nobody knows where it is, where we tell of it.
        "URL": resource.work_url or resource.permanent_url,
        "note": _in_a_line(note),
    }
    return {name: value for name, value in told.items() if value}


def as_csl_json(resources: Iterable[Resource], notes: Notes = NO_NOTES) -> str:
    items = [item_of(resource, notes.get(resource.pk, "")) for resource in resources]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def as_ris(resources: Iterable[Resource], notes: Notes = NO_NOTES) -> str:
    from rispy import RisWriter, dumps  # seldom needed

    class Writer(RisWriter):
        def set_header(self, count: int) -> str:
            return ""  # without the numbers between entries, which are in no description of RIS

    told = [_ris_of(resource, notes.get(resource.pk, "")) for resource in resources]
    return dumps(told, implementation=Writer)


def as_bibtex(resources: Iterable[Resource], notes: Notes = NO_NOTES) -> str:
    from bibtexparser.bibdatabase import BibDatabase  # seldom needed
    from bibtexparser.bwriter import BibTexWriter

    database = BibDatabase()
    database.entries = [_bibtex_of(one, notes.get(one.pk, "")) for one in resources]
    writer = BibTexWriter()
    writer.order_entries_by = None  # as they come
    return writer.write(database)


def _ris_of(resource: Resource, note: str) -> Item:
    item = item_of(resource, note)
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    told = {
        "type_of_reference": FORMS[resource.kind].ris,
        "id": item["id"],
        "title": item.get("title"),
        "authors": [_in_order(name) for name in item.get("author", [])],
        "year": "".join(str(year) for year in parts[:1]),
        "date": _ris_date(parts),
        "publisher": item.get("publisher"),
        "secondary_title": item.get("container-title"),
        "language": item.get("language"),
        "abstract": item.get("abstract"),
        "keywords": [str(term) for term in resource.terms.all()],
        "doi": item.get("DOI"),
        "issn": item.get("ISBN"),
        # Between two addresses stands a semicolon, so within one there is none.
        "urls": [item["URL"].replace(";", "%3B")],
        "notes": [item["note"]] if "note" in item else [],
    }
    return {
        name: [_in_a_line(one) for one in value] if isinstance(value, list) else _in_a_line(value)
        for name, value in told.items()
        if value
    }


def _ris_date(parts: list[int]) -> str:
    """Year/month/day/other, each empty where it is not known."""
    told = [f"{part:02}" for part in parts]
    return "/".join([*told, *[""] * (4 - len(told))]) if told else ""


def _bibtex_of(resource: Resource, note: str) -> Item:
    item, form = item_of(resource, note), FORMS[resource.kind].bibtex
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    publisher = {"techreport": "institution", "article": "journal"}.get(form, "publisher")
    told = {
        # In braces the title keeps its capitals, and a name its order.
        "title": f"{{{_tex(item.get('title', ''))}}}",
        "author": " and ".join(_bibtex_name(name) for name in item.get("author", [])),
        "year": str(parts[0]) if parts else "",
        "month": str(parts[1]) if len(parts) > 1 else "",
        # As BibLaTeX and Zotero read it, with the day.
        "date": "-".join(f"{part:02}" for part in parts),
        publisher: _tex(item.get("publisher", "")),
        "abstract": _tex(item.get("abstract", "")),
        "keywords": _tex(item.get("keyword", "")),
        "language": item["language"],
        "doi": _tex(item.get("DOI", "")),
        "isbn": item.get("ISBN", ""),
        "annote": _tex(item.get("note", "")),
        "url": item["URL"].translate({ord(sign): f"%{ord(sign):02X}" for sign in "{}\\"}),
    }
    filled = {name: value for name, value in told.items() if value}
    return {"ENTRYTYPE": form, "ID": item["id"], **filled}


def _name(name: str) -> dict[str, str]:
    """Of a name only its writer knows which part is the family's, unless a comma says so."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given and "," not in given:
        return {"family": family, "given": given}
    return {"literal": name}


def _in_order(name: dict[str, str]) -> str:
    return name.get("literal") or f"{name['family']}, {name['given']}"


def _bibtex_name(name: dict[str, str]) -> str:
    literal = name.get("literal")
    return f"{{{_tex(literal)}}}" if literal else _tex(_in_order(name))


def _issued(resource: Resource) -> dict[str, list[list[int]]]:
    day = resource.published_on
    if day is None:
        return {}
    known = PARTS_OF_DATE[resource.published_precision]
    return {"date-parts": [[day.year, day.month, day.day][:known]]}


def _in_a_line(text: str) -> str:
    """Without line breaks: in RIS a line of a text could be taken for a field."""
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(TEX.get(sign, sign) for sign in text)
