"""The letter after an event: what came of it, and three questions."""

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import now

from events import feedback, own
from events.models import Event, Registration
from hub import links
from hub.notices import services as notices

# A night that the hub slept through is made up for; later the letter would only surprise.
WITHIN = timedelta(days=4)


def thank_all() -> int:
    """Write to all who had a sure seat at an event that is over since some nights; answers how many
    letters that are. To each once, however often it runs."""
    rows = Registration.objects.coming().select_related("event")
    recent = now() - WITHIN - timedelta(days=7)  # long ones and whole days too
    events = Event.objects.over().filter(status=Event.Status.PUBLISHED, starts_at__gt=recent)
    count = 0
    for seat in rows.filter(event__in=events).order_by("pk"):
        over = seat.event.is_over_from
        if over <= now() < over + WITHIN:
            _thank(seat)
            count += 1
    return count


def _thank(seat: Registration) -> None:
    materials = reverse("own:materials", args=[own.token_of(seat)])
    questions = reverse("own:feedback", args=[feedback.token_of(seat)])
    notices.send(
        "events/after",
        seat.email,
        f"event-after:{seat.pk}",
        context={
            "event": seat.event.title,
            "materials": links.absolute(materials),
            "questions": links.absolute(questions),
        },
        language=seat.language,
        is_private=True,
    )
