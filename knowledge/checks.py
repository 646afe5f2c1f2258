"""What somebody should look at before a resource goes out: errors hold it up, advice does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hub.languages import language_name
from hub.partners.models import User
from hub.vocabulary.models import Scheme
from knowledge import drafting, duplicates, revisions
from knowledge.models import File, Resource

LARGE = 10 * 1024 * 1024  # some minutes on a slow line


@dataclass(frozen=True)
class Finding:
    """One thing to look at, and the field of the desk's form where it is mended; or the page of the
    desk where it is looked at."""

    text: str
    field: str = ""
    is_error: bool = False
    page: str = ""

    @property
    def url(self) -> str:
        """Where the form has the field, or the page."""
        if self.page:
            return self.page
        return f"#{self.field}" if self.field.endswith("-group") else f"#id_{self.field}"


Check = Callable[[Resource], Iterator[Finding]]


def findings(resource: Resource, reader: User | None = None) -> list[Finding]:
    """What the checks find of the resource as its draft has it, errors first; with what it looks like
    of the works that the ``reader`` may know of."""
    with drafting.in_place(resource) as drafted:
        found = [finding for check in CHECKS for finding in check(drafted)]
        found += _doubles(drafted, reader) if reader else ()
    return sorted(found, key=lambda finding: not finding.is_error)


def insist(resource: Resource) -> None:
    """``ValidationError`` with each error that holds the resource up."""
    errors = [finding.text for finding in findings(resource) if finding.is_error]
    if errors:
        raise ValidationError(errors, code="checks")


def _original(resource: Resource) -> Iterator[Finding]:
    if not any(edition.is_original for edition in resource.editions.all()):
        text = _("There is no original edition with the title of the work.")
        yield Finding(text, "editions-0-title", is_error=True)


def _summary(resource: Resource) -> Iterator[Finding]:
    editions = list(resource.editions.all())
    if not any(edition.summary for edition in editions):
        text = _("There is no summary in any language.")
        yield Finding(text, "editions-0-summary", is_error=True)
        return
    for number, edition in enumerate(editions):
        if edition.is_original and not edition.summary:
            text = _("There is no summary in %(language)s, the language of the work.")
            language = language_name(edition.language, "en")
            yield Finding(text % {"language": language}, f"editions-{number}-summary")


def _licence(resource: Resource) -> Iterator[Finding]:
    if not resource.licence:
        text = _("The licence is not known: readers cannot tell what they may do with it.")
        yield Finding(text, "licence")


def _terms(resource: Resource) -> Iterator[Finding]:
    schemes = {term.scheme for term in resource.terms.all()}
    if Scheme.TOPIC not in schemes:
        yield Finding(_("It has no topic, so it is on no topic’s page."), "terms")
    if Scheme.PLACE not in schemes:
        yield Finding(_("It has no place, so it is on no place’s page."), "terms")


def _links(resource: Resource) -> Iterator[Finding]:
    for number, link in enumerate(resource.links.all()):
        if link.is_broken and not link.archived_url:
            text = _("The link to %(host)s is broken, and there is no archived copy.")
            yield Finding(text % {"host": link.host}, f"links-{number}-url")


def _way_to_it(resource: Resource) -> Iterator[Finding]:
    if not resource.links.all() and not resource.files.all():
        yield Finding(_("There is neither a link to the work nor a file of it."), "links-group")


def _files(resource: Resource) -> Iterator[Finding]:
    for number, file in enumerate(resource.files.all()):
        if file.size > LARGE:
            text = _("“%(file)s” has %(size)s: on a slow line that takes many minutes.")
            told = {"file": file, "size": filesizeformat(file.size)}
            yield Finding(text % told, f"files-{number}-title")
        if file.succeeded_by_id:  # readers get the next one, and this one cannot be mended
            continue
        if file.text_status in File.TEXTLESS:
            text = _("“%(file)s” has no text that could be read, searched or read aloud.")
            yield Finding(text % {"file": file}, f"files-{number}-title")
        elif file.is_tagged is False:
            text = _(
                "“%(file)s” has no tags: screen readers find no headings and read in any order. Ask "
                "its makers for a tagged PDF."
            )
            yield Finding(text % {"file": file}, f"files-{number}-title")


def _review(resource: Resource) -> Iterator[Finding]:
    if resource.review_by and resource.review_by < timezone.localdate():
        text = _("It was to be reviewed by %(day)s.")
        yield Finding(text % {"day": date_format(resource.review_by, "j F Y")}, "review_by")


def _names(resource: Resource) -> Iterator[Finding]:
    """What has been given to another work since it was given to a draft beside a public one."""
    if resource.pending:
        for taken in revisions.taken_elsewhere(resource, resource.pending.snapshot):
            text = _("%(said)s It is left out below, and of the draft when you save it.")
            yield Finding(text % {"said": taken.text}, f"{taken.part}-group", is_error=True)


def _doubles(resource: Resource, reader: User) -> Iterator[Finding]:
    address = reverse("admin:knowledge_resource_double", args=[resource.pk])
    for pair in duplicates.likely(reader, resource):
        text = _("It looks like “%(other)s”: %(reason)s.")
        said = {"other": pair.other, "reason": pair.reason}
        yield Finding(text % said, page=f"{address}?with={pair.other.pk}")


CHECKS: tuple[Check, ...] = (
    *(_original, _summary, _licence, _terms, _names, _links, _way_to_it, _files, _review),
)
