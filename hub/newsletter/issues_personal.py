"""What is kept about people because issues were sent to them."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.newsletter.models import Delivery, Subscription
from hub.notices.models import ADDRESS_IS_KEPT
from hub.partners.holdings import Holding, plain, register


def _of(email: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscription__in=Subscription.objects.of_address(email))


def _forget(rows: QuerySet[Delivery]) -> None:
    """That an issue went out stays, to whom does not; what waits will not go out."""
    keys = list(rows.values_list("pk", flat=True))
    theirs = Delivery.objects.filter(pk__in=keys)
    # Whoever is handing one over has it in memory, and without its lease notes nothing more here.
    theirs.filter(state=Delivery.State.SENDING).update(state=Delivery.State.UNKNOWN)
    theirs.update(subscription=None, leased_until=None, error="")


def _retain(rows: QuerySet[Delivery]) -> int:
    long_ago = timezone.now() - ADDRESS_IS_KEPT
    old = rows.done().filter(issue__begun_at__lt=long_ago, subscription__isnull=False)
    return old.update(subscription=None, error="")


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Issues of the newsletter sent to you"),
            model=Delivery,
            rows=_of,
            export=plain("issue", "language", "state", "sent_at"),
            erase=_forget,
            retain=_retain,
        )
    )
