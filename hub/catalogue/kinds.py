"""The kinds of content in the catalogue, as the apps that publish them declare them."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.registry import Registry


class Stream(StrEnum):
    """Four layers into which the kinds of knowledge fall. The order is that of the pages."""

    GUIDANCE = "guidance"
    COMMENTARY = "commentary"
    RESEARCH = "research"
    NEWS = "news"

    @property
    def label(self) -> str | Promise:
        return STREAM_LABELS[self]


STREAM_LABELS = {
    Stream.GUIDANCE: _("Guidance"),
    Stream.COMMENTARY: _("Commentary"),
    Stream.RESEARCH: _("Research"),
    Stream.NEWS: _("News"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of content: its value in addresses and records, its names, the layer it belongs to,
    the glyph that stands beside its name, and its type at schema.org. What is no work, such as an
    event, is found by search and shown on the pages of topics and places, but not counted there.
    For a part of another record that one stands in lists. What is at a time stands among the events."""

    value: str
    label: str | Promise
    plural: str | Promise
    stream: Stream
    glyph: str
    schema_type: str = "CreativeWork"
    is_work: bool = True
    is_part: bool = False
    is_timed: bool = False


kinds: Registry[Kind] = Registry("a kind of content")


def kind_of(value: str) -> Kind:
    """The declared kind; ``KeyError`` if no app declared it."""
    for kind in kinds:
        if kind.value == value:
            return kind
    raise KeyError(value)


def kinds_in(stream: Stream) -> list[Kind]:
    """The kinds of works of a layer."""
    return [kind for kind in kinds if kind.is_work and kind.stream == stream]


def no_works() -> list[str]:
    """The values of those kinds that are no works."""
    return [kind.value for kind in kinds if not kind.is_work]


def happenings(*, with_parts: bool = True) -> list[str]:
    """The values of the kinds of what is at a time, with parts of others or without."""
    return [kind.value for kind in kinds if kind.is_timed and (with_parts or not kind.is_part)]


def neither() -> list[str]:
    """The values of those kinds that are no works, and at no time."""
    return [kind.value for kind in kinds if not (kind.is_work or kind.is_timed)]
