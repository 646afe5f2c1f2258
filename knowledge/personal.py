"""What the library keeps about people: from outside who proposes something, reports a problem or is
asked for a review, and at the desk who brings works in."""

from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.partners.holdings import Holding, Passing, passing, plain, register
from knowledge import contributed_draft, contributed_files, contributing
from knowledge.models import Contribution, Import, ProblemReport, ReviewLink, WorkflowEvent
from knowledge.models.contributions import CONFIRMED_WITHIN, KEPT
from knowledge.models.problems import PROBLEM_KEPT
from knowledge.reviewing import REVIEWERS_KEPT

_columns = plain(
    *("sort", "title", "url", "words", "outline", "added", "language", "region", "partner"),
    *("name", "email", "organisation_name", "named_since", "state", "written_at", "reason"),
)


def _proposals_of(email: str) -> QuerySet[Contribution]:
    return Contribution.objects.filter(email__iexact=email)


def _told(contribution: Contribution) -> dict[str, Any]:
    """Its columns, and what it came to, if everybody may know that."""
    work = contribution.resource
    is_public = work is not None and work.is_public
    return {**_columns(contribution), str(_("what came of it")): str(work) if is_public else None}


def _panel(contributions: QuerySet[Contribution]) -> list[tuple[str, str]]:
    confirmed = contributions.confirmed()
    return [(str(one), contributing.follow_path(one)) for one in confirmed]


def _erase(contributions: QuerySet[Contribution]) -> None:
    """Delete them, and with them the writer's name beside the works that came of them."""
    for contribution in contributions:
        contributed_draft.remove_credit(contribution)
    erasure.delete(contributions)


def _retain(contributions: QuerySet[Contribution]) -> int:
    """Delete what nobody confirmed in time and what was decided long ago; but whose name stands
    beside a work has a right to the link that takes it off, and we to the proof of consent."""
    moment = timezone.now()
    unconfirmed = Q(state=Contribution.State.UNCONFIRMED, written_at__lt=moment - CONFIRMED_WITHIN)
    over = Q(decided_at__lt=moment - KEPT, credit=None)
    return erasure.delete(contributions.filter(unconfirmed | over))


def _retain_problems(problems: QuerySet[ProblemReport]) -> int:
    """Delete what was closed long ago."""
    return erasure.delete(problems.filter(closed_at__lt=timezone.now() - PROBLEM_KEPT))


@transaction.atomic
def _erase_reviewers(links: QuerySet[ReviewLink]) -> None:
    """Take their names and words out; that somebody was asked, and what they decided, stays."""
    keys = list(links.values_list("pk", flat=True))
    with pgtrigger.ignore("knowledge.WorkflowEvent:never_rewritten"):
        WorkflowEvent.objects.filter(guest__in=keys).update(comment="")
    ReviewLink.objects.filter(pk__in=keys).update(name="", email="", revoked_at=timezone.now())
    for key in keys:
        erasure.erase_values(ReviewLink, key)


def _retain_reviewers(links: QuerySet[ReviewLink]) -> int:
    """Let go of who they were, some weeks after their link has ended."""
    named = ~Q(name="", email="")
    old = links.filter(named, ends_at__lt=timezone.now() - REVIEWERS_KEPT)
    count = old.count()
    for link in old:
        ReviewLink.objects.filter(pk=link.pk).update(name="", email="")
        erasure.erase_values(ReviewLink, link.pk)
    return count


def _retain_imports(imports: QuerySet[Import]) -> int:
    count, _by_model = imports.over().delete()
    return count


def declare() -> None:
    """Register them."""
    register(
        Holding(
            label=_("Proposal to the hub"),
            model=Contribution,
            rows=_proposals_of,
            export=_told,
            erase=_erase,
            panel=_panel,
            retain=_retain,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("Problem that you reported"),
            model=ProblemReport,
            rows=lambda email: ProblemReport.objects.filter(email__iexact=email),
            export=plain("sort", "words", "email", "state", "written_at", "answer"),
            erase=erasure.delete,
            retain=_retain_problems,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("Review link"),
            model=ReviewLink,
            rows=lambda email: ReviewLink.objects.filter(email__iexact=email),
            export=plain("name", "email", "resource", "made_at", "ends_at"),
            erase=_erase_reviewers,
            retain=_retain_reviewers,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("Import at the desk"),
            model=Import,
            rows=lambda email: Import.objects.filter(user__email__iexact=email).defer("content"),
            export=plain("file_name", "form", "owner", "state", "rows_in_all", "made_at"),
            erase=lambda imports: imports.delete(),
            retain=_retain_imports,
        )
    )
    passing.register(Passing(_("File of a proposal that is gone"), contributed_files.sweep))
