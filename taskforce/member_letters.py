"""Letters to those who sit in a group, by circle: once to each mailbox, by a job."""

from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from hub import jobs
from hub.links import absolute
from hub.notices import rendering
from hub.notices import services as notices
from hub.notices.rendering import Letter
from hub.notices.texts import Prose
from taskforce import own_seats
from taskforce.membership import MEETING
from taskforce.models import GroupMembership, WorkingGroup

TEMPLATE = "taskforce/to_members"
BATCH = 200  # letters of one job


def readers(group: WorkingGroup, circles: list[str]) -> QuerySet[GroupMembership]:
    """Those of these circles who sit in the group today, one for each address."""
    rows = group.memberships.sitting_on(localdate()).filter(circle__in=circles).reachable()
    first = {email.lower(): pk for pk, email in rows.order_by("-pk").values_list("pk", "email")}
    return rows.filter(pk__in=first.values()).order_by("pk")


def preview(group: WorkingGroup, subject: str, words: str, to: str) -> Letter:
    """The letter as its readers get it, but for their own link."""
    return rendering.render(
        TEMPLATE,
        to=to,
        language=group.language,
        context=_context(group, words, group.get_absolute_url()),
        subject_context={"told": subject},
    )


def send(
    group: WorkingGroup, key: str, subject: str, words: str, reply_to: str, keys: list[int]
) -> None:
    """Have the letter written to these, soon after the transaction commits. ``key`` says which letter it
    is: sent again, it goes to nobody who has it."""
    left = iter(keys)
    while batch := list(islice(left, BATCH)):
        told = {"subject": subject, "words": words, "reply_to": reply_to}
        jobs.enqueue(write_letters, group_id=group.pk, key=key, keys=batch, **told)


@jobs.task
def write_letters(
    group_id: int, key: str, subject: str, words: str, reply_to: str, keys: list[int]
) -> None:
    """Write to each who still sits there. Safe to run twice."""
    group = WorkingGroup.objects.filter(pk=group_id).first()
    if group is None:
        return
    sitting = group.memberships.sitting_on(localdate()).filter(pk__in=keys).reachable()
    for one in sitting.order_by("pk"):
        is_let_in = one.circle in MEETING
        path = own_seats.path_of(one) if is_let_in else group.get_absolute_url()
        notices.send(
            TEMPLATE,
            one.email,
            f"to members:{key}:{one.pk}",
            context=_context(group, words, path),
            subject_context={"told": subject},
            language=one.language,
            reply_to=reply_to,
            is_private=True,
        )


def _context(group: WorkingGroup, words: str, path: str) -> dict[str, Any]:
    return {"group": group.name, "words": Prose(words), "link": absolute(path)}
