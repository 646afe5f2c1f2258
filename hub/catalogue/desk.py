"""For the desk: how often works are read, on its first page and on the page of each work."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.catalogue import misses, readership
from hub.desk import Panel
from hub.partners.models import User


def most_read(user: User) -> Panel:
    """The works of this person that were read most this month."""
    entries = readership.most_read(user, timezone.now().date())
    return Panel(_("Most read this month"), "admin/catalogue/_most_read.html", entries)


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
            months = readership.months_of(obj, timezone.now().date())
            sums = [sum(counts) for counts in zip(*(one.counts for one in months), strict=True)]
            labels = readership.METRICS.labels
            context["usage"] = {
                "months": months,
                "labels": labels,
                "sums": list(zip(labels, sums, strict=True)) if any(sums) else [],
            }
        return super().render_change_form(request, context, *args, **kwargs)
