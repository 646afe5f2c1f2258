"""Governments are invited to a round: the one writer of ``RoundInvitation``.

Whether a government has answered is asked of the participations. Letters are written by jobs, each of
which looks once more, under the lock of the row, whether the letter is still due.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub import jobs, links
from hub.partners.models import Organisation
from taskforce import invitation_letters, participating, publishing
from taskforce.models import Participation, Round, RoundInvitation

PURPOSE = "round-invitation"
# A round and the months before it.
MAX_AGE = timedelta(days=400)
# No address is reminded more often, of whichever round.
PAUSE = timedelta(days=7)
BATCH = 100  # letters of one job
Status = Participation.Status
# Those who have only begun, or have not confirmed their address, may need to be reminded.
ANSWERED = (*Participation.ACTIVE, *Participation.ENDED)


@dataclass(frozen=True)
class Guest:
    """Whom the secretariat wants to invite."""

    email: str
    government: Organisation | None = None
    government_name: str = ""
    name: str = ""
    language: str = "en"


# Links


def token_of(invitation: RoundInvitation) -> str:
    return links.sign(PURPOSE, invitation)


def register_link(invitation: RoundInvitation) -> links.Ours:
    """Where the form waits with the name of the government in it."""
    path = reverse("taskforce:register", args=[invitation.round.slug])
    return links.absolute(f"{path}?invitation={token_of(invitation)}")


def decline_link(invitation: RoundInvitation) -> links.Ours:
    """Where somebody says that their government does not take part."""
    return links.absolute(reverse("participation:invitation", args=[token_of(invitation)]))


def invitation_of(token: str) -> RoundInvitation | None:
    """Whose link this is; ``None`` for any other token."""
    rows = RoundInvitation.objects.select_related("round__owner", "government")
    return links.resolve(PURPOSE, token, rows, max_age=MAX_AGE)


def begun(round: Round, token: str) -> dict[str, str]:
    """What the form of a registration begins with for who came by the link of an invitation: the
    government and its language, never who was written to, since letters are passed on."""
    invitation = invitation_of(token)
    if invitation is None or invitation.round_id != round.pk:
        return {}
    return {"government": str(invitation), "language": invitation.language}


# Who has answered


def with_answer(rows: QuerySet[RoundInvitation]) -> QuerySet[RoundInvitation]:
    """The same with ``has_answered``: the government takes part or did, under any of its names, or
    somebody with the invited address speaks for one."""
    answers = Participation.objects.filter(round=OuterRef("round"), status__in=ANSWERED)
    named = Q(proposed_name__iexact=OuterRef("government_name"), proposed_name__gt="")
    named |= Q(government__name__iexact=OuterRef("government_name"))
    return rows.annotate(
        has_answered=Exists(answers.filter(government=OuterRef("government")))
        | Exists(answers.filter(named))
        | Exists(answers.filter(contacts__email__iexact=OuterRef("email")))
    )


def unanswered(round: Round) -> QuerySet[RoundInvitation]:
    """Those who have neither registered nor said no."""
    rows = round.invitations.filter(declined_at=None)
    rows = rows.exclude(email__endswith=f"@{invitation_letters.NOWHERE}")
    return with_answer(rows).filter(has_answered=False).select_related("round", "government")


def to_remind(round: Round, at: datetime | None = None) -> QuerySet[RoundInvitation]:
    """Those of them to whom a reminder may go now: nothing went to their address for a week."""
    since = (at or now()) - PAUSE
    told = RoundInvitation.objects.filter(email__iexact=OuterRef("email")).annotate(
        last=Greatest("invited_at", "reminded_at")
    )
    return unanswered(round).filter(~Exists(told.filter(last__gt=since)), invited_at__isnull=False)


# Acts


@transaction.atomic
def invite(round: Round, guests: Iterable[Guest]) -> list[int]:
    """Note whom to invite, and have the letters written; the keys of those that are new.

    An address that is invited already is passed over. ``ValidationError`` for a round in which nobody
    can register.
    """
    round = publishing.locked(round.pk)
    _require_open(round)
    known = {one.lower() for one in round.invitations.values_list("email", flat=True)}
    keys = []
    for guest in guests:
        if guest.email.lower() in known:
            continue
        row = RoundInvitation(
            round=round,
            email=guest.email,
            government=guest.government,
            government_name=guest.government.name if guest.government else guest.government_name,
            name=guest.name,
            language=guest.language,
        )
        row.full_clean()
        row.save()
        known.add(guest.email.lower())
        keys.append(row.pk)
    for batch in _batches(keys):
        jobs.enqueue(write_invitations, keys=batch)
    return keys


@transaction.atomic
def remind(round: Round, keys: Sequence[int]) -> None:
    """Have these reminded, as far as they still are to be when the letter is written."""
    _require_open(publishing.locked(round.pk))
    for batch in _batches(keys):
        jobs.enqueue(write_reminders, keys=batch)


def decline(pk: int) -> RoundInvitation:
    """Somebody says that their government does not take part; a second time changes nothing.
    ``ValidationError`` where it takes part: then it has to withdraw."""
    with _locked(pk) as invitation:
        if invitation is None:
            raise ValidationError(_("This link has done its work."), code="over")
        if invitation.declined_at is not None:
            return invitation
        of_it = with_answer(RoundInvitation.objects.filter(pk=pk)).get()
        if of_it.has_answered:
            text = _("Your government has registered. Who speaks for it can withdraw it.")
            raise ValidationError(text, code="answered")
        invitation.declined_at = now()
        invitation.save(update_fields=["declined_at"])
        return invitation


@transaction.atomic
def forget(pk: int) -> bool:
    """Delete one to whom nothing was written yet; whether it was one."""
    row = RoundInvitation.objects.select_for_update().filter(pk=pk, invited_at=None).first()
    if row is not None:
        row.delete()
    return row is not None


# Letters


@jobs.task
def write_invitations(keys: list[int]) -> None:
    """Write to each who has no letter yet. Safe to run twice."""
    for key in keys:
        with _locked(key) as invitation:
            if invitation is None or invitation.invited_at or not _may_be_told(invitation):
                continue
            invitation.invited_at = now()
            invitation.save(update_fields=["invited_at"])
            invitation_letters.invited(
                invitation, register_link(invitation), decline_link(invitation)
            )


@jobs.task
def write_reminders(keys: list[int]) -> None:
    """Remind each who may be reminded now. Safe to run twice."""
    for key in keys:
        with _locked(key) as invitation:
            if invitation is None or not _may_be_told(invitation):
                continue
            if not to_remind(invitation.round).filter(pk=key).exists():
                continue
            invitation.reminded_at = now()
            invitation.reminders = F("reminders") + 1
            invitation.save(update_fields=["reminded_at", "reminders"])
            invitation.refresh_from_db(fields=["reminders"])
            invitation_letters.reminded(
                invitation, register_link(invitation), decline_link(invitation)
            )


@contextmanager
def _locked(pk: int) -> Iterator[RoundInvitation | None]:
    """The invitation as it stands, with all to the same address held fast: of two reminders that are
    written at once, the second sees the first."""
    with transaction.atomic():
        email = RoundInvitation.objects.filter(pk=pk).values_list("email", flat=True).first()
        if email is None:
            yield None
            return
        same = RoundInvitation.objects.filter(email__iexact=email).order_by("pk")
        held = same.select_for_update(of=["self"]).select_related("round__owner", "government")
        yield next((one for one in held if one.pk == pk), None)


def _may_be_told(invitation: RoundInvitation) -> bool:
    is_gone = invitation.email.endswith(f"@{invitation_letters.NOWHERE}")
    is_over = invitation.declined_at is not None or participating.refusal(invitation.round)
    return not is_gone and not is_over


def _require_open(round: Round) -> None:
    if why := participating.refusal(round):
        raise ValidationError(why, code="refused")


def _batches(keys: Sequence[int]) -> Iterator[list[int]]:
    for begin in range(0, len(keys), BATCH):
        yield list(keys[begin : begin + BATCH])
