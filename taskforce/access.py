"""For whom the meetings of groups and rounds are, as the events behind them ask at each request."""

from django.db.models import Q

from hub.partners.models import User
from taskforce.kinds import Circle
from taskforce.membership import contacts, sitting


def among_core(user: User) -> Q:
    """Meetings whose papers are for this person: those of groups of which they are a core member, and
    those of the whole taskforce in rounds in which they speak for a government."""
    groups = sitting(user).filter(circle=Circle.CORE).values("group")
    rounds = contacts(user).values("participation__round")
    return Q(meeting__group__in=groups) | Q(meeting__group=None, meeting__round__in=rounds)


def among_observers(user: User) -> Q:
    """Meetings that they may come to besides, without the papers: those of groups that they observe, and
    those of groups in a round in which their government has chosen such meetings."""
    groups = sitting(user).filter(circle=Circle.OBSERVER).values("group")
    chosen = contacts(user).filter(participation__working_group=True)
    in_rounds = Q(
        meeting__group__isnull=False, meeting__round__in=chosen.values("participation__round")
    )
    return Q(meeting__group__in=groups) | in_rounds
