"""Background work on events."""

from events import afterwards, zone_guard
from hub import jobs


@jobs.nightly
def thank_participants() -> None:
    """Write to those who took part in what was over yesterday."""
    afterwards.thank_all()


@jobs.nightly
def mind_zones() -> None:
    """Follow zones that have changed their rules."""
    zone_guard.rederive_all()
