"""From the public findings of a round to a draft of the library in one step: counted and listed by area and
kind, with those governments credited that may be quoted by name.

Nothing is in it that is not public already, and nothing of it is public before somebody has edited and
published it.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub.links import absolute
from hub.partners import policy
from hub.partners.models import Organisation, User
from knowledge import drafting, duplicates, richtext, services
from knowledge.models import Credit, Edition, Resource, new_public_id
from taskforce import publishing
from taskforce.kinds import Area, FindingKind
from taskforce.models import ActionItem, Finding, Round
from taskforce.synthesis import grid_of, in_words, public_of

SUMMARY_LENGTH = Edition._meta.get_field("summary").max_length
TITLE_LENGTH = Edition._meta.get_field("title").max_length


def url_of(round: Round) -> str:
    """By this address the draft names where it comes from, and is found again."""
    return absolute(f"{round.get_absolute_url()}findings/")


def hindrances(round: Round, reader: User) -> list[str]:
    """Why no draft can be made now, in words for the desk; nothing where one can."""
    found = []
    if not Finding.objects.public().filter(participation__round=round).exists():
        found.append(_("No finding of this round is public yet."))
    made = Resource.objects.filter(source_url=url_of(round))
    if (other := made.exclude(status=Resource.Status.WITHDRAWN).first()) is not None:
        found.append(duplicates.refusal(reader, other, _("origin")))
    return found


def make(by: User, round: Round, *, owner: Organisation, kind: str) -> Resource:
    """The draft. ``ValidationError`` says what hinders it, ``PermissionDenied`` where it is not for
    this person to make. Of two who ask at once one gets it."""
    if not policy.publishable(by, Round.objects.filter(pk=round.pk)).exists():
        raise PermissionDenied
    if not policy.leads(by, owner.pk):
        raise PermissionDenied
    with transaction.atomic():
        round = publishing.locked(round.pk)
        if found := hindrances(round, by):
            raise ValidationError(found, code="hindered")
        with override(round.language):
            resource = _written(round, owner, kind)
        drafting.keep(resource, by, note=_("Made of “%(title)s”") % {"title": round.title})
    return resource


def _written(round: Round, owner: Organisation, kind: str) -> Resource:
    findings = public_of(round)
    resource = Resource(
        kind=kind,
        slug=new_public_id(),
        languages=[round.language],
        owner=owner,
        published_on=_day_of(round),
        published_precision=Resource.Precision.DAY,
        source_url=url_of(round),
    )
    resource.full_clean()
    resource.save()
    sectors = {term for finding in findings for term in finding.sectors.all()}
    resource.terms.set({*round.terms.all(), *sectors})
    title = _("What governments said: %(round)s") % {"round": round.title}
    edition = Edition(
        resource=resource,
        language=round.language,
        title=Truncator(title).chars(TITLE_LENGTH, "…"),
        summary=Truncator("\n".join(in_words(grid_of(findings)))).chars(SUMMARY_LENGTH, "…"),
        body=_body_of(round, findings),
        is_original=True,
    )
    edition.full_clean()
    edition.save()
    _add_credits(round, resource, findings)
    resource.curator_note = "\n".join(
        [
            _("Made of the public findings of a round: %(url)s") % {"url": url_of(round)},
            _("Named are governments alone that may be quoted. Look again before you publish it."),
        ]
    )
    resource.save(update_fields=["curator_note"])
    services.name_after_title(Resource.objects.get(pk=resource.pk))
    return Resource.objects.get(pk=resource.pk)


def _day_of(round: Round) -> date:
    return min(round.ends_on, now().astimezone(round.zone).date())


def _body_of(round: Round, findings: list[Finding]) -> str:
    """The lines under their area and kind, each with who said it where that may be told."""
    parts = [richtext.paragraphs(round.synthesis)] if round.synthesis else []
    for area in Area:
        of_area = [one for one in findings if one.area == area]
        if of_area:
            parts.append(format_html("<h2>{}</h2>", area.label))
        for kind in FindingKind:
            lines = [one for one in of_area if one.kind == kind]
            if lines:
                items = format_html_join("", "<li>{}{}</li>", map(_told, lines))
                parts.append(format_html("<h3>{}</h3><ul>{}</ul>", kind.label, items))
    return "".join(str(part) for part in parts)


def _told(finding: Finding) -> tuple[str, str]:
    government = finding.participation.government if finding.may_be_quoted else None
    return finding.text, f" ({government.name})" if government else ""


def _add_credits(round: Round, resource: Resource, findings: list[Finding]) -> None:
    """Who is quoted as author; who runs the round and who convenes it as publishers."""
    quoted = {one.participation.government for one in findings if one.may_be_quoted} - {None}
    convenors = {one.pk: one for one in [round.owner, *round.convenors.all()]}
    credited = [(Credit.Role.AUTHOR, one) for one in sorted(quoted, key=lambda o: o.name)]
    credited += [(Credit.Role.PUBLISHER, one) for one in convenors.values()]
    for position, (role, organisation) in enumerate(credited, 1):
        Credit.objects.create(
            resource=resource, role=role, organisation=organisation, position=position
        )


def led_on(stays: Resource, goes: Resource) -> None:
    """What is evidence of a finding or of an action is that still when it becomes part of another work."""
    for model in (Finding, ActionItem):
        model.objects.filter(evidence=goes).update(evidence=stays)
