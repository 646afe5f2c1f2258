"""What other libraries are told of a work beside what the catalogue knows of it."""

from hub.catalogue.oai.details import Details
from hub.catalogue.sources import ref_of
from knowledge.models import Resource

REF = f"{Resource._meta.label_lower}:"


def describe(refs: list[str]) -> dict[str, Details]:
    """The details of those of these refs that are works, by ref."""
    pks = [int(ref.removeprefix(REF)) for ref in refs if ref.startswith(REF)]
    works = Resource.objects.public().filter(pk__in=pks).prefetch_related("identifiers", "links")
    return {
        ref_of(work): Details(
            address=work.permanent_url,
            work_url=work.work_url,
            licence=work.licence,
            identifiers=tuple((one.scheme, one.value) for one in work.identifiers.all()),
        )
        for work in works
    }
