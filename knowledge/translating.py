"""Translations: in what state each is, and the one way in which the desk writes them."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.audit.recording import recording_of
from hub.languages import LABEL_LANGUAGES, language_name
from hub.partners.models import User
from knowledge import drafting
from knowledge.drafting import Saved
from knowledge.models import Edition, Resource
from knowledge.models.editions import STATE
from knowledge.richtext import plain

TEXTS = ("title", "subtitle", "summary", "body")


class Status(TextChoices):
    """How a work stands in one language."""

    ORIGINAL = "original", gettext_lazy("the original")
    MISSING = "missing", gettext_lazy("not there yet")
    MACHINE = "machine", gettext_lazy("by machine, not checked")
    OUTDATED = "outdated", gettext_lazy("out of date: the original has changed")
    CHECKED = "checked", gettext_lazy("by machine, checked by a person")
    HUMAN = "human", gettext_lazy("by a person")


def edition_in(resource: Resource, language: str) -> Edition | None:
    """The edition in this language, of those that come with the resource."""
    return next((one for one in resource.editions.all() if one.language == language), None)


def status_of(resource: Resource, language: str) -> Status:
    """How the work stands in this language, from the editions that come with it."""
    edition = edition_in(resource, language)
    if edition is None:
        return Status.MISSING
    if edition.is_original:
        return Status.ORIGINAL
    if edition.is_outdated_by(resource.original):
        return Status.OUTDATED
    by_method = {
        Edition.Method.MACHINE: Status.MACHINE,
        Edition.Method.MACHINE_CHECKED: Status.CHECKED,
    }
    return by_method.get(edition.method, Status.HUMAN)


def statuses_of(resource: Resource) -> dict[str, Status]:
    """How the work stands in each language that the hub speaks, and in all others it is there in."""
    there = [edition.language for edition in resource.editions.all()]
    languages = dict.fromkeys([*(code for code, _name in LABEL_LANGUAGES), *there])
    return {language: status_of(resource, language) for language in languages}


def digest_in(resource: Resource, language: str) -> str:
    """The state in which the edition of this language is now; empty if there is none."""
    edition = edition_in(resource, language)
    return edition.digest if edition else ""


def original_then(resource: Resource, edition: Edition) -> Model | None:
    """The original as it was when this translation was made, from its history; ``None`` if that does
    not go back so far."""
    states = recording_of(Edition).of(resource.original.pk).annotate(state=STATE)
    return states.filter(state=edition.source_digest).order_by("pgh_id").last()


def save(
    pk: int,
    language: str,
    texts: dict[str, str],
    *,
    method: str,
    of: str,
    instead_of: str,
    by: User,
) -> Saved:
    """Write the translation of a resource into ``language``, beside what is public if it is. ``of`` is
    the state of the original that its translator has seen, ``instead_of`` the state of the translation
    that they began with, empty for a new one. ``ValidationError`` if there is no text, and with the
    code ``conflict`` if somebody else has written since."""

    def write(resource: Resource) -> None:
        edition = edition_in(resource, language)
        if resource.original is None or (edition and edition.is_original):
            raise ValidationError(_("This is the language of the original."), code="original")
        if digest_in(resource, language) != instead_of:
            text = _("Somebody else has changed this translation since you opened it.")
            raise ValidationError(text, code="conflict")
        edition = edition or Edition(resource=resource, language=language)
        for name in TEXTS:
            setattr(edition, name, texts.get(name, ""))
        edition.method, edition.source_digest = method, of
        edition.full_clean()
        if not any([edition.title, edition.subtitle, edition.summary, plain(edition.body)]):
            raise ValidationError(_("Write a title or a summary at least."), code="empty")
        edition.save()

    note = _("Translation into %(language)s") % {"language": language_name(language, "en")}
    return drafting.change(pk, by, write, note=note)


def touched(editions: Iterable[Model]) -> None:
    """What a person has saved is of the original as it is now. Call it once all are saved."""
    Edition.objects.filter(pk__in=[edition.pk for edition in editions]).place()
