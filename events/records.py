"""The catalogue's rows of an event and of the parts of its programme."""

from django.db import transaction

from events import transcripts
from events.models import Event, Session
from hub.catalogue import services
from hub.catalogue.models import Record


@transaction.atomic
def put(event: Event) -> Record | None:
    """Write the records of an event and of all its sessions as they stand, with what was said there;
    answers the event's."""
    record = services.put(event)
    transcripts.put(event)
    services.put_all(Session, list(event.sessions.values_list("pk", flat=True)))
    return record
