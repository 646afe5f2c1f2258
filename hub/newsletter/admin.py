"""The readers of the newsletter, for the secretariat to look at: what they agreed to nobody changes."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hub.audit.desk import PersonalData
from hub.newsletter.desk_deliveries import DeliveryAdmin
from hub.newsletter.desk_issues import IssueAdmin
from hub.newsletter.models import Group, Subscription
from hub.partners.desk import OverseenAdmin, TellsHistory

__all__ = ["DeliveryAdmin", "IssueAdmin", "SubscriptionAdmin"]

RECEIVING, WAITING, OVER = "receiving", "waiting", "over"


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(RECEIVING, _("get it")), (WAITING, _("not confirmed yet")), (OVER, _("ended it"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet | None:
        chosen = {
            RECEIVING: Q(confirmed_at__isnull=False, ended_at=None),
            WAITING: Q(confirmed_at=None),
            OVER: Q(ended_at__isnull=False),
        }
        return rows.filter(chosen[self.value()]) if self.value() in chosen else rows


class GroupFilter(admin.SimpleListFilter):
    title = _("what they read")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Group.choices

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet | None:
        if self.value() not in Group.values:
            return rows
        return rows.filter(Q(groups__contains=[self.value()]) | Q(groups=[]))


@admin.register(Subscription)
class SubscriptionAdmin(PersonalData, TellsHistory, OverseenAdmin):
    list_display = ["email", "read", "cadence", "asked_at", "confirmed_at", "ended_at"]
    list_filter = [StandingFilter, GroupFilter, "cadence"]
    search_fields = ["email"]
    fields = [
        *("email", "languages", "groups", "terms", "cadence", "asked_at", "confirmed_at"),
        *("ended_at", "ending", "wording", "wording_version", "source_path"),
    ]

    @admin.display(description=_("languages"))
    def read(self, subscription: Subscription) -> str:
        return ", ".join(subscription.languages)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False
