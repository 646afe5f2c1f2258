from events.models.events import RESERVED_SLUGS, UNENDING, Event
from events.models.joining import JoinAddress
from events.models.materials import Feedback, FeedbackGiven, Material, Outcome
from events.models.organisers import Organiser
from events.models.registrations import (
    UNCONFIRMED_FOR,
    UNCONFIRMED_UNTIL,
    Attendance,
    Registration,
    SessionSeat,
)
from events.models.selections import Selection
from events.models.sessions import Appearance, ProgrammeChange, Session
from events.models.timed import Calendared, Precision, Timed, WallTimeField
from events.models.untold import Untold

__all__ = [
    "RESERVED_SLUGS",
    "UNCONFIRMED_FOR",
    "UNCONFIRMED_UNTIL",
    "UNENDING",
    "Appearance",
    "Attendance",
    "Calendared",
    "Event",
    "Feedback",
    "FeedbackGiven",
    "JoinAddress",
    "Material",
    "Organiser",
    "Outcome",
    "Precision",
    "ProgrammeChange",
    "Registration",
    "Selection",
    "Session",
    "SessionSeat",
    "Timed",
    "Untold",
    "WallTimeField",
]
