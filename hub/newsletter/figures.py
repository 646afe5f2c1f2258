"""What became of an issue, in numbers. Nothing in a letter reports that it was read."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from hub.newsletter.models import Delivery, Issue
from hub.notices.models import Address

State = Delivery.State
# Mail that comes back does so within days; what is heard later is of another letter.
COMES_BACK = timedelta(days=5)


@dataclass(frozen=True)
class Figures:
    all: int
    sent: int
    waiting: int
    unknown: int
    failed: int
    left_out: int
    came_back: int
    ended: int

    @property
    def done(self) -> int:
        return self.all - self.waiting


def figures(issue: Issue) -> Figures:
    """Of how many readers; ``came_back`` and ``ended`` are among the sent ones: the mail came back, or
    the reader ended the newsletter before another issue reached them."""
    rows = issue.deliveries.all()
    told = rows.aggregate(
        all=Count("pk"),
        sent=Count("pk", filter=Q(state=State.SENT)),
        waiting=Count("pk", filter=Q(state__in=[State.WAITING, State.SENDING])),
        unknown=Count("pk", filter=Q(state=State.UNKNOWN)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        left_out=Count("pk", filter=Q(state__in=[State.SUPPRESSED, State.CANCELLED])),
    )
    sent = rows.filter(state=State.SENT)
    blocked = Address.objects.filter(
        address=OuterRef("address"),
        reason__in=[Address.Reason.BOUNCE, Address.Reason.SOFT],
        suppressed_at__gte=OuterRef("sent_at"),
        suppressed_at__lte=OuterRef("sent_at") + COMES_BACK,
    )
    back = sent.annotate(address=Lower("subscription__email")).filter(Exists(blocked)).count()
    later = Delivery.objects.filter(
        subscription=OuterRef("subscription"),
        sent_at__gt=OuterRef("sent_at"),
        sent_at__lte=OuterRef("subscription__ended_at"),
    )
    ended = sent.filter(subscription__ended_at__gte=F("sent_at")).exclude(Exists(later)).count()
    return Figures(**told, came_back=back, ended=ended)
