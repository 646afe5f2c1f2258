"""What an address of the API asks: its parameters, each declared once for whoever reads, checks and
documents them.

A program cannot read between the lines: unlike on pages, what we do not understand is an error."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.catalogue.api.problems import NotUnderstood
from hub.catalogue.filters import NO_TEXT

USUAL, MOST = 30, 100
LONGEST_CURSOR = 600
TELLABLE = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a list. ``values`` are all that it can have, where these are few and known;
    ``kind`` is its type in JSON Schema, ``pattern`` what its texts look like."""

    name: str
    description: str | Promise
    values: Callable[[], Iterable[str]] | None = None
    is_many: bool = False
    kind: str = "string"
    pattern: str = ""
    example: str = ""

    def faults(self, given: list[str]) -> list[str]:
        """What is wrong with what an address has for it, a sentence each."""
        if len(given) > 1 and not self.is_many:
            return [_("“%(name)s” can be given once.") % {"name": self.name}]
        allowed = frozenset(self.values()) if self.values else None
        found = []
        for value in given:
            if not value:
                found.append(_("“%(name)s” has no value.") % {"name": self.name})
            elif NO_TEXT.search(value):
                found.append(_("“%(name)s” has signs that no text has.") % {"name": self.name})
            elif (allowed is not None and value not in allowed) or not self._looks_right(value):
                found.append(unknown(self.name, value))
        return found

    @property
    def shown_values(self) -> str:
        """The values that there are, in one line; empty for anything goes."""
        return ", ".join(self.values()) if self.values else ""

    def _looks_right(self, value: str) -> bool:
        return not self.pattern or re.fullmatch(self.pattern, value) is not None


SLUG = "[-a-zA-Z0-9_]{1,100}"
LIMIT = Parameter(
    "limit",
    gettext_lazy("How many there are on a page: 1 to 100, else 30."),
    kind="integer",
    example="10",
)
CURSOR = Parameter(
    "cursor",
    gettext_lazy("Where the page begins, as “next” has it. Its inside may change."),
    pattern=f"[A-Za-z0-9_-]{{1,{LONGEST_CURSOR}}}",
)


def unknown(name: str, value: str) -> str:
    """A sentence about a value that there is not; only what can have been meant as one is repeated."""
    told = value if TELLABLE.fullmatch(value) else "…"
    return _("There is no “%(value)s” for “%(name)s”.") % {"value": told, "name": name}


@dataclass(frozen=True)
class Asked:
    """What an address asks a list for, checked; ``NotUnderstood`` for one with faults."""

    data: QueryDict
    parameters: tuple[Parameter, ...]
    limit: int = field(init=False)

    def __post_init__(self) -> None:
        known = {one.name: one for one in (*self.parameters, LIMIT, CURSOR)}
        faults = [_no_such(name, known) for name in self.data if name not in known]
        for name, parameter in known.items():
            faults += parameter.faults(self.data.getlist(name))
        limit = self.data.get(LIMIT.name, str(USUAL))
        is_number = limit.isascii() and limit.isdigit() and len(limit) < 4
        if not is_number or not 1 <= int(limit) <= MOST:
            text = _("“limit” is a whole number from 1 to %(most)d.")
            faults.append(text % {"most": MOST})
        if faults:
            raise NotUnderstood(dict.fromkeys(faults))
        object.__setattr__(self, "limit", int(limit))

    @cached_property
    def choice(self) -> QueryDict:
        """What is chosen, without what says which page is wanted."""
        chosen = self.data.copy()
        for name in (LIMIT.name, CURSOR.name):
            chosen.pop(name, None)
        return chosen

    def get(self, name: str) -> str:
        return self.data.get(name, "")

    @property
    def canonical(self) -> str:
        """The same question in the one way in which we write it, without ``?``."""
        query = QueryDict(mutable=True)
        for name in sorted(self.data):
            query.setlist(name, sorted(set(self.data.getlist(name))))
        return query.urlencode()

    def following(self, cursor: str) -> str:
        """The question for the page that begins there."""
        query = self.choice.copy()
        if self.limit != USUAL:
            query[LIMIT.name] = str(self.limit)
        query[CURSOR.name] = cursor
        return query.urlencode()

    def place(self, *types: type) -> list[Any] | None:
        """The place in the list that the cursor names: values of these types, or none where the list
        begins; ``NotUnderstood`` for a cursor that is not ours."""
        text = self.data.get(CURSOR.name)
        return _read(text, types) if text else None


def expect_nothing(data: QueryDict) -> None:
    """An object by itself has no parameters; ``NotUnderstood`` where there are some."""
    if data:
        raise NotUnderstood([_("One object has no parameters: its address says it all.")])


def cursor_of(place: Iterable[Any]) -> str:
    """A place in a list as text that goes into addresses."""
    told = [one.isoformat() if isinstance(one, date) else one for one in place]
    packed = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read(text: str, types: tuple[type, ...]) -> list[Any]:
    fault = NotUnderstood([_("This cursor is not one of this list.")])
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise fault from error
    if not isinstance(found, list) or len(found) != len(types):
        raise fault
    try:
        return [_as(kind, value) for kind, value in zip(types, found, strict=True)]
    except (ValueError, TypeError, OverflowError) as error:
        raise fault from error


def _as(kind: type, value: Any) -> Any:
    """The value as one of this type; days may be unknown. ``ValueError`` if it is none."""
    if kind is int:
        if type(value) is not int or not 0 <= value < 2**63:
            raise ValueError
        return value
    if value is None and kind is date:
        return None
    if not isinstance(value, str) or NO_TEXT.search(value):
        raise ValueError
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    return date.fromisoformat(value) if kind is date else value


def _no_such(name: str, known: Iterable[str]) -> str:
    told = name if TELLABLE.fullmatch(name) else "…"
    text = _("There is no parameter “%(name)s”; there are %(known)s.")
    return text % {"name": told, "known": ", ".join(known)}
