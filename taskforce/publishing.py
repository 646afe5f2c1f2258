"""The one writer of a round's standing on the site, and of its record in the catalogue."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub.catalogue import services
from taskforce.models import Finding, Round


@transaction.atomic
def publish(pk: int) -> Round:
    """Show a round to everybody, or again one that was withdrawn. ``ValidationError`` for one that is
    shown already."""
    round = locked(pk)
    if round.is_public:
        raise ValidationError(_("It is on the site already."), code="published")
    round.published_at = round.published_at or now()
    round.withdrawn_at, round.reason = None, ""
    return _keep(round)


@transaction.atomic
def withdraw(pk: int, reason: str) -> Round:
    """Take a round off the site: its address answers 410 Gone with the reason, and so does what
    governments have said in it."""
    round = locked(pk)
    if not round.is_public:
        raise ValidationError(_("Only what is on the site can be withdrawn."), code="status")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: readers will see it.")}, code="reason")
    round.withdrawn_at, round.reason = now(), reason.strip()
    return _keep(round)


@transaction.atomic
def saved(round: Round) -> None:
    """Bring the record up to date after an edit of the round, in the transaction of the edit."""
    round.updated_at = now()
    round.save(update_fields=["updated_at"])
    services.put(round)


@transaction.atomic
def discard(pk: int) -> bool:
    """Delete a round that nobody has seen and nobody takes part in; whether it was one."""
    round = locked(pk)
    if round.published_at is not None or round.participations.exists():
        return False
    round.delete()
    return True


def locked(pk: int) -> Round:
    """The round, of which all others who would change it, or who takes part in it, wait for this
    transaction."""
    return Round.objects.select_for_update(of=["self"]).get(pk=pk)


def _keep(round: Round) -> Round:
    round.updated_at = now()
    round.save(update_fields=["published_at", "withdrawn_at", "reason", "updated_at"])
    services.put(round)
    of_round = Finding.objects.filter(participation__round=round, published_at__isnull=False)
    services.put_all(Finding, list(of_round.values_list("pk", flat=True)))
    return round
