"""The way of a resource to its readers: one table of steps, behind buttons, bulk actions and links.

======================  =========================================  ===================  ===========
step                    from                                       to                   who
======================  =========================================  ===================  ===========
send to review          draft, changes requested                   in review            may change
take back               in review, approved                        draft                may change
request changes         in review, approved                        changes requested    may publish
approve                 in review                                  approved             may publish
publish                 any draft; what is to come                 published            may publish
drop changes            any draft beside a public work             published            may change
withdraw                published                                  withdrawn            may publish
restore                 withdrawn                                  draft                may publish
comment                 anywhere                                   the same             may see
======================  =========================================  ===================  ===========

An editor may publish without having it reviewed: in a small office nobody else is there. A guest, who
has a review link, approves, requests changes and comments while it is in review.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.partners import policy
from hub.partners.models import User
from hub.zones import told
from knowledge import checks, drafting, handing_over, services
from knowledge.models import Resource, ReviewLink, WorkflowEvent

Status, Stage = Resource.Status, Resource.Stage
DRAFT, IN_REVIEW, APPROVED = Stage.DRAFT, Stage.IN_REVIEW, Stage.APPROVED
CHANGES_REQUESTED = Stage.CHANGES_REQUESTED
IN_HAND = frozenset({DRAFT, IN_REVIEW, CHANGES_REQUESTED, APPROVED})
ANYWHERE = IN_HAND | {Status.PUBLISHED, Status.WITHDRAWN}


@dataclass(frozen=True)
class Step:
    """One row of the table. ``sources`` are states (``Resource.state``); ``who`` is a rule of
    ``policy``; ``is_checked`` says that errors found by ``checks`` hold it up. ``done`` tells people
    what happened."""

    name: str
    label: Promise
    done: Promise
    sources: frozenset[str]
    to: str
    who: Callable
    act: Callable[..., Resource]
    of_statuses: frozenset[str] = field(default=frozenset(Status.values))
    by_guests: bool = False
    is_checked: bool = False
    wants_comment: bool = False
    is_main: bool = False

    def is_open(self, resource: Resource) -> bool:
        """Whether a resource that stands where this one does may take the step."""
        if resource.status not in self.of_statuses:
            return False
        if self.name == "withdraw":  # a draft beside it is in nobody's way
            return True
        if self.name == "publish" and resource.status == Status.PUBLISHED and not resource.stage:
            return not resource.is_public
        return resource.state in self.sources

    def is_for(self, user: User, resource: Resource) -> bool:
        return self.who(user, Resource.objects.filter(pk=resource.pk)).exists()


def _to(stage: Stage) -> Callable[[int], Resource]:
    return lambda pk: services.set_stage(pk, stage)


def _seen_at_the_desk(user: User, rows: QuerySet) -> QuerySet:
    """Not what anybody may see because it is public."""
    is_there = policy.has_desk(user) or policy.oversees(user)
    return policy.visible(user, rows) if is_there else rows.none()


STEPS = {
    step.name: step
    for step in (
        Step(
            "submit",
            gettext_lazy("Send to review"),
            gettext_lazy("Sent to review"),
            frozenset({DRAFT, CHANGES_REQUESTED}),
            IN_REVIEW,
            policy.editable,
            _to(IN_REVIEW),
            is_checked=True,
        ),
        Step(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("Approved"),
            frozenset({IN_REVIEW}),
            APPROVED,
            policy.publishable,
            _to(APPROVED),
            by_guests=True,
            is_checked=True,
        ),
        Step(
            "request_changes",
            gettext_lazy("Request changes"),
            gettext_lazy("Changes requested"),
            frozenset({IN_REVIEW, APPROVED}),
            CHANGES_REQUESTED,
            policy.publishable,
            _to(CHANGES_REQUESTED),
            by_guests=True,
            wants_comment=True,
        ),
        Step(
            "take_back",
            gettext_lazy("Take back"),
            gettext_lazy("Taken back"),
            frozenset({IN_REVIEW, APPROVED}),
            DRAFT,
            policy.editable,
            _to(DRAFT),
        ),
        Step(
            "publish",
            gettext_lazy("Publish"),
            gettext_lazy("Published"),
            IN_HAND | {Status.PUBLISHED},
            Status.PUBLISHED,
            policy.publishable,
            services.publish,
            is_checked=True,
            is_main=True,
        ),
        Step(
            "drop",
            gettext_lazy("Drop the changes"),
            gettext_lazy("Changes dropped"),
            IN_HAND,
            Status.PUBLISHED,
            policy.editable,
            drafting.let_go,
            of_statuses=frozenset({Status.PUBLISHED}),
        ),
        Step(
            "withdraw",
            gettext_lazy("Withdraw"),
            gettext_lazy("Withdrawn"),
            frozenset({Status.PUBLISHED}),
            Status.WITHDRAWN,
            policy.publishable,
            services.withdraw,
            of_statuses=frozenset({Status.PUBLISHED}),
        ),
        Step(
            "restore",
            gettext_lazy("Restore as draft"),
            gettext_lazy("Restored as a draft"),
            frozenset({Status.WITHDRAWN}),
            DRAFT,
            policy.publishable,
            services.restore,
        ),
        Step(
            "comment",
            gettext_lazy("Comment"),
            gettext_lazy("Commented"),
            ANYWHERE,
            "",
            _seen_at_the_desk,
            lambda pk: Resource.objects.get(pk=pk),
            by_guests=True,
            wants_comment=True,
        ),
    )
}


def open_to(user: User, resource: Resource) -> list[Step]:
    """The steps that this person may take with the resource as it stands."""
    return [
        step for step in STEPS.values() if step.is_open(resource) and step.is_for(user, resource)
    ]


@transaction.atomic
def take(
    name: str,
    pk: int,
    *,
    by: User | ReviewLink,
    comment: str = "",
    version: int | None = None,
    at: datetime | None = None,
    reason: str = "",
    replaced_by: Resource | None = None,
) -> Resource:
    """Take a step, write it down and tell those whose turn it is, all or nothing.

    ``version`` is the revision that the person has read: of another they are told to look again.
    ``PermissionDenied`` for who may not, ``ValidationError`` in words for what is not possible.
    """
    step = STEPS[name]
    resource = Resource.objects.select_for_update(of=["self"]).get(pk=pk)
    if not _may(step, by, resource):
        raise PermissionDenied
    if not step.is_open(resource):
        text = _("This cannot be done now: it is “%(state)s”.")
        raise ValidationError(text, code="state", params={"state": state_of(resource)})
    if version is not None and version != resource.version:
        raise ValidationError(
            _("It was changed since you opened this page. Please look at it once more."),
            code="version",
        )
    comment = comment.strip()
    if step.wants_comment and not comment:
        raise ValidationError({"comment": _("Say it in a few words.")}, code="comment")
    if step.is_checked:
        checks.insist(resource)
    before = resource.state
    asked = {"at": at} if name == "publish" else {}
    if name == "withdraw":
        asked = {"reason": reason, "replaced_by": replaced_by}
    resource = step.act(pk, **asked)
    event = WorkflowEvent.objects.create(
        resource=resource,
        act=name,
        from_state=before,
        to_state=resource.state,
        actor=by if isinstance(by, User) else None,
        guest=by if isinstance(by, ReviewLink) else None,
        comment=comment or reason.strip(),
        version=resource.version,
    )
    handing_over.tell(event)
    return resource


def _may(step: Step, by: User | ReviewLink, resource: Resource) -> bool:
    if isinstance(by, ReviewLink):
        return step.by_guests and by.resource_id == resource.pk and by.is_open
    return step.is_for(by, resource)


def state_of(resource: Resource) -> str:
    """Where it stands, in words."""
    if resource.status == Status.PUBLISHED:
        public = _("Published") if resource.is_public else _coming(resource)
        if not resource.stage:
            return public
        parts = {"public": public, "stage": resource.get_stage_display()}
        return _("%(public)s, changes: %(stage)s") % parts
    return str(resource.get_stage_display() if resource.stage else resource.get_status_display())


def _coming(resource: Resource) -> str:
    return _("Public from %(moment)s") % {"moment": told(resource.publish_at)}
