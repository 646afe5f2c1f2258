"""Background work of the taskforce."""

from hub import jobs
from taskforce import actions, invitations, member_letters, reminding, zone_guard

__all__ = ["invitations", "member_letters", "remind_of_actions"]


@jobs.nightly
def remind_of_actions() -> None:
    """Write to the owners of what is due soon or overdue."""
    actions.remind_all()


@jobs.nightly
def mind_zones_of_interviews() -> None:
    """Follow zones that have changed their rules."""
    zone_guard.rederive_slots()


@jobs.often
def remind_of_what_is_near() -> None:
    """Write to those who have an interview within a day."""
    reminding.remind_of_interviews()
