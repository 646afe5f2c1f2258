from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events and registrations")

    def ready(self) -> None:
        from events import (
            desk_inbox,
            listed,
            own_calendar,
            personal,
            selections,
            speakers,
            to_knowledge,
        )
        from events import starter as own
        from events.kinds import KINDS, SESSION
        from events.models import Event, Session
        from hub import desk, starter
        from hub.catalogue import kinds, sources
        from hub.members import calendar
        from hub.partners.holdings import Passing, passing
        from hub.portal import coming
        from knowledge import leading_on

        personal.declare()
        speakers.declare()
        leading_on.further.register(to_knowledge.led_on)
        desk.inbox.register(desk_inbox.tasks)
        calendar.sources.register(own_calendar.registrations_of)
        passing.register(
            Passing(_("Programme of one's own, of an event long over"), selections.let_go)
        )
        for kind in [*KINDS, SESSION]:
            kinds.kinds.register(kind)
        sources.register(Event)
        sources.register(Session)
        coming.describers.register(listed.describe)
        starter.register(
            "events.csv",
            own.begin_events,
            key=["title"],
            after=["vocabulary.csv", "countries_regions.csv", "organisations.csv"],
        )
        starter.register(
            "event_sessions.csv",
            own.begin_sessions,
            key=["event", "session"],
            after=["events.csv"],
        )
        starter.register(
            "example_event.csv", own.begin_example, key=["title"], after=["events.csv"]
        )
