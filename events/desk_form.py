"""The form of an event at the desk: its parts in the order in which somebody describes one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.kinds import Mode
from events.models import Event, JoinAddress, Registration
from events.models.timed import WallTimeFormField
from events.question_fields import LINES, QuestionFields
from events.wall_times import MomentInput, WallTimes, field_of, local_time, read_moment, zones
from hub.languages import work_language_choices
from hub.partners.forms import LanguagesSelect
from hub.slugs import unique_slug
from hub.zones import with_stored

# Fields for which editors answer, and that authors are not shown: the way into a meeting.
FOR_EDITORS = ("join_url", "join_opens_minutes")
WALL_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
JOINING = JoinAddress._meta.get_field("opens_minutes")

FIELDSETS = [
    (
        _("The event"),
        {"fields": ["title", ("kind", "language", "title_language"), "summary", "body"]},
    ),
    (
        _("When"),
        {
            "fields": [
                ("starts_on", "starts_time"),
                "starts_which",
                ("ends_on", "ends_time"),
                "ends_which",
                "timezone",
            ],
            "description": _(
                "What the clocks show where it takes place. Leave the times empty for whole days."
            ),
        },
    ),
    (
        _("Where and how"),
        {"fields": ["mode", "venue", ("city", "country"), "website", "stream_url", "languages"]},
    ),
    (_("What it is about"), {"fields": ["terms"]}),
    (
        _("Who may come"),
        {
            "fields": [
                ("audience", "registration"),
                "external_url",
                ("opens_local", "closes_local"),
                ("capacity_in_person", "capacity_online", "seats_per_organisation"),
                "has_waiting_list",
                "attribution",
            ]
        },
    ),
    (
        _("The way into the online meeting"),
        {
            "fields": [FOR_EDITORS],
            "description": _(
                "Only people with a confirmed seat are let in by it, through a personal link. It "
                "stands on no page."
            ),
        },
    ),
    (
        _("Questions at registration"),
        {
            "fields": LINES,
            "classes": ["collapse"],
            "description": _("Up to five. What is left empty is not asked."),
        },
    ),
    (_("Curation"), {"fields": ["owner", "co_owners", "slug", "source_url"]}),
]


class EventForm(QuestionFields, WallTimes, forms.ModelForm):
    required_css_class = "required"

    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=work_language_choices,
        required=False,
        widget=LanguagesSelect,
    )
    opens_local = WallTimeFormField(
        label=_("Registration opens"),
        required=False,
        widget=MomentInput(),
        input_formats=WALL_TIMES,
        help_text=_("In the time zone of the event. If empty, once it is announced."),
    )
    closes_local = WallTimeFormField(
        label=_("Registration closes"),
        required=False,
        widget=MomentInput(),
        input_formats=WALL_TIMES,
        help_text=_("In the time zone of the event. If empty, at the start."),
    )
    join_url = forms.URLField(
        label=_("Join address"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField", "autocomplete": "off"}),
    )
    join_opens_minutes = forms.IntegerField(
        label=_("Opens so many minutes before the start"),
        required=False,
        min_value=0,
        max_value=60 * 24 * 14,
        initial=JOINING.default,
    )

    class Meta:
        model = Event
        formfield_callback = field_of
        fields = [
            *("title", "kind", "language", "title_language", "summary", "body"),
            *("mode", "venue", "city", "country"),
            *("website", "stream_url", "languages", "terms", "audience", "registration"),
            *("external_url", "capacity_in_person", "capacity_online", "seats_per_organisation"),
            *("has_waiting_list", "attribution", "owner", "co_owners", "slug", "source_url"),
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "mode" in self.fields and self.instance.pk:
            self.fields["mode"].help_text = _taking_part(self.instance)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("If empty, made from the title.")
        zone = self.instance.timezone
        if "timezone" in self.fields:
            self.initial.setdefault("timezone", zone)
            self.fields["timezone"].choices = with_stored(zones(), zone)
        for name in ("opens", "closes"):
            moment = getattr(self.instance, f"{name}_at")
            self.initial.setdefault(f"{name}_local", local_time(moment, zone))
        if "join_url" in self.fields and (joining := joining_of(self.instance)):
            self.initial.setdefault("join_url", joining.url)
            self.initial.setdefault("join_opens_minutes", joining.opens_minutes)

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or self.instance.slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        zone = self.zone_of(cleaned)
        for name in ("opens", "closes"):
            if f"{name}_local" not in self.fields:
                continue
            try:
                moment = read_moment(cleaned.get(f"{name}_local"), zone)
            except ValidationError as error:
                self.add_error(f"{name}_local", error)
            else:
                setattr(self.instance, f"{name}_at", moment)
        if "starts_on" in self.fields and not (
            cleaned.get("starts_on") or "starts_on" in self.errors
        ):
            self.add_error("starts_on", _("An event needs its first day."))
        if "title" in cleaned and not self.instance.slug and not cleaned.get("slug"):
            self.instance.slug = cleaned["slug"] = unique_slug(
                cleaned["title"], Event.objects.all(), otherwise=cleaned.get("kind") or "event"
            )
        if "timezone" in self.changed_data and self.instance.pk and "timezone" in cleaned:
            self._check_sessions(cleaned["timezone"])
        if cleaned.get("join_url") and cleaned.get("mode") == Mode.IN_PERSON:
            self.add_error("join_url", _("Nobody joins online an event that is in person alone."))
        return cleaned

    def _check_sessions(self, zone: str) -> None:
        """The sessions go along into another zone, in which each of their times has to be."""
        for session in self.instance.sessions.all():
            session.timezone = zone
            try:
                session.full_clean(exclude=["event"])
            except ValidationError as error:
                words = " ".join(error.messages)
                self.add_error("timezone", f"{session}: {words}")

    def save_sessions(self) -> None:
        """Take the sessions along into the zone of the event."""
        for session in self.instance.sessions.exclude(timezone=self.instance.timezone):
            session.timezone = self.instance.timezone
            session.save(update_fields=["timezone"])

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"opens_at", "closes_at"}

    def save_joining(self) -> None:
        """Keep the way in, or take it away where the address was emptied."""
        if "join_url" not in self.fields:
            return
        url = self.cleaned_data["join_url"]
        if not url:
            JoinAddress.objects.filter(event=self.instance).delete()
            return
        minutes = self.cleaned_data["join_opens_minutes"]
        told = {"url": url, "opens_minutes": JOINING.default if minutes is None else minutes}
        stored = joining_of(self.instance)
        if stored is None or (stored.url, stored.opens_minutes) != tuple(told.values()):
            JoinAddress.objects.update_or_create(event=self.instance, defaults=told)


def _taking_part(event: Event) -> str:
    """Who would have to choose anew if one of the ways of taking part were taken away."""
    active = event.registrations.active()
    counts = [(label, active.filter(mode=mode).count()) for mode, label in Registration.SEAT_MODES]
    if not any(count for _label, count in counts):
        return ""
    told = ", ".join(f"{label}: {count}" for label, count in counts if count)
    return gettext(
        "Registered so far: %(counts)s. If you take away a way in which somebody takes part, they are "
        "asked by letter to switch or to cancel."
    ) % {"counts": told}


def joining_of(event: Event) -> JoinAddress | None:
    """The way into the meeting of the event, where there is one."""
    return JoinAddress.objects.filter(event=event).first() if event.pk else None
