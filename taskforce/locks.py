"""What every act of a participation holds: its round, locked first, and the rows read after that, so that
of many who come at once each sees what those before have done."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from taskforce import publishing
from taskforce.models import Participation, ParticipationContact, Round


@contextmanager
def round_of(pk: int) -> Iterator[Round]:
    """The round of this key in a transaction, locked until its end."""
    with transaction.atomic():
        yield publishing.locked(pk)


@contextmanager
def participation_of(pk: int) -> Iterator[Participation]:
    """A participation as it stands under the lock of its round."""
    of = Participation.objects.values_list("round_id", flat=True).get(pk=pk)
    with round_of(of):
        yield fresh(pk)


@contextmanager
def contact_of(pk: int) -> Iterator[ParticipationContact]:
    """A contact as it stands under the lock of its round; ``ValidationError`` for one that is gone."""
    of = (
        ParticipationContact.objects.values_list("participation__round_id", flat=True)
        .filter(pk=pk)
        .first()
    )
    if of is None:
        raise _over()
    with round_of(of):
        contact = (
            ParticipationContact.objects.select_related(
                "participation__round", "participation__government"
            )
            .filter(pk=pk, left_at=None)
            .first()
        )
        if contact is None:
            raise _over()
        yield contact


def fresh(pk: int) -> Participation:
    """A participation as it stands now, for who has locked its round."""
    rows = Participation.objects.select_related("round", "government").select_for_update(
        of=["self"]
    )
    return rows.get(pk=pk)


def _over() -> ValidationError:
    return ValidationError(_("This link has done its work."), code="over")


def require_active(participation: Participation) -> None:
    """``ValidationError`` for one that has not begun, or has ended."""
    if not participation.is_active:
        raise ValidationError(_("Your government does not take part now."), code="ended")
