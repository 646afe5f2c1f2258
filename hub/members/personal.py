"""What the hub keeps about those who are invited or ask for a role."""

from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub import limits
from hub.audit import erasure
from hub.audit.models import Access
from hub.members.models import KEPT, VALID, CalendarFeed, Invitation, RoleRequest
from hub.partners.holdings import Holding, Passing, passing, plain, register
from hub.partners.models import User


def _retain_invitations(invitations: QuerySet[Invitation]) -> int:
    """Delete the accepted, whose role says it all, and those that came to nothing long ago."""
    limit = timezone.now() - KEPT
    over = Q(accepted_at__lt=limit) | Q(withdrawn_at__lt=limit)
    return erasure.delete(invitations.filter(over | Q(sent_at__lt=limit - VALID)))


def _retain_requests(requests: QuerySet[RoleRequest]) -> int:
    return erasure.delete(requests.filter(decided_at__lt=timezone.now() - KEPT))


def _forget_recorded() -> int:
    return sum(erasure.forget_what_is_due().values())


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
            is_of_earlier_addresses=True,
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
    register(
        Holding(
            label=_("What was noted of you"),
            model=Access,
            rows=lambda email: _by_account(Access, "account", email),
            export=plain("at", "act", "model", "object_id", "route", "client"),
            erase=lambda _notes: None,  # ``erasure.erase_account`` does: nobody else may
        )
    )
    register(
        Holding(
            label=_("What you did at the desk"),
            model=LogEntry,
            rows=lambda email: _by_account(LogEntry, "user", email),
            export=plain("action_time", "action_flag", "content_type", "object_id"),
            erase=lambda _entries: None,  # they name works and others, who are erased in their turn
        )
    )
    # The audit and the limits know nothing of holdings.
    passing.register(Passing(_("Old record of changes and looks"), _forget_recorded))
    passing.register(Passing(_("Limit that is free again"), limits.forget_old))


def _by_account(model: type[Model], column: str, email: str) -> QuerySet:
    accounts = User.objects.filter(email__iexact=email).values("pk")
    return model._default_manager.filter(**{f"{column}__in": accounts})
