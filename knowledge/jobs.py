"""Background work on resources."""

from hub import jobs
from knowledge import reading


@jobs.task
def read_file(file_id: int) -> None:
    """Read a PDF. Safe to run twice: what is kept depends on the file alone."""
    reading.read(file_id)


def files_added(file_ids: list[int]) -> None:
    """Have these files read, once the transaction that wants it is over."""
    for file_id in file_ids:
        jobs.enqueue(read_file, file_id=file_id)
