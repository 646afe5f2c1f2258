"""An issue as it is shown: in letters, previews and the archive. What is not public is not there."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise

from hub.catalogue.cards import Card, cards_for
from hub.catalogue.models import Record
from hub.links import Ours, absolute
from hub.newsletter.models import Group, Issue
from hub.newsletter.reading import Told
from hub.notices.texts import Trusted

# An address in an introduction, without the sign that ends the sentence.
ADDRESS = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]])")


@dataclass(frozen=True)
class Section:
    group: str
    label: str | Promise
    cards: list[Card]


def sections(issue: Issue, language: str) -> list[Section]:
    """The sections of an issue with what of them is public now, in the editor's order; none that is
    empty."""
    items = list(issue.items.all())
    refs = [item.ref for item in items]
    records = {
        record.ref: record for record in Record.objects.public().shown().filter(ref__in=refs)
    }
    cards = cards_for([records[ref] for ref in refs if ref in records], language)
    by_ref = {card.record.ref: card for card in cards}
    found = []
    for group in Group:
        here = [by_ref[item.ref] for item in items if item.group == group and item.ref in by_ref]
        if here:
            found.append(Section(group.value, group.label, here))
    return found


def told(issue: Issue) -> list[Told]:
    """The items that are public now, in the editor's order."""
    items = list(issue.items.all())
    terms = dict(
        Record.objects.public()
        .filter(ref__in=[item.ref for item in items])
        .values_list("ref", "term_ids")
    )
    return [Told(i.ref, i.group, frozenset(terms[i.ref])) for i in items if i.ref in terms]


def paragraphs(intro: str) -> list[list[dict[str, str]]]:
    """An introduction as paragraphs of lines of words and addresses; only https ones become links,
    and those of our own."""
    return [_parts(one) for one in re.split(r"\n\s*\n", intro.replace("\r\n", "\n")) if one.strip()]


def _parts(paragraph: str) -> list[dict[str, str]]:
    parts: list[dict[str, str]] = []
    for number, part in enumerate(ADDRESS.split(" ".join(paragraph.split()))):
        if number % 2 and _is_safe(part):
            parts.append({"words": "", "url": _link(part)})
        else:
            # A value is folded into at most 200 signs: longer words go in pieces.
            parts += [{"words": piece, "url": ""} for piece in _pieces(part)]
    return parts


def _is_safe(address: str) -> bool:
    return address.startswith(("https://", absolute("/"))) and len(address) <= 1000


def _link(address: str) -> Ours | Trusted:
    base = absolute("")
    ours = address.startswith(absolute("/"))
    return absolute(address.removeprefix(base)) if ours else Trusted(address)


def _pieces(words: str, most: int = 180) -> list[str]:
    pieces, line = [], ""
    for word in words.split():
        for short in (word[i : i + most] for i in range(0, len(word), most)):
            if line and len(line) + len(short) + 1 > most:
                pieces.append(line)
                line = short
            else:
                line = f"{line} {short}".strip()
    return [*pieces, line] if line else pieces
