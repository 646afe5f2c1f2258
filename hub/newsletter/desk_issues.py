"""Issues at the desk. Editors of all partners and the secretariat compose; who oversees the hub sends."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.audit.desk import Recorded
from hub.catalogue.cards import cards_for
from hub.catalogue.models import Record
from hub.newsletter import composing
from hub.newsletter.desk_forms import IssueForm
from hub.newsletter.desk_sending import SendingPages
from hub.newsletter.models import Delivery, Issue, IssueItem, IssueText
from hub.partners import policy
from hub.partners.forms import PartFormSet
from hub.zones import told


class PartOfIssue(admin.options.InlineModelAdmin):
    formset = PartFormSet
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return policy.publishes(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return policy.publishes(request.user) and (obj is None or obj.can_change)

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


class TextInline(PartOfIssue, admin.StackedInline):
    model = IssueText
    min_num = 1
    fields = ["language", "subject", "intro"]


class ItemInline(PartOfIssue, admin.TabularInline):
    model = IssueItem
    fields = ["title", "group", "position"]
    readonly_fields = ["title"]
    ordering = ["group", "position", "id"]

    def has_add_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return False  # they are added on a page that looks for them

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        refs = Record.objects.public().shown().filter(ref__in=rows.values("ref"))
        self._cards = {card.record.ref: card for card in cards_for(refs, "en")}
        return rows

    @admin.display(description=gettext_lazy("what"))
    def title(self, item: IssueItem) -> str:
        card = self._cards.get(item.ref)
        return card.title if card else _("Left out: it is not on the site now")


class InDoubt(admin.SimpleListFilter):
    title = gettext_lazy("perhaps sent")
    parameter_name = "in_doubt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("To some readers perhaps"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        unknown = Delivery.objects.filter(state=Delivery.State.UNKNOWN)
        return queryset.filter(pk__in=unknown.values("issue")) if self.value() else queryset


@admin.register(Issue)
class IssueAdmin(SendingPages, Recorded, admin.ModelAdmin):
    form = IssueForm
    change_form_template = "admin/newsletter/issue/change_form.html"
    list_display = ["title", "number", "state", "goes_out", "in_languages"]
    list_filter = ["state", InDoubt]
    search_fields = ["texts__subject"]
    inlines = [TextInline, ItemInline]
    readonly_fields = ["state", "goes_out"]
    fieldsets = [(None, {"fields": ["language", "state", "goes_out"]})]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("texts")

    @admin.display(description=gettext_lazy("title"))
    def title(self, issue: Issue) -> str:
        return str(issue)

    @admin.display(description=gettext_lazy("goes out"), ordering="send_at")
    def goes_out(self, issue: Issue) -> str:
        moment = issue.begun_at or issue.send_at
        return told(moment) if moment else "–"

    @admin.display(description=gettext_lazy("languages"))
    def in_languages(self, issue: Issue) -> str:
        return ", ".join(issue.languages)

    def view_on_site(self, issue: Issue) -> str | None:
        return issue.get_absolute_url()

    # Who may do what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return policy.publishes(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return policy.publishes(request.user) and (obj is None or obj.can_change)

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        """Only a draft: what is to go out is made a draft again first."""
        is_draft = obj is None or obj.state == Issue.State.DRAFT
        return policy.publishes(request.user) and is_draft

    # Composing

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """What would be in the draft; by POST it is made."""
        if not self.has_add_permission(request):
            return self.denied()
        if request.method == "POST":
            issue = composing.draft()
            self.log_addition(request, issue, [{"added": {}}])
            self.message_user(
                request, _("Here is a draft of what is new. Write its text."), messages.SUCCESS
            )
            return redirect("admin:newsletter_issue_change", issue.pk)
        since = composing.last_look()
        found = composing.new_since(since)
        context = {
            **self.admin_site.each_context(request),
            "title": _("New issue"),
            "opts": self.opts,
            "since": since,
            "found": [
                (group.label, cards_for(rows[: composing.HANDFUL], "en"), len(rows))
                for group, rows in found.items()
            ],
        }
        return TemplateResponse(request, "admin/newsletter/issue/new.html", context)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is IssueItem:
            composing.arrange(form.instance, {}, set())
