"""Calendar entries in plain data, and their text. What writes it is loaded with the first one: most
workers never need it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import timezone


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True)
class Invitation:
    """One entry of a calendar, in plain data.

    ``starts`` and ``ends`` are two moments in one IANA zone (``datetime`` with a ``ZoneInfo``), or
    two days, the last of which is part of it. ``uid`` never changes; ``sequence`` rises with every
    change of time or place. A request and a cancellation need ``organiser`` and ``attendee``, both
    addresses; what is published for all names neither. ``ValueError`` where this does not hold,
    and for a time that the clocks leave out.
    """

    uid: str
    sequence: int
    summary: str
    starts: datetime | date
    ends: datetime | date
    method: Method = Method.REQUEST
    organiser: str = ""
    attendee: str = ""
    location: str = ""
    description: str = ""
    url: str = ""
    is_cancelled: bool = False
    stamped_at: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        if not self.uid or self.sequence < 0:
            raise ValueError("A calendar entry needs a UID, and a sequence from 0 up.")
        if any(not sign.isprintable() for sign in f"{self.uid}{self.url}"):
            raise ValueError("A UID or an address of one line is needed.")
        for moment in (self.starts, self.ends):
            _check_moment(moment)
        if isinstance(self.starts, datetime) != isinstance(self.ends, datetime):
            raise ValueError("An entry is of days or of moments, not of both.")
        if self.is_all_day:
            if self.ends < self.starts:
                raise ValueError("The last day is before the first.")
        elif (
            self.ends.astimezone(UTC) <= self.starts.astimezone(UTC)
            or self.starts.tzinfo.key != self.ends.tzinfo.key
        ):
            raise ValueError("An entry ends after it starts, in the same zone.")
        is_personal = bool(self.organiser and self.attendee)
        if self.method != Method.PUBLISH and not is_personal:
            raise ValueError("An invitation needs an organiser and an attendee.")

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.starts, datetime)

    def render(self) -> str:
        """The entry as the text of an .ics file, with CRLF at the ends of its lines."""
        from hub.notices import calendar_files

        return calendar_files.written([self], self.method).decode()


def feed(entries: Iterable[Invitation], name: str) -> bytes:
    """Many entries as one calendar to subscribe to; whoever takes part is not told."""
    from hub.notices import calendar_files

    return calendar_files.written(list(entries), Method.PUBLISH, name)


def _check_moment(moment: datetime | date) -> None:
    if not isinstance(moment, datetime):
        return
    if not isinstance(moment.tzinfo, ZoneInfo) or not moment.tzinfo.key:
        raise ValueError("A time needs an IANA zone.")
    if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(
        tzinfo=None
    ):
        raise ValueError(f"The clocks of {moment.tzinfo.key} leave out {moment:%Y-%m-%d %H:%M}.")
