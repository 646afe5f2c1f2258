"""Governments take part in a round: the one writer of ``Participation.status``.

Every act locks the round first and reads after that, so that of many who come at once each sees what
those before have done. Whether a government or an address takes part already is told to mailboxes and to
nobody else: what a visitor is answered is the same for all.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub import limits
from hub.accounts.people import addresses_of
from hub.addresses import normalised
from hub.limits import Limit
from hub.partners.models import Membership, Organisation, User
from hub.registry import Registry
from hub.vocabulary.models import Term
from taskforce import letters, publishing
from taskforce.kinds import Activity
from taskforce.models import Interview, Participation, ParticipationContact, Round

FROM_CLIENT = Limit("participations from", 60, timedelta(hours=1))
BY_ADDRESS = Limit("participations by", 20, timedelta(days=1))
INVITED = Limit("colleagues invited by", 10, timedelta(days=1))
# Whoever sends the same words again so soon has pressed the button twice.
SAME = timedelta(minutes=10)
Status = Participation.Status
Contacts = ParticipationContact.objects

# Each is told of a participation that is withdrawn or declined, in the transaction in which it ends.
ended: Registry[Callable[[Participation], None]] = Registry("what hears of an ended participation")


@dataclass(frozen=True)
class Wish:
    """What somebody says when they register a government, or save it to go on later."""

    email: str
    government: Organisation | None = None
    proposed_name: str = ""
    proposed_country: Term | None = None
    name: str = ""
    position: str = ""
    activities: tuple[str, ...] = ()
    priorities: str = ""
    language: str = "en"
    timezone: str = "UTC"
    may_be_named: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        """Those of the participation."""
        named = ("government", "proposed_name", "proposed_country")
        said = (*named, "priorities", "language", "timezone", "may_be_named")
        chosen = {one.value: one in self.activities for one in Activity}
        return {name: getattr(self, name) for name in said} | chosen

    @property
    def about(self) -> dict[str, str]:
        """Those of the contact, beside the address."""
        return {"name": self.name, "position": self.position}


def count(client: str, email: str) -> None:
    """Count one more; ``limits.Exceeded`` if there are too many. Outside a transaction."""
    if client:
        limits.require(FROM_CLIENT, client)
    limits.require(BY_ADDRESS, normalised(email))


def refusal(round: Round) -> str:
    """Why no government can register now, in words; empty if one can."""
    if not round.is_public:
        return _("This round is not open.")
    if round.is_over():
        return _("This round is over.")
    return ""


def submit(
    round: Round, wish: Wish, *, by: User | None = None, is_draft: bool = False
) -> ParticipationContact:
    """Note what somebody says, and write to their address. Nothing is registered before they have
    shown that the address is theirs, except by who is signed in with it: they have shown it.

    The same address stays with the same row: it is rewritten while nobody has confirmed it, and left
    alone afterwards. ``ValidationError`` in words for a round that is not open, and for what is missing.
    """
    is_known = by is not None and wish.email.lower() in addresses_of(by)
    with _round(round.pk) as round:
        _require_open(round)
        if not is_draft:
            require_whole(round, wish)
        contact = _contact_at(round, wish.email)
        if contact is None:
            contact = _entered(round, wish, is_draft)
        elif contact.confirmed_at is not None or contact.participation.is_active:
            letters.again(contact)
        elif not _is_sent_twice(contact, wish, is_draft):
            _rewrite(contact, wish, is_draft)
        if is_known and not is_draft:
            return _confirm(contact, by)
    return contact


def go_on(pk: int, wish: Wish, *, is_draft: bool = False) -> ParticipationContact:
    """The same by the link of a draft, or of what nobody has confirmed yet: whoever has it reads the
    mailbox, so that the address is confirmed by it."""
    with _contact(pk) as contact:
        participation = contact.participation
        if participation.status not in (Status.DRAFT, Status.SUBMITTED):
            raise ValidationError(
                _("This registration is not open to be rewritten."), code="status"
            )
        _require_open(participation.round)
        if not is_draft:
            require_whole(participation.round, wish)
        _write(contact, wish, is_draft)
        if is_draft:
            contact.confirmed_at = contact.confirmed_at or now()
            contact.save(update_fields=["confirmed_at"])
            return contact
        return _confirm(contact)


def confirm(pk: int, by: User | None = None) -> ParticipationContact:
    """Somebody has shown that the address is theirs. If their government takes part already they wait
    for the word of who speaks for it, else it is registered with them as its first contact."""
    with _contact(pk) as contact:
        return _confirm(contact, by)


def prove(contact: ParticipationContact) -> ParticipationContact:
    """Confirm the address of who acts by their link: whoever has it and presses a button has the
    mailbox, too. Answers the contact as it stands after that."""
    return contact if contact.confirmed_at else confirm(contact.pk)


def join(participation: Participation, email: str, *, name: str = "") -> ParticipationContact:
    """Invite a colleague: who already speaks has agreed by that, the address still has to be
    confirmed."""
    with _round(participation.round_id) as round:
        participation = _fresh(participation.pk)
        _require_active(participation)
        mine = participation.contacts.filter(left_at=None, email__iexact=email).first()
        if mine is not None and mine.agreed_at is not None:
            letters.again(mine)
            return mine
        if mine is not None:
            mine.agreed_at = now()
            mine.save(update_fields=["agreed_at"])
            letters.agreed(mine)
            return mine
        # Somebody who takes part for another government has an address there; they get this one too.
        row = participation.contacts.create(email=email, name=name, agreed_at=now())
        row.participation.round = round
        letters.invited(row)
        return row


def agree(pk: int, by: ParticipationContact | None = None) -> ParticipationContact:
    """Let somebody who asks speak for the government too. ``by`` is who agrees, the secretariat where
    it is nobody."""
    with _contact(pk) as contact:
        _require_active(contact.participation)
        _require_speaks(by, contact.participation)
        if contact.agreed_at is None:
            contact.agreed_at = now()
            contact.save(update_fields=["agreed_at"])
            letters.agreed(contact)
        return contact


def refuse(pk: int, by: ParticipationContact | None = None) -> None:
    """Say no to somebody who asks; they are told."""
    with _contact(pk) as contact:
        _require_speaks(by, contact.participation)
        if contact.agreed_at is not None:
            raise ValidationError(_("They speak for the government already."), code="agreed")
        letters.refused(contact)
        _gone(contact)


def leave(pk: int) -> None:
    """Speak for the government no more. The last one cannot: somebody has to be there to answer."""
    with _contact(pk) as contact:
        others = contact.participation.contacts.speaking().exclude(pk=contact.pk)
        if contact.participation.is_active and contact.may_speak and not others.exists():
            raise ValidationError(
                _(
                    "You are the last one who speaks for your government. Invite a colleague first, "
                    "or withdraw."
                ),
                code="last",
            )
        _gone(contact)
        hand_on(contact)


def hand_on(contact: ParticipationContact) -> None:
    """Make the next of those who speak the first contact in place of one who is gone."""
    if not contact.is_first:
        return
    Contacts.filter(pk=contact.pk).update(is_first=False)
    following = contact.participation.contacts.speaking().exclude(pk=contact.pk)
    if following := following.order_by("agreed_at", "pk").first():
        following.is_first = True
        following.save(update_fields=["is_first"])


def accept(pk: int, *, by: User, government: Organisation | None = None) -> Participation:
    """The secretariat knows whom it deals with; ``government`` says which organisation of the hub it
    is, where somebody gave only a name."""
    with _participation(pk) as participation:
        if participation.status != Status.REGISTERED:
            raise ValidationError(_("Only what is registered can be accepted."), code="status")
        _accept(participation, government)
        return participation


def decline(pk: int, reason: str, *, by: User) -> Participation:
    """The secretariat says no, with a reason that the government reads."""
    with _participation(pk) as participation:
        if participation.status in Participation.ENDED:
            raise ValidationError(_("This participation has ended already."), code="ended")
        if not reason.strip():
            raise ValidationError({"reason": _("Say why: the government will read it.")}, "reason")
        _end(participation, Status.DECLINED, reason.strip())
        letters.declined(participation)
        return participation


def withdraw(pk: int, reason: str = "") -> Participation:
    """Take part no more. What hangs on it is told, so that interviews and the like end with it."""
    with _participation(pk) as participation:
        if participation.status not in Participation.ENDED:
            _end(participation, Status.WITHDRAWN, reason.strip())
            letters.withdrawn(participation)
        return participation


def change(pk: int, about: dict[str, Any], *, version: int | None = None) -> Participation:
    """Put right what a government has said: activities, priorities, language, zone, whether it may be
    named. ``version`` is that of what the writer has read. ``ValidationError`` with the code ``stale``
    if a colleague was faster, and for the last activity taken away."""
    with _participation(pk) as participation:
        _require_active(participation)
        if version is not None and version != participation.version:
            raise ValidationError(
                _("A colleague has changed this since you opened the page. Look at it once more."),
                code="stale",
            )
        if "activities" in about:
            _choose(participation, about["activities"])
        said = ("priorities", "language", "timezone", "may_be_named")
        for name in about.keys() & set(said):
            setattr(participation, name, about[name])
        _keep(participation, *said, *Activity.values)
        return participation


def choose(participation: Participation, activity: Activity) -> None:
    """Add one activity, within a transaction that has locked the participation: who books an
    interview has chosen it."""
    setattr(participation, activity.value, True)
    _keep(participation, activity.value)


def introduce(pk: int, about: dict[str, str]) -> ParticipationContact:
    """Put right a contact's own name and position."""
    with _contact(pk) as contact:
        contact.name, contact.position = about["name"], about["position"]
        contact.save(update_fields=["name", "position"])
        return contact


def require_whole(round: Round, wish: Wish) -> None:
    """``ValidationError`` that names the field for what a registration cannot be without."""
    missing: dict[str, str] = {}
    if not wish.government and not wish.proposed_name:
        missing["government"] = _("Say which government you speak for.")
    if not set(wish.activities) & set(round.activities):
        missing["activities"] = _("Choose at least one activity.")
    if missing:
        raise ValidationError(missing)


# Locks


@contextmanager
def _round(pk: int) -> Iterator[Round]:
    with transaction.atomic():
        yield publishing.locked(pk)


@contextmanager
def _participation(pk: int) -> Iterator[Participation]:
    of = Participation.objects.values_list("round_id", flat=True).get(pk=pk)
    with _round(of):
        yield _fresh(pk)


@contextmanager
def _contact(pk: int) -> Iterator[ParticipationContact]:
    """A contact as it stands under the lock of its round; ``ValidationError`` for one that is gone."""
    of = Contacts.values_list("participation__round_id", flat=True).filter(pk=pk).first()
    if of is None:
        raise _over()
    with _round(of):
        contact = (
            Contacts.select_related("participation__round", "participation__government")
            .filter(pk=pk, left_at=None)
            .first()
        )
        if contact is None:
            raise _over()
        yield contact


def _fresh(pk: int) -> Participation:
    rows = Participation.objects.select_related("round", "government").select_for_update(
        of=["self"]
    )
    return rows.get(pk=pk)


def _over() -> ValidationError:
    return ValidationError(_("This link has done its work."), code="over")


# Conditions


def _require_open(round: Round) -> None:
    if why := refusal(round):
        raise ValidationError(why, code="refused")


def _require_active(participation: Participation) -> None:
    if not participation.is_active:
        raise ValidationError(_("Your government does not take part now."), code="ended")


def _require_speaks(by: ParticipationContact | None, participation: Participation) -> None:
    if by is None:
        return
    if not participation.contacts.speaking().filter(pk=by.pk).exists():
        raise ValidationError(_("You do not speak for this government."), code="by")


# Acts, under the lock


def _contact_at(round: Round, email: str) -> ParticipationContact | None:
    """The one row of an address in a round: what somebody has confirmed goes before what waits."""
    rows = Contacts.filter(participation__round=round, email__iexact=email, left_at=None).exclude(
        participation__status__in=Participation.ENDED
    )
    rows = rows.select_related("participation__round", "participation__government")
    return rows.order_by(F("confirmed_at").asc(nulls_last=True), "pk").first()


def _is_sent_twice(contact: ParticipationContact, wish: Wish, is_draft: bool) -> bool:
    """Whether it is the same form once more: whoever sends it knows all that it says."""
    participation = contact.participation
    if participation.updated_at < now() - SAME:
        return False
    if is_draft != (participation.status == Status.DRAFT):
        return False
    had = {name: getattr(participation, name) for name in wish.columns}
    return had == wish.columns and {n: getattr(contact, n) for n in wish.about} == wish.about


def _entered(round: Round, wish: Wish, is_draft: bool) -> ParticipationContact:
    participation = Participation(round=round)
    contact = ParticipationContact(participation=participation, email=wish.email, is_first=True)
    _write(contact, wish, is_draft)
    _tell_first(contact)
    return contact


def _rewrite(contact: ParticipationContact, wish: Wish, is_draft: bool) -> None:
    """What nobody has confirmed may be said anew. A draft does not take back what was sent whole."""
    was_sent = contact.participation.status == Status.SUBMITTED
    if not (is_draft and was_sent):
        _write(contact, wish, is_draft)
    _tell_first(contact)


def _write(contact: ParticipationContact, wish: Wish, is_draft: bool) -> None:
    participation = contact.participation
    for name, value in wish.columns.items():
        setattr(participation, name, value)
    for one in set(Activity) - set(participation.round.activities):
        setattr(participation, one.value, False)
    participation.clean()
    participation.status = Status.DRAFT if is_draft else Status.SUBMITTED
    participation.submitted_at = None if is_draft else participation.submitted_at or now()
    participation.updated_at = now()
    participation.save()
    for name, value in wish.about.items():
        setattr(contact, name, value)
    contact.participation = participation
    contact.save()


def _tell_first(contact: ParticipationContact) -> None:
    if contact.participation.status == Status.DRAFT:
        letters.kept(contact)
    else:
        letters.submitted(contact)


def _confirm(contact: ParticipationContact, by: User | None = None) -> ParticipationContact:
    participation = contact.participation
    if participation.status in Participation.ENDED:
        raise ValidationError(_("This registration has ended."), code="ended")
    was_confirmed = contact.confirmed_at is not None
    contact.confirmed_at = contact.confirmed_at or now()
    contact.user = contact.user or by
    contact.save(update_fields=["confirmed_at", "user"])
    if participation.status == Status.SUBMITTED:
        return _register(contact)
    if participation.is_active and not was_confirmed:
        letters.joined(contact)
    return contact


def _register(contact: ParticipationContact) -> ParticipationContact:
    participation = contact.participation
    _require_open(participation.round)
    there = _taking_part(participation)
    if there is not None:
        return _ask(contact, there)
    participation.status, participation.registered_at = Status.REGISTERED, now()
    _keep(participation, "status", "registered_at")
    contact.agreed_at, contact.is_first = now(), True
    contact.save(update_fields=["agreed_at", "is_first"])
    if _is_known_to_speak(contact):
        _accept(participation, is_told=False)
    letters.registered(contact)
    return contact


def _taking_part(participation: Participation) -> Participation | None:
    """The participation of the same government, if there is one in the round."""
    if participation.government_id:
        same = Q(government=participation.government_id)
    else:
        same = Q(government=None, proposed_name__iexact=participation.proposed_name)
    return participation.round.participations.active().filter(same).first()


def _ask(contact: ParticipationContact, there: Participation) -> ParticipationContact:
    """Let somebody wait at the participation of their government; what they had begun ends."""
    earlier = contact.participation
    if there.contacts.filter(left_at=None, email__iexact=contact.email).exists():
        raise ValidationError(_("This address is a contact already."), code="known")
    contact.participation, contact.is_first, contact.agreed_at = there, False, None
    contact.save(update_fields=["participation", "is_first", "agreed_at"])
    if not earlier.contacts.exists():
        earlier.delete()
    letters.asks(contact)
    return contact


def _is_known_to_speak(contact: ParticipationContact) -> bool:
    """Whether the address belongs to an account that has a role in the government."""
    government = contact.participation.government_id
    roles = Membership.objects.filter(
        organisation=government,
        user__is_active=True,
        user__emailaddress__verified=True,
        user__emailaddress__email__iexact=contact.email,
    )
    return government is not None and roles.exists()


def _accept(
    participation: Participation, government: Organisation | None = None, *, is_told: bool = True
) -> None:
    if government is not None:
        participation.government = government
    if participation.government is None:
        text = _("Say first which organisation of the hub this is.")
        raise ValidationError({"government": text}, code="government")
    others = participation.round.participations.active().exclude(pk=participation.pk)
    if others.filter(government=participation.government).exists():
        text = _("This government takes part in the round already.")
        raise ValidationError({"government": text}, code="twice")
    participation.status, participation.accepted_at = Status.ACCEPTED, now()
    _keep(participation, "status", "accepted_at", "government")
    if is_told:
        letters.accepted(participation)


def _end(participation: Participation, status: str, reason: str) -> None:
    participation.status, participation.reason, participation.ended_at = status, reason, now()
    participation.submitted_at = participation.submitted_at or now()
    _keep(participation, "status", "reason", "ended_at", "submitted_at")
    for hear in ended:
        hear(participation)


def _choose(participation: Participation, activities: Iterable[str]) -> None:
    offered = {one.value for one in participation.round.activities}
    chosen = set(activities) & offered
    if not chosen:
        text = _("Keep at least one activity. To take part no more, withdraw instead.")
        raise ValidationError({"activities": text}, code="none")
    has_interview = Interview.objects.to_come().filter(participation=participation).exists()
    if has_interview and Activity.INTERVIEW.value not in chosen:
        text = _("An interview is booked. Cancel it first, and then drop the activity.")
        raise ValidationError({"activities": text}, code="booked")
    for one in Activity:
        setattr(participation, one.value, one.value in chosen)


def _keep(participation: Participation, *columns: str) -> None:
    participation.version += 1
    participation.updated_at = now()
    participation.save(update_fields=[*columns, "version", "updated_at"])


def _gone(contact: ParticipationContact) -> None:
    contact.left_at = now()
    contact.link_version = F("link_version") + 1
    contact.save(update_fields=["left_at", "link_version"])
