"""The forms by which agenda, minutes and actions of a meeting are written: at the desk, and on the
members' pages by who leads the group."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.links import absolute
from hub.partners.models import Organisation
from knowledge.models import Resource
from taskforce import actions, minutes
from taskforce.models import ActionItem, AgendaItem, Meeting

EXTRA_ROWS = 3
MOST_ROWS = 60


class AgendaRow(forms.ModelForm):
    """A point of the agenda. Rows without a title count for nothing."""

    order = forms.IntegerField(
        label=gettext_lazy("Order"), required=False, min_value=0, max_value=9999
    )

    class Meta:
        model = AgendaItem
        fields = ("title", "kind", "minutes", "lead_name", "lead_government", "text", "papers")
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, known: "Known", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = self.instance.pk is not None
        self.fields["minutes"].initial = 15
        government = self.fields["lead_government"]
        government.queryset = known.governments
        government.widget.choices = known.government_choices
        papers = self.fields["papers"]
        papers.queryset = known.papers
        papers.widget.choices = known.paper_choices
        self.initial["order"] = self.instance.position
        if self.instance.pk is None:
            self.fields["minutes"].required = self.fields["kind"].required = False

    def has_changed(self) -> bool:
        """An empty row is none, whatever its other fields begin with."""
        if self.instance.pk is None and self.is_bound:
            title = self.data.get(self.add_prefix("title"), "")
            return bool(title.strip())
        return super().has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["minutes"] = cleaned.get("minutes") or self.fields["minutes"].initial
        cleaned["kind"] = cleaned.get("kind") or AgendaItem.Kind.DISCUSSION
        return cleaned


class Known:
    """What the rows choose from, looked up once for all of them."""

    def __init__(self, meeting: Meeting) -> None:
        self.governments = governments_of(meeting)
        self.government_choices = [("", "–"), *((o.pk, o.name) for o in self.governments)]
        self.papers = meeting.event.materials.all()
        self.paper_choices = [(paper.pk, paper.title) for paper in self.papers]


class AgendaFormSet(forms.BaseModelFormSet):
    """All points of a meeting. ``version`` says from which agenda somebody began."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        self.meeting = meeting
        rows = meeting.agenda.select_related("lead_government").prefetch_related("papers")
        self._known = Known(meeting)
        super().__init__(*args, queryset=rows, prefix="points", **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "known": self._known}

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Delete")

    @property
    def version(self) -> str:
        return version_of(self.meeting)

    @transaction.atomic
    def save_in_order(self, version: str) -> None:
        """Keep the points, numbered by the order that was given. ``ValidationError`` where somebody else
        has saved the agenda since ``version``."""
        Meeting.objects.select_for_update(of=["self"]).get(pk=self.meeting.pk)
        if version != version_of(self.meeting):
            there = ", ".join(self.meeting.agenda.values_list("title", flat=True)) or "–"
            text = _(
                "Somebody else has saved the agenda since you opened it. Nothing of yours is lost: it "
                "stands below. There now: %(titles)s. Save once more if yours is to stand."
            )
            raise ValidationError(text % {"titles": there}, code="stale")
        gone = {form.instance.pk for form in self.deleted_forms if form.instance.pk}
        self.meeting.agenda.filter(pk__in=gone).delete()
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        kept.sort(key=lambda form: form.cleaned_data.get("order") or 9999)
        for position, form in enumerate(kept, 1):
            item = form.save(commit=False)
            item.meeting, item.position = self.meeting, position
            item.save()
            form.save_m2m()


AgendaForms = forms.modelformset_factory(
    AgendaItem,
    form=AgendaRow,
    formset=AgendaFormSet,
    extra=EXTRA_ROWS,
    max_num=MOST_ROWS,
    can_delete=True,
)


def version_of(meeting: Meeting) -> str:
    """What the agenda says now, in short: another as soon as anything of it changes."""
    rows = meeting.agenda.order_by("position", "pk").values_list(
        *("pk", "position", "title", "text", "kind", "minutes", "lead_name", "lead_government")
    )
    papers = meeting.agenda.order_by("position", "papers").values_list("pk", "papers")
    return sha256(repr([list(rows), list(papers)]).encode()).hexdigest()[:20]


def governments_of(meeting: Meeting):
    """Those who sit in the group or take part in the round, and the leader: of them one leads a point or
    takes something on."""
    taking_part = Q()
    if meeting.group_id:
        sitting = meeting.group.memberships.sitting_on(localdate()).values("organisation")
        taking_part |= Q(pk__in=sitting) | Q(pk=meeting.group.lead_government_id)
    if meeting.round_id:
        accepted = meeting.round.participations.accepted().values("government")
        taking_part |= Q(pk__in=accepted) | Q(pk=meeting.round.owner_id)
    named = meeting.agenda.values("lead_government")
    owning = meeting.actions.values("owner_government")
    found = taking_part | Q(pk__in=named) | Q(pk__in=owning)
    return Organisation.objects.filter(found).order_by("name")


class MinutesForm(forms.Form):
    """The minutes, with the number of the revision that somebody began from."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    body = forms.CharField(
        label=gettext_lazy("Minutes"),
        max_length=100_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Plain text. Each time you save, a revision is kept."),
    )
    note = forms.CharField(label=gettext_lazy("What you changed"), max_length=200, required=False)
    is_correction = forms.BooleanField(
        label=gettext_lazy("I correct minutes that are adopted"), required=False
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.conflict: minutes.Conflict | None = None
        last = minutes.last_of(meeting)
        self.initial |= {"number": last.number if last else 0, "body": last.body if last else ""}
        if meeting.minutes_status != Meeting.Minutes.ADOPTED:
            del self.fields["is_correction"]

    def save(self, by: Any) -> bool:
        """Keep the next revision; whether that worked. What did not stands in the errors, or in
        ``conflict``: then the number that is sent next is that of the other's text."""
        said = self.cleaned_data
        try:
            minutes.save(
                self.meeting,
                said["body"],
                on_top_of=said["number"],
                by=by,
                note=said["note"],
                is_correction=said.get("is_correction", False),
            )
        except minutes.Conflict as conflict:
            self._show_both(conflict)
            return False
        except ValidationError as error:
            self.add_error(None, _plain(error, self))
            return False
        return True

    def _show_both(self, conflict: minutes.Conflict) -> None:
        """Whoever has read both sends the form once more, on top of what is there now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("number")] = conflict.last.number if conflict.last else 0
        if conflict.last is None:  # what it says it began from has never been
            self.add_error(None, _("Nothing was saved before. Look at your words and save again."))
            return
        self.conflict = conflict
        self.add_error(None, _("Somebody else has saved the minutes since you opened them."))


class ActionForm(forms.ModelForm):
    """What somebody takes on."""

    class Meta:
        model = ActionItem
        fields = ("text", "owner_government", "owner_name", "due_on", "agenda_item")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.meeting = meeting
        self.fields["owner_government"].queryset = governments_of(meeting)
        self.fields["agenda_item"].queryset = meeting.agenda.all()


class CloseForm(forms.Form):
    """What became of an action."""

    status = forms.ChoiceField(
        label=gettext_lazy("What became of it?"),
        choices=[
            (ActionItem.Status.DONE.value, gettext_lazy("It is done")),
            (ActionItem.Status.DROPPED.value, gettext_lazy("It is dropped")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it was done or dropped.")},
    )
    outcome = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What was done, or why it is dropped."),
    )
    evidence_url = forms.URLField(
        label=gettext_lazy("Evidence: an address of the library or elsewhere"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )

    def close(self, action: ActionItem, meeting: Meeting | None = None) -> bool:
        """Close it, in a meeting perhaps; whether that worked. An address of the library becomes the work
        itself."""
        said = self.cleaned_data
        work = work_at(said["evidence_url"])
        try:
            actions.close(
                action.pk,
                said["status"],
                outcome=said["outcome"],
                evidence=work,
                evidence_url="" if work else said["evidence_url"],
                closed_in=meeting,
            )
        except ValidationError as error:
            self.add_error(None, _plain(error, self))
            return False
        return True


def work_at(url: str) -> Resource | None:
    """The public work of the library with this address, if it is one."""
    if not url.startswith(absolute("/resources/")):
        return None
    slug = url.removeprefix(absolute("/resources/")).strip("/")
    return Resource.objects.public().filter(slug=slug).first()


def _plain(error: ValidationError, form: forms.Form) -> ValidationError:
    """An error whose fields all stand on the form as it is; otherwise its words alone."""
    if hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields):
        return error
    return ValidationError(error.messages)
