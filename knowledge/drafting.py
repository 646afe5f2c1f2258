"""Drafts: what is worked on, beside what readers see.

The draft of a work that is public is a revision beside its rows. To be seen or changed it is put in
place of the rows inside ``undone``, a part of a transaction that is always rolled back: so forms,
pages and files work with it as with any other work, and nothing of it is ever public.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hub.partners import policy
from hub.partners.models import User
from knowledge import revisions, services, tagging
from knowledge.models import Resource, Revision
from knowledge.revisions import Snapshot

SENT = (Resource.Stage.IN_REVIEW, Resource.Stage.APPROVED)


@dataclass(frozen=True)
class Saved:
    """What became of a save: its revision, or none where nothing has changed for readers."""

    revision: Revision | None
    is_aside: bool = False


class _Undone(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """What is written within is undone at its end: rows, jobs and letters. Files on the disk stay
    until their resource is swept."""
    try:
        with transaction.atomic():
            yield
            raise _Undone
    except _Undone:
        pass


@contextmanager
def undone_if(is_passing: bool) -> Iterator[None]:
    """``undone`` for what is only to be looked at."""
    if is_passing:
        with undone():
            yield
    else:
        yield


@contextmanager
def in_place(resource: Resource) -> Iterator[Resource]:
    """The resource as its draft has it, while this lasts; as it is where nothing lies beside it."""
    if resource.pending is None:
        yield resource
        return
    with undone():
        drafted = Resource.objects.get(pk=resource.pk)
        # A name that another work has by now must not hide the draft: ``checks`` tells of it.
        revisions.put_pending(drafted, leaves_out=True)
        yield drafted


def lies_beside(resource: Resource) -> bool:
    """Whether what is changed of this work is kept beside its rows."""
    return resource.status == Resource.Status.PUBLISHED


def keep(resource: Resource, author: User, *, note: str = "") -> Saved:
    """Write down what the rows of a draft say, after somebody changed them. The caller holds the lock
    of the row."""
    newest, now = revisions.head(resource), revisions.take(resource)
    if newest is not None and newest.snapshot == now:
        return Saved(None)
    revision = revisions.record(resource, now, author=author, note=note)
    if resource.status == Resource.Status.DRAFT:
        services.set_stage(resource.pk, _stage_after(resource, author))
    return Saved(revision)


def keep_beside(resource: Resource, snapshot: Snapshot, author: User, *, note: str = "") -> Saved:
    """Make this the draft of a public work. The caller holds the lock of the row, and has undone what
    was changed in it."""
    base = resource.pending.base if resource.pending else revisions.begin(resource)
    newest = resource.pending or base
    if newest.snapshot == snapshot:
        return Saved(None)
    revision = revisions.record(resource, snapshot, author=author, note=note, base=base)
    services.set_stage(resource.pk, _stage_after(resource, author), pending=revision)
    return Saved(revision)


def keep_aside(resource: Resource, snapshot: Snapshot, author: User) -> Saved:
    """Keep what somebody made of an earlier state while another saved too, for both to compare. The
    caller holds the lock of the row, and has undone what was changed in it."""
    newest = revisions.head(resource) or revisions.begin(resource)
    if newest.snapshot == snapshot:  # both made the same of it
        return Saved(None)
    note = _("Saved while somebody else did")
    base = newest.base
    return Saved(
        revisions.record(resource, snapshot, author=author, note=note, base=base, is_aside=True),
        is_aside=True,
    )


@transaction.atomic
def change(pk: int, author: User, act: Callable[[Resource], object], *, note: str = "") -> Saved:
    """Change a resource by ``act``, where changes of it belong: in its rows while it is a draft, else
    beside them. What ``act`` raises leaves all as it was."""
    resource = Resource.objects.select_for_update(of=["self"]).get(pk=pk)
    if not lies_beside(resource):
        revisions.begin(resource)
        act(resource)
        services.saved(resource)
        return keep(resource, author, note=note)
    with undone(), in_place(resource) as drafted:
        act(drafted)
        snapshot = revisions.take(drafted)
    return keep_beside(resource, snapshot, author, note=note)


@transaction.atomic
def take_up(
    resource: Resource, revision: Revision, author: User, *, version: int | None = None
) -> Saved:
    """Make the draft what an earlier revision says; ``version`` is the newest that the person has seen.
    ``ValidationError`` where that cannot be any more, or somebody has saved a newer one."""
    note = _("As in revision %(number)s") % {"number": revision.number}
    resource = Resource.objects.select_for_update(of=["self"]).get(pk=resource.pk)
    if version is not None and version != resource.version:
        text = _("Somebody has saved a newer draft since you opened the page. Look at it first.")
        raise ValidationError(text, code="version")
    said = tagging.led_on(revision.snapshot)
    if lies_beside(resource):
        if resource.pending is None:
            revisions.begin(resource)
        with undone():  # what cannot be put in place is refused now, not when it is published
            revisions.put(resource, said)
            snapshot = revisions.take(resource)
        resource = Resource.objects.get(pk=resource.pk)
        return keep_beside(resource, snapshot, author, note=note)
    revisions.begin(resource)
    revisions.put(resource, said)
    services.saved(resource)
    return keep(resource, author, note=note)


@transaction.atomic
def let_go(pk: int) -> Resource:
    """Drop the draft beside a public work; it stays among the revisions."""
    resource = services.set_stage(pk, Resource.Stage.NONE)
    revisions.begin(resource, note=_("As readers see it"))
    return resource


def _stage_after(resource: Resource, author: User) -> Resource.Stage:
    """What was read or approved is what goes out: whoever may not publish sends their change anew, and
    what one who may changes is to be approved anew."""
    if not resource.stage:
        return Resource.Stage.DRAFT
    own = Resource.objects.filter(pk=resource.pk)
    if resource.stage in SENT and not policy.publishable(author, own).exists():
        return Resource.Stage.DRAFT
    if resource.stage == Resource.Stage.APPROVED:
        return Resource.Stage.IN_REVIEW
    return Resource.Stage(resource.stage)
