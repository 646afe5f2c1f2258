"""The way of a letter: written, confirmed by its writer, looked at if it is odd, passed on."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub import limits, links
from hub.accounts.people import addresses_of
from hub.addresses import normalised
from hub.contact.models import CONFIRMED_WITHIN, Letter
from hub.limits import Limit
from hub.notices import services as notices
from hub.notices.texts import Prose
from hub.partners import policy
from hub.partners.models import Person, User
from hub.partners.services import keepers

PURPOSE = "letter"
DAY = timedelta(days=1)
FROM_CLIENT = Limit("letters from", 10, DAY)
BY_ADDRESS = Limit("letters by", 5, DAY)
TO_PERSON = Limit("letters to", 20, DAY)
TO_DESK = Limit("letters to the desk", 200, DAY)


def count(client: str, email: str) -> None:
    """Count one more letter of its writer; ``limits.Exceeded`` if there are too many. Outside a
    transaction."""
    if client:
        limits.require(FROM_CLIENT, client)
    limits.require(BY_ADDRESS, normalised(email))


def write(
    person: Person | None,
    *,
    name: str,
    email: str,
    words: str,
    language: str,
    suspicions: Iterable[str] = (),
    by: User | None = None,
) -> Letter:
    """Keep a letter. Whoever is signed in and writes from an address of theirs has confirmed it by
    that; everybody else is sent a link. ``limits.Exceeded`` as ``confirm``."""
    is_known = by is not None and email.lower() in addresses_of(by)
    if is_known:
        _count_to(person)
    with transaction.atomic():
        letter = Letter.objects.create(
            person=person,
            name=name,
            email=email,
            words=words,
            language=language,
            suspicions=list(suspicions),
        )
        if is_known:
            _leave_or_hold(letter)
        else:
            _ask_to_confirm(letter)
    return letter


def find(token: str) -> Letter | None:
    """The letter of a link; ``None`` if it is confirmed already, or too old."""
    rows = Letter.objects.unconfirmed().select_related("person")
    return links.resolve(PURPOSE, token, rows, max_age=CONFIRMED_WITHIN)


def confirm(letter: Letter) -> Letter:
    """The address is its writer's: pass the letter on, or hold it if it is odd. A second time finds
    it confirmed (``Letter.DoesNotExist``). ``limits.Exceeded`` if its receiver has had many today:
    then it waits for another try. Outside a transaction."""
    _count_to(letter.person)
    with transaction.atomic():
        letter = Letter.objects.unconfirmed().select_for_update(of=["self"]).get(pk=letter.pk)
        _leave_or_hold(letter)
    return letter


def decide(by: User, letter: Letter, *, is_good: bool) -> Letter:
    """Pass a held letter on, or not. Its writer is told nothing: it may be a robot's.

    ``ValidationError`` if there is nobody to pass it on to, ``Letter.DoesNotExist`` if somebody else
    has decided meanwhile."""
    if not policy.oversees(by):
        raise PermissionDenied
    with transaction.atomic():
        letter = Letter.objects.held().select_for_update(of=["self"]).get(pk=letter.pk)
        if is_good and not receivers_of(letter):
            raise ValidationError(_("There is nobody with an address to pass this letter on to."))
        letter.decided_by = by
        _end(letter, Letter.State.PASSED if is_good else Letter.State.DISMISSED)
        if is_good:
            _send(letter)
    return letter


def receivers_of(letter: Letter) -> list[str]:
    """Whom a letter goes to: the person, as long as they want to be found, or who keeps the hub."""
    if letter.person:
        is_there = letter.person.is_listed and letter.person.email
        return [letter.person.email] if is_there else []
    return [user.email for user in keepers()]


def _count_to(person: Person | None) -> None:
    """Count one more letter to its receiver. Only what somebody stands for counts: else anybody
    could shut the way to a person with letters that are never confirmed."""
    if person:
        limits.require(TO_PERSON, str(person.pk))
    else:
        limits.require(TO_DESK, "desk")


def _leave_or_hold(letter: Letter) -> None:
    if not receivers_of(letter):
        letter.suspicions.append("nobody to send it to")
    if letter.suspicions:
        letter.state = Letter.State.HELD
        letter.save(update_fields=["state", "suspicions"])
        return
    _end(letter, Letter.State.PASSED)
    _send(letter)


def _end(letter: Letter, state: str) -> None:
    letter.state, letter.decided_at = state, timezone.now()
    letter.save(update_fields=["state", "decided_at", "decided_by"])


def _ask_to_confirm(letter: Letter) -> None:
    path = reverse("contact:confirm", kwargs={"token": links.sign(PURPOSE, letter)})
    # Nothing of what was written: the address may be anybody's.
    notices.send(
        "contact/confirm",
        letter.email,
        f"letter:{letter.pk}:confirm",
        context={"link": links.absolute(path)},
        language=letter.language,
        is_private=True,
    )


def _send(letter: Letter) -> None:
    """To whom it is for, with a copy to its writer."""
    told = {
        "name": letter.name,
        "words": Prose(letter.words),
        "receiver": letter.person.name if letter.person else "",
    }
    for number, address in enumerate(receivers_of(letter)):
        key = f"letter:{letter.pk}:{number}"
        notices.send(
            "contact/letter",
            address,
            key,
            context=told,
            reply_to=letter.email,
            tells_of=letter.email,
            is_private=True,
        )
    notices.send(
        "contact/copy",
        letter.email,
        f"letter:{letter.pk}:copy",
        context=told,
        language=letter.language,
        is_private=True,
        tells_of=letter.person.email if letter.person else "",
    )
