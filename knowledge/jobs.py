"""Background work on resources."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from hub import jobs
from knowledge import comparing_works, link_check, reading, uploads
from knowledge.bringing_in import course
from knowledge.models import File

A_NIGHT = 200  # files that are read once more
# Whoever asks twice for a check is told what the first one found.
FRESH_FOR = timedelta(minutes=10)


@jobs.task
def read_file(file_id: int) -> None:
    """Read a PDF. Safe to run twice: what is kept depends on the file alone."""
    reading.read(file_id)


def files_added(file_ids: list[int]) -> None:
    """Have these files read, once the transaction that wants it is over."""
    for file_id in file_ids:
        jobs.enqueue(read_file, file_id=file_id)


@jobs.nightly
def sweep_files() -> None:
    """Delete what only old revisions name."""
    uploads.sweep_outdated()


@jobs.nightly
def look_for_tags() -> None:
    """Read once more what was read before tags were looked for."""
    files_added([*File.objects.with_tags_unknown().values_list("pk", flat=True)[:A_NIGHT]])


@jobs.nightly
def look_for_doubles() -> None:
    """Have the works compared with all others that have changed."""
    for resource_ids in comparing_works.turns():
        jobs.enqueue(compare_works, resource_ids=resource_ids)


@jobs.patient_task
def compare_works(resource_ids: list[int]) -> None:
    """Note which works these look like."""
    comparing_works.compare(resource_ids)


@jobs.nightly
def check_links() -> None:
    """Have the links looked at whose turn it is."""
    now = timezone.now()
    for link_ids in link_check.turns(now):
        jobs.enqueue(look_at_links, link_ids=link_ids, since=now.isoformat())


def check_now(link_ids: Iterable[int]) -> int:
    """Have these links looked at soon, no more of a site than in a night; answers how many."""
    since = (timezone.now() - FRESH_FOR).isoformat()
    turns = link_check.turns_of(link_ids)
    for turn in turns:
        jobs.enqueue(look_at_links, link_ids=turn, since=since)
    return sum(map(len, turns))


@jobs.patient_task
def look_at_links(link_ids: list[int], since: str) -> None:
    """Look at these links. Run twice, it looks at those alone that nobody has looked at ``since``.
    One such job runs at a time, so that no site is asked two things at once."""
    link_check.look_at(link_ids, since=datetime.fromisoformat(since))


@jobs.task
def read_import(import_id: int) -> None:
    """Read a file of works and plan its rows. Run twice, it begins anew."""
    course.read(import_id)


@jobs.task
def apply_import(import_id: int) -> None:
    """Write what a person agreed to. Run twice, it writes once."""
    course.apply(import_id)
