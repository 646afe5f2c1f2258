"""The form by which times for interviews are offered at the desk."""

from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from events.wall_times import WHICH, DayInput, HourInput, zones
from hub.partners import policy
from hub.partners.models import User
from taskforce.models import Round
from taskforce.offering import Plan


class PlanForm(forms.Form):
    """Which times an interviewer offers: on which days of which weeks, in which hours of which zone."""

    required_css_class = "required"

    round = forms.ModelChoiceField(Round.objects.none(), label=_("Round"))
    interviewer = forms.ModelChoiceField(User.objects.none(), label=_("Interviewer"))
    first_on = forms.DateField(label=_("First day"), widget=DayInput())
    last_on = forms.DateField(label=_("Last day"), widget=DayInput())
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
    )
    begins = forms.TimeField(label=_("From"), widget=HourInput())
    ends = forms.TimeField(label=_("Until"), widget=HourInput())
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    length = forms.IntegerField(
        label=_("Minutes of an interview"), initial=45, min_value=5, max_value=480
    )
    buffer = forms.IntegerField(
        label=_("Minutes between two"), initial=15, min_value=0, max_value=240
    )
    exceptions = forms.CharField(
        label=_("Days left out"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 20}),
        help_text=_("One in a line, written 2026-12-24."),
    )
    which = forms.ChoiceField(
        label=_("Of an hour that the clocks show twice"),
        choices=[("", _("Ask me")), *WHICH],
        required=False,
    )
    join_url = forms.URLField(
        label=_("Way into the meeting"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Only who has booked this time sees it."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = policy.publishable(user, Round.objects.all())
        self.fields["round"].queryset = rounds
        interviewers = User.objects.filter(is_active=True).filter(
            models.Q(pk=user.pk) | models.Q(memberships__organisation__rounds__in=rounds)
        )
        field = self.fields["interviewer"]
        field.queryset = interviewers.distinct().order_by("name", "pk")
        field.label_from_instance = lambda one: one.known_as
        self.initial.setdefault("interviewer", user.pk)

    def clean_exceptions(self) -> frozenset[date]:
        found = set()
        for line in self.cleaned_data["exceptions"].replace(",", "\n").split():
            try:
                found.add(date.fromisoformat(line))
            except ValueError as error:
                text = _("“%(line)s” is no day. Write it 2026-12-24.")
                raise ValidationError(text, params={"line": line[:40]}) from error
        return frozenset(found)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        round, interviewer = cleaned.get("round"), cleaned.get("interviewer")
        if round and not round.offers_interview:
            self.add_error("round", _("This round offers no interviews."))
        speaks = interviewer and (
            policy.oversees(interviewer)
            or (round and interviewer.memberships.filter(organisation=round.owner_id).exists())
        )
        if round and interviewer and not speaks:
            self.add_error("interviewer", _("They have no role in the secretariat of the round."))
        if cleaned.get("begins") and cleaned.get("ends") and cleaned["begins"] >= cleaned["ends"]:
            self.add_error("ends", _("It ends before it begins."))
        return cleaned

    @property
    def digest(self) -> str:
        """By which a list of times is known to be of this very plan."""
        said = self.cleaned_data
        words = [
            ",".join(sorted(map(str, value))) if isinstance(value, list | frozenset) else str(value)
            for value in (said[name] for name in sorted(self.fields))
        ]
        return sha256("|".join(words).encode()).hexdigest()

    @property
    def plan(self) -> Plan:
        said = self.cleaned_data
        same = ("first_on", "last_on", "begins", "ends", "length", "buffer", "timezone")
        return Plan(
            weekdays=frozenset(said["weekdays"]),
            exceptions=said["exceptions"],
            join_url=said["join_url"],
            is_second={"first": False, "second": True}.get(said["which"]),
            **{name: said[name] for name in same},
        )


def left_out(plan: Plan) -> list[date]:
    """The days of the plan that are exceptions, which the list of its times does not show."""
    days = (day for day in plan.exceptions if plan.first_on <= day <= plan.last_on)
    return sorted(day for day in days if day.weekday() in plan.weekdays)
