"""Participations at the desk: the secretariat reads them, accepts and declines. What a government has
said is its own: nobody types over it here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hub.audit import access as audit
from hub.audit.acts import because
from hub.guarded import posted
from hub.links import host_of
from hub.partners import policy
from hub.partners.desk import OwnedAdmin, PartInline
from hub.partners.models import Organisation
from hub.slugs import unique_slug
from taskforce import participating, speaking
from taskforce.desk_pages import OwnPages
from taskforce.governments import KINDS, governments, is_of_its_site
from taskforce.models import Participation, ParticipationContact

Status = Participation.Status


class AcceptForm(forms.Form):
    """Which organisation of the hub a government is. ``made`` by the secretariat where there is none."""

    required_css_class = "required"

    government = forms.ModelChoiceField(
        None,
        label=_("Organisation of the hub"),
        required=False,
        empty_label=_("– none of these –"),
        help_text=_("Look first whether it is there under another name."),
    )
    kind = forms.ChoiceField(
        label=_("Or make a new one, of the kind"),
        required=False,
        choices=[("", "–"), *((kind.value, kind.label) for kind in reversed(KINDS))],
    )
    new_name = forms.CharField(
        label=_("Name of the new one"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(
        self, *args: Any, participation: Participation, makes: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.participation = participation
        self.fields["government"].queryset = governments().order_by("name")
        self.initial["new_name"] = participation.proposed_name
        if not makes:
            del self.fields["kind"], self.fields["new_name"]
        if participation.government_id:
            self.fields.clear()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.fields:
            return cleaned
        chosen, kind = cleaned.get("government"), cleaned.get("kind")
        if chosen and kind:
            self.add_error("kind", _("Choose an organisation or make a new one, not both."))
        elif not chosen and not kind and "government" not in self.errors:
            self.add_error("government", _("Say first which organisation of the hub this is."))
        elif kind:
            self._check_name(" ".join(cleaned.get("new_name", "").split()))
        return cleaned

    def _check_name(self, name: str) -> None:
        if not name:
            self.add_error("new_name", _("A new organisation needs its name."))
        elif Organisation.objects.filter(name__iexact=name).exists():
            text = _("An organisation with this name exists already.")
            self.add_error("new_name", text)
        self.cleaned_data["new_name"] = name

    def organisation(self) -> Organisation | None:
        """The one that is chosen, or made now."""
        said = self.cleaned_data
        if not said.get("kind"):
            return said.get("government")
        made = Organisation(
            slug=unique_slug(said["new_name"], Organisation.objects.all(), otherwise="government"),
            name=said["new_name"],
            kind=said["kind"],
            stakeholder_group=Organisation.StakeholderGroup.GOVERNMENT,
            place=self.participation.proposed_country,
        )
        made.full_clean()
        made.save()
        return made


class DeclineForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_("The government reads it in the letter."),
    )


class ContactInline(PartInline, admin.TabularInline):
    """Who speaks for the government, and who asks to."""

    model = ParticipationContact
    extra = 0
    fields = readonly_fields = ["name", "position", "email", "of_its_site", "standing"]
    can_delete = False
    show_change_link = False

    def has_add_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request).filter(left_at=None)
        return rows.select_related("participation__government")

    @admin.display(description=_("domain of the address"))
    def of_its_site(self, contact: ParticipationContact) -> str:
        government = contact.participation.government
        fits = is_of_its_site(contact.email, government)
        if fits is None:
            return gettext("No website is known to compare it with")
        if fits:
            return gettext("That of the government's website")
        return gettext(
            "Another than that of the government's website, %(site)s: ask before you accept"
        ) % {"site": host_of(government.website)}

    @admin.display(description=_("standing"))
    def standing(self, contact: ParticipationContact) -> str:
        if contact.may_speak:
            return gettext("Speaks for the government")
        if contact.confirmed_at is None:
            return gettext("Address not confirmed yet")
        return gettext("Asks to speak for it too")


def _strangers(one: Participation) -> list[ParticipationContact]:
    """Those who speak for a government with an address of another domain than its website has."""
    speaking = one.contacts.speaking() if one.is_active else ()
    return [each for each in speaking if is_of_its_site(each.email, one.government) is False]


class AskingFilter(admin.SimpleListFilter):
    title = _("people who ask to speak")
    parameter_name = "asking"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Somebody asks to speak for it too"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() != "1":
            return queryset
        asking = ParticipationContact.objects.asking().values("participation")
        return queryset.active().filter(pk__in=asking)


@admin.register(Participation)
class ParticipationAdmin(OwnPages, OwnedAdmin):
    change_form_template = "admin/taskforce/change_form.html"
    inlines = [ContactInline]
    list_display = ["who", "round", "status", "chosen", "registered_at"]
    list_filter = [
        "status",
        ("round", admin.RelatedOnlyFieldListFilter),
        ("government", admin.EmptyFieldListFilter),
        AskingFilter,
        *("interview", "working_group", "taskforce_meeting"),
    ]
    list_select_related = ["round", "government"]
    list_per_page = 50
    search_fields = ["government__name", "government__acronym", "proposed_name"]
    fieldsets = [
        (_("The government"), {"fields": ["round", "who", "country", "status", "reason"]}),
        (
            _("What it has said"),
            {"fields": ["chosen", "priorities", "language", "timezone", "may_be_named"]},
        ),
        (_("When"), {"fields": ["submitted_at", "registered_at", "accepted_at", "ended_at"]}),
    ]

    # Who may see it: people stand here, so those who answer for the round alone.

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = policy.publishable(request.user, super().get_queryset(request))
        return rows.exclude(status=Status.DRAFT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_staff and self._is_among(policy.publishable, request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # What is shown

    @admin.display(description=_("government"))
    def who(self, one: Participation) -> str:
        if one.government_id or not one.is_active:
            return one.government_name
        return gettext("%(name)s (new to the hub)") % {"name": one.proposed_name}

    @admin.display(description=_("country, where it is new"))
    def country(self, one: Participation) -> str:
        return str(one.proposed_country or "–")

    @admin.display(description=_("activities"))
    def chosen(self, one: Participation) -> str:
        return ", ".join(str(each.label) for each in one.activities)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        one = kwargs.get("obj")
        if one is not None:
            audit.note(request, audit.VIEWED, one)
            steps = [("accept", _("Accept"))] if one.status == Status.REGISTERED else []
            if one.status not in Participation.ENDED:
                steps.append(("decline", _("Decline")))
            context |= {
                "state": one.get_status_display(),
                "steps": steps,
                "strangers": _strangers(one),
                "asking": one.contacts.asking() if one.is_active else (),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # Acts

    def get_urls(self) -> list:
        return [
            self.own("accept/", self.accept_view, "accept"),
            self.own("decline/", self.decline_view, "decline"),
            self.own(
                "contacts/<int:contact>/<str:answer>/", require_POST(self.contact_view), "contact"
            ),
            *super().get_urls(),
        ]

    def accept_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        one = self.row_for(request, object_id)
        if one.status != Status.REGISTERED:
            return self._not_now(request, one)
        form = AcceptForm(posted(request), participation=one, makes=policy.oversees(request.user))
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    participating.accept(one.pk, by=request.user, government=form.organisation())
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return self._done(request, one, gettext("Accepted."))
        explained = _(
            "It takes part from now on: it is named where it agreed to be, and sees what its peers share. "
            "Those who speak for it are written to."
        )
        return self.shown(request, one, "act", _("Accept"), form=form, explained=explained)

    def decline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        one = self.row_for(request, object_id)
        if one.status in Participation.ENDED:
            return self._not_now(request, one)
        form = DeclineForm(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    because(form.cleaned_data["reason"])
                    participating.decline(one.pk, form.cleaned_data["reason"], by=request.user)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return self._done(request, one, gettext("Declined."))
        explained = _("It does not take part; an interview that is booked is cancelled.")
        return self.shown(request, one, "act", _("Decline"), form=form, explained=explained)

    def contact_view(
        self, request: HttpRequest, object_id: str, contact: int, answer: str
    ) -> HttpResponse:
        """Agree that somebody who asks speaks for the government too, or refuse."""
        one = self.row_for(request, object_id)
        act = {"agree": speaking.agree, "refuse": speaking.refuse}.get(answer)
        if act is None or not one.contacts.asking().filter(pk=contact).exists():
            raise Http404
        try:
            act(contact)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return self.back_to("change", one)
        return self._done(request, one, gettext("Done. They are written to."))

    def _not_now(self, request: HttpRequest, one: Participation) -> HttpResponse:
        text = gettext("That cannot be done now: it is “%(state)s”.")
        told = {"state": one.get_status_display()}
        self.message_user(request, text % told, messages.WARNING)
        return self.back_to("change", one)

    def _done(self, request: HttpRequest, one: Participation, text: str) -> HttpResponse:
        self.log_change(request, one, text)
        self.message_user(request, text, messages.SUCCESS)
        return self.back_to("change", one)
