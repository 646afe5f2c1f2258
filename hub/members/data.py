"""What the hub knows of somebody, to take along, to be forgotten, and to be let go of in time."""

import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.accounts.people import addresses_of
from hub.audit import erasure
from hub.audit.access import SIGNED_IN
from hub.audit.models import Access
from hub.audit.recording import recording_of, recordings
from hub.limits import Limit
from hub.partners.holdings import Holding, holdings, passing
from hub.partners.models import Person, User
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
    """For each holding that has rows about this person its label and the rows as plain data; then
    what they changed."""
    addresses = sorted(addresses_of(user))
    for holding in holdings:
        rows = {row.pk: row for email in addresses for row in holding.rows(email)}
        if rows:
            yield str(holding.label), [holding.export(row) for row in rows.values()]
    if addresses and (changes := changes_by(user)):
        yield _("What you changed"), changes


def changes_by(user: User) -> list[dict[str, Any]]:
    """When and where this person changed which row, the oldest first. What stands in it is content,
    or somebody else's."""
    found = []
    for recording in recordings():
        theirs = recording.events._default_manager.filter(pgh_context__account=user.pk)
        found += [
            {
                str(_("when")): at,
                str(_("what")): label,
                str(_("of which kind")): str(recording.model._meta.verbose_name),
                str(_("which one")): pk,
            }
            for at, label, pk in theirs.values_list("pgh_created_at", "pgh_label", "id")
        ]
    return sorted(found, key=lambda one: one[str(_("when"))])


def take_off_the_list(user: User) -> None:
    """Take back the consent to be listed in the directory. The entry stays with the hub, seen by
    nobody outside the desk, until it is erased."""
    for email in addresses_of(user):
        listed = Person.objects.filter(email__iexact=email, is_listed=True)
        listed.update(is_listed=False, consented_at=None)


def erase(user: User) -> None:
    """Make everything about this person anonymous. ``ValidationError`` for the last administrator,
    without whom nobody could let others in."""
    with transaction.atomic():
        administrators = User.objects.filter(is_superuser=True, is_active=True).select_for_update()
        if list(administrators) == [user]:
            raise ValidationError(
                _("You are the only administrator. Make somebody else one first."), "last"
            )
        addresses = addresses_of(user) | {user.email.lower()}
        earlier = earlier_addresses_of(user) - addresses
        names = _names_of(user, addresses)
        # The account itself goes last: others find their rows by its addresses.
        for holding in sorted(holdings, key=lambda holding: holding.model is User):
            theirs = addresses | earlier if holding.is_of_earlier_addresses else addresses
            for email in sorted(theirs):
                _erase_rows(holding, holding.rows(email))
        erasure.erase_traces(user.pk, addresses | earlier)
        erasure.erase_from_log(addresses | earlier, names)
        erasure.erase_account(user.pk)


def earlier_addresses_of(user: User) -> set[str]:
    """The addresses, in small letters, with which this account has been signed in to before, but for
    those that are somebody else's by now."""
    was = list(recording_of(User).of(user.pk).order_by("pgh_id"))
    until = [event.pgh_created_at for event in was[1:]] + [timezone.now()]
    sign_ins = Access.objects.filter(act=SIGNED_IN, account=user.pk)
    found = {
        event.email.lower()
        for event, end in zip(was, until, strict=True)
        if event.email and sign_ins.filter(at__gte=event.pgh_created_at, at__lte=end).exists()
    }
    return {email for email in found if _is_free(email, user)}


def _is_free(email: str, but_for: User) -> bool:
    others = User.objects.exclude(pk=but_for.pk)
    verified = EmailAddress.objects.filter(email=email, verified=True).exclude(user=but_for)
    return not (others.filter(email__iexact=email).exists() or verified.exists())


def _names_of(user: User, addresses: Iterable[str]) -> set[str]:
    """By which the desk's log may call this person."""
    names = {user.name}
    for email in addresses:
        names |= set(Person.objects.filter(email__iexact=email).values_list("name", flat=True))
    return names


def _erase_rows(holding: Holding, rows: QuerySet) -> None:
    """Erase the rows, and then what the audit and the desk's log have kept of them."""
    keys = list(rows.values_list("pk", flat=True))
    holding.erase(rows)
    if keys:
        erasure.erase_log(holding.model, keys)
    if recording_of(holding.model):
        for key in keys:
            erasure.erase_values(holding.model, key)


def retain(*, is_dry_run: bool = False) -> dict[str, int]:
    """Let go of what is older than its purpose allows; how many rows of each sort. A dry run does
    the same and takes it back. What fails keeps nothing else from going: an ``ExceptionGroup``
    tells of it at the end."""
    gone: dict[str, int] = {}
    faults = []
    for label, let_go in _all_that_goes():
        try:
            with transaction.atomic():
                count = let_go()
                transaction.set_rollback(is_dry_run)
        except Exception as fault:
            faults.append(fault)
        else:
            gone |= {label: gone.get(label, 0) + count} if count else {}
    if faults:
        raise ExceptionGroup("Not all that is kept too long could be let go of.", faults)
    return gone


def _all_that_goes() -> Iterable[tuple[str, Callable[[], int]]]:
    for holding in holdings:
        rows = holding.model._default_manager.all()
        yield str(holding.label), partial(holding.retain, rows)
    for one in passing:
        yield str(one.label), one.let_go
