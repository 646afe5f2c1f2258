"""A resource as its own page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hub.catalogue.cards import Card, Dated
from hub.catalogue.kinds import Kind
from hub.languages import language_name
from hub.links import host_of
from hub.meta import Crumb, Meta, Shared
from hub.parts import Parts
from hub.vocabulary.labels import Label
from knowledge import linked_data, richtext
from knowledge.file_access import FileAccess, file_access, text_sizes
from knowledge.models import Edition, Link, Resource, Shelf, shelves_of
from knowledge.translating import edition_in


@dataclass(frozen=True)
class Access:
    """A way to the work. Where it leads nowhere now, ``fault`` says so, and there may be an archived
    copy."""

    url: str
    label: str
    host: str
    note: str
    fault: str = ""
    archived_url: str = ""
    archived_host: str = ""


@dataclass(frozen=True)
class Named:
    """A name, with the page it has here."""

    name: str
    url: str


@dataclass(frozen=True)
class Shown:
    """The words of the page: the title as the work has it, the text as the reader best reads it."""

    title: str
    subtitle: str
    language: str
    summary: str
    body_html: SafeString
    body_language: str
    summary_note: str = ""
    body_note: str = ""


@dataclass(frozen=True)
class Translated:
    """The title in another language."""

    title: str
    lang: str
    language_name: str


@dataclass(frozen=True)
class Curation:
    """How the entry came about."""

    owner_name: str
    owner_url: str
    added_on: str
    updated_on: str
    source_url: str
    source_host: str


class Detail(Parts):
    """What the page of ``resource`` shows to a reader of ``language``. ``card`` is its card, with
    the labels of its terms; the resource comes with what ``for_record()`` fetches. ``PARTS`` are
    what the template asks for."""

    PARTS = (
        *("resource_card", "edition", "other_editions", "files", "access", "publishers", "authors"),
        *("topics", "sectors", "places", "tags", "dated", "licence", "kind", "identifiers"),
        *("curation", "citation", "short_url", "permanent_url", "proposers", "problem_url"),
    )

    def __init__(self, resource: Resource, card: Card, language: str) -> None:
        self.resource = resource
        self.resource_card = card
        self.language = language
        self._editions = list(resource.editions.all())

    @cached_property
    def edition(self) -> Shown:
        original, read = self.resource.original, self._read
        return Shown(
            title=original.title,
            subtitle=original.subtitle,
            language=original.language,
            summary=self.resource_card.summary,
            body_html=richtext.shown(read.body) if read else SafeString(""),
            body_language=read.language if read else "",
            summary_note=self._note_on(edition_in(self.resource, self.resource_card.summary_lang)),
            body_note=self._note_on(read),
        )

    def _note_on(self, edition: Edition | None) -> str:
        """What readers should know of a text that is a translation; empty if nothing."""
        if edition is None or edition.is_original:
            return ""
        notes = []
        if edition.method == Edition.Method.MACHINE:
            notes.append(_("A machine has translated this text, and nobody has checked it yet."))
        if edition.is_outdated_by(self.resource.original):
            notes.append(_("This text is older than the original, which has changed since."))
        return " ".join(notes)

    @property
    def other_editions(self) -> list[Translated]:
        """Titles that the work has in further languages."""
        return [
            Translated(one.title, one.language, language_name(one.language, self.language))
            for one in self._editions
            if one.title and not one.is_original
        ]

    @property
    def licence(self) -> str:
        return self.resource.licence

    @property
    def kind(self) -> Kind:
        return self.resource_card.kind

    @cached_property
    def access(self) -> list[Access]:
        notes = {
            Link.Kind.WORK: "",
            Link.Kind.MIRROR: _("A copy on another site, not the publisher’s own page."),
            Link.Kind.LISTED: _("A page that lists this work among others."),
        }
        return [
            Access(
                link.url,
                link.label or self._access_label(link),
                link.host,
                " ".join(filter(None, [link.file_format, notes[link.kind]])),
                *(self._fault_of(link) if link.is_broken else ()),
            )
            for link in self.resource.links.all()
        ]

    def _fault_of(self, link: Link) -> tuple[str, str, str]:
        """What readers are told of a broken link, and where its archived copy is."""
        fault = _("This link did not answer when we last looked on %(day)s.")
        fault %= {"day": date_format(link.failed_at, "j F Y")}
        return fault, link.archived_url, host_of(link.archived_url)

    @cached_property
    def files(self) -> list[FileAccess]:
        shelves = shelves_of(self.resource.files.all())
        has_text = any(shelf.current and shelf.current.has_text for shelf in shelves)
        sizes = text_sizes(self.resource) if has_text else {}
        return [
            self._file_access(shelf, sizes) for shelf in shelves if shelf.current or shelf.coming
        ]

    def _file_access(self, shelf: Shelf, sizes: dict[str, int]) -> FileAccess:
        return file_access(shelf, sizes, self.language)

    @property
    def publishers(self) -> list[Named]:
        credits = self.resource.credits.all()
        return [
            Named(
                credit.shown_name,
                credit.organisation.get_absolute_url() if credit.organisation else "",
            )
            for credit in credits
            if credit.role == credit.Role.PUBLISHER
        ]

    @property
    def authors(self) -> list[str]:
        return self.resource.authors()

    @property
    def proposers(self) -> list[str]:
        """Who told the hub of the work, and agreed to be named."""
        credits = self.resource.credits.all()
        return [one.shown_name for one in credits if one.role == one.Role.PROPOSER]

    @property
    def problem_url(self) -> str:
        return reverse("knowledge:problem_report", kwargs={"slug": self.resource.slug})

    @property
    def topics(self) -> list[Label]:
        return self.resource_card.topics

    @property
    def sectors(self) -> list[Label]:
        return [label for label in self.resource_card.labels if label.scheme == "sector"]

    @property
    def places(self) -> list[Label]:
        return self.resource_card.places

    @property
    def dated(self) -> Dated | None:
        return self.resource_card.dated

    @property
    def identifiers(self) -> list[Named]:
        return [Named(str(one), one.url) for one in self.resource.identifiers.all()]

    @cached_property
    def tags(self) -> list[str]:
        return sorted(tag.name for tag in self.resource.tags.all())

    @property
    def curation(self) -> Curation:
        resource = self.resource
        added, updated = resource.created_at.date(), resource.updated_at.date()
        is_desk = resource.owner.kind == resource.owner.Kind.DESK
        return Curation(
            owner_name=resource.owner.name,
            owner_url="" if is_desk else resource.owner.get_absolute_url(),
            added_on=date_format(added, "j F Y"),
            updated_on=date_format(updated, "j F Y") if updated > added else "",
            source_url=resource.source_url,
            source_host=host_of(resource.source_url),
        )

    @property
    def short_url(self) -> str:
        return reverse("knowledge:resource_short", kwargs={"public_id": self.resource.public_id})

    @property
    def permanent_url(self) -> str:
        return self.resource.permanent_url

    def meta(self, path: str, tags: Iterable[tuple[str, str]] = ()) -> Meta:
        """The head of the page at ``path``, with these further ``meta`` elements."""
        publishers = {publisher.name: publisher.url for publisher in self.publishers}
        subject = linked_data.subject_of(self.resource, self.resource_card, publishers)
        edition = self.edition
        return Meta(
            edition.title,
            path,
            edition.summary,
            crumbs_of(),
            subject,
            kind="ItemPage",
            picture=self._shared_picture,
            tags=tuple(tags),
        )

    @property
    def _shared_picture(self) -> Shared | None:
        picture = self.resource_card.picture
        if picture is None:
            return None
        largest = picture.sizes[-1]
        return Shared(largest.url, largest.width, largest.height, picture.alt or self.edition.title)

    @property
    def citation(self) -> str:
        """Author-date order, as plain text: authors (year). Title: subtitle. Publishers. Where it
        is. A work of nobody that we know begins with its title."""
        by = _listed(self.authors or [publisher.name for publisher in self.publishers])
        year = f"{self.resource.published_on:%Y}" if self.resource.published_on else _("no date")
        title = ": ".join(filter(None, [self.edition.title, self.edition.subtitle])).rstrip(".")
        parts = [f"{by} ({year})", title] if by else [f"{title} ({year})"]
        if self.authors:
            parts.append(", ".join(publisher.name for publisher in self.publishers))
        cited = ". ".join(filter(None, parts)) + "."
        return f"{cited} {self.access[0].url}" if self.access else cited

    @property
    def _read(self) -> Edition | None:
        """The edition whose text is best read here: the reader's, else English, else the original;
        of those that have a text."""
        written = {one.language: one for one in self._editions if one.body}
        order = [self.language, "en", self.resource.original.language, *written]
        return next((written[code] for code in order if code in written), None)

    def _access_label(self, link: Link) -> str:
        if link.kind == Link.Kind.LISTED:
            return _("Open the page that lists it")
        labels = {
            "news": _("Read the news"),
            "op-ed": _("Read the op-ed"),
            "video": _("Watch the video"),
            "podcast": _("Listen to the podcast"),
            "tool": _("Open the tool"),
            "portal": _("Open the portal"),
            "dataset": _("Open the dataset"),
            "course": _("Open the course"),
        }
        return labels.get(self.resource.kind, _("Read the work"))


def crumbs_of() -> tuple[Crumb, ...]:
    """The pages above every resource."""
    return (Crumb(_("Library"), reverse("knowledge:resource_list")),)


def _listed(names: list[str]) -> str:
    """Names as a sentence lists them: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
