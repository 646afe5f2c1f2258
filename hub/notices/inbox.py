"""What the post office has for the secretariat to see to."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.desk import Task
from hub.notices.models import Message
from hub.partners import policy
from hub.partners.models import User

LABELS = {
    "unknown": _("Letters that were perhaps sent"),
    "failed": _("Letters that failed"),
    "late": _("Letters that are late: no mail server, or too many at once"),
}


def tasks(user: User) -> list[Task]:
    """What waits for this person: nothing, unless they are the secretariat or an administrator."""
    if not policy.oversees(user):
        return []
    address = reverse("admin:notices_message_changelist")
    to_see_to = Message.objects.exclude(to="")
    return [
        Task(
            str(LABELS["unknown"]),
            to_see_to.filter(state=Message.State.UNKNOWN).count(),
            f"{address}?state__exact=unknown",
        ),
        Task(
            str(LABELS["failed"]),
            to_see_to.filter(state=Message.State.FAILED).exclude(text="").count(),
            f"{address}?state__exact=failed",
        ),
        Task(str(LABELS["late"]), Message.objects.late().count(), f"{address}?is_late=1"),
    ]
