"""The fixed lists of the taskforce, and what the catalogue calls what it publishes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.catalogue.kinds import Kind, Stream


class Activity(models.TextChoices):
    """In which ways a government takes part; it chooses at least one of those that a round offers."""

    INTERVIEW = "interview", _("An interview")
    WORKING_GROUP = "working_group", _("A working group meeting")
    TASKFORCE_MEETING = "taskforce_meeting", _("A taskforce meeting")


class Area(models.TextChoices):
    """What just transition is about: three direct themes, and the wider one of justice and equity."""

    JOBS = "jobs", _("Jobs")
    INVESTMENT = "low_carbon_investment", _("Low-carbon investment")
    IMPACTS = "decarbonisation_impacts", _("Effects of decarbonisation")
    JUSTICE = "justice_equity", _("Justice and equity")

    @property
    def is_direct(self) -> bool:
        return self is not Area.JUSTICE


class FindingKind(models.TextChoices):
    APPROACH = "approach", _("Approach")
    BARRIER = "barrier", _("Barrier")
    OPPORTUNITY = "opportunity", _("Opportunity")
    NEED = "need", _("Need")


class Circle(models.TextChoices):
    """How close somebody stands to a group. Papers of a group are for its core."""

    CORE = "core", _("Core member")
    OBSERVER = "observer", _("Observer")
    OTHER = "other", _("Wider circle")


class Stage(models.TextChoices):
    """Where a group stands in its life."""

    PLANNED = "planned", _("Planned")
    FORMING = "forming", _("Gathers members")
    WORKING = "working", _("At work")
    CONCLUDED = "concluded", _("Has concluded")


def _kind(value: str, label: str, plural: str) -> Kind:
    return Kind(value, label, plural, Stream.NEWS, value, "CreativeWork", is_work=False)


ROUND = _kind("taskforce-round", _("Taskforce round"), _("Taskforce rounds"))
GROUP = _kind("working-group", _("Working group"), _("Working groups"))
FINDING = _kind("finding", _("Finding"), _("Findings"))
KINDS = [ROUND, GROUP, FINDING]
