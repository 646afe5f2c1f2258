"""What governments have said, line by line: the one writer of who may read a finding.

The secretariat writes a line and sends it; the government puts it right, agrees to its very words and
says who may read them, and can take that back. Whoever changes words that were agreed to takes the
agreement away with them. Every act locks the participation first, and says which version it has read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.catalogue import services
from taskforce import letters
from taskforce.models import Finding, Participation, ParticipationContact

Visibility = Finding.Visibility
# What a government agrees to: its words, and where on the grid they stand.
AGREED = ("area", "kind", "text", "language")
# What can be put right beside them without asking again.
BESIDE = ("interview", "evidence", "position")


@dataclass(frozen=True)
class Line:
    """A line of the grid as somebody at the desk has left it: a new one has no ``pk``, one without a
    text is to go."""

    area: str
    kind: str
    text: str
    pk: int | None = None
    version: int = 0


class Stale(ValidationError):
    """Somebody else has changed a finding since it was read: ``finding`` as it stands now, ``text`` as it
    was to be."""

    def __init__(self, finding: Finding, text: str) -> None:
        self.finding, self.text = finding, text
        message = _("Somebody else has changed this since you opened it. Nothing of yours is lost.")
        super().__init__(message, code="stale")


@transaction.atomic
def keep_grid(pk: int, lines: Sequence[Line]) -> int:
    """Keep the lines that the secretariat has written for a participation, all or none; how many have
    changed. ``Stale`` for the first that somebody else was faster with.

    What was sent before and has other words now is sent again.
    """
    participation = _participation(pk)
    _require_active(participation)
    there = {one.pk: one for one in participation.findings.all()}
    position = max((one.position for one in there.values()), default=0)
    changed: list[Finding] = []
    count = 0
    for line in lines:
        if line.pk is None:
            if line.text:
                position += 1
                _add(participation, line, position)
                count += 1
            continue
        finding = there.get(line.pk)
        if finding is None:
            if line.text:
                raise ValidationError(
                    _("A line was deleted since you opened the page: “%(text)s”.")
                    % {"text": line.text},
                    code="gone",
                )
            continue
        if line.text == finding.text:
            continue
        _require_version(finding, line.version, line.text)
        count += 1
        if line.text:
            finding.text = line.text
            changed.append(finding)
        else:
            _drop(finding)
    _rewritten(participation, changed)
    return count


@transaction.atomic
def rewrite(pk: int, about: dict[str, Any], *, version: int) -> Finding:
    """Put right one line at the desk. If that changes what its government agreed to, the agreement ends,
    and the government is asked again."""
    finding = _finding(pk)
    _require_active(finding.participation)
    _require_version(finding, version, about.get("text", finding.text))
    has_changed = any(name in about and about[name] != getattr(finding, name) for name in AGREED)
    for name in (*AGREED, *BESIDE):
        if name in about:
            setattr(finding, name, about[name])
    finding.clean()
    if "sectors" in about:
        finding.sectors.set(about["sectors"])
    if has_changed:
        _rewritten(finding.participation, [finding])
    else:
        _save(finding, *BESIDE)
    return finding


@transaction.atomic
def remove(pk: int) -> None:
    """Take a line off the grid. Of one that was public a tombstone stays."""
    finding = _finding(pk)
    _drop(finding)


@transaction.atomic
def ask(pk: int) -> int:
    """Send a government all lines that it has not seen; how many. ``ValidationError`` where there are
    none, or before the secretariat knows whom it deals with."""
    participation = _participation(pk)
    if not participation.is_accepted:
        text = _("Accept the registration first: a finding is approved by who speaks for it.")
        raise ValidationError(text, code="status")
    unseen = list(participation.findings.filter(asked_at=None))
    if not unseen:
        raise ValidationError(_("Every finding has been sent already."), code="none")
    for finding in unseen:
        finding.asked_at = now()
        _save(finding, "asked_at")
    _tell(participation, len(unseen), is_again=False)
    return len(unseen)


@transaction.atomic
def amend(pk: int, text: str, *, by: ParticipationContact, version: int) -> Finding:
    """Other words by the government itself, which it does not agree to yet."""
    finding = _asked(pk, by)
    _require_version(finding, version, text)
    finding.text = text
    finding.clean()
    _require_text(finding)
    _disagree(finding)
    _save(finding, "text")
    return finding


@transaction.atomic
def approve(
    pk: int,
    *,
    by: ParticipationContact,
    version: int,
    text: str,
    visibility: str,
    may_be_quoted: bool = False,
) -> Finding:
    """The government agrees to these words, its own amendments with them, and says who may read them.

    ``Stale`` if others stand there than it has read. Quoted by name is only what everybody may read.
    """
    finding = _asked(pk, by)
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": _("Say who may read it.")}, code="visibility")
    if may_be_quoted and visibility != Visibility.PUBLIC:
        text = _("Only what everybody may read can be quoted.")
        raise ValidationError({"may_be_quoted": text}, code="quoted")
    _require_version(finding, version, text)
    finding.text = text
    finding.clean()
    _require_text(finding)
    moment = now()
    was_public = finding.visibility == Visibility.PUBLIC
    finding.visibility, finding.may_be_quoted = visibility, may_be_quoted
    finding.approved_by_government_at = moment
    if visibility == Visibility.PUBLIC:
        finding.published_at, finding.withdrawn_at = finding.published_at or moment, None
    elif was_public:
        finding.withdrawn_at = moment
    _save(finding, "text")
    return finding


@transaction.atomic
def take_back(pk: int, *, by: ParticipationContact) -> Finding:
    """The government agrees no more: nobody but itself and the secretariat reads it from now on."""
    finding = _asked(pk, by)
    if finding.is_approved:
        _disagree(finding)
        _save(finding)
    return finding


def end_with(participation: Participation) -> None:
    """What an ended participation said is public no more; hears of that in its transaction."""
    moment = now()
    shown = participation.findings.filter(visibility=Visibility.PUBLIC)
    keys = list(shown.values_list("pk", flat=True))
    for finding in participation.findings.filter(approved_by_government_at__isnull=False):
        _disagree(finding, moment)
        finding.version += 1
        finding.updated_at = moment
        finding.save(update_fields=[*STANDING, "version", "updated_at"])
    services.put_all(Finding, keys)


def hold(pk: int) -> None:
    """Make all others who would change findings of a participation wait for this transaction."""
    _participation(pk)


# Under the lock

STANDING = (
    *("visibility", "may_be_quoted", "asked_at", "approved_by_government_at"),
    *("published_at", "withdrawn_at"),
)


def _participation(pk: int) -> Participation:
    rows = Participation.objects.select_related("round", "government")
    return rows.select_for_update(of=["self"]).get(pk=pk)


def _finding(pk: int) -> Finding:
    """A finding as it stands under the lock of its participation."""
    of = Finding.objects.values_list("participation_id", flat=True).filter(pk=pk).first()
    if of is None:
        raise ValidationError(_("This finding was deleted."), code="gone")
    participation = _participation(of)
    finding = participation.findings.filter(pk=pk).first()
    if finding is None:
        raise ValidationError(_("This finding was deleted."), code="gone")
    finding.participation = participation
    return finding


def _asked(pk: int, by: ParticipationContact) -> Finding:
    """One that was sent to the government for which this contact speaks."""
    finding = _finding(pk)
    participation = finding.participation
    speaks = participation.contacts.speaking().filter(pk=by.pk).exists()
    if not speaks or finding.asked_at is None:
        raise ValidationError(_("You do not speak for this government."), code="by")
    if not participation.is_accepted:
        raise ValidationError(_("Your government does not take part now."), code="ended")
    return finding


def _require_active(participation: Participation) -> None:
    if not participation.is_active:
        raise ValidationError(_("This government does not take part now."), code="ended")


def _require_version(finding: Finding, version: int, text: str) -> None:
    if version != finding.version:
        raise Stale(finding, text)


def _require_text(finding: Finding) -> None:
    if not finding.text:
        raise ValidationError({"text": _("A finding needs its words.")}, code="text")


def _add(participation: Participation, line: Line, position: int) -> None:
    finding = Finding(
        participation=participation,
        area=line.area,
        kind=line.kind,
        text=line.text,
        language=participation.round.language,
        position=position,
    )
    finding.full_clean()
    finding.save()


def _drop(finding: Finding) -> None:
    if finding.published_at is None:
        finding.delete()
        return
    # Its address was public: it says that it is gone.
    _disagree(finding)
    finding.asked_at = None
    _save(finding)


def _disagree(finding: Finding, moment: Any = None) -> None:
    if finding.visibility == Visibility.PUBLIC:
        finding.withdrawn_at = moment or now()
    finding.visibility, finding.may_be_quoted = Visibility.SECRETARIAT, False
    finding.approved_by_government_at = None


def _rewritten(participation: Participation, changed: Iterable[Finding]) -> None:
    """Keep other words of the secretariat, and ask the government again about those that it knew."""
    again = 0
    for finding in changed:
        finding.clean()
        _disagree(finding)
        if finding.asked_at is not None:
            finding.asked_at = now()
            again += 1
        _save(finding, *AGREED, *BESIDE)
    if again:
        _tell(participation, again, is_again=True)


def _save(finding: Finding, *columns: str) -> None:
    finding.version += 1
    finding.updated_at = now()
    finding.save(update_fields=[*columns, *STANDING, "version", "updated_at"])
    services.put(finding)


def _tell(participation: Participation, count: int, *, is_again: bool) -> None:
    """Write to those who speak. The letter has none of the words: nobody has agreed to them."""
    if is_again:
        says = [
            gettext_lazy("The secretariat has changed words that you have seen before."),
            gettext_lazy("What you had agreed to is not shown to anybody until you agree again."),
        ]
        heading = gettext_lazy("Findings with other words")
    else:
        says = [
            gettext_lazy("The secretariat has written down what your government said."),
            gettext_lazy(
                "Look at each line, put it right where it is wrong, and say who may read it. Until "
                "then nobody else does."
            ),
        ]
        heading = gettext_lazy("Please look at what we wrote down")
    for contact in participation.contacts.speaking():
        contact.participation = participation
        letters.send(
            contact,
            f"findings:{contact.pk}:{participation.pk}:{now().timestamp():.6f}",
            heading,
            says,
            label=gettext_lazy("See the findings"),
            facts=[
                *letters.facts_of(participation),
                (gettext_lazy("Findings to look at"), str(count)),
            ],
        )
