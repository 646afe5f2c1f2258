"""Letters from organisers, at the desk: to whom, a look at it with how many get it, then off it goes."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import organiser_letters
from events.models import Event, Registration
from hub.audit import access as audit
from hub.guarded import posted

WHOM = [
    (Registration.Status.CONFIRMED.value, _("those with a seat")),
    (Registration.Status.WAITLISTED.value, _("those on the waiting list")),
    (Registration.Status.PENDING.value, _("those who wait for approval")),
]


class LetterForm(forms.Form):
    required_css_class = "required"

    statuses = forms.MultipleChoiceField(
        label=_("To"),
        choices=WHOM,
        initial=[WHOM[0][0]],
        widget=forms.CheckboxSelectMultiple,
    )
    mode = forms.ChoiceField(
        label=_("who take part"),
        choices=[("", _("in any way")), *Registration.SEAT_MODES],
        required=False,
    )
    session = forms.ModelChoiceField(
        None, label=_("with a seat in"), required=False, empty_label=_("any session or none")
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    words = forms.CharField(
        label=_("Letter"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=_(
            "Plain text. Addresses of sites in it do not become links; the page of the event is "
            "linked below. Never write the join address here: people have a link of their own."
        ),
    )
    answers_to_me = forms.BooleanField(
        label=_("Answers come to my address, which the letter shows"), required=False
    )
    letter = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = event.sessions.filter(capacity__isnull=False)

    def clean_letter(self) -> UUID:
        """By which a letter that is sent twice is known."""
        return self.cleaned_data["letter"] or uuid4()

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())


class WithLetters(admin.ModelAdmin):
    """Mix it into the admin of events."""

    def get_urls(self) -> list:
        return [self.own("write/", self.letter_view, "letter"), *super().get_urls()]

    def letter_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.event_for("publish", request, object_id)
        form = LetterForm(posted(request), event=event)
        letter, keys = None, []
        if request.method == "POST" and form.is_valid() and "back" not in request.POST:
            asked = form.cleaned_data
            keys = list(organiser_letters.readers(event, asked).values_list("pk", flat=True))
            if not keys:
                form.add_error(None, gettext("Nobody is registered whom this letter is for."))
            elif "send" in request.POST and str(len(keys)) == request.POST.get("count"):
                self._send(request, event, asked, keys)
                return self.back_to("registrations", event)
            else:
                letter = organiser_letters.preview(
                    event, asked["subject"], asked["words"], request.user.email
                )
        return self.shown(
            request,
            event,
            "letter",
            gettext("Write to participants"),
            form=form,
            letter=letter,
            count=len(keys),
            # The number was another when the page was shown.
            has_changed="send" in request.POST and letter is not None,
            sent_as=form.cleaned_data["letter"] if letter else "",
        )

    @transaction.atomic
    def _send(
        self, request: HttpRequest, event: Event, asked: dict[str, Any], keys: list[int]
    ) -> None:
        organiser_letters.send(
            event,
            str(asked["letter"]),
            asked["subject"],
            asked["words"],
            request.user.email if asked["answers_to_me"] else "",
            keys,
        )
        audit.note(request, "wrote", event, {"rows": len(keys), "to": asked["statuses"]})
        told = {"subject": asked["subject"], "count": len(keys)}
        self.log_change(request, event, gettext("Wrote “%(subject)s” to %(count)s people.") % told)
        text = ngettext("The letter goes to %d person.", "The letter goes to %d people.", len(keys))
        self.message_user(request, text % len(keys), messages.SUCCESS)
