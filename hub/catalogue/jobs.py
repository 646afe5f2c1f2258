"""Background work of the catalogue."""

from django.utils import timezone

from hub import jobs, versions
from hub.catalogue import kept, misses, saved_letters, services, usage, words
from hub.catalogue.models import Record


@jobs.task
def refresh_records(refs: list[str]) -> None:
    """Put these records again. Safe to run twice: a record depends on its source alone."""
    services.refresh(refs)


@jobs.task
def refresh_naming(term_ids: list[int], organisation_ids: list[int]) -> None:
    """Have the records renewed that name these terms or organisations."""
    naming = Record.objects.naming(term_ids, organisation_ids)
    for refs in services.batches(naming.order_by("id").values_list("ref", flat=True)):
        jobs.enqueue(refresh_records, refs=refs)


def terms_changed(term_ids: list[int]) -> None:
    """Renew the records that name these terms, once the transaction that changed them is over."""
    services.hold_names_for_change()
    jobs.enqueue(refresh_naming, term_ids=term_ids, organisation_ids=[])


def organisations_changed(organisation_ids: list[int]) -> None:
    """Renew the records that name these organisations, once their change is committed."""
    services.hold_names_for_change()
    jobs.enqueue(refresh_naming, term_ids=[], organisation_ids=organisation_ids)


@jobs.nightly
def tidy_search() -> None:
    """Count the words of the library anew, and let go of what is old."""
    words.renew()
    kept.forget_old()
    misses.forget_old(timezone.now().date())
    versions.prune()


@jobs.often
def tell_of_saved_searches() -> None:
    """Write to those who follow a list and have not been looked after on this day."""
    tell_more(after=0)


@jobs.task
def tell_more(after: int) -> None:
    """Go through the next batch of them, and have the one after it gone through. Safe to run twice."""
    if last := saved_letters.tell_batch(after):
        jobs.enqueue(tell_more, after=last)


@jobs.at_midnight
def forget_readers() -> None:
    """Throw away what knows the readers of the day that is over."""
    usage.forget_readers()


@jobs.nightly
def forget_usage() -> None:
    """Let go of the oldest numbers of readers."""
    usage.forget_old(timezone.now().date())
