"""Handing a letter to one of the providers that anymail knows, and what their answers mean."""

from anymail import exceptions as anymail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

from hub.notices.handover import InDoubt, Refused, Unreachable

TOO_MANY_REQUESTS = 429
UNAVAILABLE = 503
# What anymail may call a letter after a request that went well.
NOT_TAKEN = {"invalid", "rejected", "failed"}


def send(connection: BaseEmailBackend, mail: EmailMultiAlternatives) -> None:
    """Hand a letter to the provider; one of the ends of ``handover`` if it was not accepted."""
    try:
        connection.send_messages([mail])
    except anymail.AnymailRecipientsRefused as error:
        raise Refused("The provider refuses this address.", is_final=True) from error
    except anymail.AnymailAPIError as error:
        raise _fault(error) from error
    except Exception as error:
        raise InDoubt(type(error).__name__) from error
    status = getattr(mail, "anymail_status", None)
    said = (status and status.status) or set()
    if said & NOT_TAKEN:
        raise Refused(f"The provider says: {', '.join(said)}", is_final=True)
    if "unknown" in said:
        raise InDoubt("The provider's answer says nothing.")


def _fault(error: anymail.AnymailAPIError) -> Exception:
    # Not the error's own words: these repeat the letter.
    if error.status_code is None:
        kind = type(error.__cause__ or error).__name__
        return Unreachable(kind) if _never_connected(error) else InDoubt(kind)
    words = f"The provider answers {error.status_code}."
    if error.status_code in (TOO_MANY_REQUESTS, UNAVAILABLE, 401, 403):
        return Unreachable(words)
    if error.status_code < 500:
        return Refused(words, is_final=True)
    return InDoubt(words)


def _never_connected(error: BaseException) -> bool:
    if isinstance(error, ConnectTimeout | NewConnectionError):
        return True
    deeper = [error.__cause__, error.__context__, getattr(error, "reason", None), *error.args]
    return any(
        _never_connected(one)
        for one in deeper
        if isinstance(one, BaseException) and one is not error
    )
