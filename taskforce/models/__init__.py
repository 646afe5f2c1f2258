from taskforce.models.findings import Finding
from taskforce.models.groups import GroupApplication, GroupMembership, WorkingGroup
from taskforce.models.interviews import Interview, InterviewSlot
from taskforce.models.meetings import ActionItem, AgendaItem, Meeting, MinutesRevision
from taskforce.models.participations import (
    Participation,
    ParticipationContact,
    RoundInvitation,
)
from taskforce.models.rounds import RESERVED_SLUGS, Milestone, Round

__all__ = [
    "RESERVED_SLUGS",
    "ActionItem",
    "AgendaItem",
    "Finding",
    "GroupApplication",
    "GroupMembership",
    "Interview",
    "InterviewSlot",
    "Meeting",
    "Milestone",
    "MinutesRevision",
    "Participation",
    "ParticipationContact",
    "Round",
    "RoundInvitation",
    "WorkingGroup",
]
