"""What the hub keeps about those who are invited or ask for a role."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.members.models import KEPT, VALID, CalendarFeed, Invitation, RoleRequest
from hub.partners.holdings import Holding, plain, register


def _retain_invitations(invitations: QuerySet[Invitation]) -> int:
    """Delete the accepted, whose role says it all, and those that came to nothing long ago."""
    limit = timezone.now() - KEPT
    over = Q(accepted_at__lt=limit) | Q(withdrawn_at__lt=limit)
    count, _by_model = invitations.filter(over | Q(sent_at__lt=limit - VALID)).delete()
    return count


def _retain_requests(requests: QuerySet[RoleRequest]) -> int:
    count, _by_model = requests.filter(decided_at__lt=timezone.now() - KEPT).delete()
    return count


def declare() -> None:
    """Register them."""
    register(
        Holding(
            label=_("Invitation"),
            model=Invitation,
            rows=lambda email: Invitation.objects.filter(email__iexact=email),
            export=plain("email", "organisation", "role", "sent_at", "accepted_at"),
            erase=lambda invitations: invitations.delete(),
            retain=_retain_invitations,
        )
    )
    register(
        Holding(
            label=_("Request for a role"),
            model=RoleRequest,
            rows=lambda email: RoleRequest.objects.filter(user__email__iexact=email),
            export=plain("organisation", "words", "asked_at", "decided_at", "is_granted"),
            erase=lambda requests: requests.delete(),
            retain=_retain_requests,
        )
    )
    register(
        Holding(
            label=_("Calendar"),
            model=CalendarFeed,
            rows=lambda email: CalendarFeed.objects.filter(user__email__iexact=email),
            export=plain("made_at"),
            erase=lambda feeds: feeds.delete(),
        )
    )
