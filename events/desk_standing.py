"""Where an event stands, at the desk: a button and a page for each step that changes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import publishing
from events.desk_telling import told_of
from events.models import Event, Registration
from events.programme_news import speakers_of
from hub.audit.acts import because

Status = Event.Status


@dataclass(frozen=True)
class Step:
    """What an editor may do with an event that has one of ``sources`` as its status."""

    name: str
    label: Promise
    done: Promise
    explained: Promise
    sources: tuple[str, ...]
    act: Callable[..., Event]
    wants_reason: bool = True
    tells: bool = True

    def is_open(self, event: Event) -> bool:
        return event.status in self.sources


STEPS = {
    step.name: step
    for step in (
        Step(
            "publish",
            _("Announce"),
            _("Announced."),
            _("Readers see the page from now on, and people can register as it says."),
            (Status.DRAFT, Status.WITHDRAWN),
            publishing.publish,
            wants_reason=False,
            tells=False,
        ),
        Step(
            "revive",
            _("It takes place"),
            _("It takes place."),
            _("The page says no more that it is postponed or cancelled. Look at its date first."),
            (Status.POSTPONED, Status.CANCELLED),
            publishing.publish,
            wants_reason=False,
        ),
        Step(
            "postpone",
            _("Postpone the event"),
            _("Postponed."),
            _(
                "The page stays and says so. If you know the new date already, change the date "
                "instead: everybody is told of that too."
            ),
            (Status.PUBLISHED,),
            publishing.postpone,
        ),
        Step(
            "cancel",
            _("Cancel the event"),
            _("Cancelled."),
            _("The page stays and says so, and nobody can register any more."),
            (Status.PUBLISHED, Status.POSTPONED),
            publishing.cancel,
        ),
        Step(
            "withdraw",
            _("Withdraw the event"),
            _("Withdrawn."),
            _(
                "The page is gone and says why. For what should not have been there: an event that "
                "does not take place is cancelled, and goes on saying so. Nobody is told by e-mail."
            ),
            Event.SHOWN,
            publishing.withdraw,
            tells=False,
        ),
    )
}


class ReasonForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_("It stands on the page, and in the letters to those who are told."),
    )


class WithStanding(admin.ModelAdmin):
    """Mix it into the admin of events."""

    def get_urls(self) -> list:
        pages = [
            self.own(f"{name}/", partial(self._step_view, step), name)
            for name, step in STEPS.items()
        ]
        return [*pages, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        event = kwargs.get("obj")
        if event is not None:
            may = self.has_publish_permission(request, event)
            context["steps"] = [step for step in STEPS.values() if may and step.is_open(event)]
            context["state"] = event.get_status_display()
            context["can_publish"] = may
        return super().render_change_form(request, context, *args, **kwargs)

    def _step_view(self, step: Step, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.event_for("publish", request, object_id)
        if not step.is_open(event):
            text = gettext("“%(step)s” cannot be done now: it is “%(state)s”.")
            told = {"step": step.label, "state": event.get_status_display()}
            self.message_user(request, text % told, messages.WARNING)
            return self.back_to("change", event)
        kind = ReasonForm if step.wants_reason else forms.Form
        # A form without fields holds all the same once it is sent.
        form = kind(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                letters = self._take(step, event, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, event, str(step.done))
                text = f"{step.done} {_letters(letters)}" if letters else str(step.done)
                self.message_user(request, text, messages.SUCCESS)
                return self.back_to("change", event)
        return self.shown(
            request,
            event,
            "act",
            step.label,
            form=form,
            explained=step.explained,
            told=told_by(event) if step.tells else [],
            is_quiet=not step.tells,
        )

    @transaction.atomic
    def _take(self, step: Step, event: Event, reason: str = "") -> int:
        """Take the step; how many are told of it."""
        before = publishing.locked(event.pk)
        if reason:
            because(reason)
        after = step.act(event.pk, **({"reason": reason} if step.wants_reason else {}))
        return told_of(step.name, before, after) if step.tells else 0


def told_by(event: Event) -> list[tuple[str, int]]:
    """Who would be told of what changes now, and how many they are."""
    active = event.registrations.active()
    rows = [
        (str(label), active.filter(status=status).count())
        for status, label in (
            (Registration.Status.CONFIRMED, _("with a seat, by a change in their calendar")),
            (Registration.Status.WAITLISTED, _("on the waiting list, by a plain letter")),
            (Registration.Status.PENDING, _("who wait for approval, by a plain letter")),
        )
    ]
    rows.append((gettext("who speak, by a plain letter"), len(speakers_of(event))))
    return [row for row in rows if row[1]]


def _letters(count: int) -> str:
    return ngettext("%d person is told.", "%d people are told.", count) % count
