"""The post office at the desk, for the secretariat and administrators: letters and what became of
them, and addresses from which mail came back. In `make run` this is the mailbox."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub import audit, links
from hub.audit.access import VIEWED
from hub.audit.desk import PersonalData
from hub.notices import acts, suppression
from hub.notices.models import Address, Message
from hub.partners import policy
from hub.partners.desk import OverseenAdmin

# A letter as its reader would see it, but with no script, no picture, no form and no origin.
LETTER_POLICY = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class LateFilter(admin.SimpleListFilter):
    title = gettext_lazy("late")
    parameter_name = "is_late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.late() if self.value() == "1" else queryset


@admin.register(Message)
class MessageAdmin(PersonalData, OverseenAdmin):
    list_display = ["subject", "to", "state", "created_at", "error"]
    list_filter = ["state", LateFilter, "template"]
    search_fields = ["to", "subject", "dedup_key"]
    list_per_page = 50
    actions = ["send_again", "mark_as_sent", "cancel"]
    fieldsets = [
        (None, {"fields": ["subject", "to", "state", "as_text", "as_html", "as_calendar"]}),
        (
            gettext_lazy("How it went"),
            {
                "fields": [
                    *("error", "created_at", "not_before", "is_held", "attempts"),
                    *("handed_over_at", "sent_at"),
                ]
            },
        ),
        (
            gettext_lazy("What it is"),
            {"fields": ["template", "language", "answers_to", "dedup_key", "message_id"]},
        ),
    ]
    readonly_fields = ["as_text", "as_html", "as_calendar", "answers_to"]

    def get_urls(self) -> list:
        shown = self.admin_site.admin_view(self.letter)
        return [
            path("<path:object_id>/letter/", shown, name="notices_message_letter"),
            *super().get_urls(),
        ]

    def letter(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The HTML of a letter alone, shut into a sandbox of its own."""
        message = self.get_object(request, object_id)
        if message is None or not message.html or not is_readable(message):
            raise Http404
        audit.note(request, VIEWED, message)
        return HttpResponse(message.html, headers={"Content-Security-Policy": LETTER_POLICY})

    @admin.display(description=gettext_lazy("text"))
    def as_text(self, message: Message) -> str:
        if not is_readable(message):
            return _("It holds a code, a link or words that are for its reader alone.")
        return format_html('<pre class="letter">{}</pre>', _with_links(message.text) or "–")

    @admin.display(description="HTML")
    def as_html(self, message: Message) -> str:
        if not message.html or not is_readable(message):
            return "–"
        address = reverse("admin:notices_message_letter", args=[message.pk])
        return format_html('<a href="{}">{}</a>', address, _("See it as its reader does"))

    @admin.display(description=gettext_lazy("calendar entry"))
    def as_calendar(self, message: Message) -> str:
        if not message.calendar or not is_readable(message):
            return "–"
        return format_html('<pre class="letter">{}</pre>', message.calendar)

    @admin.display(description=gettext_lazy("answers go to"))
    def answers_to(self, message: Message) -> str:
        return message.reply_to if is_readable(message) else "–"

    @admin.action(description=gettext_lazy("Send again …"), permissions=["post"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        question = _("Send these letters again? Some may then arrive twice.")
        page = self.confirm(request, queryset, "send_again", question, _("Send them again"))
        return page or self._tell(request, queryset, acts.send_again)

    @admin.action(description=gettext_lazy("Mark as sent …"), permissions=["post"])
    def mark_as_sent(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        question = _("Are you sure that these letters arrived?")
        page = self.confirm(request, queryset, "mark_as_sent", question, _("Mark them as sent"))
        return page or self._tell(request, queryset, acts.mark_as_sent)

    @admin.action(description=gettext_lazy("Cancel …"), permissions=["post"])
    def cancel(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        question = _("Cancel these letters? Those that have not gone out never will.")
        page = self.confirm(request, queryset, "cancel", question, _("Cancel them"))
        return page or self._tell(request, queryset, acts.cancel)

    def _tell(self, request: HttpRequest, queryset: QuerySet, act: Any) -> None:
        done = [message for message in queryset if act(message)]
        for message in done:
            self.log_change(request, message, act.__name__)
            audit.note(request, act.__name__, message)
        left = len(queryset) - len(done)
        if done:
            said = ngettext("%(count)s letter done.", "%(count)s letters done.", len(done))
            self.message_user(request, said % {"count": len(done)}, messages.SUCCESS)
        if left:
            said = ngettext(
                "%(count)s letter is in no state for this.",
                "%(count)s letters are in no state for this.",
                left,
            )
            self.message_user(request, said % {"count": left}, messages.WARNING)


def is_readable(message: Message) -> bool:
    """Whether people at the desk may read it: neither what lets its reader in nor what somebody
    writes to another, but on one's own machine, where there is no other mailbox."""
    return settings.LOCAL or not (message.is_secret or message.is_private)


def _with_links(text: str) -> SafeString:
    """``text`` with links to this site alone."""
    base = re.escape(links.absolute("/"))
    parts = re.split(rf"({base}[^\s<>\"']*)", text)  # each second one is an address
    return format_html_join(
        "",
        "{}",
        (
            [format_html('<a href="{0}">{0}</a>', part) if number % 2 else part]
            for number, part in enumerate(parts)
        ),
    )


class BlockForm(forms.ModelForm):
    class Meta:
        model = Address
        fields = ["address"]

    def clean_address(self) -> str:
        address = suppression.normalised(self.cleaned_data["address"])
        validate_email(address)
        return address


@admin.register(Address)
class AddressAdmin(PersonalData, OverseenAdmin):
    """Adding one blocks it; the list lifts it."""

    form = BlockForm
    list_display = ["address", "reason", "suppressed_at", "soft_bounces", "last_said"]
    list_filter = ["reason"]
    search_fields = ["address"]
    actions = ["lift"]
    readonly_fields = ["reason", "suppressed_at", "soft_bounces", "last_said", "changed_at"]

    def get_fields(self, request: HttpRequest, obj: Address | None = None) -> list[str]:
        return ["address", *self.readonly_fields] if obj else ["address"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.oversees(request.user)

    def save_model(self, request: HttpRequest, obj: Address, form: Any, change: bool) -> None:
        obj.pk = suppression.suppress(obj.address, Address.Reason.STAFF).pk
        audit.note(request, "suppressed", obj)

    @admin.action(description=gettext_lazy("Send to these again …"), permissions=["post"])
    def lift(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        question = _("Send mail to these addresses again?")
        page = self.confirm(request, queryset, "lift", question, _("Send to them again"))
        if page:
            return page
        for address in queryset:
            self.log_change(request, address, "lift")
            audit.note(request, "lifted", address)
        suppression.lift(queryset)
        name = model_ngettext(self.opts, len(queryset))
        self.message_user(request, f"{len(queryset)} {name}", messages.SUCCESS)
        return None
