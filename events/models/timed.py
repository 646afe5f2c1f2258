"""When something is, as people agreed on it; and its identity in calendars."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from events import times


class WallTimeFormField(forms.DateTimeField):
    """A time without a zone: Django's own would take it for one of the reader's."""

    def to_python(self, value: Any) -> datetime | None:
        found = super(forms.DateTimeField, self).to_python(value) if value else None
        if isinstance(found, datetime):
            return found.replace(second=0, microsecond=0)
        return found

    def prepare_value(self, value: Any) -> Any:
        return value

    def strptime(self, value: str, format: str) -> datetime:
        return datetime.strptime(value, format)


class WallTimeField(models.DateTimeField):
    """What the clocks show somewhere: ``timestamp without time zone``, a naive ``datetime``."""

    def db_type(self, connection: Any) -> str:
        return "timestamp"

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            if value.tzinfo is not None:
                raise ValidationError(_("A wall time has no zone of its own."), code="aware")
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)
        return value

    def get_prep_value(self, value: Any) -> datetime | None:
        return self.to_python(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if prepared else self.get_prep_value(value)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(**{"form_class": WallTimeFormField, **kwargs})


class Precision(models.TextChoices):
    DAY = "day", _("days, without hours")
    MINUTE = "minute", _("to the minute")


class Timed(models.Model):
    """Wall times in a zone are the truth; ``starts_at`` and ``ends_at`` are derived from them at every
    save, since zones change their rules. Day precision means whole days, the end day included."""

    starts_local = WallTimeField(_("starts"), null=True, blank=True)
    ends_local = WallTimeField(_("ends"), null=True, blank=True)
    starts_is_second = models.BooleanField(
        _("start: the second time that the clocks show this hour"), default=False
    )
    ends_is_second = models.BooleanField(
        _("end: the second time that the clocks show this hour"), default=False
    )
    precision = models.CharField(
        _("exactness"), max_length=6, choices=Precision, default=Precision.MINUTE
    )
    timezone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[times.validate_zone]
    )
    starts_at = models.DateTimeField(_("starts at"), null=True, editable=False)
    ends_at = models.DateTimeField(_("ends at"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_starts",
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                name="%(class)s_ends_only_if_it_starts",
                condition=models.Q(ends_local__isnull=True) | models.Q(starts_local__isnull=False),
                violation_error_message=_("What has an end needs a start."),
            ),
            models.CheckConstraint(
                name="%(class)s_hours_have_a_zone",
                condition=models.Q(starts_local__isnull=True)
                | models.Q(precision="day")
                | models.Q(timezone__gt=""),
                violation_error_message=_("A time of day needs its time zone."),
            ),
            models.CheckConstraint(
                name="%(class)s_moments_are_derived",
                condition=models.Q(
                    starts_local__isnull=True, starts_at__isnull=True, ends_at__isnull=True
                )
                | models.Q(starts_local__isnull=False, starts_at__isnull=False),
            ),
        ]

    @property
    def has_hours(self) -> bool:
        return self.starts_local is not None and self.precision == Precision.MINUTE

    @property
    def zone(self) -> ZoneInfo:
        """Its zone; UTC for days of which nobody said where."""
        return ZoneInfo(self.timezone or "UTC")

    def clean(self) -> None:
        """Refuse, in words beside the field, times that are not, and those that are twice unless it
        is said which is meant."""
        super().clean()
        if self.precision == Precision.DAY:
            self.starts_local, self.ends_local = (
                _midnight(self.starts_local),
                _midnight(self.ends_local),
            )
            self.starts_is_second = self.ends_is_second = False
        errors = {}
        if self.has_hours and times.known_zone(self.timezone):
            for name in ("starts_local", "ends_local"):
                if error := self._wrong(getattr(self, name)):
                    errors[name] = error
        if errors:
            raise ValidationError(errors)
        if not self.timezone or times.known_zone(self.timezone):
            self.derive()

    def _wrong(self, local: datetime | None) -> str:
        if local is None:
            return ""
        try:
            times.moment(local, self.timezone)
        except times.Skipped:
            return _(
                "The clocks of %(zone)s are put forward over this time: it never comes. Choose "
                "another."
            ) % {"zone": self.timezone}
        return ""

    def derive(self) -> None:
        """Work out the moments from the wall times; ``times.Skipped`` for a time that never comes."""
        self.starts_at = self._moment(self.starts_local, self.starts_is_second)
        if self.precision == Precision.DAY and self.ends_local is not None:
            self.ends_at = self._moment(self.ends_local + timedelta(days=1), False)
        else:
            self.ends_at = self._moment(self.ends_local, self.ends_is_second)

    def _moment(self, local: datetime | None, is_second: bool) -> datetime | None:
        if local is None:
            return None
        if self.precision == Precision.DAY:
            return times.day_moment(local, self.zone.key)
        return times.moment(local, self.zone.key, is_second=is_second)

    def over_at(self) -> datetime | None:
        """The moment from which it lies in the past: its end, the end of its first day where it has
        days alone, else its start."""
        if self.ends_at is not None or self.starts_at is None:
            return self.ends_at
        if self.precision == Precision.DAY:
            return self._moment(self.starts_local + timedelta(days=1), False)
        return self.starts_at

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "starts_at", "ends_at"}
        super().save(*args, **kwargs)


def _midnight(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(hour=0, minute=0, second=0, microsecond=0)


def new_uid() -> str:
    return f"{uuid4()}@just-transition-hub"


class Calendared(models.Model):
    """An identity in calendars: ``uid`` never changes, ``sequence`` rises with every change of start,
    end, zone, place, mode or status (RFC 5545, 3.8.7.4)."""

    uid = models.CharField(max_length=80, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
