"""The draft that comes of a proposal."""

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from hub import pdfsafety, uploading
from hub.audit import erasure
from hub.partners.models import Organisation, User
from knowledge import duplicates, revisions, richtext, services
from knowledge.addresses import canonical
from knowledge.models import Contribution, Credit, Edition, Link, Resource, new_public_id

SUMMARY_LENGTH = 1000


def make(contribution: Contribution, *, owner: Organisation, kind: str, by: User) -> Resource:
    """A draft of the work, inside ``uploads.atomic``: nothing of it is public before somebody at the
    desk has edited and published it. The caller saves the proposal, which knows its credit then.
    ``ValidationError`` for what a resource cannot be, and if another work is at its address, which
    ``by`` is told of."""
    resource = Resource(
        kind=kind,
        slug=new_public_id(),
        languages=[contribution.language],
        owner=owner,
        curator_note=_note(contribution),
    )
    resource.full_clean()
    resource.save()
    edition = Edition(
        resource=resource,
        language=contribution.language,
        title=contribution.title,
        is_original=True,
        **_texts(contribution),
    )
    edition.full_clean()
    edition.save()
    if contribution.region_id:
        resource.terms.add(contribution.region_id)
    _add_credit(contribution, resource)
    _add_link(contribution, resource, by)
    services.name_after_title(Resource.objects.get(pk=resource.pk))
    _add_file(contribution, resource)
    return Resource.objects.get(pk=resource.pk)


def remove_credit(contribution: Contribution) -> None:
    """Take the writer's name off the work that came of it, and out of what is recorded: the audit, the
    revisions of the work, none of which brings it back, and what is kept of works that became part of
    it."""
    work, credit = contribution.resource, contribution.credit
    names = {contribution.name, credit.name if credit else ""} - {""}
    if credit:
        erasure.delete(Credit.objects.filter(pk=credit.pk))
        services.saved(work)
    if work:
        revisions.forget_names(work, names, credit and credit.pk)
        _forget_in_merges(work, names)


def _forget_in_merges(work: Resource, names: set[str]) -> None:
    for merged in work.merged.all():
        for told in merged.before.values():
            rows = told["credits"]
            told["credits"] = [row for row in rows if row["name"] not in names]
        merged.save(update_fields=["before"])


def body_of(contribution: Contribution) -> str:
    """The sections of an outline below their headings, or the story as it was told."""
    if contribution.sort == Contribution.Sort.CASE:
        return format_html_join(
            "",
            "<h2>{}</h2>{}",
            ((head, richtext.paragraphs(words)) for head, words in contribution.sections),
        )
    is_story = contribution.sort == Contribution.Sort.STORY
    return richtext.paragraphs(contribution.words) if is_story else SafeString("")


def _texts(contribution: Contribution) -> dict[str, str]:
    """The words of a proposal for the library are about a work, not of it: they are in the note."""
    summary = ""
    if contribution.sort == Contribution.Sort.CASE:
        summary = Truncator(contribution.words).chars(SUMMARY_LENGTH, "…")
    return {"summary": summary, "body": str(body_of(contribution))}


def _note(contribution: Contribution) -> str:
    """What the curator should know, without the writer's address, which is with the proposal."""
    said = [_("Proposed from outside. Why it matters: %(words)s") % {"words": contribution.words}]
    if contribution.added:
        said.append(contribution.added)
    return "\n\n".join(said)


def _role(contribution: Contribution) -> str:
    is_product = contribution.sort == Contribution.Sort.PRODUCT
    return Credit.Role.PROPOSER if is_product else Credit.Role.AUTHOR


def _add_credit(contribution: Contribution, resource: Resource) -> None:
    if contribution.may_be_named:
        role, name = _role(contribution), contribution.name
        contribution.credit = Credit.objects.create(resource=resource, role=role, name=name)


def _add_link(contribution: Contribution, resource: Resource, by: User) -> None:
    if contribution.url:
        if other := duplicates.holder_of(canonical(contribution.url), besides=resource.pk):
            raise ValidationError(duplicates.refusal(by, other, _("address")), code="double")
        link = Link(resource=resource, url=contribution.url)
        link.full_clean()
        link.save()


def _add_file(contribution: Contribution, resource: Resource) -> None:
    if not contribution.file_name:
        return
    try:
        with default_storage.open(contribution.file_path) as content:
            # It may have waited since before files were made safe as they came.
            safe = pdfsafety.made_safe(content)
            found = {*contribution.taken_out, *safe.taken_out}
            taken_out = [sort for sort in pdfsafety.SORTS if sort in found]
            services.add_file(resource.pk, safe.content, taken_out=taken_out)
    except FileNotFoundError as error:
        text = _("Its file is lost. Ask who proposed it for another copy, or decline it.")
        raise ValidationError(text, code="lost") from error
    except OSError as error:
        raise uploading.no_room() from error
    except ValidationError as error:
        if error.code == "busy":
            text = _("The hub is busy with other files now. Accept it again in a minute.")
            raise ValidationError(text, code="busy") from error
        why = {"why": " ".join(error.messages)}
        text = _("Its file was not kept. %(why)s Or ask who proposed it, or decline it.")
        raise ValidationError(text % why, code="file") from error
