"""What comes after an event, in its form at the partner desk."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SplitArrayField, SplitArrayWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import consents, feedback, to_knowledge
from events.desk_pages import EventPages
from events.models import Event, Material, Outcome, Session
from events.to_knowledge import Origin
from hub.guarded import posted
from hub.partners import policy
from hub.partners.desk import PartInline
from hub.partners.forms import PartFormSet
from hub.partners.models import Organisation, User
from knowledge.kinds import KIND_CHOICES
from knowledge.owning import possible_owners

MOST_MESSAGES = 7


class MaterialForm(forms.ModelForm):
    """A material; sessions to choose from are those of its event."""

    class Meta:
        model = Material
        fields = (
            *("kind", "title", "session", "visibility", "language", "url", "resource", "licence"),
            *("captions_url", "transcript", "position"),
        )
        widgets = {"transcript": forms.Textarea(attrs={"rows": 4, "cols": 80})}


class MaterialFormSet(PartFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["session"].queryset = self.instance.sessions.in_order()


class MaterialInline(PartInline, admin.StackedInline):
    model = Material
    form, formset = MaterialForm, MaterialFormSet
    extra = 0
    autocomplete_fields = ["resource"]
    classes = ["collapse"]


class Lines(SplitArrayWidget):
    """Each in a line of its own, which says which of them it is."""

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for number, line in enumerate(context["widget"]["subwidgets"], 1):
            line["attrs"] |= {
                "class": "line",
                "aria-label": gettext("Key message %(number)d") % {"number": number},
            }
        return context


class OutcomeForm(forms.ModelForm):
    """What came of the event, and whether readers see it."""

    key_messages = SplitArrayField(
        forms.CharField(max_length=300, required=False),
        size=MOST_MESSAGES,
        widget=Lines(forms.TextInput(), MOST_MESSAGES),
        remove_trailing_nulls=True,
        required=False,
        label=_("Key messages"),
        help_text=_("A sentence in each line, the most important first."),
    )
    is_shown = forms.BooleanField(
        label=_("Readers see it"),
        required=False,
        help_text=_("Until then it is a draft. Materials are shown by themselves."),
    )

    class Meta:
        model = Outcome
        fields = ("summary", "key_messages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_shown"] = self.instance.published_at is not None

    def save(self, commit: bool = True) -> Outcome:
        if not self.cleaned_data["is_shown"]:
            self.instance.published_at = None
        elif self.instance.published_at is None:
            self.instance.published_at = now()
        return super().save(commit)


class OutcomeInline(PartInline, admin.StackedInline):
    model = Outcome
    form = OutcomeForm
    classes = ["collapse"]
    max_num = 1


class DraftForm(forms.Form):
    """Of what a draft is made, of which kind, and who curates it."""

    required_css_class = "required"

    session = forms.ModelChoiceField(
        Session.objects.none(), label=_("Made of"), required=False, empty_label=_("The whole event")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_CHOICES)
    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Owner"), help_text=_("Who curates the draft.")
    )

    def __init__(self, *args: Any, user: User, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = policy.editable(user, possible_owners(user))
        self.fields["owner"].queryset = owners
        only = owners.first() if owners.count() == 1 else None
        self.initial["owner"] = owners.filter(pk=event.owner_id).first() or only
        self.fields["session"].queryset = event.sessions.in_order().filter(status="live")
        has_film = event.materials.filter(kind=Material.Kind.RECORDING).exists()
        self.initial["kind"] = "video" if has_film else "news"


class WithAfter(EventPages):
    """Mix it into the admin of events: materials and outcome with the transcripts in the search, what
    was answered, and the way into the library."""

    def get_inlines(self, request: HttpRequest, obj: models.Model | None) -> list:
        inlines = [*super().get_inlines(request, obj)]
        # There is nothing to tell of an event that nobody has written down yet.
        return [*inlines, OutcomeInline, MaterialInline] if obj else inlines

    def get_urls(self) -> list:
        pages = [
            self.own("feedback/", self.feedback_view, "feedback"),
            self.own("to-knowledge/", self.knowledge_view, "knowledge"),
            self.own("consents/", self.consents_view, "consents"),
        ]
        return [*pages, *super().get_urls()]

    def pages_after(self, request: HttpRequest, event: Event) -> list[tuple[str, Any]]:
        """The pages about what came after an event that has begun, for who may open them."""
        # A form that was refused may be about an event that has no day yet.
        is_ahead = event.starts_at is None or event.starts_at > now()
        if is_ahead or not self.has_publish_permission(request, event):
            return []
        return [("knowledge", _("To the library")), ("feedback", _("Answers afterwards"))]

    def feedback_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What those who had a seat answered, together."""
        event = self.event_for("publish", request, object_id)
        return self.shown(
            request,
            event,
            "feedback",
            gettext("Answers afterwards"),
            figures=feedback.figures(event),
            fewest=feedback.FEWEST,
        )

    def knowledge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a draft of the library; or say who or what is missing."""
        event = self.event_for("publish", request, object_id)
        form = DraftForm(posted(request), user=request.user, event=event)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data
            origin = Origin(event, chosen.pop("session"))
            try:
                resource = to_knowledge.make(request.user, origin, **chosen)
            except ValidationError as error:
                form.add_error(None, error.messages)
            except PermissionDenied as error:
                raise Http404 from error
            else:
                text = gettext("There is a draft now: %(title)s. Nobody outside sees it yet.")
                self.log_change(request, event, gettext("Made a draft of it."))
                self.message_user(request, text % {"title": resource}, messages.SUCCESS)
                return redirect("admin:knowledge_resource_change", resource.pk)
        return self.shown(
            request,
            event,
            "knowledge",
            gettext("To the library"),
            form=form,
            hindrances=[] if form.errors else to_knowledge.hindrances(Origin(event), request.user),
            is_unattributed=Origin(event).is_unattributed,
            appearances=consents.appearances_of(event),
            to_ask=len(consents.to_ask(event)),
        )

    def consents_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask those who spoke; the page that says whom has the button."""
        event = self.event_for("publish", request, object_id)
        if request.method != "POST":
            return self.back_to("knowledge", event)
        count = consents.ask(request.user, event)
        text = ngettext("%d letter is on its way.", "%d letters are on their way.", count) % count
        self.message_user(request, text, messages.SUCCESS)
        return self.back_to("knowledge", event)
