"""Whose account it is, and whether its address is known to be theirs."""

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.db.models.functions import Lower

from hub.audit import erasure
from hub.partners.models import User


def addresses_of(user: User) -> set[str]:
    """The addresses, in small letters, of which this person has shown that they read them."""
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return {email.lower() for email in verified.values_list("email", flat=True)}


def known_addresses(user: User) -> QuerySet:
    """The same as a part of a question to the database."""
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return verified.order_by().values(address=Lower("email"))


def vouch_for_first_administrator(user: User) -> None:
    """Take an administrator's address as verified at their first sign-in: who made the account at
    the command line or at the desk vouches for it. A hub that cannot send mail yet could not be
    entered otherwise. All others are sent a code."""
    if user.is_superuser and not EmailAddress.objects.filter(user=user).exists():
        EmailAddress.objects.create(
            user=user, email=user.email.lower(), verified=True, primary=True
        )


def forget_old_addresses(address: str, owner: User | None = None) -> None:
    """Delete notes that an address was once verified for an account that has another one now. They
    would keep whoever has the address today from verifying it."""
    EmailAddress.objects.filter(email=address.lower()).exclude(user=owner).delete()


def unfinished() -> QuerySet[User]:
    """Sign-ups that nobody has confirmed. Accounts made at the desk are none: they have no address
    that waits, and whoever ever signed in has a verified one."""
    waiting = EmailAddress.objects.filter(verified=False).values("user")
    verified = EmailAddress.objects.filter(verified=True).values("user")
    return User.objects.filter(
        pk__in=waiting,
        last_login=None,
        memberships=None,
        is_superuser=False,
        is_secretariat=False,
    ).exclude(pk__in=verified)


def is_unfinished(user: User) -> bool:
    return unfinished().filter(pk=user.pk).exists()


def drop_unfinished(address: str) -> None:
    """Make room for somebody who signs up with this address once more. The earlier sign-up goes as
    a whole: with its code another one's password would be confirmed."""
    account = User.objects.with_address(address)
    if account:
        erasure.delete(unfinished().filter(pk=account.pk))
