"""The desk's look at letters that are odd."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hub.audit.desk import PersonalData
from hub.contact import services
from hub.contact.models import Letter
from hub.desk import Task
from hub.partners import policy
from hub.partners.desk import OverseenAdmin, TellsHistory
from hub.partners.models import User


def tasks(user: User) -> list[Task]:
    """The letters that wait for a look, for the secretariat."""
    if not policy.oversees(user):
        return []
    address = f"{reverse('admin:contact_letter_changelist')}?state__exact={Letter.State.HELD}"
    return [Task(str(_("Letters to look at")), Letter.objects.held().count(), address)]


@admin.register(Letter)
class LetterAdmin(PersonalData, TellsHistory, OverseenAdmin):
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

    @admin.action(description=_("Pass on …"), permissions=["post"])
    def pass_on(self, request: HttpRequest, letters: QuerySet[Letter]) -> HttpResponse | None:
        question = gettext("Pass these letters on?")
        page = self.confirm(request, letters, "pass_on", question, gettext("Pass them on"))
        return page or self._decide(request, letters, is_good=True)

    @admin.action(description=_("Do not pass on …"), permissions=["post"])
    def dismiss(self, request: HttpRequest, letters: QuerySet[Letter]) -> HttpResponse | None:
        question = gettext("Not pass these letters on? Nobody is told.")
        page = self.confirm(request, letters, "dismiss", question, gettext("Do not pass them on"))
        return page or self._decide(request, letters, is_good=False)

    def _decide(self, request: HttpRequest, letters: QuerySet, *, is_good: bool) -> None:
        count = 0
        for letter in letters.held():
            try:
                services.decide(request.user, letter, is_good=is_good)
                count += 1
            except Letter.DoesNotExist:  # somebody else was quicker
                continue
            except ValidationError as refusal:
                self.message_user(request, f"{letter.name}: {refusal.messages[0]}", messages.ERROR)
        told = ngettext("%(count)s letter decided.", "%(count)s letters decided.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS)
