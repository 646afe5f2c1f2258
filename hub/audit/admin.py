"""Background work at the desk, for administrators: what waits, what failed, and once more. It stands
here because what they do to it is noted."""

import json

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# Importing it registers the admin that ours takes the place of.
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import jobs
from hub.audit import note, policy
from hub.desk import Confirming, Task

admin.site.unregister(ProcrastinateJob)

ARGUMENTS = 2000  # signs of them that are shown


def tasks(user: AbstractBaseUser) -> list[Task]:
    """The work that failed for good, for administrators."""
    if not policy.runs(user):
        return []
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    address = f"{reverse('admin:procrastinate_procrastinatejob_changelist')}?status__exact=failed"
    return [Task(_("Background work that failed"), failed, address)]


@admin.register(ProcrastinateJob)
class JobAdmin(Confirming, ProcrastinateJobAdmin):
    list_display = ["pk", "short_task_name", "pretty_args", "status", "attempts", "scheduled_at"]
    list_filter = ["status", "task_name", "queue_name"]
    actions = ["run_again", "cancel"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.runs(request.user)

    def has_view_permission(
        self, request: HttpRequest, obj: ProcrastinateJob | None = None
    ) -> bool:
        return policy.runs(request.user)

    def has_delete_permission(
        self, request: HttpRequest, obj: ProcrastinateJob | None = None
    ) -> bool:
        return False

    def has_post_permission(self, request: HttpRequest) -> bool:
        return policy.runs(request.user)

    @admin.display(description=gettext_lazy("What with"))
    def pretty_args(self, instance: ProcrastinateJob) -> str:
        """As procrastinate has it, without the style in the page that our policy forbids."""
        return json.dumps(instance.args, ensure_ascii=False)[:ARGUMENTS]

    @admin.action(description=gettext_lazy("Run again"), permissions=["post"])
    def run_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._tell(request, [job for job in queryset if jobs.run_again(job.pk)], "ran_again")

    @admin.action(description=gettext_lazy("Cancel …"), permissions=["post"])
    def cancel(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        question = _("Cancel this work? What has not begun never will.")
        page = self.confirm(request, queryset, "cancel", question, _("Cancel it"))
        if page:
            return page
        self._tell(request, [job for job in queryset if jobs.cancel(job.pk)], "cancelled")
        return None

    def _tell(self, request: HttpRequest, done: list[ProcrastinateJob], act: str) -> None:
        for job in done:
            note(request, act, job)
        said = ngettext("%(count)s job.", "%(count)s jobs.", len(done)) % {"count": len(done)}
        self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)
