from datetime import datetime
from itertools import count

from hub.partners.models import Organisation
from hub.partners.tests.factories import make_organisation
from knowledge import services
from knowledge.models import Credit, Edition, Resource

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


def make_resource(title: str = "", *, at: datetime | None = None, **fields) -> Resource:
    """A published resource, public now or from ``at`` on."""
    return services.publish(make_draft(title, **fields).pk, at=at)
