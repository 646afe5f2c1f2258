"""Notes of what leaves no trace in a row: sign-ins, views of personal data, exports."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from hub.audit.acts import current
from hub.clients import client_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

FORBIDDEN = ("password", "token", "secret", "cookie", "session", "link", "url", "query", "email")
LONGEST = 200

SIGNED_IN, SIGNED_OUT, SIGN_IN_FAILED = "signed_in", "signed_out", "sign_in_failed"
VIEWED, LISTED, EXPORTED = "viewed", "listed", "exported"
ERASED, FORGOTTEN = "erased", "forgotten"


def note(
    who: "HttpRequest | AbstractBaseUser | int | None",
    act: str,
    obj: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Note that somebody did ``act``, a short name such as ``exported``, to ``obj``.

    It is written in the transaction of the caller. ``detail`` holds numbers, short words and lists
    of numbers; a name in it that promises a secret raises ``ValueError``, and of words nothing is
    kept from a question mark on, where the queries of addresses begin.
    """
    request = who if isinstance(who, HttpRequest) else None
    note_by(request, _account(who), act, obj, detail)


def note_by(
    request: HttpRequest | None,
    account: "AbstractBaseUser | int | None",
    act: str,
    obj: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """As ``note``, for a request that is not yet, or no longer, that of the account."""
    here = current()
    apps.get_model("audit.Access").objects.create(
        act=act,
        account=_account(account),
        model=obj._meta.label_lower if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        detail=fit(detail or {}),
        route=route_of(request) if request else "",
        client=client_hash(request) if request else "",
        request_id=getattr(request, "request_id", None) or (here.id if here else None),
    )


def fit(detail: dict[str, Any]) -> dict[str, Any]:
    """What of ``detail`` may be kept."""
    for name in detail:
        if any(word in name.lower() for word in FORBIDDEN):
            raise ValueError(f"{name!r} is nothing that the audit keeps.")
    return {name: _fit(value) for name, value in detail.items()}


def _fit(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_fit(one) for one in value]
    return str(value).partition("?")[0][:LONGEST]


def _account(who: "HttpRequest | AbstractBaseUser | int | None") -> int | None:
    if isinstance(who, HttpRequest):
        who = getattr(who, "user", None)
    return who if who is None or isinstance(who, int) else who.pk


def route_of(request: HttpRequest) -> str:
    """The path as the URLconf has it: what stands in its places may be a token."""
    return request.resolver_match.route if request.resolver_match else ""


def client_hash(request: HttpRequest) -> str:
    """By which notes of one sender are known to belong together, and by nothing else."""
    client = client_of(request)
    return salted_hmac("hub.audit", client, algorithm="sha256").hexdigest()[:16] if client else ""
