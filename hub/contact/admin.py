"""The desk's look at letters that are odd."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hub.contact import services
from hub.contact.models import Letter
from hub.desk import Task
from hub.partners import policy
from hub.partners.models import User


def tasks(user: User) -> list[Task]:
    """The letters that wait for a look, for the secretariat."""
    if not policy.oversees(user):
        return []
    address = f"{reverse('admin:contact_letter_changelist')}?state__exact={Letter.State.HELD}"
    return [Task(str(_("Letters to look at")), Letter.objects.held().count(), address)]


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    """Held letters are passed on or dismissed; nobody changes what somebody wrote. Of letters that
    were passed on the desk sees that they were, not what they say."""

    list_display = ["name", "person", "state", "oddities", "written_at"]
    list_filter = ["state"]
    list_select_related = ["person"]
    actions = ["pass_on", "dismiss"]
    fields = ["person", "name", "email", "words", "oddities", "state", "written_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(state=Letter.State.UNCONFIRMED)

    def get_fields(self, request: HttpRequest, obj: Letter | None = None) -> list[str]:
        is_held = obj is not None and obj.state == Letter.State.HELD
        return [name for name in self.fields if is_held or name not in ("words", "email")]

    @admin.display(description=_("what is odd"))
    def oddities(self, letter: Letter) -> str:
        return ", ".join(letter.suspicions)

    @admin.action(description=_("Pass on"))
    def pass_on(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        self._decide(request, letters, is_good=True)

    @admin.action(description=_("Do not pass on"))
    def dismiss(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        self._decide(request, letters, is_good=False)

    def _decide(self, request: HttpRequest, letters: QuerySet, *, is_good: bool) -> None:
        count = 0
        for letter in letters.held():
            services.decide(request.user, letter, is_good=is_good)
            count += 1
        told = ngettext("%(count)s letter decided.", "%(count)s letters decided.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.oversees(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return policy.oversees(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
