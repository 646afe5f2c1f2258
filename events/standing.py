"""Whether one can register for an event now, in words for readers."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import wording
from events.kinds import Mode
from events.models import Event, Registration


@dataclass(frozen=True)
class Standing:
    """What stands beside the button, and the button itself where there is one."""

    words: str = ""
    label: str = ""
    url: str = ""
    details: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.url)


def standing_of(event: Event) -> Standing:
    """How it stands with registration; nothing where there was none."""
    if event.is_over or event.status != Event.Status.PUBLISHED:
        return Standing()
    if event.registration == Event.Signup.EXTERNAL:
        words = _("Registration is on the site of the organisers.")
        return Standing(words, _("Register there"), event.external_url)
    if not event.takes_registrations:
        return Standing(_("No registration needed."))
    if event.opens_at and event.opens_at > now():
        opens = wording.moment_words(event.opens_at, event.timezone)
        return Standing(_("Registration opens on %(moment)s.") % {"moment": opens})
    closes = wording.moment_words(event.registration_closes_at, event.timezone)
    if not event.is_open():
        return Standing(_("Registration closed on %(moment)s.") % {"moment": closes})
    return _open(event, _("Open until %(moment)s.") % {"moment": closes})


def _open(event: Event, until: str) -> Standing:
    free = free_seats(event)
    details = tuple(
        _free_words(event, mode, left) for mode, left in free.items() if left is not None
    )
    url = reverse("registering:register", args=[event.slug])
    if free and all(left == 0 for left in free.values()):
        if not event.has_waiting_list:
            return Standing(_("All seats are taken."), details=details)
        words = _("All seats are taken. Who registers now waits for one.")
        return Standing(f"{words} {until}", _("Join the waiting list"), url, details)
    if event.registration == Event.Signup.APPROVAL:
        words = _("The organisers approve each registration.")
        return Standing(f"{words} {until}", _("Ask for a seat"), url, details)
    return Standing(until, _("Register"), url, details)


def free_seats(event: Event) -> dict[str, int | None]:
    """How many seats are free in each way of taking part; none stands for any number."""
    confirmed = event.registrations.filter(status=Registration.Status.CONFIRMED)
    taken = Counter(confirmed.values_list("mode", flat=True))
    left = {mode: event.capacity(mode) for mode in event.seat_modes}
    return {
        mode: None if seats is None else max(0, seats - taken[mode]) for mode, seats in left.items()
    }


def _free_words(event: Event, mode: str, left: int) -> str:
    names = {"mode": Mode(mode).label, "left": left}
    if left:
        words = ngettext("%(mode)s: %(left)d seat free", "%(mode)s: %(left)d seats free", left)
    elif event.has_waiting_list:
        words = _("%(mode)s: full, with a waiting list")
    else:
        words = _("%(mode)s: full")
    return words % names
