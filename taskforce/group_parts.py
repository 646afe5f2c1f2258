"""What working groups and meetings add to the lists of the ground."""

from events import access as event_access
from hub import desk, starter
from hub.members import calendar
from taskforce import access, group_inbox, group_personal, group_starter, member_calendar


def declare() -> None:
    """Register it; once, in ``AppConfig.ready()``."""
    group_personal.declare()
    event_access.register_audience(access.among_core)
    event_access.register_observers(access.among_observers)
    desk.inbox.register(group_inbox.tasks)
    calendar.sources.register(member_calendar.meetings_of)
    starter.register(
        "working_groups.csv",
        group_starter.begin_groups,
        key=["name"],
        after=["vocabulary.csv", "organisations.csv"],
    )
