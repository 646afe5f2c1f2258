"""Background work of the portal."""

from hub import jobs
from hub.portal.dumps import writing


@jobs.nightly
def write_dump() -> None:
    """Write all that is public as files. Run twice, it makes another one and lets go of the oldest."""
    writing.write()
