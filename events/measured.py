"""What the benchmark asks of events: a programme as large as they come."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import now

from events import publishing, release
from events.kinds import EventKind, Mode, Role
from events.models import Appearance, Event, Session
from hub.partners.models import Organisation, Person
from hub.portal.bench import pages

DAYS, A_DAY, AT_ONCE = 3, 20, 3
PEOPLE = 4
SLUG = "a-programme-of-sixty-sessions"
TITLES = (
    "Sector coupling and industrial symbiosis between carbon-intensive sectors",
    "What miners' families need before the last shift",
    "Financing the first hydrogen-ready steelworks",
    "Skills for grid, storage and repair: who teaches whom",
)


@transaction.atomic
def programme() -> str:
    """The address of an event of three days with sixty sessions of four people each, in the database of
    the benchmark; made unless it is there."""
    event = Event.objects.filter(slug=SLUG).first() or _made()
    return event.get_absolute_url()


def _made() -> Event:
    first = (now() + timedelta(days=60)).date()
    event = Event.objects.create(
        slug=SLUG,
        title="A programme of sixty sessions",
        kind=EventKind.CONFERENCE,
        mode=Mode.HYBRID,
        venue="Square",
        city="Brussels",
        owner=Organisation.objects.desk(),
        registration=Event.Signup.OPEN,
        timezone="Europe/Brussels",
        starts_local=datetime.combine(first, time(9)),
        ends_local=datetime.combine(first + timedelta(days=DAYS - 1), time(18)),
    )
    organisations = list(Organisation.objects.public().order_by("pk")[:20])
    people = [
        Person.objects.create(name=f"Speaker {number}", slug=f"speaker-{number}")
        for number in range(2 * A_DAY)
    ]
    for number in range(DAYS * A_DAY):
        day, place = divmod(number, A_DAY)
        start = event.starts_local + timedelta(days=day, hours=place // AT_ONCE)
        session = Session.objects.create(
            event=event,
            slug=f"session-{number}",
            title=TITLES[number % len(TITLES)],
            summary="Who pays, who decides and who is asked: cases from six regions. " * 3,
            starts_local=start,
            ends_local=start + timedelta(minutes=50),
            timezone=event.timezone,
            room=f"Room {place % AT_ONCE + 1}",
        )
        for position in range(PEOPLE):
            one = (number * PEOPLE + position) % len(people)
            Appearance.objects.create(
                session=session,
                person=people[one],
                name=people[one].name,
                organisation=organisations[one % len(organisations)] if organisations else None,
                role=Role.CHAIR if position == 0 else Role.PANELLIST,
                position=position,
            )
    publishing.publish(event.pk)
    release.release(event)
    return event


pages.MORE["60 sessions"] = programme
