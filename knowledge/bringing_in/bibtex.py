"""BibTeX read entry by entry, in one pass: a broken entry is a problem of its own, told with its line,
and the ones behind it are read all the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

BEGINS = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t\r\n]*[{(]", re.MULTILINE)
NAME = re.compile(r"\s*([^\s=,{}\"#%]+)\s*=\s*")
BARE = re.compile(r"[^\s,#{}\"]+")
MAX_DEPTH = 50
MAX_LENGTH = 100_000  # of the value of a field, so that no ``@string`` unfolds without end
MONTHS = dict(
    zip(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(),
        map(str, range(1, 13)),
        strict=True,
    )
)


@dataclass
class Reference:
    """An entry: its type, its fields by name in small letters, or what is wrong with it."""

    line: int
    type: str
    fields: dict[str, str] = field(default_factory=dict)
    problem: str = ""


class _Broken(Exception):
    pass


def references(text: str) -> Iterator[Reference]:
    """All entries of a file in their order, with what ``@string`` stands for put in."""
    strings = dict(MONTHS)
    begins = list(BEGINS.finditer(text))
    line, counted = 1, 0
    for number, begin in enumerate(begins):
        line += text.count("\n", counted, begin.start())
        counted = begin.start()
        kind = begin.group(1).lower()
        if kind in ("comment", "preamble"):
            continue
        # An entry that is not shut ends where the next one begins.
        end = begins[number + 1].start() if number + 1 < len(begins) else len(text)
        body = text[begin.end() : end]
        if kind == "string":
            _remember(body, strings)
        else:
            yield _reference(line, kind, body, strings)


def _reference(line: int, kind: str, body: str, strings: dict[str, str]) -> Reference:
    reference = Reference(line, kind)
    key, comma, _rest = body.partition(",")
    if not comma or re.search(r"[={}\"]", key):
        reference.problem = _("the entry has no key before its fields")
        return reference
    try:
        reference.fields = dict(_fields(body, len(key) + 1, strings))
    except _Broken as error:
        reference.problem = str(error)
    return reference


def _remember(body: str, strings: dict[str, str]) -> None:
    """A broken ``@string`` stands for nothing: where it is used its name is left."""
    try:
        for name, value in _fields(body, 0, strings):
            strings[name] = value
    except _Broken:
        return


def _fields(body: str, at: int, strings: dict[str, str]) -> Iterator[tuple[str, str]]:
    while True:
        while at < len(body) and body[at] in " \t\r\n,":
            at += 1
        if at >= len(body):
            raise _Broken(_("a brace is missing: the entry is not shut"))
        if body[at] in "})":
            return
        name = NAME.match(body, at)
        if name is None:
            told = {"words": body[at : at + 30].partition("\n")[0].strip()}
            raise _Broken(_("“%(words)s” is no field: look at braces and commas") % told)
        value, at = _value(body, name.end(), strings)
        yield name.group(1).lower(), value


def _value(body: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    """A value, of parts joined by ``#``, and where it ends."""
    parts: list[str] = []
    while True:
        part, at = _part(body, at, strings)
        parts.append(part)
        if sum(map(len, parts)) > MAX_LENGTH:
            raise _Broken(_("a field is too long to be read"))
        while at < len(body) and body[at] in " \t\r\n":
            at += 1
        if body[at : at + 1] != "#":
            return "".join(parts), at
        at += 1
        while at < len(body) and body[at] in " \t\r\n":
            at += 1


def _part(body: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    if body[at : at + 1] in ("{", '"'):
        end = _end(body, at)
        return body[at + 1 : end], end + 1
    bare = BARE.match(body, at)
    if bare is None:
        raise _Broken(_("a field has no value"))
    word = bare.group()
    return strings.get(word.lower(), word), bare.end()


def _end(body: str, at: int) -> int:
    """Where the brace or quotation mark that opens here is shut."""
    opening, depth = body[at], 0
    position = at + 1
    while position < len(body):
        sign = body[position]
        if sign == "\\":
            position += 2
            continue
        if sign == '"' and opening == '"' and depth == 0:
            return position
        if sign == "{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _Broken(_("braces stand in braces too often"))
        elif sign == "}":
            if depth == 0 and opening == "{":
                return position
            depth -= 1
            if depth < 0:
                break
        position += 1
    raise _Broken(_("a brace or a quotation mark is missing: the entry is not shut"))
