"""Background work of the taskforce."""

from hub import jobs
from taskforce import actions, member_letters

__all__ = ["member_letters", "remind_of_actions"]


@jobs.nightly
def remind_of_actions() -> None:
    """Write to the owners of what is due soon or overdue."""
    actions.remind_all()
