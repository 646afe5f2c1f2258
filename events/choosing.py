"""The zone in which a reader wants to see times, chosen in the address: ``?tz=Asia/Jakarta``."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from events import times, wording
from events.models import Event
from hub.partners.models import User

# Zones of the hub's countries and of where events are; any other may stand in the address.
OFFERED = (
    *("America/Bogota", "America/Santiago", "America/Mexico_City", "America/New_York"),
    *("America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Europe/Brussels"),
    *("Europe/Warsaw", "Europe/Kyiv", "Europe/Istanbul", "Africa/Johannesburg", "Africa/Cairo"),
    *("Africa/Lagos", "Africa/Nairobi", "Asia/Dubai", "Asia/Kolkata", "Asia/Bangkok"),
    *("Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Shanghai"),
    *("Asia/Ulaanbaatar", "Asia/Tokyo", "Australia/Melbourne", "Pacific/Auckland", "UTC"),
)


@dataclass(frozen=True)
class ZoneOption:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Zone:
    """``name`` is empty where the times are those of the event itself; ``notice`` says what of the
    address was left out."""

    name: str
    own: str
    notice: str = ""

    @property
    def shown(self) -> str:
        return self.name or self.own or "UTC"

    @property
    def place(self) -> str:
        return times.place_of(self.shown)

    @property
    def own_place(self) -> str:
        return times.place_of(self.own or "UTC")

    @property
    def query(self) -> str:
        return f"?tz={self.name}" if self.name else ""

    @property
    def options(self) -> list[ZoneOption]:
        names = sorted({*OFFERED, self.shown} - {self.own}, key=times.place_of)
        own = [ZoneOption(self.own, _("That of the event"), not self.name)] if self.own else []
        return own + [
            ZoneOption(name, wording.zones_words(name), name == self.name) for name in names
        ]


def zone_of_user(user: User | AnonymousUser, event: Event) -> str:
    """The zone that somebody with an account has chosen there, where it is another than the event's;
    else nothing. For pages and letters of their own: public pages are the same for all readers, and
    go by their address alone."""
    return other_zone(user.timezone, event) if user.is_authenticated else ""


def other_zone(zone: str, event: Event) -> str:
    """The zone, if it is one that people chose and that tells other times than the event's; the one
    that everybody has who chose none says nothing."""
    is_chosen = zone not in ("", "UTC", event.timezone) and times.known_zone(zone) is not None
    return zone if is_chosen and event.has_hours else ""


def page_in_zone(event: Event, zone: str) -> str:
    """The page of an event with its times in a zone beside its own."""
    query = f"?{urlencode({'tz': zone})}" if zone else ""
    return f"{event.get_absolute_url()}{query}"


def zone_of(request: HttpRequest, event: Event) -> Zone:
    """The zone that the address asks for; that of the event, with a notice, for what is no zone."""
    asked = request.GET.get("tz", "")
    if not asked or asked == event.timezone:
        return Zone("", event.timezone)
    if times.known_zone(asked) is None:
        notice = _(
            "We do not know the time zone that the address names. Times are those of the event."
        )
        return Zone("", event.timezone, notice)
    return Zone(asked, event.timezone)
