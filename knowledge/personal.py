"""What the library keeps about people."""

import pgtrigger
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.partners.holdings import Holding, plain, register
from knowledge.models import ReviewLink, WorkflowEvent
from knowledge.reviewing import KEPT


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
    old = links.filter(named, ends_at__lt=timezone.now() - KEPT)
    count = old.count()
    for link in old:
        ReviewLink.objects.filter(pk=link.pk).update(name="", email="")
        erasure.erase_values(ReviewLink, link.pk)
    return count


def declare() -> None:
    """Register it."""
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
