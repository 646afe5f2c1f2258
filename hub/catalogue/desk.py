"""For the desk: how often works are read, on its first page and on the page of each work."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.catalogue import misses, readership
from hub.desk import Panel, Task
from hub.partners import policy
from hub.partners.models import User

OPEN = "open"  # of searches that found nothing: asked for of late, and not set aside


def most_read(user: User) -> Panel:
    """The works of this person that were read most this month."""
    entries = readership.most_read(user, timezone.now().date())
    return Panel(_("Most read this month"), "admin/catalogue/_most_read.html", entries)


def tasks(user: User) -> list[Task]:
    """What readers asked for in vain of late, for those who may say that the hub has nothing."""
    if not policy.publishes(user):
        return []
    count = misses.count_waiting(timezone.now().date())
    address = reverse("admin:catalogue_searchmiss_changelist")
    return [Task(_("Asked for, nothing found"), count, f"{address}?asked={OPEN}")]


def not_found(user: User) -> Panel | None:
    """What readers asked for most in the last weeks and the hub does not have; nothing if they found all."""
    asked = misses.most_asked(timezone.now().date())
    return (
        Panel(_("Asked for, nothing found"), "admin/catalogue/_misses.html", asked)
        if asked
        else None
    )


class TellsUsage:
    """For the admin of a source: its page says how often the work is read. Mix it in first."""

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if obj := kwargs.get("obj"):
            context["usage"] = readership.table_of(obj, timezone.now().date())
        return super().render_change_form(request, context, *args, **kwargs)
