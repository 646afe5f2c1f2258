"""What readers report about works: to those who curate them, answered by letter where somebody gave an
address and has shown that it is theirs."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub import limits, links
from hub.addresses import normalised
from hub.limits import Limit
from hub.notices import services as notices
from hub.notices.texts import Prose
from hub.partners import policy
from hub.partners.models import User
from hub.texts import tidy
from knowledge.models import ProblemReport, Resource
from knowledge.models.problems import PROBLEM_CONFIRMED_WITHIN

PURPOSE = "problem"
DAY = timedelta(days=1)
FROM_CLIENT = Limit("problems from", 10, DAY)
OF_WORK = Limit("problems of", 30, DAY)
BY_ADDRESS = Limit("problems by", 5, DAY)


def count(client: str, resource: Resource, email: str) -> None:
    """Count one more report; ``limits.Exceeded`` if there are too many. Outside a transaction."""
    if client:
        limits.require(FROM_CLIENT, client)
    limits.require(OF_WORK, str(resource.pk))
    if email:
        limits.require(BY_ADDRESS, normalised(email))


@transaction.atomic
def report(
    resource: Resource,
    *,
    sort: str,
    words: str,
    email: str,
    language: str,
    suspicions: Iterable[str] = (),
) -> ProblemReport:
    """Keep a report for the curators of the work; what looks like a robot's for the secretariat.
    Who gave an address is sent a link, by which they show that it is theirs."""
    states = ProblemReport.State
    suspicions = list(suspicions)
    problem = ProblemReport.objects.create(
        resource=resource,
        sort=sort,
        words=words,
        email=email,
        language=language,
        state=states.HELD if suspicions else states.OPEN,
        suspicions=suspicions,
    )
    if email:
        path = reverse("knowledge:problem_confirm", args=[links.sign(PURPOSE, problem)])
        # Nothing of what was written: the address may be anybody's.
        notices.send(
            "problems/confirm",
            email,
            f"problem:{problem.pk}:confirm",
            context={"link": links.absolute(path)},
            language=language,
            is_private=True,
        )
    return problem


def find(token: str) -> ProblemReport | None:
    """The report of a link; ``None`` if its address is confirmed already, or it is too old."""
    rows = ProblemReport.objects.unconfirmed()
    return links.resolve(PURPOSE, token, rows, max_age=PROBLEM_CONFIRMED_WITHIN)


@transaction.atomic
def confirm(pk: int) -> None:
    """The address is its writer's: they get the answer, at once if there is one already."""
    rows = ProblemReport.objects.unconfirmed().select_for_update(of=["self"])
    problem = rows.filter(pk=pk).first()
    if problem is None:  # confirmed a moment ago, in another window
        return
    problem.confirmed_at = timezone.now()
    problem.save(update_fields=["confirmed_at"])
    if problem.state == ProblemReport.State.CLOSED:
        _answer(problem)


def at_desk_of(user: User) -> QuerySet[ProblemReport]:
    """The reports that this person answers: all for the secretariat, for editors those about works
    that they curate, once nothing about them is odd."""
    rows = policy.publishable(user, ProblemReport.objects.all())
    return rows if policy.oversees(user) else rows.exclude(state=ProblemReport.State.HELD)


@transaction.atomic
def look_at(by: User, pk: int, *, is_good: bool) -> None:
    """Hand an odd report on to the curators, or delete it, for it may be a robot's."""
    if not policy.oversees(by):
        raise PermissionDenied
    problem = ProblemReport.objects.held().select_for_update(of=["self"]).get(pk=pk)
    if is_good:
        problem.state = ProblemReport.State.OPEN
        problem.save(update_fields=["state"])
    else:
        problem.delete()


@transaction.atomic
def close(by: User, pk: int, *, answer: str) -> ProblemReport:
    """Say what came of it; who reported it reads that, if their address is confirmed.
    ``ProblemReport.DoesNotExist`` if somebody else has closed it meanwhile."""
    mine = at_desk_of(by).open()
    rows = ProblemReport.objects.filter(pk__in=mine.values("pk"))
    problem = rows.select_for_update(of=["self"]).get(pk=pk)
    if not answer.strip():
        raise ValidationError({"answer": _("Say what came of it.")}, code="answer")
    problem.state, problem.closed_at = ProblemReport.State.CLOSED, timezone.now()
    problem.closed_by, problem.answer = by, tidy(answer)
    problem.save()
    if problem.can_be_answered:
        _answer(problem)
    return problem


def _answer(problem: ProblemReport) -> None:
    resource = problem.resource
    told = {
        # What it is called may be a secret again by now.
        "title": str(resource) if resource.is_public else "",
        "words": Prose(problem.words),
        "answer": Prose(problem.answer),
        "link": links.absolute(resource.get_absolute_url()),
    }
    notices.send(
        "problems/answer",
        problem.email,
        f"problem:{problem.pk}:answer",
        context=told,
        language=problem.language,
        is_private=True,
    )
