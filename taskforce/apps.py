from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaskforceConfig(AppConfig):
    name = "taskforce"
    verbose_name = _("Taskforce")

    def ready(self) -> None:
        from events import invariants as events_invariants
        from hub import desk, starter
        from hub.catalogue import kinds, sources
        from knowledge import leading_on
        from taskforce import (
            booking,
            desk_tasks,
            example,
            finding_parts,
            group_parts,
            interview_part,
            invariants,
            participating,
            passport,
            passport_parts,
            personal,
            to_library,
        )
        from taskforce import starter as own
        from taskforce.kinds import KINDS
        from taskforce.models import Finding, Round, WorkingGroup

        personal.declare()
        desk.inbox.register(desk_tasks.tasks)
        events_invariants.further.register(invariants.findings)
        participating.ended.register(booking.end_with)
        leading_on.further.register(to_library.led_on)
        passport.sources.register(interview_part.interview_part)
        for part in passport_parts.ALL:
            passport.sources.register(part)
        starter.register(
            "rounds.csv",
            own.begin_rounds,
            key=["title"],
            after=["vocabulary.csv", "countries_regions.csv", "organisations.csv"],
        )
        starter.register(
            "milestones.csv",
            own.begin_milestones,
            key=["round", "title"],
            after=["rounds.csv"],
        )
        starter.register(
            "example_round.csv", own.begin_example, key=["title"], after=["rounds.csv"]
        )
        of_example = {"after": ["example_round.csv"]}
        when = ["round", "week", "day", "starts"]
        starter.register("example_slots.csv", example.begin_slots, key=when, **of_example)
        starter.register(
            "example_meetings.csv", example.begin_meetings, key=["title"], **of_example
        )
        starter.register("example_findings.csv", example.begin_findings, key=["text"], **of_example)
        for kind in KINDS:
            kinds.kinds.register(kind)
        for model in (Round, WorkingGroup, Finding):
            sources.register(model)
        group_parts.declare()
        finding_parts.declare()
