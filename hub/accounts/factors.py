"""Second factors: codes of an authenticator app, and recovery codes. Each works once.

Rows are those of django-allauth, which does passkeys as well. Two things are done here instead. It
notes in a cache that a code was used, and each worker has its own; and it keeps a seed from which all
recovery codes can be made again, where nobody but their owner should have them.
"""

import hashlib
import secrets
from collections.abc import Callable
from hmac import compare_digest

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from hub.accounts import vault
from hub.partners.models import User

Type = Authenticator.Type
STRONG = [Type.TOTP, Type.WEBAUTHN]

RECOVERY_CODES = 10
# 60 random bits are far too many to guess one by one, so the hash need not be slow; it keeps a thief
# of the database from trying them all.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH, GROUP = 12, 4
ROUNDS = 20_000


def has_second_factor(user: User) -> bool:
    """Whether signing in takes this person a second step. Recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=STRONG).exists()


def before_the_desk(request: HttpRequest) -> str | None:
    """Where staff without a second factor have to go before the desk opens, if they need one."""
    if settings.REQUIRE_STAFF_MFA and not has_second_factor(request.user):
        return reverse("mfa_index")
    return None


def accepting(user: User, code: str) -> Authenticator | None:
    """The factor that takes this code, which is used up thereby; ``None`` if there is none."""
    for kind, accepts in ACCEPTS.items():
        with transaction.atomic():
            rows = Authenticator.objects.select_for_update()
            factor = rows.filter(user_id=user.pk, type=kind).first()
            if factor and accepts(factor, normalize_user_code(code)):
                factor.save(update_fields=["data"])
                factor.user = user
                return factor
    return None


def step_of(secret: str, code: str) -> int | None:
    """The half minute that an app with this secret shows the code for, around now."""
    for step in yield_hotp_counters_from_time():
        shown = format_hotp_value(hotp_value(secret, step))
        if compare_digest(shown.encode(), normalize_user_code(code).encode()):
            return step
    return None


def _accepts_from_app(factor: Authenticator, code: str) -> bool:
    secret = vault.decrypt(factor.data["secret"])
    step = step_of(secret, code)
    if step is None or step <= factor.data.get("last_step", -1):
        return False
    factor.data |= {"last_step": step, "secret": vault.renewed(factor.data["secret"])}
    return True


def _accepts_recovery(factor: Authenticator, code: str) -> bool:
    hashed = _hashed(code, factor.data["salt"], factor.data["rounds"])
    left = [kept for kept in factor.data["hashes"] if not compare_digest(kept, hashed)]
    is_one = len(left) < len(factor.data["hashes"])
    factor.data["hashes"] = left
    return is_one


ACCEPTS: dict[str, Callable[[Authenticator, str], bool]] = {
    Type.TOTP: _accepts_from_app,
    Type.RECOVERY_CODES: _accepts_recovery,
}


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes, told this once; earlier ones are void."""
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(RECOVERY_CODES)]
    salt = secrets.token_hex(16)
    data = {
        "salt": salt,
        "rounds": ROUNDS,
        "hashes": [_hashed(code, salt, ROUNDS) for code in codes],
    }
    Authenticator.objects.create(user=user, type=Type.RECOVERY_CODES, data=data)
    return [
        "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP)) for code in codes
    ]


def recovery_codes_left(user: User) -> int | None:
    """How many are unused; ``None`` if none were made."""
    factor = Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).first()
    return len(factor.data["hashes"]) if factor else None


def _hashed(code: str, salt: str, rounds: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", code.encode(), bytes.fromhex(salt), rounds).hex()
