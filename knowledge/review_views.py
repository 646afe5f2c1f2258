"""What somebody with a review link sees: the draft in its page, and a form for what they think. Each
answer is private, is indexed by nobody, and no other site is told its address."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from hub import limits, sending
from hub.guarded import posted
from knowledge import drafting, previewing, reviewing, uploads, workflow
from knowledge.models import ReviewLink, WorkflowEvent

ANSWERS = {
    "approve": _("It can be published as it is"),
    "request_changes": _("It should be changed first"),
    "comment": _("I only have a comment"),
}
View = Callable[..., HttpResponseBase]


class ReviewForm(forms.Form):
    """What a reviewer thinks of the revision that they were shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(label=_("What do you think?"), widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=WorkflowEvent._meta.get_field("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Those who curate this work read it, with your name."),
    )

    def __init__(self, *args: Any, link: ReviewLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_steps = [name for name in ANSWERS if workflow.STEPS[name].is_open(link.resource)]
        self.fields["answer"].choices = [(name, ANSWERS[name]) for name in open_steps]
        self.initial |= {"version": link.resource.version}
        if len(open_steps) == 1:
            self.initial["answer"] = open_steps[0]


def with_link(view: View) -> View:
    """Find the link of the address, or say that it leads nowhere any more."""

    @wraps(view)
    def found(request: HttpRequest, token: str, **names: str) -> HttpResponseBase:
        link = reviewing.find(token)
        if link is None:
            response = render(request, "knowledge/review_over.html", status=HTTPStatus.NOT_FOUND)
        else:
            response = view(request, link, token, **names)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        patch_cache_control(response, private=True, no_store=True)
        return response

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@with_link
def review(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    """The draft, and what one may say of it. It shows on GET and acts on POST, since mail programs
    open links."""
    form = ReviewForm(posted(request), link=link)
    if request.method == "POST" and form.is_valid():
        limits.require(reviewing.ANSWERS_A_DAY, str(link.pk))
        asked = form.cleaned_data
        try:
            workflow.take(
                asked["answer"],
                link.resource_id,
                by=link,
                comment=asked["comment"],
                version=asked["version"],
            )
        except (ValidationError, PermissionDenied) as error:
            form.add_error(None, _refusal(error))
        else:
            return redirect(f"{reverse('review:page', args=[token])}?said=1")
    with drafting.undone(), drafting.in_place(link.resource) as drafted:
        context = _page(drafted, request.path, token)
    if context is None:
        raise Http404
    context |= {
        "link": link,
        "form": form,
        "is_said": "said" in request.GET and not form.errors,
        "said": WorkflowEvent.objects.filter(guest=link),
        "labels": ANSWERS,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "knowledge/review.html", context, status=status)


def _refusal(error: ValidationError | PermissionDenied) -> ValidationError:
    if isinstance(error, PermissionDenied):
        return ValidationError(_("This link has ended."))
    return ValidationError(error.messages)


def _page(drafted: Any, path: str, token: str) -> dict[str, Any] | None:
    return previewing.context_of(
        drafted,
        path,
        file_url=lambda file: reverse("review:file", args=[token, file.name]),
        cover_url=lambda _cover: reverse("review:cover", args=[token]),
    )


@require_safe
@with_link
def review_file(request: HttpRequest, link: ReviewLink, token: str, name: str) -> HttpResponseBase:
    """A PDF of the draft."""
    with drafting.in_place(link.resource) as drafted:
        file = next((file for file in drafted.files.all() if file.name == name), None)
        if file is None:
            raise Http404
        return sending.answer(request, file, private=True, no_store=True)


@require_safe
@with_link
def review_cover(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    """The cover of the draft."""
    with drafting.in_place(link.resource) as drafted:
        cover = getattr(drafted, "cover", None)
        if cover is None:
            raise Http404
        return uploads.answer(cover, cover.sizes[-1].name)
