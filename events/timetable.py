"""The programme as a table to fill in: a row for each session."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from events import publishing, release, telling
from events.desk_conflict import differing
from events.models import Event, Session
from events.wall_times import LONGEST_NIGHT, WallTimes
from events.warnings import overlap
from hub.partners.forms import PartFormSet
from hub.slugs import unique_slug
from knowledge import gone_rows

ROWS = "sessions"
EMPTY_ROWS = 5
MOST_SESSIONS = 400


class SessionRow(WallTimes, forms.ModelForm):
    """One session. Its last day is asked for only where it is not the first or the night after."""

    ends_on = forms.DateField(required=False, widget=forms.HiddenInput)
    field_order = ["title", "kind", "starts_on", "starts_time", "ends_time", "room", "mode"]

    class Meta:
        model = Session
        fields = ["title", "kind", "room", "mode", "status"]

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(*args, **kwargs)
        row = self.instance
        if row.ends_local and row.ends_local - row.starts_local <= LONGEST_NIGHT:
            self.initial["ends_on"] = None
        self.fields["starts_on"].label = _("Day")
        self.fields["title"].widget.attrs["class"] = "vTextField"
        if row.pk is None:
            del self.fields["status"]

    def zone_of(self, cleaned: dict[str, Any]) -> str:
        return self.zone

    def clean_ends_on(self) -> Any:
        """It goes along when the first day is moved."""
        until, first = self.cleaned_data["ends_on"], self.cleaned_data.get("starts_on")
        was = self.initial.get("starts_on")
        if until and first and was and first != was and until == self.initial.get("ends_on"):
            return until + (first - was)
        return until

    @property
    def people(self) -> int:
        return len(self.instance.appearances.all()) if self.instance.pk else 0


class SessionRows(PartFormSet):
    # The titles of those rows whose sessions somebody else has removed meanwhile.
    removed: Sequence[str] = ()

    def clean(self) -> None:
        """Say in words which two are in one room at the same time."""
        super().clean()
        staying = [form for form in self.forms if self._stays(form)]
        for number, form in enumerate(staying):
            for other in staying[:number]:
                if _clash(form.instance, other.instance):
                    form.add_error("room", _clash_told(other.instance))

    def _stays(self, form: SessionRow) -> bool:
        is_empty = form.instance.pk is None and not form.has_changed()
        return not (is_empty or form.errors or self._should_delete_form(form))


def _clash(one: Session, other: Session) -> bool:
    if Session.Status.CANCELLED in (one.status, other.status):
        return False
    in_one_room = bool(one.room) and one.room.lower() == other.room.lower()
    # Where one has no end it is for people to judge.
    return in_one_room and one.ends_at and other.ends_at and overlap(one, other)


def _clash_told(other: Session) -> str:
    return _("“%(other)s” is in this room at this time: %(starts)s–%(ends)s.") % {
        "other": other.title,
        "starts": f"{other.starts_local:%H:%M}",
        "ends": f"{other.ends_local:%H:%M}",
    }


def rows_of(event: Event, data: Any = None) -> SessionRows:
    """The table of all sessions, with some empty rows behind them. What was removed since the table was
    shown stands among them as a new session."""
    made = inlineformset_factory(
        Event,
        Session,
        form=SessionRow,
        formset=SessionRows,
        extra=EMPTY_ROWS,
        max_num=MOST_SESSIONS,
        absolute_max=MOST_SESSIONS + 100,
        can_delete=True,
    )
    sessions = event.sessions.in_order().prefetch_related("appearances")
    zone = {"zone": event.timezone}
    sent = data
    if sent is not None:
        data = gone_rows.as_new(sent, ROWS, Session)
    rows = made(data, instance=event, queryset=sessions, prefix=ROWS, form_kwargs=zone)
    if data is not sent:
        # Behind those that are still there, in place of those that are not.
        gone = range(rows.initial_form_count(), int(sent[f"{ROWS}-INITIAL_FORMS"]))
        rows.removed = [rows.forms[number]["title"].value() for number in gone]
    return rows


@transaction.atomic
def save(event: Event, rows: SessionRows) -> None:
    """Write what was filled in; the programme that readers see stays as it is until the next release.
    ``ValidationError`` in words for a row that cannot be removed."""
    event = publishing.locked(event.pk)
    deleted = rows.deleted_forms
    for form in deleted:
        if form.instance.pk:
            telling.session_removed(event, form.instance)
            release.remove_session(form.instance)
    changed = [form for form in rows.forms if form.has_changed() and form not in deleted]
    # Two that change places meet in one room on the way, which the database does not let pass.
    kept = [form.instance.pk for form in changed if form.instance.pk]
    if len(kept) > 1:
        Session.objects.filter(pk__in=kept).update(room="")
    for form in changed:
        session = form.save(commit=False)
        session.event, session.timezone = event, event.timezone
        if not session.slug:
            session.slug = unique_slug(session.title, event.sessions.all(), otherwise="session")
        session.save()
    publishing.saved(event)


def meanwhile(event: Event, rows: SessionRows) -> list[tuple[str, list[tuple[str, str]]]]:
    """Of each row that was sent with something else than there is now, what there is."""
    found = []
    for form in rows.forms:
        if form.instance.pk is None:
            continue
        stored = Session.objects.get(pk=form.instance.pk)
        fresh = SessionRow(instance=stored, zone=event.timezone)
        if lines := differing(form, fresh):
            found.append((stored.title, lines))
    return found
