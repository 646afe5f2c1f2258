"""What people are asked when they register, and what they can change later."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import wording
from events.kinds import Mode
from events.models import Event, Registration, Session
from events.questions import LONGEST_ANSWER
from events.registered import CONSENTS, YES_OR_NO
from events.registering import Wish
from hub.addresses import AddressField
from hub.guarded import OnceMoreForm, plain_name
from hub.languages import work_language_choices
from hub.partners.models import Organisation, User
from hub.texts import tidy

SEAT_MODES = [mode for mode, _label in Registration.SEAT_MODES]


class SessionsField(forms.ModelMultipleChoiceField):
    """Sessions of limited size, each with its time."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, session: Session) -> str:
        told = f"{session.title} – {wording.when_words(session)}"
        is_of_one_way = session.mode in SEAT_MODES and session.event.mode == Mode.HYBRID
        return f"{told} – {session.get_mode_display()}" if is_of_one_way else told


def to_choose(event: Event) -> QuerySet[Session]:
    """The sessions that one asks a seat for: of limited size, in the programme that readers see, and
    still to come."""
    live = event.sessions.released().filter(status=Session.Status.LIVE, capacity__isnull=False)
    is_ahead = Q(ends_at__gt=now()) | Q(ends_at=None, starts_at__gt=now()) | Q(starts_at=None)
    return live.filter(is_ahead).select_related("event").in_order()


def offered_to(registration: Registration) -> QuerySet[Session]:
    """Those of them that somebody can be at in the way that they take part, and those that they have
    chosen before."""
    rows = to_choose(registration.event)
    chosen = registration.session_seats.values("session")
    other = [mode for mode in SEAT_MODES if mode != registration.mode]
    return rows.filter(~Q(mode__in=other) | Q(pk__in=chosen))


class AboutForm(forms.Form):
    """What somebody says about themselves for one event, and can change later."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    organisation_name = forms.CharField(
        label=_("Your organisation (if there is one)"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(
        label=_("Your language"),
        choices=work_language_choices,
        initial="en",
        help_text=_("The one in which you follow an event best, and in which we write to you."),
    )
    access_needs = forms.CharField(
        label=_("What you need to take part (if anything)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Such as captions, sign language, a way without steps. Only the organisers read it."
        ),
    )
    consents = forms.MultipleChoiceField(
        label=_("What you agree to (none of it is needed)"),
        choices=list(CONSENTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You can take it back at any time, by the link that we send you."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        for question in event.questions:
            self.fields[f"answer_{question['key']}"] = _field_of(question)
        self.order_fields(self._order())

    def _order(self) -> list[str]:
        answers = [name for name in self.fields if name.startswith("answer_")]
        return [
            *("email", "name", "organisation_name", "mode", "sessions", "language"),
            *("access_needs", *answers, "consents"),
        ]

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])

    def clean_organisation_name(self) -> str:
        return " ".join(tidy(self.cleaned_data["organisation_name"]).split())

    def clean_access_needs(self) -> str:
        return tidy(self.cleaned_data["access_needs"])

    @property
    def about(self) -> dict[str, Any]:
        """Columns of the registration, once the form is valid."""
        said = self.cleaned_data
        about = {name: said[name] for name in ("name", "language", "access_needs")}
        if "organisation_name" in said:
            about["organisation_name"] = said["organisation_name"]
            about["organisation"] = organisation_called(said["organisation_name"])
        answers = {
            question["key"]: tidy(said[f"answer_{question['key']}"])
            for question in self.event.questions
            if said[f"answer_{question['key']}"]
        }
        agreed = {name: name in said["consents"] for name in CONSENTS}
        return about | {"answers": answers} | agreed


def _field_of(question: dict[str, Any]) -> forms.Field:
    how = {"label": question["label"], "required": question["is_required"]}
    missing = {"required": _("This answer is needed.")}
    if question["kind"] == "text":
        return forms.CharField(max_length=LONGEST_ANSWER, error_messages=missing, **how)
    offered: list[tuple[str, str | Promise]] = (
        list(YES_OR_NO.items())
        if question["kind"] == "yes_no"
        else [(choice, choice) for choice in question["choices"]]
    )
    return forms.ChoiceField(
        choices=offered, widget=forms.RadioSelect, error_messages=missing, **how
    )


def organisation_called(name: str) -> Organisation | None:
    """The one organisation of the hub with this name or short name, however it is written."""
    if not name:
        return None
    found = Organisation.objects.public().filter(Q(name__iexact=name) | Q(acronym__iexact=name))
    first_two = list(found[:2])
    return first_two[0] if len(first_two) == 1 else None


class RegistrationForm(AboutForm, OnceMoreForm):
    """Registering for an event. What looks like a robot's is asked for once more: a seat is taken by
    it, and nobody is there to look at it first."""

    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We write to it to make sure that it is yours. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    mode = forms.ChoiceField(
        label=_("How do you take part?"),
        choices=Registration.SEAT_MODES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you take part.")},
    )
    sessions = SessionsField(
        Session.objects.none(),
        label=_("Sessions with a limited number of seats"),
        required=False,
        help_text=_("All other sessions are open to everybody who comes."),
    )

    def __init__(
        self, *args: Any, user: User | AnonymousUser, left: Iterable[str] = (), **kwargs: Any
    ) -> None:
        """``left`` says in words how many seats there are still, in each way of taking part."""
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            self.initial |= {"name": user.name, "email": user.email, "language": user.language}
        if len(self.event.seat_modes) == 1:
            del self.fields["mode"]
        else:
            modes = [(mode, Mode(mode).label) for mode in self.event.seat_modes]
            self.fields["mode"].choices = modes
            self.fields["mode"].help_text = " · ".join(left)
        offered = to_choose(self.event)
        if offered.exists():
            self.fields["sessions"].queryset = offered
        else:
            del self.fields["sessions"]
        if self.event.seats_per_organisation:
            field = self.fields["organisation_name"]
            field.label, field.required = _("Your organisation"), True
            field.error_messages["required"] = _(
                "Seats are counted by organisation: say which is yours."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._require_one_way(cleaned)
        return cleaned

    def _require_one_way(self, cleaned: dict[str, Any]) -> None:
        """Refuse a session where nobody can be who takes part as they say."""
        mode, text = cleaned.get("mode"), _("“%(session)s” takes place in one way alone: %(mode)s.")
        for session in cleaned.get("sessions") or ():
            if mode and session.mode in SEAT_MODES and session.mode != mode:
                told = {"session": session.title, "mode": session.get_mode_display()}
                self.add_error("sessions", text % told)

    @property
    def wish(self) -> Wish:
        """What is asked for, once the form is valid."""
        said = self.cleaned_data
        return Wish(
            email=said["email"],
            mode=said.get("mode") or self.event.seat_modes[0],
            sessions=tuple(said.get("sessions", ())),
            **self.about,
        )


class ChangeForm(AboutForm):
    """What somebody has said, to be put right. An organisation that takes one of few seats stays."""

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, event=registration.event, **kwargs)
        if self.event.seats_per_organisation:
            del self.fields["organisation_name"]
        said = {
            name: getattr(registration, name)
            for name in ("name", "organisation_name", "language", "access_needs")
        }
        agreed = [name for name in CONSENTS if getattr(registration, name)]
        answers = {f"answer_{key}": value for key, value in registration.answers.items()}
        self.initial |= said | {"consents": agreed} | answers


class SessionsForm(forms.Form):
    """The sessions of limited size in which somebody wants to take part."""

    sessions = SessionsField(
        Session.objects.none(), label=_("Sessions with a limited number of seats"), required=False
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration = registration
        self.fields["sessions"].queryset = offered_to(registration)
        self.initial["sessions"] = list(
            registration.session_seats.values_list("session", flat=True)
        )

    @property
    def chosen(self) -> list[Session]:
        """All their sessions, once the form is valid: what it does not offer any more stays as it is."""
        offered = self.fields["sessions"].queryset.values("pk")
        seats = self.registration.session_seats.exclude(session__in=offered)
        return [*self.cleaned_data["sessions"], *(seat.session for seat in seats)]


class ReplaceForm(forms.Form):
    """Who comes instead."""

    name = forms.CharField(
        label=_("Their name"), max_length=100, error_messages={"required": _("Enter their name.")}
    )
    email = AddressField(
        label=_("Their e-mail address"),
        help_text=_("We ask them to confirm it. Until then the place is kept for them."),
        error_messages={"required": _("Enter their e-mail address.")},
    )

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])
