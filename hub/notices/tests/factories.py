from datetime import timedelta
from itertools import count

from django.utils import timezone

from hub.notices import services
from hub.notices.models import Address, Message, Outage

_numbers = count(1)


def make_letter(to: str = "", dedup_key: str = "", **fields) -> Message:
    """A letter that waits in the outbox, written as every other."""
    number = next(_numbers)
    context = {"name": "Ada", "words": "Good day", **fields.pop("context", {})}
    return services.send(
        fields.pop("template", "trial"),
        to or f"reader{number}@example.org",
        dedup_key or f"trial:{number}",
        context=context,
        **fields,
    )


def make_settled(state: str, **fields) -> Message:
    """A letter that came to this end."""
    message = make_letter(
        **{name: fields.pop(name) for name in ("to", "is_secret") if name in fields}
    )
    moment = fields.pop("at", timezone.now())
    went_over = state in (Message.State.SENT, Message.State.UNKNOWN)
    Message.objects.filter(pk=message.pk).update(
        state=state,
        handed_over_at=moment if went_over else None,
        sent_at=moment if state == Message.State.SENT else None,
        **fields,
    )
    message.refresh_from_db()
    return message


def make_blocked(address: str, **fields) -> Address:
    return Address.objects.create(
        address=address, suppressed_at=timezone.now(), reason=Address.Reason.BOUNCE, **fields
    )


def let_time_pass() -> None:
    """As if the leases of dead workers had run out, and all waits and pauses were over."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.filter(leased_until__isnull=False).update(leased_until=past)
    Message.objects.filter(state=Message.State.WAITING).update(not_before=past)
    Outage.objects.update(until=past)
