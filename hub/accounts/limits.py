"""How often somebody may try to get in, or have something mailed.

All is counted by ``hub.limits`` in one statement before anything is checked, so that neither many
requests at once nor many workers get past a limit. The limits of django-allauth are switched off: they
are kept in a cache, behind a lock that lets pass whoever has waited a second for it.

A limit says nothing of whether an address is known: it counts what was typed.
"""

from datetime import timedelta

from django.http import HttpRequest

from hub import limits
from hub.addresses import normalised
from hub.clients import client_of
from hub.limits import Exceeded, Limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Wrong passwords: by account, and from one place however many accounts it tries.
WAY_IN = "account/too_many_passwords.html"
PASSWORDS = Limit("account: passwords", 10, timedelta(minutes=15), WAY_IN)
PASSWORDS_FROM = Limit("account: passwords from", 30, HOUR, WAY_IN)
# Wrong codes of a second step, by account; whoever gets here knew the password.
SECOND_STEPS = Limit("account: second steps", 10, timedelta(minutes=15))
PASSKEYS_FROM = Limit("account: passkeys from", 60, HOUR)
SIGN_UPS_FROM = Limit("account: sign-ups from", 20, HOUR)
# Mail that anybody can have sent to any address: seldom enough to be no weapon.
CODES = Limit("account: codes", 1, timedelta(minutes=1))
CODES_OF_A_DAY = Limit("account: codes of a day", 8, DAY)
# Apart from the codes, and one more each hour: a link is good for an hour, so that who is being
# pestered always has one in their mailbox that works. No ceiling of the post holds it up.
RESETS = Limit("account: resets", 1, timedelta(minutes=1))
RESETS_OF_A_DAY = Limit("account: resets of a day", 24, DAY)
RESETS_FROM = Limit("account: resets from", 20, HOUR)


def spend_from(request: HttpRequest, limit: Limit) -> None:
    """Count one more of wherever the request comes from; where that cannot be told, nothing, or
    everybody together would be shut out."""
    if client := client_of(request):
        limits.require(limit, client)


def spend_code(address: str) -> None:
    """Count one more code mailed to this address."""
    limits.require(CODES, normalised(address))
    limits.require(CODES_OF_A_DAY, normalised(address))


def spend_reset(request: HttpRequest, address: str) -> None:
    """Count one more link for a new password mailed to this address."""
    spend_from(request, RESETS_FROM)
    limits.require(RESETS, normalised(address))
    limits.require(RESETS_OF_A_DAY, normalised(address))


def spend_password(request: HttpRequest, address: str) -> None:
    """Count one more password before it is checked; ``refund_password`` if it was right.

    What one of the two refuses is not checked, and does not count for the other: a place that is shut
    cannot shut an account, and a shut account, asked again and again, does not shut an office."""
    limits.require(PASSWORDS, _as_account(address))
    try:
        spend_from(request, PASSWORDS_FROM)
    except Exceeded:
        limits.give_back(PASSWORDS, _as_account(address))
        raise


def refund_password(request: HttpRequest, address: str) -> None:
    """The password was right. Its owner starts anew; the place it came from gets this one back and
    no more, or one's own account would buy tries at those of others."""
    forget_passwords(address)
    if client := client_of(request):
        limits.give_back(PASSWORDS_FROM, client)


def forget_passwords(address: str) -> None:
    """Let an account's wrong passwords be forgotten: its owner has shown who they are."""
    limits.forget(PASSWORDS, _as_account(address))


def _as_account(address: str) -> str:
    """As accounts are told apart. By another spelling of a mailbox somebody could make an account of
    their own, and with each sign-in there have the wrong passwords for its neighbour forgotten."""
    return address.strip().lower()
