"""How far each government of a round has come: from the invitation to findings that everybody reads.
All of it is asked of the rows; nothing is stored."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.slugs import sort_key
from taskforce import invitations
from taskforce.models import Finding, Interview, Participation, Round, RoundInvitation

# In the order in which a government goes through them; it stands in the last that it has reached.
STAGES: dict[str, Promise] = {
    "invited": _("Invited"),
    "registered": _("Registered"),
    "booked": _("Interview booked"),
    "held": _("Interview held"),
    "approved": _("Findings approved"),
    "published": _("Findings public"),
}


@dataclass(frozen=True)
class Card:
    """A government on the board; ``note`` says what waits for the secretariat there."""

    name: str
    url: str = ""
    note: str | Promise = ""


@dataclass(frozen=True)
class Column:
    name: str
    label: Promise
    cards: tuple[Card, ...]

    @property
    def count(self) -> int:
        return len(self.cards)


@dataclass(frozen=True)
class Board:
    """Where all governments stand, who said no, who has not answered, and how many of these may be
    reminded now."""

    columns: tuple[Column, ...]
    declined: tuple[RoundInvitation, ...]
    silent: tuple[RoundInvitation, ...]
    due: int

    def __bool__(self) -> bool:
        return bool(self.declined or self.silent or any(one.cards for one in self.columns))


def board_of(round: Round) -> Board:
    """The board of one round, in as many questions to the database for sixty governments as for one."""
    cards: dict[str, list[Card]] = {name: [] for name in STAGES}
    for one in _participations(round):
        address = reverse("admin:taskforce_participation_change", args=[one.pk])
        cards[_stage_of(one)].append(Card(one.government_name, address, _note_of(one)))
    invited = invitations.with_answer(round.invitations.select_related("government"))
    left = [one for one in invited if not one.has_answered]
    declined = tuple(one for one in left if one.declined_at)
    silent = tuple(one for one in left if not one.declined_at)
    # A government of which several people are invited is one.
    cards["invited"] = [Card(name) for name in {str(one) for one in silent}]
    columns = tuple(
        Column(name, label, tuple(sorted(cards[name], key=lambda card: sort_key(card.name))))
        for name, label in STAGES.items()
    )
    return Board(columns, declined, silent, invitations.to_remind(round).count())


def _participations(round: Round) -> list[Participation]:
    interviews = Interview.objects.filter(participation=OuterRef("pk"))
    findings = Finding.objects.filter(participation=OuterRef("pk"))
    rows = round.participations.active().select_related("government")
    return list(
        rows.annotate(
            is_booked=Exists(interviews.to_come()),
            is_held=Exists(interviews.filter(status=Interview.Status.HELD)),
            has_approved=Exists(findings.approved()),
            has_published=Exists(findings.public()),
        )
    )


def _stage_of(one: Participation) -> str:
    reached = {
        "published": one.has_published,
        "approved": one.has_approved,
        "held": one.is_held,
        "booked": one.is_booked,
    }
    return next((name for name, is_so in reached.items() if is_so), "registered")


def _note_of(one: Participation) -> str | Promise:
    if one.is_accepted:
        return ""
    return _("new to the hub") if one.government_id is None else _("to accept")
