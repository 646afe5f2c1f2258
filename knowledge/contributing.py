"""The way of a proposal from outside: written, confirmed by its writer, looked at if it is odd, then
accepted as a draft or declined in kind words. Its writer follows it by a link of their own."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hub import limits, links
from hub.accounts.people import addresses_of
from hub.addresses import normalised
from hub.limits import Limit
from hub.notices import services as notices
from hub.notices.texts import Prose
from hub.partners import policy
from hub.partners.models import Membership, Organisation, User
from hub.partners.services import keepers
from hub.texts import tidy
from knowledge import contributed_draft, contributed_files, uploads
from knowledge.models import Contribution, Resource
from knowledge.models.contributions import CONFIRMED_WITHIN

TO_CONFIRM, TO_FOLLOW = "contribution to confirm", "contribution"
FOLLOWED_FOR = timedelta(days=3 * 365)
DAY = timedelta(days=1)
FROM_CLIENT = Limit("contributions from", 10, DAY)
BY_ADDRESS = Limit("contributions by", 5, DAY)
TO_DESK = Limit("contributions to the desk", 200, DAY)
MOST_ADDED = 5000


def count(client: str, email: str) -> None:
    """Count one more proposal of its writer; ``limits.Exceeded`` if there are too many. Outside a
    transaction."""
    if client:
        limits.require(FROM_CLIENT, client)
    limits.require(BY_ADDRESS, normalised(email))


def propose(
    *,
    upload: File | None = None,
    is_named: bool = False,
    suspicions: Iterable[str] = (),
    by: User | None = None,
    **told: object,
) -> Contribution:
    """Keep a proposal; ``told`` are its columns. Whoever is signed in and writes from an address of
    theirs has confirmed it by that; everybody else is sent a link. ``limits.Exceeded`` as
    ``confirm``."""
    is_known = by is not None and str(told["email"]).lower() in addresses_of(by)
    if is_known:
        limits.require(TO_DESK, "desk")
    with contributed_files.kept(upload) as name:
        contribution = Contribution.objects.create(
            **told,
            file_name=name,
            file_size=upload.size if upload else 0,
            named_since=timezone.now() if is_named else None,
            suspicions=list(suspicions),
        )
        if is_known:
            _let_in(contribution)
        else:
            _ask_to_confirm(contribution)
    return contribution


def to_confirm(token: str) -> Contribution | None:
    """The proposal of a link; ``None`` if it is confirmed already, or too old."""
    rows = Contribution.objects.unconfirmed()
    return links.resolve(TO_CONFIRM, token, rows, max_age=CONFIRMED_WITHIN)


def confirm(pk: int) -> Contribution:
    """The address is its writer's: hand the proposal to the desk. A second time finds it confirmed
    (``Contribution.DoesNotExist``). ``limits.Exceeded`` if the desk has had very many today: then it
    waits for another try. Outside a transaction."""
    limits.require(TO_DESK, "desk")
    with transaction.atomic():
        contribution = Contribution.objects.unconfirmed().select_for_update(of=["self"]).get(pk=pk)
        _let_in(contribution)
    return contribution


# What its writer may do


def followed(token: str) -> Contribution | None:
    """The proposal whose writer this link was sent to; ``None`` for any other token."""
    rows = Contribution.objects.confirmed().select_related("resource")
    return links.resolve(TO_FOLLOW, token, rows, max_age=FOLLOWED_FOR)


def follow_path(contribution: Contribution) -> str:
    token = links.sign(TO_FOLLOW, contribution)
    return reverse("knowledge:contribution_status", kwargs={"token": token})


@transaction.atomic
def add_word(pk: int, words: str) -> None:
    """Let the writer say more. ``ValidationError`` once it is decided, or if that is too much."""
    contribution = _locked(pk)
    if contribution.is_decided:
        raise ValidationError(_("Your proposal is decided already."))
    day = date_format(timezone.now(), "j F Y")
    added = "\n\n".join(filter(None, [contribution.added, f"{day}\n{tidy(words)}"]))
    if len(added) > MOST_ADDED:
        raise ValidationError(_("This is more than the desk can take in. Say it in fewer words."))
    contribution.added = added
    contribution.save(update_fields=["added"])


@transaction.atomic
def take_back(pk: int) -> None:
    """Let the writer withdraw it. ``ValidationError`` once it is decided."""
    contribution = _locked(pk)
    if contribution.is_decided:
        raise ValidationError(_("Your proposal is decided already."))
    _end(contribution, Contribution.State.TAKEN_BACK)


@transaction.atomic
def take_name_off(pk: int) -> None:
    """Take back the consent to be named: the credit goes, and the work's record with it."""
    contribution = _locked(pk)
    contribution.named_since = None
    contribution.save(update_fields=["named_since"])
    contributed_draft.remove_credit(contribution)


# What the desk may do


def at_desk_of(user: User) -> QuerySet[Contribution]:
    """The proposals that this person decides: all for the secretariat; for editors those addressed
    to their organisation or about its place, once nothing about them is odd."""
    rows = policy.publishable(user, Contribution.objects.at_the_desk())
    return rows if policy.oversees(user) else rows.exclude(state=Contribution.State.HELD)


@transaction.atomic
def look_at(by: User, pk: int, *, is_good: bool) -> None:
    """Hand an odd proposal on, or forget it: nobody is told, for it may be a robot's."""
    if not policy.oversees(by):
        raise PermissionDenied
    contribution = Contribution.objects.held().select_for_update(of=["self"]).get(pk=pk)
    if is_good:
        _hand_over(contribution)
    else:
        contribution.decided_by = by
        # Who follows the link all the same shall know what to do.
        contribution.reason = _("We took it for a robot's. If it is not, please write to us.")
        _end(contribution, Contribution.State.DECLINED)


@uploads.atomic()
def accept(by: User, pk: int, *, owner: Organisation, kind: str) -> Resource:
    """Make a draft of it, owned by ``owner``, with its writer's credit if they want to be named, and
    write to them. ``ValidationError`` says why not, ``Contribution.DoesNotExist`` if somebody else
    has decided meanwhile."""
    contribution = _to_decide(by, pk)
    if not policy.leads(by, owner.pk):
        raise PermissionDenied
    resource = contributed_draft.make(contribution, owner=owner, kind=kind, by=by)
    contribution.resource, contribution.decided_by = resource, by
    _end(contribution, Contribution.State.ACCEPTED)
    _write(contribution, "accepted")
    return resource


@transaction.atomic
def decline(by: User, pk: int, *, reason: str) -> None:
    """Say no, and why: its writer reads the reason. Raises as ``accept``."""
    contribution = _to_decide(by, pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: who proposed it is told.")}, code="reason")
    contribution.decided_by, contribution.reason = by, tidy(reason)
    _end(contribution, Contribution.State.DECLINED)
    _write(contribution, "declined", reason=Prose(contribution.reason))


def receivers_of(contribution: Contribution) -> list[str]:
    """Who is told at the desk: the secretariat, and the editors whose proposal it is."""
    here = Q(organisation=contribution.partner_id)
    if contribution.region_id:
        here |= Q(organisation__place=contribution.region_id)
    roles = Membership.objects.filter(here, role=Membership.Role.EDITOR, user__is_active=True)
    editors = User.objects.filter(pk__in=roles.values("user"))
    return sorted({user.email for user in [*keepers(), *editors]})


def _to_decide(by: User, pk: int) -> Contribution:
    mine = at_desk_of(by).waiting()
    rows = Contribution.objects.filter(pk__in=mine.values("pk"))
    return rows.select_for_update(of=["self"]).get(pk=pk)


def _locked(pk: int) -> Contribution:
    return Contribution.objects.select_for_update(of=["self"]).get(pk=pk)


def _let_in(contribution: Contribution) -> None:
    if contribution.suspicions:
        contribution.state = Contribution.State.HELD
        contribution.save(update_fields=["state"])
    else:
        _hand_over(contribution)
    _write(contribution, "thanks")


def _hand_over(contribution: Contribution) -> None:
    contribution.state = Contribution.State.WAITING
    contribution.save(update_fields=["state"])
    path = reverse("admin:knowledge_contribution_change", args=[contribution.pk])
    told = {"title": contribution.title, "name": contribution.name, "link": links.absolute(path)}
    for number, address in enumerate(receivers_of(contribution)):
        notices.send(
            "contributions/waiting",
            address,
            f"contribution:{contribution.pk}:waiting:{number}",
            context=told,
            tells_of=contribution.email,
        )


def _end(contribution: Contribution, state: str) -> None:
    contribution.state, contribution.decided_at = state, timezone.now()
    contributed_files.let_go(contribution)
    contribution.save()


def _ask_to_confirm(contribution: Contribution) -> None:
    token = links.sign(TO_CONFIRM, contribution)
    path = reverse("knowledge:contribution_confirm", kwargs={"token": token})
    # Nothing of what was written: the address may be anybody's.
    notices.send(
        "contributions/confirm",
        contribution.email,
        f"contribution:{contribution.pk}:confirm",
        context={"link": links.absolute(path)},
        language=contribution.told_in,
        is_private=True,
    )


def _write(contribution: Contribution, letter: str, **told: object) -> None:
    """A letter to its writer, with the link by which they follow it."""
    link = links.absolute(follow_path(contribution))
    notices.send(
        f"contributions/{letter}",
        contribution.email,
        f"contribution:{contribution.pk}:{letter}",
        context={"title": contribution.title, "name": contribution.name, "link": link, **told},
        language=contribution.told_in,
        is_private=True,
    )
