"""Handing a letter to the mail server or provider, and knowing what became of it.

There are four ends: it returns, and the letter is accepted; ``Unreachable``: nobody is there to
take letters, this or any other; ``Refused``: this letter was not accepted, for now or for good;
``InDoubt``: the connection broke after the text went over, and only the receiver could tell.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from hub.notices import smtp
from hub.notices.models import Message


class Undelivered(Exception):
    """The letter did not go out, and that is certain."""


class Unreachable(Undelivered):
    """No mail server, or one that does not let us in: other letters need not try."""


class Refused(Undelivered):
    """This letter was refused. ``is_final`` if it would be refused again."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


class InDoubt(Exception):
    """The letter may have gone out."""


class LeaseLost(Exception):
    """Somebody else has the letter by now, or it was cancelled: it must not go out from here."""


def hand_over(message: Message, before: Callable[[], None]) -> None:
    """Send ``message``; ``before`` is called just before there is no way back, and may raise
    ``LeaseLost`` to stop it there."""
    connection = get_connection()
    mail = letter(message, connection)
    mail.message()  # whatever is wrong with it shows before anybody is called
    if isinstance(connection, smtp.EmailBackend):
        _by_smtp(connection, mail, before)
    else:
        from hub.notices import providers  # loads what talks to all of them: not for nothing

        before()
        providers.send(connection, mail)


def letter(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The e-mail of this row: text and HTML, and the calendar entry as part and as file."""
    headers = {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",  # so that nobody's holiday answers
    }
    if message.stop_url:
        headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        connection=connection,
        headers=headers,
    )
    mail.attach_alternative(message.html, "text/html")
    if message.calendar:
        kind = f"text/calendar; method={message.calendar_method}"
        if settings.EMAIL_PROVIDER:  # whose interfaces take no third alternative
            mail.attach("invite.ics", message.calendar, kind)
        else:
            mail.attach_alternative(message.calendar, kind)
            mail.attach("invite.ics", message.calendar.encode(), "application/ics")
    return mail


def _by_smtp(
    connection: smtp.EmailBackend, mail: EmailMultiAlternatives, before: Callable[[], None]
) -> None:
    is_over = False

    def note() -> None:
        nonlocal is_over
        before()
        is_over = True

    connection.before_text = note
    try:
        connection.open()
        connection.send_messages([mail])
    except (smtplib.SMTPException, OSError) as error:
        raise _fault_of_smtp(error, is_over) from error
    except Exception as error:
        if is_over:
            raise InDoubt(_in_words(error)) from error
        raise
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.close()


def _fault_of_smtp(error: Exception, is_over: bool) -> Exception:
    if isinstance(error, smtplib.SMTPDataError):  # an answer, even if to the text: it was refused
        return _refusal(error.smtp_code, error.smtp_error)
    if is_over:
        return InDoubt(f"The connection broke before the answer: {_in_words(error)}")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _refusal(*next(iter(error.recipients.values())))
    return Unreachable(_in_words(error))


def _refusal(code: int, said: bytes | str) -> Refused:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Refused(f"{code} {words}", is_final=code >= 500)


def _in_words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {words}"
    return f"{type(error).__name__}: {error}"
