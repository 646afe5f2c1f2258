from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

import pgtrigger
from django.core.files.base import ContentFile
from django.db.models import F
from PIL import Image

from hub import pictures
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_organisation
from hub.tests.pdfs import make_pdf
from knowledge import link_check, reading_lists, services
from knowledge.models import (
    Collection,
    CollectionItem,
    CollectionText,
    Cover,
    Credit,
    Edition,
    File,
    Link,
    Resource,
)

_numbers = count(1)


def make_draft(
    title: str = "",
    *,
    language: str = "en",
    summary: str = "",
    owner: Organisation | None = None,
    terms: tuple = (),
    publishers: tuple = (),
    **fields,
) -> Resource:
    """A draft with an original edition, as it stands at the desk."""
    number = next(_numbers)
    fields = {"kind": "report", "slug": f"resource-{number}", "languages": [language], **fields}
    resource = Resource.objects.create(owner=owner or make_organisation(), **fields)
    title = title or f"Resource {number}"
    Edition.objects.create(
        resource=resource, language=language, title=title, summary=summary, is_original=True
    )
    resource.terms.set(terms)
    for name in publishers:
        Credit.objects.create(resource=resource, role=Credit.Role.PUBLISHER, name=name)
    return resource


def make_picture(
    colour: str = "teal", size: tuple[int, int] = (700, 990), kind: str = "PNG"
) -> bytes:
    """The content of a picture file."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def make_cover(resource: Resource, *, alt: str = "", **picture) -> Cover:
    """Give the resource a cover of one colour."""
    prepared = pictures.prepared(BytesIO(make_picture(**picture)))
    return services.set_cover(resource.pk, prepared, alt=alt)


def make_file(resource: Resource, *pages: str, content: bytes = b"", **fields) -> File:
    """A PDF of these pages, of one page if none is given; not read yet."""
    content = content or make_pdf(*(pages or [f"Words of {resource}, number {next(_numbers)}"]))
    return services.add_file(resource.pk, ContentFile(content, "Work (final).pdf"), **fields)


def make_resource(title: str = "", *, at: datetime | None = None, **fields) -> Resource:
    """A published resource, public now or from ``at`` on."""
    return services.publish(make_draft(title, **fields).pk, at=at)


def make_link(resource: Resource | None = None, *, url: str = "", **fields) -> Link:
    """A link to a site of its own, which nobody has looked at."""
    url = url or f"https://site-{next(_numbers)}.example/work"
    return Link.objects.create(resource=resource or make_draft(), url=url, **fields)


def make_broken_link(resource: Resource | None = None, **fields) -> Link:
    """A link that led nowhere in three nights, the last of them 3 March 2026."""
    link, last = make_link(resource, **fields), datetime(2026, 3, 3, 2, 17, tzinfo=UTC)
    for ago in (2, 1, 0):
        gone = link_check.Finding(link_check.Verdict.GONE, 404)
        link_check.note(link.pk, link.url, gone, last - timedelta(days=ago))
    link.refresh_from_db()
    return link


def pending_of(resource: Resource) -> dict:
    """What the draft beside a public resource says."""
    return Resource.objects.get(pk=resource.pk).pending.snapshot


def make_older(resource: Resource, age: timedelta) -> None:
    """Its revisions as if they had been saved so much earlier."""
    with pgtrigger.ignore("knowledge.Revision:never_rewritten"):
        resource.revisions.update(created_at=F("created_at") - age)


def make_list_draft(
    title: str = "",
    *works: Resource,
    language: str = "en",
    owner: Organisation | None = None,
    terms: tuple = (),
    notes: tuple[str, ...] = (),
    **fields,
) -> Collection:
    """A draft of a reading list with these works in this order, and with a note for each of the
    first so many."""
    number = next(_numbers)
    fields = {"slug": f"list-{number}", **fields}
    collection = Collection.objects.create(owner=owner or make_organisation(), **fields)
    CollectionText.objects.create(
        collection=collection, language=language, title=title or f"List {number}", is_original=True
    )
    collection.terms.set(terms)
    for position, work in enumerate(works):
        note = notes[position] if position < len(notes) else ""
        CollectionItem.objects.create(
            collection=collection, resource=work, position=position, note=note
        )
    return collection


def make_list(
    title: str = "", *works: Resource, at: datetime | None = None, **fields
) -> Collection:
    """A published reading list, public now or from ``at`` on."""
    return reading_lists.publish(make_list_draft(title, *works, **fields).pk, at=at)
