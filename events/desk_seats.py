"""What organisers do with registrations: approve, decline, cancel, add somebody, change how many seats
there are. Statuses are written by ``events.seats`` alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from events import publishing, seats
from events.models import Event, Registration
from events.registration_table import seat_words
from hub.guarded import posted

STATUS = Registration.Status
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Act:
    """What may be done with registrations of these statuses; ``run`` raises ``ValidationError``."""

    name: str
    label: Promise
    question: Promise
    explained: Promise
    sources: tuple[str, ...]
    run: Callable[..., Any]
    wants_reason: bool = False


ACTS = {
    act.name: act
    for act in (
        Act(
            "approve",
            _("Approve"),
            _("Approve these registrations"),
            _("Each gets a seat, or a place on the waiting list where none is free, and a letter."),
            (STATUS.PENDING,),
            lambda one, reason: seats.approve(one.pk),
        ),
        Act(
            "promote",
            _("Give a seat"),
            _("Give these people a seat before others who wait"),
            _("Each gets a free seat, as long as there is one, and a letter."),
            (STATUS.WAITLISTED,),
            lambda one, reason: seats.promote(one.pk),
        ),
        Act(
            "decline",
            _("Decline"),
            _("Decline these registrations"),
            _("Each gets a letter with the reason."),
            (STATUS.PENDING, STATUS.WAITLISTED),
            lambda one, reason: seats.decline(one.pk, reason),
            wants_reason=True,
        ),
        Act(
            "cancel",
            _("Cancel"),
            _("Cancel these registrations"),
            _("Each gets a letter with the reason. Seats that are free then go to who waits next."),
            (STATUS.CONFIRMED, STATUS.WAITLISTED, STATUS.PENDING),
            lambda one, reason: seats.cancel(one.pk, reason=reason, by_organiser=True),
            wants_reason=True,
        ),
    )
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_("It stands in the letter. You may leave it empty."),
    )


class SeatsForm(forms.ModelForm):
    """How many may come."""

    class Meta:
        model = Event
        fields = [
            *("capacity_in_person", "capacity_online", "seats_per_organisation"),
            "has_waiting_list",
        ]
        help_texts = {
            "capacity_in_person": _("Empty for any number. With fewer nobody loses a seat."),
            "capacity_online": _("Empty for any number."),
        }


class WithSeats(admin.ModelAdmin):
    """Mix it into the admin of events."""

    def get_urls(self) -> list:
        return [
            self.own("registrations/act/", require_POST(self.act_view), "registrations_act"),
            self.own("seats/", self.seats_view, "seats"),
            *super().get_urls(),
        ]

    def act_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One act for each registration that was chosen: asked once more, then done."""
        event = self.event_for("publish", request, object_id)
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        chosen = _chosen(event, request.POST.getlist("chosen"))
        fitting = [one for one in chosen if one.status in act.sources]
        if not fitting:
            text = gettext("“%(act)s”: choose registrations with the status %(statuses)s.")
            statuses = ", ".join(str(STATUS(status).label) for status in act.sources)
            told = {"act": act.label, "statuses": statuses}
            self.message_user(request, text % told, messages.WARNING)
            return self._to_list(request, event)
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if "confirmed" in request.POST and form.is_valid():
            self._run(request, event, act, fitting, form.cleaned_data["reason"])
            return self._to_list(request, event)
        return self.shown(
            request,
            event,
            "registrations_act",
            act.question,
            act=act,
            rows=fitting,
            left_out=len(chosen) - len(fitting),
            form=form if act.wants_reason else None,
            sifted=request.GET.urlencode(),
        )

    def _run(
        self, request: HttpRequest, event: Event, act: Act, rows: list[Registration], reason: str
    ) -> None:
        done = 0
        for one in rows:
            try:
                with transaction.atomic():
                    act.run(one, reason.strip())
            except ValidationError as error:
                text = f"{one.name}: {' '.join(error.messages)}"
                self.message_user(request, text, messages.ERROR)
            else:
                done += 1
        if done:
            told = ngettext("%(act)s: %(count)d person.", "%(act)s: %(count)d people.", done)
            self.message_user(request, told % {"act": act.label, "count": done}, messages.SUCCESS)
            self.log_change(request, event, told % {"act": act.label, "count": done})

    def _to_list(self, request: HttpRequest, event: Event) -> HttpResponse:
        answer = redirect("admin:events_event_registrations", event.pk)
        if asked := request.GET.urlencode():
            answer["Location"] += f"?{asked}"
        return answer

    def seats_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """More seats are given at once to who waits; with fewer nobody loses theirs."""
        event = self.event_for("publish", request, object_id)
        form = SeatsForm(posted(request), instance=event)
        if request.method == "POST" and form.is_valid():
            with seats.locked(event.pk) as stored:
                for name, value in form.cleaned_data.items():
                    setattr(stored, name, value)
                stored.save(update_fields=[*form.cleaned_data])
                publishing.saved(stored)
                seats.settle(stored)
            self.log_change(request, event, gettext("Changed the number of seats."))
            self.message_user(request, gettext("The number of seats is saved."), messages.SUCCESS)
            return self.back_to("registrations", event)
        return self.shown(
            request,
            event,
            "act",
            gettext("Number of seats"),
            form=form,
            label=gettext("Save"),
            back_to="registrations",
            is_quiet=True,
            explained="; ".join(seat_words(event)),
        )


def _chosen(event: Event, keys: list[str]) -> QuerySet[Registration]:
    known = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 18]
    return event.registrations.filter(pk__in=known[:MOST_AT_ONCE]).order_by("queued_at", "id")
