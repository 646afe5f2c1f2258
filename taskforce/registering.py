"""Governments register for a round: what somebody says is noted, and counts once they have shown that the
address is theirs.

Whether a government or an address takes part already is told to mailboxes and to nobody else: what a
visitor is answered is the same for all.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub import limits
from hub.accounts.people import addresses_of
from hub.addresses import normalised
from hub.limits import Limit
from hub.partners.models import Membership, Organisation, User
from hub.vocabulary.models import Term
from taskforce import letters, locks, participating
from taskforce.kinds import Activity
from taskforce.models import Participation, ParticipationContact, Round

FROM_CLIENT = Limit("participations from", 60, timedelta(hours=1))
BY_ADDRESS = Limit("participations by", 20, timedelta(days=1))
# Whoever sends the same words again so soon has pressed the button twice.
SAME = timedelta(minutes=10)
# So many may ask in a day to speak for one government: each is a letter to all who do.
MOST_ASKING, ASKING_WITHIN = 10, timedelta(days=1)
Status = Participation.Status


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


def submit(
    round: Round, wish: Wish, *, by: User | None = None, is_draft: bool = False
) -> ParticipationContact:
    """Note what somebody says, and write to their address. Nothing is registered before they have
    shown that the address is theirs, except by who is signed in with it: they have shown it.

    The same address stays with the same row: it is rewritten while nobody has confirmed it, and left
    alone afterwards. ``ValidationError`` in words for a round that is not open, and for what is missing.
    """
    is_known = by is not None and wish.email.lower() in addresses_of(by)
    with locks.round_of(round.pk) as round:
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
    with locks.contact_of(pk) as contact:
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
    with locks.contact_of(pk) as contact:
        return _confirm(contact, by)


def prove(contact: ParticipationContact) -> ParticipationContact:
    """Confirm the address of who acts by their link: whoever has it and presses a button has the
    mailbox, too. Answers the contact as it stands after that."""
    return contact if contact.confirmed_at else confirm(contact.pk)


def require_whole(round: Round, wish: Wish) -> None:
    """``ValidationError`` that names the field for what a registration cannot be without."""
    missing: dict[str, str] = {}
    if not wish.government and not wish.proposed_name:
        missing["government"] = _("Say which government you speak for.")
    if not set(wish.activities) & set(round.activities):
        missing["activities"] = _("Choose at least one activity.")
    if missing:
        raise ValidationError(missing)


def _contact_at(round: Round, email: str) -> ParticipationContact | None:
    """The one row of an address in a round: what somebody has confirmed goes before what waits."""
    rows = ParticipationContact.objects.filter(
        participation__round=round, email__iexact=email, left_at=None
    ).exclude(participation__status__in=Participation.ENDED)
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
    participating.keep(participation, "status", "registered_at")
    contact.agreed_at, contact.is_first = now(), True
    contact.save(update_fields=["agreed_at", "is_first"])
    if _is_known_to_speak(contact):
        participating.accepted(participation, is_told=False)
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
    lately = there.contacts.filter(agreed_at=None, confirmed_at__gt=now() - ASKING_WITHIN)
    if lately.count() >= MOST_ASKING:
        text = _(
            "Many people have asked to speak for this government today. Try again tomorrow, or write "
            "to the secretariat."
        )
        raise ValidationError(text, code="many")
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


def _require_open(round: Round) -> None:
    if why := participating.refusal(round):
        raise ValidationError(why, code="refused")
