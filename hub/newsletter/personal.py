"""What the hub keeps about the readers of the newsletter."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.newsletter.models import Subscription
from hub.newsletter.signing_up import PREFERENCES, path_of
from hub.partners.holdings import Holding, plain, register


def _panel(subscriptions: QuerySet[Subscription]) -> Iterable[tuple[str, str]]:
    for subscription in subscriptions.filter(confirmed_at__isnull=False):
        label = _("Your newsletter") if subscription.is_receiving else _("Newsletter (ended)")
        yield str(label), path_of(PREFERENCES, subscription)


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Newsletter"),
            model=Subscription,
            rows=Subscription.objects.of_address,
            export=plain(
                *("email", "languages", "groups", "terms", "cadence", "asked_at", "confirmed_at"),
                *("ended_at", "ending", "wording", "source_path"),
            ),
            erase=lambda subscriptions: subscriptions.delete(),
            panel=_panel,
            retain=lambda subscriptions: erasure.delete(subscriptions.let_go()),
            is_of_earlier_addresses=True,
        )
    )
