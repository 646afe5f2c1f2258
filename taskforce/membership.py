"""Who sits in a working group now. Asked for at each request: whoever leaves or moves further out sees
what is for members no more."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import localdate

from hub.accounts.people import addresses_of
from hub.partners.models import Organisation, User
from taskforce import own, own_seats
from taskforce.kinds import Circle
from taskforce.models import GroupMembership, Participation, ParticipationContact, WorkingGroup

# Who comes to the meetings; whoever stands further out hears of what comes of them.
MEETING = (Circle.CORE, Circle.OBSERVER)
LEADING = (GroupMembership.Role.LEAD, GroupMembership.Role.CO_LEAD)


def sitting(user: User) -> QuerySet[GroupMembership]:
    """The terms that run today of somebody with an account: by the account, or by an address that they
    have shown to be theirs."""
    rows = GroupMembership.objects.sitting_on(localdate()).annotate(address=Lower("email"))
    return rows.filter(Q(user=user) | Q(address__in=addresses_of(user)))


def contacts(user: User) -> QuerySet[ParticipationContact]:
    """For which accepted participations somebody with an account may speak."""
    rows = ParticipationContact.objects.speaking().annotate(address=Lower("email"))
    rows = rows.filter(participation__status=Participation.Status.ACCEPTED)
    return rows.filter(Q(user=user) | Q(address__in=addresses_of(user)))


@dataclass(frozen=True)
class Seat:
    """Somebody on the members' pages of a group: by account, or with the ``token`` of their link."""

    group: WorkingGroup
    memberships: tuple[GroupMembership, ...]
    token: str = ""

    @property
    def is_core(self) -> bool:
        """Whether the papers are for them."""
        return any(one.circle == Circle.CORE for one in self.memberships)

    @property
    def may_write(self) -> bool:
        """Whether they write agenda and minutes: who leads the group, by account alone, so that no
        forwarded letter lets anybody do so."""
        is_leading = any(
            one.role in LEADING and one.circle == Circle.CORE for one in self.memberships
        )
        return is_leading and not self.token

    @property
    def membership(self) -> GroupMembership:
        """The one nearest to the work."""
        order = [Circle.CORE, Circle.OBSERVER, Circle.OTHER]
        return min(self.memberships, key=lambda one: (order.index(Circle(one.circle)), one.pk))

    @property
    def email(self) -> str:
        return self.membership.email

    @property
    def name(self) -> str:
        return self.membership.name or self.membership.organisation.name

    @property
    def organisation(self) -> Organisation:
        return self.membership.organisation

    @property
    def language(self) -> str:
        return self.membership.language

    @property
    def circle_name(self) -> str:
        return self.group.name

    @property
    def meetings(self) -> Q:
        """Which meetings are for them."""
        return Q(group=self.group)

    def url(self, name: str, *parts: object) -> str:
        """The address of a members' page, by the way that somebody came."""
        if self.token:
            return reverse(f"group:{name}", args=[self.token, *parts])
        return reverse(f"taskforce:group_{name}", args=[self.group.slug, *parts])


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks for an accepted government, by their link, at the meetings of the whole
    taskforce: what is for members there is for them. They lead none."""

    contact: ParticipationContact
    token: str
    group: WorkingGroup | None = None
    is_core: bool = True
    may_write: bool = False

    @property
    def email(self) -> str:
        return self.contact.email

    @property
    def name(self) -> str:
        return self.contact.name or self.contact.participation.government_name

    @property
    def organisation(self) -> Organisation:
        return self.contact.participation.government

    @property
    def language(self) -> str:
        return self.contact.participation.language

    @property
    def circle_name(self) -> str:
        return self.contact.participation.round.title

    @property
    def meetings(self) -> Q:
        return Q(group=None, round=self.contact.participation.round_id)

    def url(self, name: str, *parts: object) -> str:
        if name == "area":
            return own.path_of(self.contact)
        return reverse(f"group:round_{name}", args=[self.token, *parts])


def speaker_by(token: str) -> Speaker | None:
    """Whoever speaks by this link for an accepted government; ``None`` for anybody else."""
    contact = own.contact_of(token)
    if contact is None or not contact.may_speak or not contact.participation.is_accepted:
        return None
    return Speaker(contact, token)


def meeting_path(reader: "GroupMembership | ParticipationContact", slug: str) -> str:
    """The page of a meeting for whoever gets a letter about it."""
    if isinstance(reader, GroupMembership):
        return reverse("group:meeting", args=[own_seats.token_of(reader), slug])
    return reverse("group:round_meeting", args=[own.token_of(reader), slug])


def seat_of(user: User, slug: str) -> Seat | None:
    """The seat of somebody with an account in a group; ``None`` for who has none that opens meetings."""
    rows = sitting(user).filter(group__slug=slug, circle__in=MEETING)
    found = tuple(rows.select_related("group__lead_government", "organisation"))
    return _seat(found)


def seat_by(token: str) -> Seat | None:
    """The seat of whoever has the link; ``None`` for any other token, and once the term is over."""
    found = own_seats.membership_of(token)
    if found is None or found.circle not in MEETING:
        return None
    return _seat((found,), token)


def _seat(rows: tuple[GroupMembership, ...], token: str = "") -> Seat | None:
    if not rows or not rows[0].group.is_public:
        return None
    return Seat(rows[0].group, rows, token)
