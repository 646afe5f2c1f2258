"""One session with its people, as a form of the desk."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.forms import inlineformset_factory
from django.http import QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import publishing
from events.desk_conflict import differing
from events.models import Appearance, JoinAddress, Session
from events.wall_times import field_of
from hub.partners import policy
from hub.partners.forms import PartFormSet
from hub.partners.models import Organisation, Person, User
from knowledge import gone_rows

EMPTY_ROWS = 4
MOST_PEOPLE = 60
PEOPLE = "people"


class SessionForm(forms.ModelForm):
    """What the table of the programme has no room for."""

    required_css_class = "required"

    join_url = forms.URLField(
        label=_("Join address of this session"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField", "autocomplete": "off"}),
        help_text=_(
            "If it has one of its own. Only people with a confirmed seat are let in by it; it stands "
            "on no page."
        ),
    )

    class Meta:
        model = Session
        formfield_callback = field_of
        fields = [
            *("title", "summary", "kind", "track", "mode", "language", "stream_url", "capacity"),
            *("slug", "source_url"),
        ]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "summary": forms.Textarea(attrs={"rows": 6, "cols": 80}),
            "stream_url": forms.URLInput(attrs={"class": "vURLField"}),
            "source_url": forms.URLInput(attrs={"class": "vURLField"}),
        }

    def __init__(self, *args: Any, may_join: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.released is not None:
            del self.fields["slug"]  # it is the address of a page that readers know
        if not may_join:
            del self.fields["join_url"]
        elif stored := JoinAddress.objects.filter(session=self.instance).first():
            self.initial["join_url"] = stored.url

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        others = self.instance.event.sessions.exclude(pk=self.instance.pk)
        if others.filter(slug=slug).exists():
            raise forms.ValidationError(_("The event has a session with this address already."))
        return slug

    def save_joining(self) -> None:
        """Keep the way in, or take it away where the address was emptied."""
        if "join_url" not in self.fields or "join_url" not in self.changed_data:
            return
        if url := self.cleaned_data["join_url"]:
            JoinAddress.objects.update_or_create(session=self.instance, defaults={"url": url})
        else:
            JoinAddress.objects.filter(session=self.instance).delete()


class AppearanceForm(forms.ModelForm):
    class Meta:
        model = Appearance
        fields = [
            *("name", "person", "role", "credited_as", "organisation", "organisation_name"),
            *("is_remote", "consent", "position"),
        ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        public = Person.objects.public().values("pk")
        theirs = policy.choosable(user, Person.objects.all()).values("pk")
        chosen = Q(pk=self.instance.person_id)
        people = Person.objects.filter(Q(pk__in=public) | Q(pk__in=theirs) | chosen)
        self.fields["person"].queryset = people.order_by("name")
        self.fields["organisation"].queryset = Organisation.objects.order_by("name")


class PeopleRows(PartFormSet):
    """The people of a session, each once in a role."""

    def validate_unique(self) -> None:
        """Name the row that is one too many. Django compares what was typed: who is chosen by their
        profile has typed no name, and who was added meanwhile stands in no row."""
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        elsewhere = self.instance.appearances.exclude(pk__in=shown)
        taken = set(map(_part_of, elsewhere))
        for form in self.forms:
            is_empty = form.instance.pk is None and not form.has_changed()
            if is_empty or form.errors or self._should_delete_form(form):
                continue
            if (part := _part_of(form.instance)) in taken:
                form.add_error(None, _("This person has this role already."))
            taken.add(part)


def _part_of(one: Appearance) -> tuple[str, str, str]:
    return one.name, one.organisation_name, one.role


def people_of(session: Session, user: User, data: QueryDict | None = None) -> PartFormSet:
    """The people of a session as rows, with some empty ones behind them. Who was removed since the
    rows were shown stands among them as somebody new."""
    made = inlineformset_factory(
        Session,
        Appearance,
        form=AppearanceForm,
        formset=PeopleRows,
        extra=EMPTY_ROWS,
        max_num=MOST_PEOPLE,
        can_delete=True,
    )
    people = session.appearances.all()
    if data is not None:
        data = gone_rows.as_new(data, PEOPLE, Appearance)
    return made(data, instance=session, queryset=people, prefix=PEOPLE, form_kwargs={"user": user})


def mark_of(session: Session) -> str:
    """By which a form tells whether the session and its people are still as it shows them."""
    rows = Session.objects.filter(pk=session.pk).values_list(*SessionForm.Meta.fields)
    people = session.appearances.order_by("pk").values_list("pk", *AppearanceForm.Meta.fields)
    ways = JoinAddress.objects.filter(session=session).values_list("url")
    told = repr([[*rows], [*people], [*ways]])
    return salted_hmac("events.session_form", told, algorithm="sha256").hexdigest()


@transaction.atomic
def save(form: SessionForm, people: PartFormSet, mark: str = "") -> bool:
    """Write the session with its people; readers see it with the next release. Whether that was done:
    not if it has another ``mark`` by now, for then somebody else has saved it meanwhile."""
    event = publishing.locked(form.instance.event_id)
    if mark and not constant_time_compare(mark, mark_of(form.instance)):
        return False
    form.save()
    form.save_joining()
    people.save()
    publishing.saved(event)
    return True


def meanwhile(form: SessionForm, people: PartFormSet, user: User) -> list[tuple[str, str]]:
    """What there is now where this was sent with something else."""
    stored = Session.objects.get(pk=form.instance.pk)
    fresh = SessionForm(instance=stored, may_join="join_url" in form.fields)
    found = differing(form, fresh)
    shown = {row.instance.pk for row in people.forms if row.instance.pk}
    for row in people.forms:
        if row.instance.pk and row.has_changed():
            one = Appearance.objects.get(pk=row.instance.pk)
            lines = differing(row, AppearanceForm(instance=one, user=user))
            found += [(f"{one}: {label}", there) for label, there in lines]
    added = stored.appearances.exclude(pk__in=shown)
    return [*found, *((gettext("another person"), str(one)) for one in added)]
