"""What a harvester asks for: the arguments of a request, read and checked (sections 3.1 and 3.6)."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.http import QueryDict

VERBS = {
    "Identify": ((), ()),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListSets": ((), ("resumptionToken",)),
    "ListIdentifiers": (("metadataPrefix",), ("from", "until", "set")),
    "ListRecords": (("metadataPrefix",), ("from", "until", "set")),
    "GetRecord": (("identifier", "metadataPrefix"), ()),
}
LISTS = ("ListIdentifiers", "ListRecords")
SPEC = r"[A-Za-z0-9\-_.!~*'()]+"
# What may stand in an argument at all; the rest could not even be said again in the answer.
SHAPES = {
    "metadataPrefix": re.compile(SPEC),
    "set": re.compile(f"{SPEC}(:{SPEC})*"),
    "identifier": re.compile(r"[\w\-.!~*'();/?:@&=+$,%]{1,300}", re.ASCII),
    "resumptionToken": re.compile(r"[\w\-.:]{1,2000}", re.ASCII),
}
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
SALT = "hub.catalogue.oai"
TOKEN_LASTS = timedelta(days=1)


class Fault(Exception):
    """What a harvester is told instead of an answer: one of the codes of section 3.6, and words."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass(frozen=True)
class Place:
    """Where a list goes on: after the record that changed at ``stamp`` and has the ``ref``;
    ``cursor`` have been told before."""

    stamp: datetime
    ref: str
    cursor: int


@dataclass(frozen=True)
class Asked:
    """A request that is in order. ``until`` is the first moment that is not asked for any more."""

    verb: str
    arguments: dict[str, str] = field(default_factory=dict)
    prefix: str = ""
    identifier: str = ""
    set_spec: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: Place | None = None


def read(given: QueryDict) -> Asked:
    """The request that these arguments make; ``Fault`` where they make none."""
    arguments = _once_each(given)
    verb = arguments.pop("verb")
    token = arguments.get("resumptionToken")
    if token is not None and verb in LISTS:
        if len(arguments) > 1:
            raise Fault("badArgument", "A resumptionToken stands alone.")
        return _resumed(verb, token)
    needed, allowed = VERBS[verb]
    _require(arguments, needed, allowed)
    if token is not None:  # all sets fit into one answer, so none was given out
        raise Fault("badResumptionToken", "There is no such token.")
    since, until = _span(arguments)
    return Asked(
        verb,
        {"verb": verb} | arguments,
        prefix=arguments.get("metadataPrefix", ""),
        identifier=arguments.get("identifier", ""),
        set_spec=arguments.get("set", ""),
        since=since,
        until=until,
    )


def token_of(asked: Asked, until: datetime, place: Place) -> str:
    """Where the list goes on, so that nobody can make one up. It holds all that was asked for."""
    told: dict[str, Any] = {
        "verb": asked.verb,
        "prefix": asked.prefix,
        "set": asked.set_spec,
        "since": asked.since and asked.since.isoformat(),
        "until": until.isoformat(),
        "after": [place.stamp.isoformat(), place.ref, place.cursor],
    }
    return signing.dumps(told, salt=SALT, compress=True)


def _once_each(given: QueryDict) -> dict[str, str]:
    if len(given.getlist("verb")) != 1 or given["verb"] not in VERBS:
        raise Fault("badVerb", f"One verb is needed: {', '.join(VERBS)}.")
    for name, values in given.lists():
        if len(values) != 1:
            raise Fault("badArgument", "An argument is given twice.")
        if name in SHAPES and not SHAPES[name].fullmatch(values[0]):
            raise Fault("badArgument", f"This cannot be a {name}.")
    return given.dict()


def _require(arguments: dict[str, str], needed: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    if missing := [name for name in needed if name not in arguments]:
        raise Fault("badArgument", f"Missing: {', '.join(missing)}.")
    if set(arguments) - {*needed, *allowed}:
        raise Fault(
            "badArgument", f"This verb takes no more than: {', '.join([*needed, *allowed])}."
        )


def _resumed(verb: str, token: str) -> Asked:
    try:
        told = signing.loads(token, salt=SALT, max_age=TOKEN_LASTS)
    except signing.BadSignature as error:
        raise Fault("badResumptionToken", "The token is none of ours, or too old.") from error
    if told["verb"] != verb:
        raise Fault("badResumptionToken", "The token is one of another verb.")
    stamp, ref, cursor = told["after"]
    return Asked(
        verb,
        {"verb": verb, "resumptionToken": token},
        prefix=told["prefix"],
        set_spec=told["set"],
        since=told["since"] and datetime.fromisoformat(told["since"]),
        until=datetime.fromisoformat(told["until"]),
        after=Place(datetime.fromisoformat(stamp), ref, cursor),
    )


def _span(arguments: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    """From the first moment asked for to the first that is not: ``until`` takes its day or second in."""
    given = [arguments[name] for name in ("from", "until") if name in arguments]
    if len({len(text) for text in given}) > 1:
        raise Fault("badArgument", "from and until are told in different ways.")
    since = _moment(arguments["from"])[0] if "from" in arguments else None
    until = _moment(arguments["until"])[1] if "until" in arguments else None
    if since and until and since >= until:
        raise Fault("badArgument", "from is later than until.")
    return since, until


def _moment(text: str) -> tuple[datetime, datetime]:
    """When what the text names begins and is over."""
    unit = timedelta(days=1) if DAY.fullmatch(text) else timedelta(seconds=1)
    if not (DAY.fullmatch(text) or MOMENT.fullmatch(text)):
        raise Fault("badArgument", "A date looks like 2026-11-01 or 2026-11-01T09:30:00Z.")
    try:
        begins = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
        return begins, begins + unit
    except (ValueError, OverflowError) as error:
        raise Fault("badArgument", "There is no such day.") from error
