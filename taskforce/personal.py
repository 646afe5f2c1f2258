"""What is kept about people who speak for governments: what they see of it, take along and have erased,
and for how long it is kept."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.partners.holdings import Holding, plain, register
from taskforce import own, speaking
from taskforce.invitation_letters import NOWHERE
from taskforce.models import Participation, ParticipationContact, RoundInvitation

# As long as what came of a round is talked about with those who took part in it.
KEPT = timedelta(days=2 * 365)
# What nobody confirmed, and what was begun and left.
UNCONFIRMED, BEGUN = timedelta(days=30), timedelta(days=90)
Status = Participation.Status


def _at_nowhere(pk: int) -> str:
    return f"{pk}@{NOWHERE}"


# Contacts


def _contacts(email: str) -> QuerySet[ParticipationContact]:
    rows = ParticipationContact.objects.filter(email__iexact=email)
    return rows.select_related("participation__round", "participation__government")


def _panel(rows: QuerySet[ParticipationContact]) -> list[tuple[str, str]]:
    there = rows.filter(left_at=None).exclude(participation__status__in=Participation.ENDED)
    return [
        (f"{one.participation.government_name}: {one.participation.round}", own.path_of(one))
        for one in there
    ]


def _erase_contacts(rows: QuerySet[ParticipationContact]) -> None:
    """Keep of them that somebody spoke for the government, not who. What was never registered goes as a
    whole."""
    for contact in rows:
        if contact.participation.status in (Status.DRAFT, Status.SUBMITTED):
            _drop(contact.participation)
        else:
            _blank(contact)


def _drop(participation: Participation) -> None:
    ours = ParticipationContact.objects.filter(participation=participation)
    erasure.delete(ours)
    erasure.delete(Participation.objects.filter(pk=participation.pk))


@transaction.atomic
def _blank(contact: ParticipationContact) -> None:
    speaking.hand_on(contact)
    ParticipationContact.objects.filter(pk=contact.pk).update(
        name="",
        position="",
        email=_at_nowhere(contact.pk),
        user=None,
        left_at=contact.left_at or now(),
        link_version=F("link_version") + 1,
    )
    erasure.erase_values(ParticipationContact, contact.pk)


def _retain_contacts(rows: QuerySet[ParticipationContact]) -> int:
    """Let go of what came to nothing, and of who spoke so long after the round."""
    begun = Q(participation__status=Status.DRAFT, participation__updated_at__lt=now() - BEGUN)
    unconfirmed = Q(
        participation__status=Status.SUBMITTED, participation__updated_at__lt=now() - UNCONFIRMED
    )
    count = 0
    for contact in rows.filter(begun | unconfirmed).select_related("participation"):
        _drop(contact.participation)
        count += 1
    long_over = Q(participation__round__period__endswith__lt=localdate() - KEPT)
    named = rows.filter(long_over).exclude(email__endswith=f"@{NOWHERE}")
    for contact in named.select_related("participation__round"):
        _blank(contact)
        count += 1
    return count


# What they said


def _words(email: str) -> QuerySet[Participation]:
    own_rows = ParticipationContact.objects.speaking().filter(email__iexact=email)
    return Participation.objects.filter(pk__in=own_rows.values("participation"))


def _retain_words(rows: QuerySet[Participation]) -> int:
    """What a government wrote to the secretariat goes with who wrote it; that it took part stays."""
    old = rows.filter(round__period__endswith__lt=localdate() - KEPT).exclude(priorities="")
    keys = list(old.values_list("pk", flat=True))
    for key in keys:
        Participation.objects.filter(pk=key).update(priorities="")
        erasure.erase_values(Participation, key, ["priorities"])
    return len(keys)


# Invitations


def _invitations(email: str) -> QuerySet[RoundInvitation]:
    return RoundInvitation.objects.filter(email__iexact=email)


def _erase_invitations(rows: QuerySet[RoundInvitation]) -> None:
    """That a government was invited stays, not whom one wrote to."""
    for key in list(rows.values_list("pk", flat=True)):
        RoundInvitation.objects.filter(pk=key).update(
            name="", email=_at_nowhere(key), link_version=F("link_version") + 1
        )
        erasure.erase_values(RoundInvitation, key, ["name", "email"])


def _retain_invitations(rows: QuerySet[RoundInvitation]) -> int:
    old = rows.filter(round__period__endswith__lt=localdate() - KEPT)
    old = old.exclude(email__endswith=f"@{NOWHERE}")
    count = old.count()
    _erase_invitations(old)
    return count


def declare() -> None:
    """Register them."""
    register(
        Holding(
            label=_("Taking part for a government"),
            model=ParticipationContact,
            rows=_contacts,
            export=plain(
                *("participation", "name", "position", "email", "is_first", "confirmed_at"),
                *("agreed_at", "left_at", "created_at"),
            ),
            erase=_erase_contacts,
            panel=_panel,
            retain=_retain_contacts,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("What was said for a government that you speak for"),
            model=Participation,
            rows=_words,
            export=plain(
                *("round", "government", "proposed_name", "interview", "working_group"),
                *("taskforce_meeting", "priorities", "language", "timezone", "may_be_named"),
                *("status", "submitted_at", "registered_at", "accepted_at", "ended_at"),
            ),
            erase=lambda _rows: (
                None
            ),  # it is the government's; what was only begun goes with who did
            retain=_retain_words,
        )
    )
    register(
        Holding(
            label=_("Invitation to a round"),
            model=RoundInvitation,
            rows=_invitations,
            export=plain(
                *("round", "government_name", "name", "email", "language", "invited_at"),
                *("reminded_at", "reminders", "declined_at"),
            ),
            erase=_erase_invitations,
            retain=_retain_invitations,
            is_of_earlier_addresses=True,
        )
    )
