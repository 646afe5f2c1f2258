"""What waits for a person at the desk, as far as resources go."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.desk import Task
from hub.partners import policy
from hub.partners.models import User
from knowledge import duplicates
from knowledge.models import Edition, File, Link, Resource

# Each waits under a name that the list of resources can be filtered by.
LABELS = {
    "review": _("Waiting for your review"),
    "returned": _("Sent back with changes to make"),
    "approved": _("Approved, ready to publish"),
    "draft": _("Drafts to finish"),
    "changed": _("Changes of public works to finish"),
    "scheduled": _("To be published later"),
    "noted": _("Notes for curators to follow"),
    "due": _("Due for review"),
    "textless": _("PDFs without text"),
    "broken": _("Broken links"),
    "outdated": _("Translations out of date"),
    "double": _("Likely duplicates"),
}


def waiting(user: User, resources: QuerySet) -> dict[str, QuerySet]:
    """Those of the resources that wait for something that this person can do, by what it is."""
    resources = policy.editable(user, resources)
    published = resources.filter(status=Resource.Status.PUBLISHED)
    begun = resources.filter(stage=Resource.Stage.DRAFT)
    decided = policy.publishable(user, resources)
    # With an archived copy readers are helped, and nobody has anything left to do.
    broken = Link.objects.in_use().broken().filter(archived_url="")
    # Nobody can mend an earlier version, and nobody reads what is withdrawn.
    textless = File.objects.filter(text_status__in=File.TEXTLESS, succeeded_by=None)
    in_use = resources.exclude(status=Resource.Status.WITHDRAWN)
    return {
        "review": decided.filter(stage=Resource.Stage.IN_REVIEW),
        "returned": resources.filter(stage=Resource.Stage.CHANGES_REQUESTED),
        "approved": decided.filter(stage=Resource.Stage.APPROVED),
        "draft": begun.unpublished(),
        "changed": begun.exclude(pending=None),
        "scheduled": published.filter(publish_at__gt=Now()),
        "noted": resources.exclude(curator_note=""),
        "due": published.filter(review_by__lte=Now()),
        "textless": in_use.filter(pk__in=textless.values("resource")),
        "broken": resources.filter(pk__in=broken.values("resource")),
        "outdated": in_use.filter(pk__in=Edition.objects.outdated().values("resource")),
        "double": duplicates.works_with_doubles(user, resources),
    }


def tasks(user: User) -> list[Task]:
    """What waits for this person, of all that they may change."""
    address = reverse("admin:knowledge_resource_changelist")
    found = waiting(user, Resource.objects.all())
    return [
        Task(str(LABELS[name]), rows.count(), f"{address}?waiting={name}")
        for name, rows in found.items()
    ]


class WaitingFilter(admin.SimpleListFilter):
    """The list behind each task."""

    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in LABELS:
            return queryset
        return waiting(request.user, queryset)[self.value()]
