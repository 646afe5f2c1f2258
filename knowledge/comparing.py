"""Two revisions side by side: field by field, and in texts word by word."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hub.catalogue.kinds import kind_of
from hub.languages import language_name
from hub.partners.models import Organisation
from hub.vocabulary.labels import labels_of
from hub.vocabulary.merging import followed
from hub.zones import told as moment_told
from knowledge import richtext
from knowledge.models import Cover, Credit, Edition, File, Identifier, Link, Resource
from knowledge.revisions import Snapshot

# Words; scripts without spaces letter by letter.
PIECES = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]|\w+\s*|\W"
)
# Comparing takes the product of two lengths in time. So many pairs of lines or words are looked at for
# one field; what goes beyond is shown as a whole, before and after.
MOST_PAIRS = 2000 * 2000

# What is seen of marks, so that a change of them is seen too. Headings of tables are cells in bold.
SIGNS = [
    (re.compile(pattern, re.DOTALL), signs)
    for pattern, signs in (
        (r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', r"\2 [\1]"),
        (r"<ol>(.*?)</ol>", lambda found: found[1].replace("<li>", "<li>1. ")),
        (r"<li>(?!1\. )", "<li>• "),
        (r"<h2>", "<h2>## "),
        (r"<h3>", "<h3>### "),
        (r"<blockquote>", "<blockquote>&gt; "),
        (r"</?strong>", "**"),
        (r"</?em>", "*"),
        (r"<th\b[^>]*>", " | **"),
        (r"</th>", "**"),
        (r"<td\b[^>]*>", " | "),
        (r"(<br>|</(?:p|h2|h3|li|tr|blockquote|caption)>)", r"\1\n"),
    )
]

SAME, ADDED, REMOVED = "same", "added", "removed"
# Whether both have it, and the pieces of the one and of the other.
Stretch = tuple[bool, list[str], list[str]]


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
    """A field that is not the same in both: its name, and its runs. In a list each run is an entry.
    ``is_rough`` says that parts of it were too long to be compared, and are shown as a whole."""

    label: str
    runs: tuple[Run, ...]
    is_list: bool = False
    language: str = ""
    is_rough: bool = False

    @property
    def entries(self) -> list[SafeString]:
        return [run.marked for run in self.runs]

    @property
    def text(self) -> SafeString:
        return format_html_join("", "{}", ([entry] for entry in self.entries))


@dataclass(frozen=True)
class Told:
    """A field in words: a text, or a list of entries."""

    label: str
    value: str | list[str]
    language: str = ""


def differences(
    before: Snapshot, after: Snapshot, name_term: Callable[[int], str]
) -> list[Difference]:
    """What is not the same, in the order of the form."""
    return between(_told(before, name_term), _told(after, name_term))


def between(before: Iterable[Told], after: Iterable[Told]) -> list[Difference]:
    """What is not the same in two tellings of one thing, in the order of the second."""
    told_before = {field.label: field for field in before}
    told_after = {field.label: field for field in after}
    labels = [*told_after, *(label for label in told_before if label not in told_after)]
    found = []
    for label in labels:
        old, new = told_before.get(label), told_after.get(label)
        field = new or old
        is_list = isinstance(field.value, list)
        empty = [] if is_list else ""
        values = (old.value if old else empty), (new.value if new else empty)
        if values[0] != values[1]:
            comparison = _Comparison()
            compared = comparison.listed if is_list else comparison.texts
            runs = tuple(compared(*values))
            found.append(Difference(label, runs, is_list, field.language, comparison.is_rough))
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
    """The runs of two texts: first line by line, then word by word within what is not the same. Of
    long ones parts are shown as a whole, before and after."""
    return _Comparison().texts(before, after)


class _Comparison:
    """Compares what one field says, as long as that does not take too long."""

    def __init__(self) -> None:
        self.left = MOST_PAIRS
        self.is_rough = False

    def texts(self, before: str, after: str) -> Iterator[Run]:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        for is_same, was, now in self._stretches(old, new):
            if is_same:
                yield Run(SAME, "".join(was))
            else:
                yield from self._by_words("".join(was), "".join(now))

    def listed(self, before: list[str], after: list[str]) -> Iterator[Run]:
        for is_same, was, now in self._stretches(before, after):
            if is_same:
                yield from (Run(SAME, entry) for entry in was)
            else:
                yield from (Run(REMOVED, entry) for entry in was)
                yield from (Run(ADDED, entry) for entry in now)

    def _by_words(self, before: str, after: str) -> Iterator[Run]:
        stretches = self._stretches(PIECES.findall(before), PIECES.findall(after))
        for is_same, was, now in stretches:
            if is_same:
                yield Run(SAME, "".join(was))
            else:
                yield from _replaced("".join(was), "".join(now))

    def _stretches(self, old: list[str], new: list[str]) -> Iterator[Stretch]:
        """What both have and what not, in order. Beginning and end, which a small change leaves
        alone, are looked for first: they take no more time than their length."""
        begin, end = _in_common(old, new)
        if begin:
            yield True, old[:begin], new[:begin]
        yield from self._in_between(old[begin : len(old) - end], new[begin : len(new) - end])
        if end:
            yield True, old[-end:], new[-end:]

    def _in_between(self, old: list[str], new: list[str]) -> Iterator[Stretch]:
        pairs = len(old) * len(new)
        if pairs > self.left:
            self.is_rough = True
            yield False, old, new
            return
        self.left -= pairs
        if not pairs:  # one of them, or both, say nothing here
            if old or new:
                yield False, old, new
            return
        for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield kind == "equal", old[i:j], new[k:m]


def _in_common(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many pieces at the beginning, and how many behind them at the end, are the same."""
    shorter = min(len(old), len(new))
    begin = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - begin
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return begin, end


def _replaced(was: str, now: str) -> Iterator[Run]:
    if was:
        yield Run(REMOVED, was)
    if now:
        yield Run(ADDED, now)


def _told(snapshot: Snapshot, name_term: Callable[[int], str]) -> Iterator[Told]:
    """A snapshot in words, in the order of the form."""
    yield Told(_("Kind"), str(kind_of(snapshot["kind"]).label))
    yield Told(_("Languages"), [language_name(code, "en") for code in snapshot["languages"]])
    yield Told(_("Date"), _day(snapshot["published_on"], snapshot["published_precision"]))
    for edition in _sorted(snapshot["editions"], "language"):
        yield from _of_edition(edition)
    yield Told(_("Authors and publishers"), list(_credits(snapshot["credits"])))
    yield Told(_("PDFs"), [_file(file) for file in _sorted(snapshot["files"], "position")])
    yield Told(_("Links"), [_link(link) for link in _sorted(snapshot["links"], "position")])
    yield Told(_("Identifiers"), sorted(_identifier(one) for one in snapshot["identifiers"]))
    yield Told(_("Topics, sectors and places"), sorted(map(name_term, snapshot["terms"])))
    yield Told(_("Free words"), snapshot["tags"])
    yield Told(_("Cover"), [_cover(cover) for cover in snapshot["cover"]])
    yield Told(_("Licence"), snapshot["licence"])
    yield Told(_("Page it was found on"), snapshot["source_url"])


def _sorted(rows: Iterable[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row[key], row["pk"]))


def _day(day: str | None, precision: str) -> str:
    found: date | None = parse_date(day) if day else None
    formats = {"year": "Y", "month": "F Y"}
    return date_format(found, formats.get(precision, "j F Y")) if found else ""


def _of_edition(edition: dict[str, Any]) -> Iterator[Told]:
    language = edition["language"]
    name = language_name(language, "en")
    method = Edition.Method(edition["method"]).label
    is_original = _("original") if edition["is_original"] else ""
    yield Told(f"{_('Edition')} ({name})", ", ".join(filter(None, [is_original, str(method)])))
    texts = {
        _("Title"): edition["title"],
        _("Subtitle"): edition["subtitle"],
        _("Summary"): edition["summary"],
        _("Text"): _lines(edition["body"]),
    }
    for label, text in texts.items():
        yield Told(f"{label} ({name})", text, language)


def _lines(html: str) -> str:
    """Rich text in signs, as one writes it where there is no other way: a line for each paragraph, and
    each link with where it leads."""
    for pattern, signs in SIGNS:
        html = pattern.sub(signs, html)
    return richtext.plain(html)


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
    beside = [
        f"{told}, {language_name(file['language'], 'en')} ({file['sha256'][:8]})",
        _("version %(number)s") % {"number": file.get("number", 1)},
        file.get("note", ""),
    ]
    if until := file.get("embargo_until"):
        beside.append(_("not before %(moment)s") % {"moment": moment_told(parse_datetime(until))})
    if file.get("is_put_away"):
        beside.append(_("put away"))
    if taken_out := file.get("taken_out"):
        words = ", ".join(taken_out)
        beside.append(_("taken out: %(what)s") % {"what": words})
    return ", ".join(filter(None, beside))


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
