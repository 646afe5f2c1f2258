"""What happens every night."""

from hub import jobs
from hub.members import data


@jobs.nightly
def retain() -> None:
    """Let go of what is kept about people longer than its purpose allows, wherever it is kept."""
    data.retain()
