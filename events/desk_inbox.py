"""What waits for a person at the desk, as far as events go."""

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import Event, Registration
from hub.desk import Task
from hub.partners import policy
from hub.partners.models import User


def tasks(user: User) -> list[Task]:
    """Drafts to finish, and events where somebody waits for approval."""
    address = reverse("admin:events_event_changelist")
    drafts = policy.editable(user, Event.objects.unpublished())
    return [
        Task(str(_("Draft events to finish")), drafts.count(), f"{address}?status__exact=draft"),
        *(
            Task(
                str(_("Registrations to approve: %(event)s") % {"event": event}),
                event.waiting,
                reverse("admin:events_event_registrations", args=[event.pk]) + "?status=pending",
            )
            for event in _with_pending(user)
        ),
    ]


def _with_pending(user: User) -> QuerySet[Event]:
    rows = policy.publishable(user, Event.objects.to_come())
    pending = rows.filter(registrations__status=Registration.Status.PENDING)
    return pending.annotate(waiting=Count("registrations")).order_by("starts_at")
