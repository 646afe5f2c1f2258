"""The taskforce at the partner desk."""

from taskforce.desk_findings import FindingAdmin
from taskforce.desk_groups import WorkingGroupAdmin
from taskforce.desk_interviews import InterviewAdmin, InterviewSlotAdmin
from taskforce.desk_meetings import MeetingAdmin
from taskforce.desk_participations import ParticipationAdmin
from taskforce.desk_rounds import RoundAdmin

__all__ = [
    "FindingAdmin",
    "InterviewAdmin",
    "InterviewSlotAdmin",
    "MeetingAdmin",
    "ParticipationAdmin",
    "RoundAdmin",
    "WorkingGroupAdmin",
]
