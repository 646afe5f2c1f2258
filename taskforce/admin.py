"""The taskforce at the partner desk."""

from taskforce.desk_groups import WorkingGroupAdmin
from taskforce.desk_meetings import MeetingAdmin

__all__ = ["MeetingAdmin", "WorkingGroupAdmin"]
