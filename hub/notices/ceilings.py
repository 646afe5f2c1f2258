"""How much mail may go out: so much to one address in a day, so much in all in an hour.

What is above waits, and is not lost. Letters that count are those handed over and those about to
be; an attempt that failed for certain takes no room.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from hub.notices.models import Message
from hub.registry import Registry

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# Of the hour's letters the last fifth is for codes and links by which people sign in. What goes to
# many at once leaves another fifth to what single people wait for.
FOR_ALL, FOR_MANY = 0.8, 0.6

# What apps above send past the outbox: each answers how much of it went out since a moment.
others: Registry[Callable[[datetime], int]] = Registry("a counter of what goes out")


def room_in_this_hour(*, is_secret: bool) -> int:
    """How many more letters may go out now."""
    return _room(1 if is_secret else FOR_ALL)


def room_for_many() -> int:
    """How many more may go out now of what goes to many at once."""
    return _room(FOR_MANY)


def _room(share: float) -> int:
    since = timezone.now() - HOUR
    out = Message.objects.out_since(since).count() + sum(count(since) for count in others)
    return max(0, int(settings.POST_PER_HOUR * share) - out)


def free_again(message: Message) -> datetime | None:
    """When this address may get one more letter; ``None`` if at once, as what lets somebody in: it is
    of no use a day later, and whoever asks for it is counted (``accounts.limits``)."""
    if message.is_secret:
        return None
    now = timezone.now()
    earlier = Message.objects.to_address(message.to).exclude(pk=message.pk).out_since(now - DAY)
    moments = list(earlier.order_by("-handed_over_at").values_list("handed_over_at", flat=True))
    if len(moments) < settings.POST_PER_ADDRESS:
        return None
    # The one that has to be a day old first, for only the newest may count then.
    oldest = sorted((moment or now for moment in moments), reverse=True)
    return oldest[settings.POST_PER_ADDRESS - 1] + DAY
