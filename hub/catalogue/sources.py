"""What the catalogue asks of the models that publish: the ``RecordDraft`` they hand over."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, Self

from django.db import models
from django.utils import timezone

from hub.registry import Registry


@dataclass(frozen=True)
class Text:
    """What is said in one language; lists show title and summary, search reads all of it."""

    title: str = ""
    subtitle: str = ""
    summary: str = ""
    body: str = ""


@dataclass(frozen=True)
class Publisher:
    """Who published a work: ``key`` stands in addresses, ``name`` on the page."""

    key: str
    name: str


@dataclass(frozen=True)
class PictureSize:
    """One file of a picture: its address, without language prefix, and its measures in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A picture of the source itself, such as the cover of a report: one or more sizes, the small
    one first. ``alt`` is empty where the picture says nothing that the words beside it do not. It is
    shown from the moment ``opens`` on, if there is one."""

    sizes: tuple[PictureSize, ...]
    alt: str = ""
    opens: datetime | None = None

    @property
    def is_out(self) -> bool:
        return self.opens is None or self.opens <= timezone.now()

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        sizes = tuple(PictureSize(**size) for size in stored["sizes"])
        opens = datetime.fromisoformat(stored["opens"]) if stored.get("opens") else None
        return cls(sizes, stored["alt"], opens)

    def to_json(self) -> dict[str, Any]:
        stored = {"sizes": [asdict(size) for size in self.sizes], "alt": self.alt}
        return stored | ({"opens": self.opens.isoformat()} if self.opens else {})


@dataclass(frozen=True)
class Window:
    """When readers may see a part of a source: from ``opens`` on and before ``closes``, as far as
    these are given."""

    opens: datetime | None = None
    closes: datetime | None = None


@dataclass(frozen=True)
class PassageDraft:
    """One stretch of a long text, such as a page of a file: ``position`` counts from 1, ``path``
    is the address that opens there."""

    position: int
    text: str
    path: str


@dataclass(frozen=True)
class RecordDraft:
    """A source as the catalogue shall show it. ``languages`` are those of the work itself, the
    original first; ``texts`` describe it and may be in others; ``keywords`` are further words by
    which it is found, and not shown. Days are those of the work, moments those of the hub.

    ``parts`` are the long texts that belong to it, by names of its own choice, such as files; their
    passages come by ``services.put_passages``, and go when a part is no longer named here. A part
    with a window is read and found within it alone."""

    kind: str
    path: str
    published_at: datetime
    updated_at: datetime
    languages: tuple[str, ...] = ()
    texts: dict[str, Text] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    term_ids: tuple[int, ...] = ()
    organisation_ids: tuple[int, ...] = ()
    issued_on: date | None = None
    issued_precision: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    withdrawn_at: datetime | None = None
    picture: Picture | None = None
    is_featured: bool = False
    parts: tuple[str, ...] = ()
    windows: dict[str, Window] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the work in its own language, or the first there is."""
        order = [*self.languages, *self.texts]
        titles = (self.texts[code].title for code in order if code in self.texts)
        return next(filter(None, titles), "")

    def tombstone(self, withdrawn_at: datetime) -> Self:
        """The same address, dates and organisations with nothing said: what stays of a withdrawn
        source."""
        return type(self)(
            kind=self.kind,
            path=self.path,
            organisation_ids=self.organisation_ids,
            published_at=self.published_at,
            updated_at=self.updated_at,
            withdrawn_at=withdrawn_at,
        )

    @property
    def checksum(self) -> str:
        """A digest of all that the record is made of."""
        told = asdict(self)
        # What few have is left out where it is not there, so that it makes no other one of the rest.
        if not self.windows:
            del told["windows"]
        if self.picture and not self.picture.opens:
            del told["picture"]["opens"]
        content = json.dumps(told, default=str, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


class SourceQuerySet(Protocol):
    def public(self) -> Self: ...
    def for_record(self) -> Self:
        """With all rows prefetched that ``to_record()`` reads."""


class Source(Protocol):
    """A model that publishes. ``to_record()`` answers ``None`` for what was never public."""

    pk: int
    objects: SourceQuerySet

    def to_record(self) -> RecordDraft | None: ...


sources: Registry[type[models.Model]] = Registry("a source of records")


def register(model: type[models.Model]) -> None:
    """Let ``reindex`` and its check cover this model; call it in ``AppConfig.ready()``."""
    sources.register(model)


def ref_of(source: models.Model) -> str:
    return f"{source._meta.label_lower}:{source.pk}"


def source_of(ref: str) -> models.Model | None:
    """The row that a record came from, or ``None`` if it is gone."""
    label, _, pk = ref.partition(":")
    for model in sources:
        if model._meta.label_lower == label:
            return model._default_manager.filter(pk=pk).first()
    return None
