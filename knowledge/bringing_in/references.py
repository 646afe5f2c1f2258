"""Lists of references (RIS, BibTeX, CSL-JSON) read into the same entries as tables."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from hub.texts import tidy
from knowledge.bringing_in import bibtex
from knowledge.bringing_in.entries import BadFile, Cell, Entry, Reading, collected, decoded

# Of kinds that a format does not tell apart none is named: the person chose one for them.
KIND_OF_RIS = {
    "JOUR": "journal-article",
    "EJOUR": "journal-article",
    "JFULL": "journal-article",
    "RPRT": "report",
    "GOVDOC": "policy-document",
    "COMP": "tool",
    "DATA": "dataset",
    "NEWS": "news",
    "VIDEO": "video",
    "SOUND": "podcast",
    "LEGAL": "policy-document",
}
KIND_OF_BIBTEX = {"article": "journal-article", "techreport": "report"}
KIND_OF_CSL = {
    "article-journal": "journal-article",
    "report": "report",
    "dataset": "dataset",
    "software": "tool",
    "motion_picture": "video",
    "broadcast": "podcast",
    "interview": "interview",
    "article-newspaper": "news",
    "legislation": "policy-document",
}
RIS_BEGINS = re.compile(r"^TY  ?- ?", re.MULTILINE)
RIS_ENDS = re.compile(r"^ER  ?-", re.MULTILINE)
# A tag and its sign as the parser wants them: some programs write one blank between them.
RIS_TAG = re.compile(r"^([A-Z][A-Z0-9]) +- ?", re.MULTILINE)
PART_OF_DATE = re.compile(r"\d+")
ISBN = re.compile(r"(?:97[89])?\d{9}[\dX]")
MAX_COMMANDS = 500  # of a text: the time it takes to put letters for them grows by their square
MAX_JSON = 6 * 1024 * 1024  # what is read of it takes forty times as much memory


def read_ris(content: bytes) -> Reading:
    text, notes = decoded(content)
    return Reading(collected(_ris_entries(_lines(text))), notes)


def read_bibtex(content: bytes) -> Reading:
    text, notes = decoded(content)
    references = bibtex.references(_lines(text))
    return Reading(collected(_of_bibtex(reference) for reference in references), notes)


def read_csl(content: bytes) -> Reading:
    if len(content) > MAX_JSON:
        raise BadFile(_("CSL-JSON may have 6 MB. Bring it in in parts."))
    text, notes = decoded(content)
    return Reading(collected(_csl_entries(text.lstrip("\ufeff"))), notes)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# RIS


def _ris_entries(text: str) -> Iterator[Entry]:
    begins = [match.start() for match in RIS_BEGINS.finditer(text)]
    line, counted = 1, 0
    for begin, end in pairwise([*begins, len(text)]):
        line += text.count("\n", counted, begin)
        counted = begin
        yield _of_ris(line, text[begin:end])


def _of_ris(line: int, text: str) -> Entry:
    """One reference. One that is not shut is taken as far as it goes: nothing else is in it."""
    from rispy import RisParser  # seldom needed

    shut = RIS_ENDS.search(text)
    text = RIS_TAG.sub(r"\1  - ", text[: shut.start()] if shut else text) + "\nER  - \n"
    [told, *_more] = RisParser(delimiter_tags_mapping={}, skip_unknown_tags=True).parse(text) or [
        {}
    ]
    said = {name: value for name, value in told.items() if value}
    entry = Entry(line)
    if told.get("type_of_reference", "").strip() == "":
        entry.problems.append(_("the reference does not say what it is (TY)"))
    numbers = str(said.get("issn", ""))
    return _filled(
        entry,
        title=_first(said, "title", "primary_title"),
        kind=KIND_OF_RIS.get(told.get("type_of_reference", ""), ""),
        languages=_language(said.get("language", "")),
        authors=[*said.get("authors", []), *said.get("first_authors", [])],
        publishers=[
            _first(said, "publisher", "journal_name", "alternate_title3", "secondary_title")
        ],
        date=_ris_date(_first(said, "date", "year", "publication_year")),
        keywords=said.get("keywords", []),
        summary=_first(said, "abstract", "notes_abstract"),
        url=(said.get("urls") or [""])[0],
        identifiers=_identifiers(said.get("doi", ""), numbers),
    )


def _ris_date(text: str) -> str:
    """Year/month/day/other, each empty where it is not known."""
    parts = text.split("/")[:3]
    if not PART_OF_DATE.fullmatch(parts[0].strip()):
        return text
    known = []
    for part in parts:
        if not part.strip().isdigit():
            break
        known.append(part.strip().zfill(2))
    return "-".join(known)


# BibTeX


def _of_bibtex(reference: bibtex.Reference) -> Entry:
    entry = Entry(reference.line)
    if reference.problem:
        entry.problems.append(reference.problem)
    said = {
        name: _unescaped(value) if name in ("url", "doi") else _untex(value)
        for name, value in reference.fields.items()
    }
    month = said.get("month", "")
    date = said.get("date") or "-".join(
        filter(None, [said.get("year"), month.zfill(2) if month else ""])
    )
    return _filled(
        entry,
        title=": ".join(filter(None, [said.get("title"), said.get("subtitle")])),
        kind=KIND_OF_BIBTEX.get(reference.type, ""),
        languages=_language(_first(said, "language", "langid")),
        authors=[_untex(name) for name in _names(reference.fields.get("author", ""))],
        publishers=[
            _first(said, "institution", "publisher", "organization", "journal", "journaltitle")
        ],
        date=date,
        keywords=re.split(r"[,;]", said.get("keywords", "")),
        summary=said.get("abstract", ""),
        url=said.get("url", ""),
        identifiers=_identifiers(said.get("doi", ""), said.get("isbn", "")),
    )


def _names(text: str) -> list[str]:
    """The names of a list joined by "and", but for an "and" in braces."""
    names, depth, begin = [], 0, 0
    for match in re.finditer(r"\\.|[{}]|\s+and\s+", text):
        sign = match.group()
        depth += (sign == "{") - (sign == "}")
        if sign.strip() == "and" and depth == 0:
            names.append(text[begin : match.start()])
            begin = match.end()
    return [*names, text[begin:]]


ESCAPED = {
    **{f"\\{sign}": sign for sign in "&%$#_{}~"},
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textbackslash{}": "\\",
}
PLAIN_TEX = {**ESCAPED, "---": "—", "--": "–", "``": "“", "''": "”", "~": "\u00a0"}
del PLAIN_TEX[r"\~"]  # in a text an accent
ESCAPED_SIGN, TEX_SIGN = (
    re.compile("|".join(map(re.escape, signs))) for signs in (ESCAPED, PLAIN_TEX)
)
HIDDEN = {sign: chr(0xE000 + number) for number, sign in enumerate(PLAIN_TEX)}


def _unescaped(text: str) -> str:
    """An address or a DOI, in which a tilde is a tilde."""
    return ESCAPED_SIGN.sub(lambda match: ESCAPED[match.group()], text).strip("{} \n\t")


def _untex(text: str) -> str:
    """A value without the commands of TeX: accents as letters, no braces."""
    from bibtexparser.latexenc import latex_to_unicode  # seldom needed

    # What stands for a sign is hidden, so that it is not taken for a brace or a command.
    hidden = TEX_SIGN.sub(lambda match: HIDDEN[match.group()], text)
    is_tex = 0 < hidden.count("\\") < MAX_COMMANDS
    plain = latex_to_unicode(hidden) if is_tex else hidden
    plain = plain.replace("{", "").replace("}", "")
    for sign, mark in HIDDEN.items():
        plain = plain.replace(mark, PLAIN_TEX[sign])
    return " ".join(plain.split())


# CSL-JSON


def _csl_entries(text: str) -> Iterator[Entry]:
    """The objects of a list, or the one there is, each decoded by itself."""
    decoder = json.JSONDecoder()
    at = _behind_blanks(text, 0)
    is_list = text[at : at + 1] == "["
    at = _behind_blanks(text, at + is_list)
    line, counted = 1, 0
    while at < len(text) and text[at] != "]":
        line += text.count("\n", counted, at)
        counted = at
        try:
            told, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise BadFile(_("From line %(line)d on this is no JSON.") % {"line": line}) from None
        yield _of_csl(line, told)
        at = _behind_blanks(text, at)
        if is_list and text[at : at + 1] == ",":
            at = _behind_blanks(text, at + 1)
        elif not is_list or text[at : at + 1] != "]":
            break
    if is_list and text[at : at + 1] != "]":
        raise BadFile(_("The list is not shut: a “]” is missing. Is the file whole?"))


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _of_csl(line: int, told: Any) -> Entry:
    entry = Entry(line)
    if not isinstance(told, dict):
        entry.problems.append(_("no reference stands here, but something else"))
        return entry
    text = _Texts(entry, told)
    return _filled(
        entry,
        title=text("title"),
        kind=KIND_OF_CSL.get(text("type"), ""),
        languages=_language(text("language")),
        authors=[_csl_name(entry, name) for name in text.all("author")],
        publishers=[text("publisher") or text("container-title")],
        date=_csl_date(entry, told.get("issued")),
        keywords=text("keyword").split(","),
        summary=text("abstract"),
        url=text("URL"),
        identifiers=_identifiers(text("DOI"), text("ISBN")),
    )


class _Texts:
    """What an object says, as texts; another type is a problem of the entry."""

    def __init__(self, entry: Entry, told: dict[str, Any]) -> None:
        self.entry, self.told = entry, told

    def __call__(self, name: str) -> str:
        value = self.told.get(name) or ""
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        self._say(name, _("is no text"))
        return ""

    def all(self, name: str) -> list[Any]:
        value = self.told.get(name) or []
        if isinstance(value, list):
            return value[:1000]
        self._say(name, _("is no list"))
        return []

    def _say(self, name: str, words: str) -> None:
        self.entry.problems.append(f"{name}: {words}")


def _csl_name(entry: Entry, name: Any) -> str:
    if not isinstance(name, dict):
        entry.problems.append(f"author: {_('is no name')}")
        return ""
    text = _Texts(entry, name)
    given = " ".join(filter(None, [text("given"), text("non-dropping-particle")]))
    return text("literal") or ", ".join(filter(None, [text("family"), given]))


def _csl_date(entry: Entry, issued: Any) -> str:
    if not issued:
        return ""
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and all(isinstance(one, str | int) for one in first):
        return "-".join(str(one).zfill(2) for one in first[:3])
    text = issued.get("raw") or issued.get("literal") if isinstance(issued, dict) else None
    if isinstance(text, str):
        return text
    entry.problems.append(f"issued: {_('is no date')}")
    return ""


# What all three have in common


def _filled(entry: Entry, **cells: Cell) -> Entry:
    for column, value in cells.items():
        if isinstance(value, list):
            value = [one for one in map(_in_a_line, value) if one]
        elif column != "summary":
            value = _in_a_line(value)
        if value:
            entry.put(column, value)
    return entry


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def _first(said: dict[str, Any], *names: str) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _language(text: str) -> str:
    """ "en-GB" is English."""
    return re.split(r"[-_]", text.strip(), maxsplit=1)[0] if len(text.strip()) <= 8 else text


def _identifiers(doi: str, numbers: str) -> list[str]:
    """Those of the schemes that the hub knows: numbers of journals (ISSN) are none of a work."""
    found = [f"doi:{doi}"] if doi.strip() else []
    for one in re.split(r"[;,]|\s(?=97[89])", numbers):
        digits = tidy(one).upper().replace("-", "").replace(" ", "")
        if ISBN.fullmatch(digits):
            found.append(f"isbn:{digits}")
    return found
