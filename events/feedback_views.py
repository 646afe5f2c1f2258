"""The page with three questions, by a link in a letter."""

from http import HTTPStatus

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from events import feedback, own
from hub.guarded import posted
from hub.meta import Meta

WORDS = forms.Textarea(attrs={"rows": 3})


class FeedbackForm(forms.Form):
    """The three questions."""

    useful = forms.TypedChoiceField(
        label=gettext_lazy("How useful was it for you?"),
        choices=list(feedback.GRADES.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how useful it was for you.")},
    )
    will_use = forms.CharField(
        label=gettext_lazy("What will you use of it?"),
        required=False,
        max_length=2000,
        widget=WORDS,
        help_text=gettext_lazy("Leave names out: the organisers read your words."),
    )
    missing = forms.CharField(
        label=gettext_lazy("What was missing?"), required=False, max_length=2000, widget=WORDS
    )


@require_http_methods(["GET", "HEAD", "POST"])
def give_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """The questions on GET, the answer on POST; afterwards and too late it says so in words."""
    seat = feedback.seat_of(token)
    if seat is None:
        return own.private(render(request, "events/feedback_over.html", status=404))
    form = FeedbackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            feedback.give(seat, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return own.private(redirect(request.path))
    has_answered = feedback.has_answered(seat)
    context = {
        "event": seat.event,
        "form": form,
        "has_answered": has_answered,
        "is_open": feedback.is_open(seat.event),
        "is_early": feedback.is_early(seat.event),
        "meta": Meta(_("Three questions"), request.path, is_indexed=False),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return own.private(render(request, "events/feedback.html", context, status=status))
