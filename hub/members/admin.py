"""Roles, invitations and requests at the desk: the secretariat looks at each and at what became of it.
They are changed on the pages of the organisation, where its editors do it too."""

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hub.audit.desk import PersonalData
from hub.desk import Task
from hub.members import policy
from hub.members.models import Invitation, RoleRequest
from hub.partners.desk import OverseenAdmin, TellsHistory
from hub.partners.models import Membership, Organisation, User
from hub.partners.policy import oversees


def tasks(user: User) -> list[Task]:
    """The requests that wait for this person, and for the secretariat partners without an editor."""
    waiting = policy.decidable(user).count()
    asked = Task(str(_("People who ask for a role")), waiting, reverse("members:requests"))
    if not oversees(user):
        return [asked]
    orphans = policy.without_editor(Organisation.objects.public()).count()
    address = reverse("members:organisations")
    return [asked, Task(str(_("Partners without an editor")), orphans, address)]


class RoleAdmin(PersonalData, TellsHistory, OverseenAdmin):
    """Admin of what leads somebody to a role; each row knows its ``organisation``."""

    list_select_related = True
    search_fields = ["organisation__name"]

    @admin.display(description=_("changed here"))
    def people(self, row: Model) -> str:
        address = reverse("members:organisation", args=[row.organisation.slug])
        return format_html('<a href="{}">{}</a>', address, _("People of the organisation"))


@admin.register(Membership)
class MembershipAdmin(RoleAdmin):
    list_display = ["organisation", "user", "role"]
    list_filter = ["role"]
    search_fields = [*RoleAdmin.search_fields, "user__name", "user__email"]
    fields = ["organisation", "user", "role", "people"]
    readonly_fields = ["people"]


@admin.register(Invitation)
class InvitationAdmin(RoleAdmin):
    list_display = ["organisation", "email", "role", "sent_at", "accepted_at", "withdrawn_at"]
    list_filter = ["role"]
    search_fields = [*RoleAdmin.search_fields, "email"]
    fields = [*("organisation", "email", "role", "invited_by"), *list_display[3:], "people"]
    readonly_fields = ["people"]


@admin.register(RoleRequest)
class RoleRequestAdmin(RoleAdmin):
    list_display = ["organisation", "user", "asked_at", "decided_at", "is_granted"]
    list_filter = ["is_granted"]
    search_fields = [*RoleAdmin.search_fields, "user__name", "user__email"]
    fields = [*("organisation", "user", "words"), *list_display[2:4], "decided_by", "is_granted"]
    fields += ["people"]
    readonly_fields = ["people"]
