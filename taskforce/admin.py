"""The taskforce at the partner desk."""

from taskforce.desk_findings import FindingAdmin
from taskforce.desk_groups import WorkingGroupAdmin
from taskforce.desk_interviews import InterviewAdmin, InterviewSlotAdmin
from taskforce.desk_meetings import MeetingAdmin

__all__ = [
    "FindingAdmin",
    "InterviewAdmin",
    "InterviewSlotAdmin",
    "MeetingAdmin",
    "WorkingGroupAdmin",
]
