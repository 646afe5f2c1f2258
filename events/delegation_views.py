"""The page of a delegation, for who speaks for its organisation and is signed in."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from events import access, delegations, own, pages, registering, wording
from events.kinds import Mode
from events.models import Event, Registration
from hub import limits
from hub.addresses import AddressField, normalised
from hub.guarded import plain_name
from hub.meta import Crumb, Meta
from hub.partners.models import Organisation


class ReserveForm(forms.Form):
    """How many seats, and of which sort."""

    number = forms.IntegerField(
        label=gettext_lazy("How many seats?"),
        min_value=1,
        max_value=delegations.MOST,
        error_messages={"required": gettext_lazy("Say how many seats you need.")},
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How do they take part?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how they take part.")},
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [(mode, Mode(mode).label) for mode in event.seat_modes]
        if len(event.seat_modes) == 1:
            self.initial["mode"] = event.seat_modes[0]


class DelegateForm(forms.Form):
    """Who takes a seat."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        error_messages={"required": gettext_lazy("Enter their name.")},
    )
    email = AddressField(
        label=gettext_lazy("E-mail address"),
        error_messages={"required": gettext_lazy("Enter their e-mail address.")},
    )

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, slug: str, organisation: str) -> HttpResponse:
    """The seats that an organisation holds at an event: to hold more, to name who takes them, to
    exchange and to give back."""
    event = access.event_or_404(request, slug)
    held_by = delegations.organisations_of(request.user).filter(slug=organisation).first()
    if held_by is None or not event.takes_registrations:
        raise Http404
    page = _Page(request, event, held_by)
    if request.method == "POST" and page.act():
        return own.private(redirect(request.path))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if page.is_refused else HTTPStatus.OK
    return own.private(render(request, "events/delegation.html", page.context(), status=status))


class _Page:
    """One answer: which of its forms was sent, and what is wrong with it."""

    def __init__(self, request: HttpRequest, event: Event, held_by: Organisation) -> None:
        self.request, self.event, self.held_by = request, event, held_by
        sent = request.POST
        self.act_name, self.pk = sent.get("act", ""), _number(sent.get("seat", ""))
        is_reserving = self.act_name == "reserve"
        self.reserving = ReserveForm(sent if is_reserving else None, event=event)
        is_naming = self.act_name == "name"
        self.naming = DelegateForm(sent if is_naming else None, prefix=f"seat-{self.pk}")
        self.is_refused = False

    def act(self) -> bool:
        """Do what was asked for; whether it was done."""
        acts = {"reserve": self._reserve, "name": self._name, "give_back": self._give_back}
        try:
            done = self.act_name in acts and acts[self.act_name]()
        except Registration.DoesNotExist:
            raise Http404 from None
        self.is_refused = not done
        return done

    def _reserve(self) -> bool:
        form = self.reserving
        return form.is_valid() and _done(
            form,
            lambda: delegations.reserve(self.event.pk, self.held_by, **form.cleaned_data),
        )

    def _name(self) -> bool:
        form = self.naming
        if not form.is_valid():
            return False
        limits.require(registering.BY_ADDRESS, normalised(form.cleaned_data["email"]))
        return _done(
            form,
            lambda: delegations.name_delegate(
                self.event.pk, self.held_by, self.pk, **form.cleaned_data
            ),
        )

    def _give_back(self) -> bool:
        delegations.give_back(self.event.pk, self.held_by, self.pk)
        return True

    def context(self) -> dict[str, Any]:
        event = self.event
        rows = delegations.seats_of(event, self.held_by)
        return {
            "event": event,
            "held_by": self.held_by,
            "when": wording.when_html(event),
            "seats": [(row, self._form_of(row)) for row in rows],
            "form": self.naming if self.naming.errors else self.reserving,
            "reserving": self.reserving,
            "left": max(0, delegations.left(event, self.held_by)),
            "why": registering.refusal(event),
            "is_over": event.is_over,
            "meta": Meta(
                _("Delegation: %(organisation)s") % {"organisation": self.held_by},
                self.request.path,
                crumbs=pages.crumbs(Crumb(str(event), event.get_absolute_url())),
                is_indexed=False,
            ),
        }

    def _form_of(self, row: Registration) -> DelegateForm:
        if row.pk == self.pk and self.naming.is_bound:
            return self.naming
        return DelegateForm(prefix=f"seat-{row.pk}")


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_number else 0
