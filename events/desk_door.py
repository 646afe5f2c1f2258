"""At the door: a short list for phones, which works on a bad line, and the page behind a code."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import checking_in
from events.models import Attendance, Event, Registration
from events.registration_table import KIND
from hub.audit import access as audit
from hub.desk import barred
from hub.partners import policy

MOST = 150  # lines: more no telephone scrolls, and a name is typed sooner


class DoorForm(forms.Form):
    """Whom to look for, and where. What cannot be is left out."""

    q = forms.CharField(
        label=_("Name or organisation"), required=False, max_length=100, widget=forms.SearchInput
    )
    session = forms.ModelChoiceField(
        None, label=_("For"), required=False, empty_label=_("the whole event")
    )

    def __init__(self, *args: object, event: Event, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = event.sessions.in_order().filter(status="live")


class WithDoor(admin.ModelAdmin):
    """Mix it into the admin of events."""

    def get_urls(self) -> list:
        return [self.own("check-in/", self.door_view, "door"), *super().get_urls()]

    def door_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.event_for("publish", request, object_id)
        form = DoorForm(request.GET, event=event)
        form.is_valid()
        session, words = form.cleaned_data.get("session"), form.cleaned_data.get("q", "")
        if request.method == "POST":
            return self._tick(request, event, session)
        rows = list(checking_in.found(checking_in.expected(event, session), words)[: MOST + 1])
        detail = {"kind": KIND, "shown": [one.pk for one in rows[:MOST]]}
        audit.note(request, audit.LISTED, event, detail)
        return self.shown(
            request,
            event,
            "door",
            gettext("At the door"),
            form=form,
            rows=rows[:MOST],
            has_more=len(rows) > MOST,
            door=checking_in.door(event, session),
        )

    def _tick(self, request: HttpRequest, event: Event, session: object) -> HttpResponseRedirect:
        """Back to the same list afterwards, at the same line."""
        is_undone = "gone" in request.POST
        key = request.POST.get("gone" if is_undone else "here", "")
        if not (key.isascii() and key.isdecimal() and len(key) < 18):
            raise Http404
        one = get_object_or_404(event.registrations, pk=int(key))
        if is_undone:
            checking_in.take_back(one, session)
        else:
            try:
                checking_in.check_in(one, session, Attendance.How.LIST, request.user)
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
        address = reverse("admin:events_event_door", args=[event.pk])
        asked = urlencode({name: value for name, value in request.GET.items() if value})
        return redirect(f"{address}?{asked}#r{one.pk}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_view(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the code of a registration: for who may announce the event. Opening it changes
    nothing, the button checks in."""
    one = checking_in.by_code(token)
    if not request.user.is_authenticated:
        # The same for any token, so that nobody learns which are real.
        return redirect_to_login(request.get_full_path())
    if one is None or not _may(request, one):
        raise Http404
    if way := barred(request):
        return redirect(way)
    site = admin.site
    desk = site.get_model_admin(Event)
    refused = ""
    if request.method == "POST":
        try:
            checking_in.check_in(one, None, Attendance.How.CODE, request.user)
        except ValidationError as error:
            refused = " ".join(error.messages)
        else:
            return redirect(request.path)
    audit.note(request, audit.VIEWED, one)
    came = one.attendances.filter(session=None).first()
    return desk.shown(
        request,
        one.event,
        "code",
        one.name,
        one=one,
        came=came,
        refused=refused,
        can_come=one.status == Registration.Status.CONFIRMED,
        door=checking_in.door(one.event),
    )


def _may(request: HttpRequest, one: Registration) -> bool:
    rows = Event.objects.filter(pk=one.event_id)
    return policy.publishable(request.user, rows).exists()
