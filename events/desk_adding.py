"""Somebody put into the list of an event by its organisers, at the desk."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import registering
from events.models import Event, Registration
from events.registering import Wish
from hub.addresses import AddressField
from hub.guarded import plain_name, posted
from hub.languages import work_language_choices
from hub.partners.models import Organisation


class AddForm(forms.Form):
    """Consents are not asked here: only people themselves give them, by the link in their letter."""

    required_css_class = "required"

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    email = AddressField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"class": "vTextField"})
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"), label=_("Organisation"), required=False
    )
    organisation_name = forms.CharField(
        label=_("or in words"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    mode = forms.ChoiceField(label=_("Takes part"))
    language = forms.ChoiceField(label=_("Language"), choices=work_language_choices, initial="en")
    access_needs = forms.CharField(
        label=_("Access needs"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Registration.SEAT_MODES)
        self.fields["mode"].choices = [(mode, labels[mode]) for mode in event.seat_modes]

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])


class WithAdding(admin.ModelAdmin):
    """Mix it into the admin of events, before the other pages on registrations."""

    def get_urls(self) -> list:
        return [
            self.own("registrations/add/", self.add_registration_view, "registration_add"),
            *super().get_urls(),
        ]

    def add_registration_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.event_for("publish", request, object_id)
        form = AddForm(posted(request), event=event)
        if request.method == "POST" and form.is_valid():
            try:
                one = registering.put_in(event, Wish(**form.cleaned_data))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, event, gettext("Put somebody on the list."))
                told = {"name": one.name, "status": one.get_status_display()}
                text = gettext("%(name)s: %(status)s. A letter is on its way.") % told
                self.message_user(request, text, messages.SUCCESS)
                return self.back_to("registrations", event)
        return self.shown(
            request,
            event,
            "act",
            gettext("Add somebody"),
            form=form,
            back_to="registrations",
            is_quiet=True,
            explained=_(
                "They get a seat, or a place on the waiting list where none is free, and a letter "
                "with a link by which they change or cancel it. They keep the seat without confirming the "
                "address; the way into an online meeting opens once they have."
            ),
        )
