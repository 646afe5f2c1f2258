"""What the newsletter has for people at the desk to see to."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hub.desk import Task
from hub.newsletter.models import Delivery
from hub.partners import policy
from hub.partners.models import User


def tasks(user: User) -> list[Task]:
    """Letters of which nobody knows whether they went out, for who oversees the hub."""
    if not policy.oversees(user):
        return []
    unknown = Delivery.objects.filter(
        state=Delivery.State.UNKNOWN, subscription__isnull=False
    ).count()
    url = reverse("admin:newsletter_issue_changelist")
    return [Task(_("Newsletters that were perhaps sent"), unknown, f"{url}?in_doubt=1")]
