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


def in_words(account: User | None) -> str:
    return account.name_and_address if account else "–"


class RoleAdmin(PersonalData, TellsHistory, OverseenAdmin):
    """Admin of what leads somebody to a role; each row knows its ``organisation``."""

    list_select_related = True
    search_fields = ["organisation__name"]

    # In words, for the pages of accounts are for administrators alone.

    @admin.display(description=_("who"))
    def who(self, row: Membership | RoleRequest) -> str:
        return in_words(row.user)

    @admin.display(description=_("invited by"))
    def inviter(self, row: Invitation) -> str:
        return in_words(row.invited_by)

    @admin.display(description=_("decided by"))
    def decider(self, row: RoleRequest) -> str:
        return in_words(row.decided_by)

    @admin.display(description=_("changed here"))
    def people(self, row: Model) -> str:
        address = reverse("members:organisation", args=[row.organisation.slug])
        return format_html('<a href="{}">{}</a>', address, _("People of the organisation"))


@admin.register(Membership)
class MembershipAdmin(RoleAdmin):
    list_display = ["organisation", "user", "role"]
    list_filter = ["role"]
    search_fields = [*RoleAdmin.search_fields, "user__name", "user__email"]
    fields = ["organisation", "who", "role", "people"]
    readonly_fields = ["who", "people"]


@admin.register(Invitation)
class InvitationAdmin(RoleAdmin):
    list_display = ["organisation", "email", "role", "sent_at", "accepted_at", "withdrawn_at"]
    list_filter = ["role"]
    search_fields = [*RoleAdmin.search_fields, "email"]
    fields = [*("organisation", "email", "role", "inviter"), *list_display[3:], "people"]
    readonly_fields = ["inviter", "people"]


@admin.register(RoleRequest)
class RoleRequestAdmin(RoleAdmin):
    list_display = ["organisation", "user", "asked_at", "decided_at", "is_granted"]
    list_filter = ["is_granted"]
    search_fields = [*RoleAdmin.search_fields, "user__name", "user__email"]
    fields = [*("organisation", "who", "words"), *list_display[2:4], "decider", "is_granted"]
    fields += ["people"]
    readonly_fields = ["who", "decider", "people"]
