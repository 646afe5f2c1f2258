"""Background work of the catalogue."""

from hub import jobs
from hub.catalogue import services
from hub.catalogue.models import Record


@jobs.task
def refresh_records(refs: list[str]) -> None:
    """Put these records again. Safe to run twice: a record depends on its source alone."""
    services.refresh(refs)


def refresh_terms(term_ids: list[int]) -> None:
    """Renew the records that name these terms, after the transaction that changed them."""
    _refresh(Record.objects.filter(term_ids__overlap=term_ids))


def refresh_organisations(organisation_ids: list[int]) -> None:
    """Renew the records that name these organisations."""
    _refresh(Record.objects.filter(organisation_ids__overlap=organisation_ids))


def _refresh(records) -> None:
    refs = list(records.order_by("id").values_list("ref", flat=True))
    for start in range(0, len(refs), services.BATCH):
        jobs.enqueue(refresh_records, refs=refs[start : start + services.BATCH])
