"""What governments said and approved for everybody: all of a round, and one line."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue import feeds
from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.meta import Crumb, Meta
from taskforce.models import Finding
from taskforce.pages import crumbs
from taskforce.peers import in_public
from taskforce.synthesis import FindingPage, Synthesis
from taskforce.views import reachable, withdrawn


@require_safe
def synthesis(request: HttpRequest, slug: str) -> HttpResponse:
    """All public findings of a round, counted, and sifted by what the address asks for."""
    round = reachable(slug)
    if round.withdrawn_at:
        return withdrawn(request, round)
    page = Synthesis(round, request.GET, get_language())
    intro = _(
        "What governments said about a just transition and approved for everybody, line by line."
    )
    meta = Meta(
        _("Findings: %(round)s") % {"round": round.title},
        request.path,
        description=intro,
        crumbs=crumbs(Crumb(round.title, round.get_absolute_url())),
        kind="CollectionPage",
        is_indexed=not request.GET,
        feed=reverse("taskforce:finding_feed", args=[slug]),
    )
    context = {**page.context(), "round": round, "meta": meta, "intro": intro}
    return render(request, "taskforce/findings/list.html", context)


@require_safe
def finding_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The findings of a round that became public last."""
    round = reachable(slug)
    if round.withdrawn_at:
        return withdrawn(request, round)
    public = Finding.objects.public().filter(participation__round=round)
    refs = [ref_of(finding) for finding in public]
    title = _("Findings: %(round)s") % {"round": round.title}
    path = reverse("taskforce:synthesis", args=[slug])
    records = Record.objects.public().filter(ref__in=refs)
    return feeds.of_records(title, path, request.path, records)


@require_safe
def peers(request: HttpRequest, slug: str) -> HttpResponse:
    """What hinders governments of a round, who says the same, and who has an approach: of what is
    public alone."""
    round = reachable(slug)
    if round.withdrawn_at:
        return withdrawn(request, round)
    intro = _(
        "Barriers and needs that governments made public, with those who say the same of themselves "
        "and those who have an approach."
    )
    meta = Meta(
        _("Who faces the same: %(round)s") % {"round": round.title},
        request.path,
        description=intro,
        crumbs=crumbs(Crumb(round.title, round.get_absolute_url())),
        kind="CollectionPage",
    )
    context = {"round": round, "meta": meta, "intro": intro}
    context["beside"] = in_public(round, get_language())
    return render(request, "taskforce/findings/peers.html", context)


@require_safe
def finding_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One line; 410 once its government has taken it back, 404 for what was never public."""
    round = reachable(slug)
    if round.withdrawn_at:
        return withdrawn(request, round)
    rows = Finding.objects.for_record().select_related("evidence")
    finding = get_object_or_404(rows, pk=pk, participation__round=round)
    if finding.published_at is None:
        raise Http404
    above = crumbs(
        Crumb(round.title, round.get_absolute_url()),
        Crumb(_("Findings"), f"{round.get_absolute_url()}findings/"),
    )
    title = f"{finding.get_area_display()}: {finding.get_kind_display()}"
    if not Finding.objects.public().filter(pk=pk).exists():
        meta = Meta(
            _("A finding that was taken back"), request.path, crumbs=above, is_indexed=False
        )
        context = {"meta": meta, "round": round}
        return render(
            request, "taskforce/findings/taken_back.html", context, status=HTTPStatus.GONE
        )
    page = FindingPage(finding, get_language())
    meta = Meta(title, finding.get_absolute_url(), description=finding.text, crumbs=above)
    context = {**page.context(), "round": round, "meta": meta}
    return render(request, "taskforce/findings/detail.html", context)
