"""Asking to sit in a working group: the one writer of an application's status.

The address is shown to be theirs by a link and a POST; then the desk decides. Whether an address has
applied already is told to its mailbox and to nobody else.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from hub import limits, links
from hub.addresses import normalised
from hub.audit import erasure
from hub.limits import Limit
from hub.partners.models import Organisation, User
from taskforce import application_letters as letters
from taskforce import group_publishing
from taskforce.models import GroupApplication, GroupMembership, WorkingGroup

PURPOSE = "group application"
MAX_AGE = timedelta(days=365)
FROM_CLIENT = Limit("applications from", 30, timedelta(hours=1))
BY_ADDRESS = Limit("applications by", 10, timedelta(days=1))
# Who does not confirm an address in this time has not applied; the row goes.
UNCONFIRMED_KEPT = timedelta(days=7)
Status = GroupApplication.Status


@dataclass(frozen=True)
class Wish:
    """What somebody says who wants to sit in a group."""

    email: str
    name: str
    organisation_name: str
    circle: str
    motivation: str
    organisation: Organisation | None = None
    language: str = "en"


def count(client: str, email: str) -> None:
    """Count one more application; ``limits.Exceeded`` if there are too many. Outside a transaction."""
    if client:
        limits.require(FROM_CLIENT, client)
    limits.require(BY_ADDRESS, normalised(email))


def path_of(application: GroupApplication) -> str:
    """Where somebody follows what becomes of their application."""
    return reverse("group:application", args=[links.sign(PURPOSE, application)])


def application_of(token: str) -> GroupApplication | None:
    """Whose link this is; ``None`` for any other token, which is answered 404."""
    rows = GroupApplication.objects.select_related("group", "organisation")
    return links.resolve(PURPOSE, token, rows, max_age=MAX_AGE)


@transaction.atomic
def apply(group: WorkingGroup, wish: Wish) -> GroupApplication:
    """Take an application down and write to its address, once however often the form is sent: who has
    applied already is sent the link to that. ``ValidationError`` where the group takes none."""
    # The row is locked, so that of two that come at once the second finds the first.
    group = group_publishing.locked(group.pk)
    if not group.takes_applications:
        raise ValidationError(_("This group takes no applications now."), code="closed")
    waiting = group.applications.filter(status__in=(Status.UNCONFIRMED, Status.RECEIVED))
    existing = waiting.filter(email__iexact=wish.email).first()
    if existing is None:
        existing = GroupApplication.objects.create(group=group, **vars(wish))
        letters.confirm(existing, path_of(existing))
    elif existing.status == Status.UNCONFIRMED:
        _say_anew(existing, wish)
    else:
        letters.again(existing, path_of(existing))
    return existing


def _say_anew(application: GroupApplication, wish: Wish) -> None:
    """Nobody has shown yet whose the first words were: the last ones count, by the same link."""
    if all(getattr(application, name) == value for name, value in vars(wish).items()):
        return
    for name, value in vars(wish).items():
        setattr(application, name, value)
    application.save()
    letters.once_more(application, path_of(application))


@transaction.atomic
def confirm(pk: int) -> GroupApplication:
    """Whoever has the link and presses the button has the mailbox: the desk is asked from now on."""
    application = _locked(pk)
    if application.status == Status.UNCONFIRMED:
        application.status, application.confirmed_at = Status.RECEIVED, now()
        application.save(update_fields=["status", "confirmed_at"])
        letters.received(application, path_of(application))
    return application


@transaction.atomic
def withdraw(pk: int) -> GroupApplication:
    """Take one's application back, as long as nobody has decided."""
    application = _locked(pk)
    if application.status not in (Status.UNCONFIRMED, Status.RECEIVED):
        raise ValidationError(_("It is decided already."), code="decided")
    application.status = Status.WITHDRAWN
    application.save(update_fields=["status"])
    return application


@transaction.atomic
def accept(
    pk: int,
    by: User,
    *,
    circle: str,
    since: date | None = None,
    organisation: Organisation | None = None,
    reason: str = "",
) -> GroupMembership:
    """Let them in from a first day on, in a circle that may be another than they asked for, and write to
    them. ``ValidationError`` where their organisation is not one of the hub's yet, or sits there."""
    application = _waiting(pk)
    organisation = organisation or application.organisation
    if organisation is None:
        raise ValidationError({"organisation": _("Say which organisation of the hub this is.")})
    membership = GroupMembership(
        group=application.group,
        organisation=organisation,
        name=application.name,
        email=application.email,
        circle=circle,
        language=application.language,
        term=DateRange(since or localdate(), None),
    )
    membership.full_clean()
    membership.save()
    told = {"organisation": organisation, "membership": membership}
    _decide(application, by, Status.ACCEPTED, reason, **told)
    group_publishing.saved(application.group)
    letters.accepted(application, membership)
    return membership


@transaction.atomic
def decline(pk: int, by: User, reason: str) -> GroupApplication:
    """Say no, with a reason that they are told."""
    application = _waiting(pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: they will read it.")}, code="reason")
    _decide(application, by, Status.DECLINED, reason)
    letters.declined(application)
    return application


def forget_unconfirmed() -> int:
    """Let go of applications whose address nobody has confirmed; answers how many."""
    old = GroupApplication.objects.filter(
        status=Status.UNCONFIRMED, created_at__lt=now() - UNCONFIRMED_KEPT
    )
    number = old.count()
    erasure.delete(old)
    return number


def _locked(pk: int) -> GroupApplication:
    rows = GroupApplication.objects.select_for_update(of=["self"])
    return rows.select_related("group", "organisation").get(pk=pk)


def _waiting(pk: int) -> GroupApplication:
    application = _locked(pk)
    if application.status != Status.RECEIVED:
        raise ValidationError(_("It does not wait for a decision any more."), code="decided")
    return application


def _decide(
    application: GroupApplication, by: User, status: str, reason: str, **columns: Any
) -> None:
    told = {"status": status, "reason": reason.strip(), "decided_at": now(), "decided_by": by}
    for name, value in (told | columns).items():
        setattr(application, name, value)
    application.save()
