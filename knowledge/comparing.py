"""Two revisions side by side: field by field, and in texts word by word."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hub.catalogue.kinds import kind_of
from hub.languages import language_name
from hub.partners.models import Organisation
from hub.vocabulary.labels import labels_of
from hub.vocabulary.merging import followed
from knowledge import richtext
from knowledge.models import Cover, Credit, Edition, File, Identifier, Link, Resource
from knowledge.revisions import Snapshot

# Words; scripts without spaces letter by letter.
PIECES = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]|\w+\s*|\W"
)
# Comparing takes the square of this in time; what is longer is shown as a whole, before and after.
MOST_PIECES = 1500

SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True)
class Run:
    """A stretch of a text that both have, or one of them alone."""

    kind: str
    text: str

    @property
    def marked(self) -> SafeString:
        """The text as what it is: by an element, by words for those who hear it, and by its look."""
        if self.kind == SAME:
            return format_html("{}", self.text)
        name = "ins" if self.kind == ADDED else "del"
        begin = _("Added:") if self.kind == ADDED else _("Removed:")
        heard = '<{0}><span class="visually-hidden">{1} </span>{2}<span class="visually-hidden"> {3}</span></{0}>'
        return format_html(heard, name, begin, self.text, _("(end)"))


@dataclass(frozen=True)
class Difference:
    """A field that is not the same in both: its name, and its runs. In a list each run is an entry."""

    label: str
    runs: tuple[Run, ...]
    is_list: bool = False
    language: str = ""

    @property
    def entries(self) -> list[SafeString]:
        return [run.marked for run in self.runs]

    @property
    def text(self) -> SafeString:
        return format_html_join("", "{}", ([entry] for entry in self.entries))


@dataclass(frozen=True)
class _Field:
    label: str
    value: str | list[str]
    language: str = ""


def differences(
    before: Snapshot, after: Snapshot, name_term: Callable[[int], str]
) -> list[Difference]:
    """What is not the same, in the order of the form."""
    told_before = {field.label: field for field in _told(before, name_term)}
    told_after = {field.label: field for field in _told(after, name_term)}
    labels = [*told_after, *(label for label in told_before if label not in told_after)]
    found = []
    for label in labels:
        old, new = told_before.get(label), told_after.get(label)
        field = new or old
        is_list = isinstance(field.value, list)
        empty = [] if is_list else ""
        values = (old.value if old else empty), (new.value if new else empty)
        if values[0] != values[1]:
            runs = _listed(*values) if is_list else tuple(compare(*values))
            found.append(Difference(label, runs, is_list, field.language))
    return found


def names_of_terms(*snapshots: Snapshot) -> Callable[[int], str]:
    """A function from the number of a term to its name, for the terms of these."""
    named = {pk for snapshot in snapshots for pk in snapshot["terms"]}
    labels = {**labels_of(named, "en")}
    for pk in named - {*labels}:
        for label in labels_of(followed([pk]), "en").values():
            labels[pk] = label

    def name_of(pk: int) -> str:
        return labels[pk].label if pk in labels else _("A term that is gone")

    return name_of


def compare(before: str, after: str) -> Iterator[Run]:
    """The runs of two texts: first line by line, then word by word within what is not the same."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[i:j]), "".join(new[k:m])
        if kind == "equal":
            yield Run(SAME, was)
        else:
            yield from _by_words(was, now)


def _by_words(before: str, after: str) -> Iterator[Run]:
    old, new = PIECES.findall(before), PIECES.findall(after)
    if max(len(old), len(new)) > MOST_PIECES:
        yield from _replaced(before, after)
        return
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[i:j]), "".join(new[k:m])
        if kind == "equal":
            yield Run(SAME, was)
        else:
            yield from _replaced(was, now)


def _replaced(was: str, now: str) -> Iterator[Run]:
    if was:
        yield Run(REMOVED, was)
    if now:
        yield Run(ADDED, now)


def _listed(before: list[str], after: list[str]) -> tuple[Run, ...]:
    runs = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            runs += [Run(SAME, entry) for entry in before[i:j]]
        else:
            runs += [Run(REMOVED, entry) for entry in before[i:j]]
            runs += [Run(ADDED, entry) for entry in after[k:m]]
    return tuple(runs)


def _told(snapshot: Snapshot, name_term: Callable[[int], str]) -> Iterator[_Field]:
    """A snapshot in words, in the order of the form."""
    yield _Field(_("Kind"), str(kind_of(snapshot["kind"]).label))
    yield _Field(_("Languages"), [language_name(code, "en") for code in snapshot["languages"]])
    yield _Field(_("Date"), _day(snapshot["published_on"], snapshot["published_precision"]))
    for edition in _sorted(snapshot["editions"], "language"):
        yield from _of_edition(edition)
    yield _Field(_("Authors and publishers"), list(_credits(snapshot["credits"])))
    yield _Field(_("PDFs"), [_file(file) for file in _sorted(snapshot["files"], "position")])
    yield _Field(_("Links"), [_link(link) for link in _sorted(snapshot["links"], "position")])
    yield _Field(_("Identifiers"), sorted(_identifier(one) for one in snapshot["identifiers"]))
    yield _Field(_("Topics, sectors and places"), sorted(map(name_term, snapshot["terms"])))
    yield _Field(_("Free words"), snapshot["tags"])
    yield _Field(_("Cover"), [_cover(cover) for cover in snapshot["cover"]])
    yield _Field(_("Licence"), snapshot["licence"])
    yield _Field(_("Page it was found on"), snapshot["source_url"])


def _sorted(rows: Iterable[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row[key], row["pk"]))


def _day(day: str | None, precision: str) -> str:
    found: date | None = parse_date(day) if day else None
    formats = {"year": "Y", "month": "F Y"}
    return date_format(found, formats.get(precision, "j F Y")) if found else ""


def _of_edition(edition: dict[str, Any]) -> Iterator[_Field]:
    language = edition["language"]
    name = language_name(language, "en")
    method = Edition.Method(edition["method"]).label
    is_original = _("original") if edition["is_original"] else ""
    yield _Field(f"{_('Edition')} ({name})", ", ".join(filter(None, [is_original, str(method)])))
    texts = {
        _("Title"): edition["title"],
        _("Subtitle"): edition["subtitle"],
        _("Summary"): edition["summary"],
        _("Text"): _lines(edition["body"]),
    }
    for label, text in texts.items():
        yield _Field(f"{label} ({name})", text, language)


def _lines(html: str) -> str:
    """Rich text with its marks left out, a line for each paragraph."""
    return richtext.plain(re.sub(r"(</(?:p|h2|h3|li|tr|blockquote)>)", r"\1\n", html))


def _credits(credits: list[dict[str, Any]]) -> Iterator[str]:
    pks = {credit["organisation"] for credit in credits} - {None}
    organisations = Organisation.objects.in_bulk(pks)
    for credit in _sorted(credits, "position"):
        organisation = organisations.get(credit["organisation"])
        name = credit["name"] or (organisation.short_name if organisation else "")
        beside = f" ({organisation.name})" if organisation and organisation.name != name else ""
        yield f"{Credit.Role(credit['role']).label}: {name}{beside}"


def _file(file: dict[str, Any]) -> str:
    told = File(resource=Resource(), language=file["language"], title=file["title"])
    return f"{told}, {language_name(file['language'], 'en')} ({file['sha256'][:8]})"


def _link(link: dict[str, Any]) -> str:
    kind = Link.Kind(link["kind"]).label
    archived = _("archived at %(url)s") % {"url": link["archived_url"]}
    facts = [link["url"], link["label"], str(kind), archived if link["archived_url"] else ""]
    return ", ".join(filter(None, facts))


def _identifier(identifier: dict[str, Any]) -> str:
    return str(Identifier(scheme=identifier["scheme"], value=identifier["value"]))


def _cover(cover: dict[str, Any]) -> str:
    described = f": {cover['alt']}" if cover["alt"] else ""
    return f"{Cover._meta.verbose_name} {cover['digest'][:8]}{described}"
