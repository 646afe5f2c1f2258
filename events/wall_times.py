"""Wall times in forms: a day and a time of day beside each other, in a zone that is said.

A day without a time is a whole day. Of the hour that clocks show twice in autumn the form asks which
of the two is meant; what they leave out in spring is refused in words.
"""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import times
from events.models import Precision

WHICH = [("first", _("The first time")), ("second", _("The second time, an hour later"))]
# What seems to end before it begins goes on past midnight, if it is no longer than this.
LONGEST_NIGHT = timedelta(hours=10)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """A day and a time of day in one field."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


def field_of(column: models.Field, **kwargs: Any) -> forms.Field | None:
    """The field of a form for a column: an address typed without its scheme is taken for https."""
    is_address = isinstance(column, models.URLField)
    return column.formfield(**kwargs, **({"assume_scheme": "https"} if is_address else {}))


def zone_choices() -> list:
    """The zones by regions, for a list to choose from."""
    grouped = groupby(times.zone_names(), lambda name: name.partition("/")[0])
    regions = [
        (region, [(name, name.partition("/")[2].replace("_", " ") or name) for name in names])
        for region, names in grouped
    ]
    return [("", "—"), *regions]


def read_moment(local: datetime | None, zone: str) -> datetime | None:
    """The moment of a wall time of ``zone``, of two the first. ``ValidationError`` for what never
    comes."""
    if local is None:
        return None
    try:
        return times.moment(local, zone or "UTC")
    except times.Skipped as error:
        raise ValidationError(
            gettext(
                "The clocks of %(zone)s are put forward over this time: it never comes. Choose "
                "another."
            ),
            code="skipped",
            params={"zone": zone},
        ) from error


def local_time(moment: datetime | None, zone: str) -> datetime | None:
    """What the clocks of ``zone`` show at this moment."""
    if moment is None:
        return None
    return moment.astimezone(times.known_zone(zone or "UTC")).replace(tzinfo=None)


class WallTimes(forms.Form):
    """Mix it into the form of a ``Timed`` row, before ``ModelForm``, whose ``Meta`` leaves its columns
    out; ``zone_of`` says which zone the times are of."""

    starts_on = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    starts_time = forms.TimeField(label=_("begins at"), required=False, widget=HourInput())
    starts_which = forms.ChoiceField(
        label=_("The clocks show this start twice. Which of the two is it?"),
        choices=WHICH,
        required=False,
        widget=forms.HiddenInput,
    )
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DayInput())
    ends_time = forms.TimeField(label=_("ends at"), required=False, widget=HourInput())
    ends_which = forms.ChoiceField(
        label=_("The clocks show this end twice. Which of the two is it?"),
        choices=WHICH,
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read-only forms have no such fields.
        if "starts_on" not in self.fields:
            return
        self._show_stored()
        for name in ("starts", "ends"):
            asked = self.data.get(self.add_prefix(f"{name}_which")) if self.is_bound else None
            if asked in dict(WHICH) or self.initial.get(f"{name}_which"):
                self._ask_which(name)

    def _show_stored(self) -> None:
        row = self.instance
        for name in ("starts", "ends"):
            local = getattr(row, f"{name}_local")
            if local is None:
                continue
            self.initial.setdefault(f"{name}_on", local.date())
            if row.precision == Precision.MINUTE:
                self.initial.setdefault(f"{name}_time", local.time())
                if row.timezone and times.is_repeated(local, row.timezone):
                    is_second = getattr(row, f"{name}_is_second")
                    self.initial.setdefault(f"{name}_which", "second" if is_second else "first")

    def _ask_which(self, name: str) -> None:
        self.fields[f"{name}_which"].widget = forms.RadioSelect(choices=WHICH)

    def zone_of(self, cleaned: dict[str, Any]) -> str:
        """The zone of these times."""
        return cleaned.get("timezone") or ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors.keys() & {"starts_on", "starts_time", "ends_on", "ends_time"}:
            self._read_times(cleaned)
        return cleaned

    def _read_times(self, cleaned: dict[str, Any]) -> None:
        on, at = cleaned.get("starts_on"), cleaned.get("starts_time")
        until, end = cleaned.get("ends_on"), cleaned.get("ends_time")
        if on is None and (at or until or end):
            return self.add_error("starts_on", _("Say on which day it begins."))
        if end and at is None:
            return self.add_error("starts_time", _("What ends at a time of day begins at one."))
        if at and until and end is None and until != on:
            return self.add_error("ends_time", _("Say at what time it ends on the last day."))
        row = self.instance
        row.precision = Precision.MINUTE if at or on is None else Precision.DAY
        row.starts_local = _joined(on, at)
        row.ends_local = _end_of(row.starts_local, until, end) if end else _joined(until, None)
        if at and not end:
            row.ends_local = None
        if end and until is None and row.ends_local is None:
            self.add_error("ends_time", _("It ends before it begins."))
        zone = self.zone_of(cleaned)
        for name in ("starts", "ends"):
            is_second = self._which(name, getattr(row, f"{name}_local"), zone, cleaned)
            setattr(row, f"{name}_is_second", is_second)
        row.timezone = zone
        # What never comes is said by the row itself.
        with suppress(times.Skipped):
            row.derive()

    def _get_validation_exclusions(self) -> set[str]:
        """None of the columns that these fields make, so that the constraints on them are asked."""
        if "starts_on" in self.errors:
            return super()._get_validation_exclusions()  # what is wrong with them is said
        columns = {"starts_local", "ends_local", "precision", "timezone"}
        moments = {name for name in ("starts_at", "ends_at") if getattr(self.instance, name)}
        return super()._get_validation_exclusions() - columns - moments

    def _which(self, name: str, local: datetime | None, zone: str, cleaned: dict[str, Any]) -> bool:
        """Whether it is the second of two; asks where nobody has said."""
        has_hours = self.instance.precision == Precision.MINUTE and local is not None
        if not has_hours or not times.known_zone(zone) or not times.is_repeated(local, zone):
            return False
        answer = cleaned.get(f"{name}_which")
        self._ask_which(name)
        if not answer:
            text = _(
                "The clocks of %(zone)s are put back on this day and show %(time)s twice. Say which "
                "of the two you mean."
            )
            self.add_error(f"{name}_which", text % {"zone": zone, "time": f"{local:%H:%M}"})
        return answer == "second"

    def add_error(self, field: str | None, error: Any) -> None:
        """What the row says of its columns stands beside the fields that make them."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                self.add_error(name, forms.ValidationError(errors))
            return
        beside = {"starts_local": "starts_time", "ends_local": "ends_time"}
        field = beside.get(field, field)
        super().add_error(field if field is None or field in self.fields else None, error)


def _joined(day: date | None, hour: time | None) -> datetime | None:
    return datetime.combine(day, hour or time()) if day else None


def _end_of(start: datetime, until: date | None, end: time) -> datetime | None:
    """When it ends; without a last day on the first, or in the night that follows."""
    if until:
        return datetime.combine(until, end)
    same_day = datetime.combine(start.date(), end)
    if same_day > start:
        return same_day
    next_day = same_day + timedelta(days=1)
    return next_day if next_day - start <= LONGEST_NIGHT else None


zones = lazy(zone_choices, list)
