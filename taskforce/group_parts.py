"""What working groups and meetings add to the lists of the ground."""

from events import access as event_access
from hub import starter
from taskforce import access, group_starter


def declare() -> None:
    """Register it; once, in ``AppConfig.ready()``."""
    event_access.register_audience(access.among_core)
    event_access.register_observers(access.among_observers)
    starter.register(
        "working_groups.csv",
        group_starter.begin_groups,
        key=["name"],
        after=["vocabulary.csv", "organisations.csv"],
    )
