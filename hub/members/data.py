"""What the hub knows of somebody, to take along, to be forgotten, and to be let go of in time."""

import json
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hub.accounts.people import addresses_of
from hub.audit import erasure
from hub.audit.recording import recording_of
from hub.limits import Limit
from hub.partners.holdings import Holding, holdings
from hub.partners.models import User
from hub.slugs import make_slug

ARCHIVES_A_DAY = Limit("archives a day", 10, timedelta(days=1))


def archive_of(user: User) -> bytes:
    """A ZIP of one JSON file for each sort of thing that is kept about this person, under any of
    their addresses."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "README.txt", _("Everything that the hub keeps about you, as JSON.") + "\n"
        )
        for label, rows in told_of(user):
            text = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{make_slug(label)}.json", text + "\n")
    return packed.getvalue()


def told_of(user: User) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    """For each holding that has rows about this person its label and the rows as plain data."""
    addresses = sorted(addresses_of(user))
    for holding in holdings:
        rows = {row.pk: row for email in addresses for row in holding.rows(email)}
        if rows:
            yield str(holding.label), [holding.export(row) for row in rows.values()]


def erase(user: User) -> None:
    """Make everything about this person anonymous. ``ValidationError`` for the last administrator,
    without whom nobody could let others in."""
    with transaction.atomic():
        administrators = User.objects.filter(is_superuser=True, is_active=True).select_for_update()
        if list(administrators) == [user]:
            raise ValidationError(
                _("You are the only administrator. Make somebody else one first."), "last"
            )
        addresses = sorted(addresses_of(user) | {user.email.lower()})
        # The account itself goes last: others find their rows by its addresses.
        for holding in sorted(holdings, key=lambda holding: holding.model is User):
            for email in addresses:
                _erase_rows(holding, holding.rows(email))
        erasure.erase_account(user.pk)


def _erase_rows(holding: Holding, rows: QuerySet) -> None:
    """Erase the rows, and then what the audit has kept of them."""
    keys = list(rows.values_list("pk", flat=True))
    holding.erase(rows)
    if recording_of(holding.model):
        for key in keys:
            erasure.erase_values(holding.model, key)


def retain(*, is_dry_run: bool = False) -> dict[str, int]:
    """Let go of what is older than its purpose allows; how many rows of each sort. A dry run does
    the same and takes it back."""
    gone = {}
    for holding in holdings:
        with transaction.atomic():
            count = holding.retain(holding.model._default_manager.all())
            transaction.set_rollback(is_dry_run)
        if count:
            gone[str(holding.label)] = count
    return gone
