"""What waits for a person at the desk, as far as groups go."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.desk import Task
from hub.partners import policy
from hub.partners.models import User
from taskforce.models import GroupApplication, WorkingGroup


def tasks(user: User) -> list[Task]:
    """Groups for which somebody has applied."""
    rows = policy.publishable(user, WorkingGroup.objects.all())
    asked = rows.filter(applications__status=GroupApplication.Status.RECEIVED)
    return [
        Task(
            str(_("Applications to decide: %(group)s") % {"group": group}),
            group.waiting,
            reverse("admin:taskforce_workinggroup_applications", args=[group.pk]),
        )
        for group in asked.annotate(waiting=Count("applications")).order_by("name")
    ]
