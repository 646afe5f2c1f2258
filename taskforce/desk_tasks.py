"""What waits for a person at the desk, as far as the taskforce goes."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from hub.desk import Task
from hub.partners import policy
from hub.partners.models import User
from taskforce.models import (
    Finding,
    GroupApplication,
    Interview,
    InterviewSlot,
    Participation,
    ParticipationContact,
    Round,
    WorkingGroup,
)

Status = Participation.Status


def tasks(user: User) -> list[Task]:
    """Governments to accept, findings to send, applications to decide, and rounds that run out of times
    for interviews."""
    if not policy.publishes(user):
        return []
    rows = policy.publishable(user, Participation.objects.all()).filter(status=Status.REGISTERED)
    counts = rows.aggregate(
        known=Count("pk", filter=Q(government__isnull=False)),
        new=Count("pk", filter=Q(government=None)),
    )
    findings = policy.publishable(user, Finding.objects.all()).filter(
        asked_at=None,
        approved_by_government_at=None,
        participation__status__in=Participation.ACTIVE,
    )
    waiting = f"{reverse('admin:taskforce_participation_changelist')}?status__exact=registered"
    return [
        Task(str(_("Governments to accept")), counts["known"], f"{waiting}&government__isempty=0"),
        Task(
            str(_("Governments that are new to the hub")),
            counts["new"],
            f"{waiting}&government__isempty=1",
        ),
        Task(str(_("People who ask to speak for a government")), _asking(user), _asking_url()),
        Task(str(_("Findings to send for approval")), findings.count(), _findings_url()),
        *_applications(user),
        *_slots(user),
    ]


def _asking(user: User) -> int:
    """Those who came after somebody else of their government: the one before may be no one of it, so the
    secretariat sees them too."""
    rows = policy.publishable(user, Participation.objects.active())
    return ParticipationContact.objects.asking().filter(participation__in=rows).count()


def _asking_url() -> str:
    return f"{reverse('admin:taskforce_participation_changelist')}?asking=1"


def _findings_url() -> str:
    return f"{reverse('admin:taskforce_finding_changelist')}?approval=unsent"


def _applications(user: User) -> Iterator[Task]:
    received = GroupApplication.Status.RECEIVED
    rows = policy.publishable(user, WorkingGroup.objects.all()).annotate(
        waiting=Count("applications", filter=Q(applications__status=received))
    )
    for group in rows.filter(waiting__gt=0):
        label = str(_("Applications to decide: %(group)s") % {"group": group})
        yield Task(
            label,
            group.waiting,
            reverse("admin:taskforce_workinggroup_applications", args=[group.pk]),
        )


def _slots(user: User) -> Iterator[Task]:
    """Rounds in which more governments wait for an interview than there are times to choose from."""
    rounds = policy.publishable(user, Round.objects.public()).filter(
        offers_interview=True, period__endswith__gt=now().date()
    )
    has_one = Interview.objects.holding().filter(participation=OuterRef("pk"))
    wanting = dict(
        Participation.objects.active()
        .filter(~Exists(has_one), round__in=rounds, interview=True)
        .order_by()
        .values_list("round")
        .annotate(Count("pk"))
    )
    free = dict(
        InterviewSlot.objects.free()
        .filter(round__in=rounds)
        .order_by()
        .values_list("round")
        .annotate(Count("pk"))
    )
    for round in rounds.filter(pk__in=wanting):
        missing = wanting[round.pk] - free.get(round.pk, 0)
        label = str(_("Times for interviews that are missing: %(round)s") % {"round": round})
        yield Task(
            label, max(0, missing), reverse("admin:taskforce_round_pipeline", args=[round.pk])
        )
