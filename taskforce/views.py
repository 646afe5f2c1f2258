"""The pages of the taskforce's rounds: all of them, and one."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue import feeds
from hub.catalogue.scope import Scope
from hub.meta import Meta
from taskforce.kinds import FINDING, GROUP, ROUND
from taskforce.models import Round
from taskforce.pages import RoundIndex, RoundPage, crumbs


def reachable(slug: str) -> Round:
    """The round of this address, withdrawn ones too; ``Http404`` for one that was never public."""
    rounds = Round.objects.select_related("owner").prefetch_related(
        "convenors", "terms", "milestones"
    )
    round = rounds.filter(slug=slug).first()
    if round is None or not (round.is_public or round.withdrawn_at):
        raise Http404
    return round


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """All rounds: where governments can take part, and where they did."""
    intro = _(
        "State and regional governments tell each other what they do for a just transition, what "
        "stands in their way, and where they can do more together."
    )
    feed = reverse("taskforce:round_feed")
    meta = Meta(_("Taskforce"), request.path, description=intro, kind="CollectionPage", feed=feed)
    context = {**RoundIndex().context(), "meta": meta, "intro": intro}
    return render(request, "taskforce/round_list.html", context)


@require_safe
def round_feed(request: HttpRequest) -> HttpResponse:
    """What came last of the taskforce: rounds, groups, and what governments made public."""
    scope = Scope(kinds=(ROUND.value, GROUP.value, FINDING.value))
    return feeds.of_scope(request, _("Taskforce"), reverse("taskforce:round_list"), scope)


@require_safe
def round_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One round; 410 with the reason if it was withdrawn, 404 if it was never public."""
    round = reachable(slug)
    if round.withdrawn_at:
        return withdrawn(request, round)
    page = RoundPage(round, get_language())
    return render(request, "taskforce/round_detail.html", {**page.context(), "meta": page.meta()})


def withdrawn(request: HttpRequest, round: Round) -> HttpResponse:
    """What stands at the addresses of a round that was public and is not any more."""
    title = _("Withdrawn: %(title)s") % {"title": round.title}
    meta = Meta(title, request.path, crumbs=crumbs(), is_indexed=False)
    context = {"meta": meta, "round": round}
    return render(request, "taskforce/round_withdrawn.html", context, status=HTTPStatus.GONE)
