"""The kinds of event and of session, and what the catalogue calls them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.catalogue.kinds import Kind, Stream
from hub.catalogue.scope import Scope


class EventKind(models.TextChoices):
    CONFERENCE = "conference", _("Conference")
    WEBINAR = "webinar", _("Webinar")
    WORKSHOP = "workshop", _("Workshop")
    GROUP_MEETING = "working-group-meeting", _("Working group meeting")
    MEETING = "meeting", _("Meeting")
    DIALOGUE = "dialogue", _("Dialogue")
    SIDE_EVENT = "side-event", _("Side event")
    TRAINING = "training", _("Training")
    STUDY_VISIT = "study-visit", _("Study visit")
    CONSULTATION = "consultation", _("Consultation")
    LAUNCH = "launch", _("Launch")
    SERIES = "series", _("Series of events")


class SessionKind(models.TextChoices):
    PLENARY = "plenary", _("Plenary")
    PANEL = "panel", _("Panel")
    WORKSHOP = "workshop", _("Workshop")
    DIALOGUE = "dialogue", _("Dialogue")
    GROUP_MEETING = "working-group-meeting", _("Working group meeting")
    TALK = "talk", _("Talk")
    SIDE = "side", _("Side session")
    BREAK = "break", _("Break")
    SESSION = "session", _("Session")


class Mode(models.TextChoices):
    """How people take part. Of events of the past it is not always known."""

    UNKNOWN = "", _("Not known")
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")


class Role(models.TextChoices):
    CHAIR = "chair", _("Chair")
    MODERATOR = "moderator", _("Moderator")
    PANELLIST = "panellist", _("Panellist")
    SPEAKER = "speaker", _("Speaker")
    OPENING = "opening", _("Opening")
    RAPPORTEUR = "rapporteur", _("Rapporteur")


PLURALS = {
    EventKind.CONFERENCE: _("Conferences"),
    EventKind.WEBINAR: _("Webinars"),
    EventKind.WORKSHOP: _("Workshops"),
    EventKind.GROUP_MEETING: _("Working group meetings"),
    EventKind.MEETING: _("Meetings"),
    EventKind.DIALOGUE: _("Dialogues"),
    EventKind.SIDE_EVENT: _("Side events"),
    EventKind.TRAINING: _("Trainings"),
    EventKind.STUDY_VISIT: _("Study visits"),
    EventKind.CONSULTATION: _("Consultations"),
    EventKind.LAUNCH: _("Launches"),
    EventKind.SERIES: _("Series of events"),
}
KINDS = [
    Kind(
        kind.value,
        kind.label,
        PLURALS[kind],
        Stream.NEWS,
        kind.value,
        "Event",
        is_work=False,
        is_timed=True,
    )
    for kind in EventKind
]
# A part of an event that has a page of its own.
SESSION = Kind(
    "session",
    _("Session"),
    _("Sessions"),
    Stream.NEWS,
    "session",
    "Event",
    is_work=False,
    is_part=True,
    is_timed=True,
)
EVENTS = Scope(kinds=tuple(kind.value for kind in KINDS))
