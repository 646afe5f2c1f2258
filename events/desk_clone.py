"""A new event made from one that was, at the desk."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.cloning import clone
from events.models import Event
from events.wall_times import DayInput
from hub.guarded import posted
from hub.partners import policy
from hub.partners.models import User
from knowledge.owning import possible_owners


class CloneForm(forms.Form):
    required_css_class = "required"

    title = forms.CharField(
        label=_("Title"),
        max_length=Event._meta.get_field("title").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    first_day = forms.DateField(
        label=_("First day"),
        widget=DayInput(),
        help_text=_(
            "All times stay what the clocks show there, also those of the sessions and of the "
            "registration; their days move with the first."
        ),
    )


class WithClone(admin.ModelAdmin):
    """Mix it into the admin of events."""

    def get_urls(self) -> list:
        return [self.own("clone/", self.clone_view, "clone"), *super().get_urls()]

    def clone_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A draft in the same hands: whoever has a share in these may make one."""
        event = self.event_for("view", request, object_id)
        proposed = {
            "title": event.title,
            "first_day": event.starts_local.date() + timedelta(weeks=52),
        }
        form = CloneForm(posted(request), initial=proposed)
        if request.method == "POST" and form.is_valid():
            try:
                made, is_new = clone(event, **form.cleaned_data, **_hands(request.user, event))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                if is_new:
                    self.log_addition(request, made, gettext("Made like “%s”.") % event)
                text = gettext("There is a draft now. Look at its dates, then announce it.")
                self.message_user(request, text, messages.SUCCESS)
                return self.back_to("change", made)
        explained = _(
            "The new draft has the description, organisers, questions, sessions and their people. "
            "Registrations, letters, materials and join addresses stay with the old one, and "
            "everybody's consent is asked anew."
        )
        return self.shown(
            request,
            event,
            "act",
            gettext("Make one like it"),
            form=form,
            explained=explained,
            is_quiet=True,
        )


def _hands(user: User, event: Event) -> dict[str, Any]:
    """Whose the new one is: the same owner's where this person works for that, else one of theirs.
    Only who leads the owner shares it with others."""
    owners = possible_owners(user)
    own = owners.filter(pk=event.owner_id).first() or owners.first()
    return {"owner": own, "is_shared": policy.leads(user, own.pk) and own.pk == event.owner_id}
