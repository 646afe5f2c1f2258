"""To whom issues went, and those of which nobody knows: for who oversees the hub."""

from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import audit
from hub.audit.desk import PersonalData
from hub.newsletter import course, jobs
from hub.newsletter.models import Delivery
from hub.partners.desk import OverseenAdmin


@admin.register(Delivery)
class DeliveryAdmin(PersonalData, OverseenAdmin):
    list_display = ["reader", "issue", "language", "state", "because", "handed_over_at", "error"]
    list_filter = ["state", "issue"]
    list_select_related = ["issue", "subscription"]
    list_per_page = 50
    actions = ["send_again", "mark_as_sent"]
    fields = [
        *("reader", "issue", "language", "state", "because", "error"),
        *("attempts", "handed_over_at", "sent_at"),
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("issue__texts")

    @admin.display(description=gettext_lazy("reader"))
    def reader(self, delivery: Delivery) -> str:
        return delivery.to or _("nobody knows any more")

    @admin.action(description=gettext_lazy("Send again …"), permissions=["post"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        question = _("Send these again? Whoever has got it already gets it twice.")
        page = self.confirm(request, queryset, "send_again", question, _("Send again"))
        if page:
            return page
        done = [row for row in queryset if course.send_again(row)]
        jobs.hand_out()
        self._tell(request, "sent_again", done)
        return None

    @admin.action(description=gettext_lazy("Mark as sent …"), permissions=["post"])
    def mark_as_sent(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        question = _("Do you know that these went out?")
        page = self.confirm(request, queryset, "mark_as_sent", question, _("Mark as sent"))
        if page:
            return page
        self._tell(request, "marked", [row for row in queryset if course.mark_as_sent(row)])
        return None

    def _tell(self, request: HttpRequest, act: str, rows: list[Delivery]) -> None:
        for row in rows:
            audit.note(request, act, row)
        name = model_ngettext(self.opts, len(rows))
        self.message_user(request, f"{len(rows)} {name}", messages.SUCCESS)
