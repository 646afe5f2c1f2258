"""Who speaks for a government in a round: the first contact, whom they invite, and who asks and is let in."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub.limits import Limit
from taskforce import letters, locks
from taskforce.models import Participation, ParticipationContact

INVITED = Limit("colleagues invited by", 10, timedelta(days=1))
APPEALED_BY = Limit("appeals by", 3, timedelta(days=1))
APPEALED = Limit("appeals to the desk", 50, timedelta(days=1))


def join(participation: Participation, email: str, *, name: str = "") -> ParticipationContact:
    """Invite a colleague: who already speaks has agreed by that, the address still has to be
    confirmed."""
    with locks.round_of(participation.round_id) as round:
        participation = locks.fresh(participation.pk)
        locks.require_active(participation)
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
    with locks.contact_of(pk) as contact:
        locks.require_active(contact.participation)
        _require_speaks(by, contact.participation)
        if contact.agreed_at is None:
            contact.agreed_at = now()
            contact.save(update_fields=["agreed_at"])
            letters.agreed(contact)
        return contact


def refuse(pk: int, by: ParticipationContact | None = None) -> None:
    """Say no to somebody who asks; they are told."""
    with locks.contact_of(pk) as contact:
        _require_speaks(by, contact.participation)
        if contact.agreed_at is not None:
            raise ValidationError(_("They speak for the government already."), code="agreed")
        letters.refused(contact)
        _gone(contact)


def appeal(pk: int) -> None:
    """Somebody who waits asks the secretariat to look: who registered their government may be no one of
    it. One letter, however often they ask."""
    with locks.contact_of(pk) as contact:
        locks.require_active(contact.participation)
        if contact.confirmed_at is None or contact.agreed_at is not None:
            raise ValidationError(_("Nobody has to agree any more."), code="agreed")
        letters.appealed(contact)


def leave(pk: int) -> None:
    """Speak for the government no more. The last one cannot: somebody has to be there to answer."""
    with locks.contact_of(pk) as contact:
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
    ParticipationContact.objects.filter(pk=contact.pk).update(is_first=False)
    following = contact.participation.contacts.speaking().exclude(pk=contact.pk)
    if following := following.order_by("agreed_at", "pk").first():
        following.is_first = True
        following.save(update_fields=["is_first"])


def introduce(pk: int, about: dict[str, str]) -> ParticipationContact:
    """Put right a contact's own name and position."""
    with locks.contact_of(pk) as contact:
        contact.name, contact.position = about["name"], about["position"]
        contact.save(update_fields=["name", "position"])
        return contact


def _require_speaks(by: ParticipationContact | None, participation: Participation) -> None:
    if by is None:
        return
    if not participation.contacts.speaking().filter(pk=by.pk).exists():
        raise ValidationError(_("You do not speak for this government."), code="by")


def _gone(contact: ParticipationContact) -> None:
    contact.left_at = now()
    contact.link_version = F("link_version") + 1
    contact.save(update_fields=["left_at", "link_version"])
