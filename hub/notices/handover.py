"""Handing a letter to the mail server or provider, and knowing what became of it.

There are four ends: it returns, and the letter is accepted; ``Unreachable``: nobody is there to
take letters, this or any other; ``Refused``: this letter was not accepted, for now or for good;
``InDoubt``: the connection broke after the text went over, and only the receiver could tell.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

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
    with Line() as line:
        line.hand_over(letter(message), before)


class Mail(EmailMultiAlternatives):
    """An e-mail that is put together once, however often it is asked for."""

    _built: Any = None

    def message(self) -> Any:
        self._built = self._built or super().message()
        return self._built


class Line:
    """A way to the mail server or provider for one letter or for many, one after the other. It is
    opened when the first goes over; leave the block and it is closed."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._is_used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._hang_up()

    def hand_over(self, mail: Mail, before: Callable[[], None]) -> None:
        """Send ``mail``, as ``hand_over`` does with a message."""
        mail.connection = self._connection
        mail.message()  # whatever is wrong with it shows before anybody is called
        if not isinstance(self._connection, smtp.EmailBackend):
            from hub.notices import providers  # loads what talks to all of them: not for nothing

            before()
            providers.send(self._connection, mail)
            return
        was_used = self._is_used
        try:
            self._by_smtp(mail, before)
        except Unreachable:
            if not was_used:
                raise
            # Servers end a session after so many letters or a pause. Nothing went over: once more.
            self._by_smtp(mail, before)

    def _by_smtp(self, mail: Mail, before: Callable[[], None]) -> None:
        is_over = False

        def note() -> None:
            nonlocal is_over
            before()
            is_over = True

        self._connection.before_text = note
        try:
            self._connection.open()
            self._is_used = True
            self._connection.send_messages([mail])
        except (smtplib.SMTPException, OSError) as error:
            fault = _fault_of_smtp(error, is_over)
            if not (isinstance(fault, Refused) and self._connection.is_alive):
                self._hang_up()
            raise fault from error
        except BaseException as error:
            self._hang_up()
            if is_over and isinstance(error, Exception):
                raise InDoubt(_in_words(error)) from error
            raise

    def _hang_up(self) -> None:
        self._is_used = False
        with suppress(smtplib.SMTPException, OSError):
            self._connection.close()


def letter(message: Message) -> Mail:
    """The e-mail of this row: text and HTML, and the calendar entry as part and as file."""
    headers = {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",  # so that nobody's holiday answers
    }
    if message.stop_url:
        headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = Mail(
        message.subject,
        message.text,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
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
