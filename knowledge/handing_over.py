"""Letters of the workflow: to those whose turn it is, and to those who wait to hear."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from hub import links
from hub.notices import services as notices
from hub.partners.models import Membership, User
from knowledge.models import Resource, WorkflowEvent

# Who publishes is told of what they have to decide; who worked on it, of what became of it.
TO_PUBLISHERS = {"submit", "withdraw"}
# They were asked, and have nothing to decide any more.
CALLED_OFF, ASKED = {"take_back", "drop"}, {Resource.Stage.IN_REVIEW, Resource.Stage.APPROVED}
TO_WORKERS = {"request_changes", "approve", "publish", "comment", "restore"}


def tell(event: WorkflowEvent) -> None:
    """Write to the right people of a step, in the transaction of the step; never to who took it."""
    for user in _readers(event):
        notices.send(
            "knowledge/step",
            user.email,
            f"step:{event.pk}:{user.pk}",
            context={
                "act": event.act,
                "title": str(event.resource),
                "who": _who(event),
                "comment": event.comment,
                "is_to_come": event.act == "publish" and not event.resource.is_public,
                "publish_at": event.resource.publish_at,
                "link": links.absolute(
                    reverse("admin:knowledge_resource_change", args=[event.resource_id])
                ),
            },
            language=user.language,
            tells_of=event.actor.email if event.actor else event.guest.email if event.guest else "",
        )


def _who(event: WorkflowEvent) -> str:
    return event.actor.known_as if event.actor else str(event.guest or "")


def _readers(event: WorkflowEvent) -> Iterable[User]:
    resource = event.resource
    readers = set()
    if event.act in TO_WORKERS:
        readers |= workers(resource)
    # A guest's word leaves the next step to those who publish.
    is_called_off = event.act in CALLED_OFF and event.from_state in ASKED
    if event.act in TO_PUBLISHERS or is_called_off or event.guest:
        readers |= publishers(resource)
    return sorted(readers - {event.actor}, key=lambda user: user.pk)


def publishers(resource: Resource) -> set[User]:
    """The editors of those who own it; where there is none, the secretariat."""
    owners = Q(organisation=resource.owner_id) | Q(organisation__in=resource.co_owners.all())
    editing = Membership.objects.filter(owners, role=Membership.Role.EDITOR)
    users = User.objects.filter(is_active=True)
    return set(users.filter(memberships__in=editing)) or set(users.filter(is_secretariat=True))


def workers(resource: Resource) -> set[User]:
    """Who sent it last, and who saved it last, if they may still work on it."""
    sent = resource.workflow_events.filter(act="submit").first()
    saved = resource.revisions.filter(is_aside=False).first()
    found = {one for one in (sent and sent.actor, saved and saved.author) if one}
    owners = {resource.owner_id, *resource.co_owners.values_list("pk", flat=True)}
    return {
        user
        for user in found
        if user.is_active and (user.is_secretariat or user.desk_organisation_ids & owners)
    }
