"""Django's way to a mail server, which also tells when the text itself goes over.

Until then nothing can have been delivered, whatever happens; from then on only the server's answer
says whether it was.
"""

import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail.backends import smtp

END_OF_TEXT = b"\r\n.\r\n"


class TellsOfText:
    """For sessions with a mail server: calls ``before_text`` when the server has said that it will
    take the text. Where that raises, the session ends without a text."""

    before_text: Callable[[], None] | None = None

    def send(self, s: str | bytes) -> None:
        if isinstance(s, bytes) and s.endswith(END_OF_TEXT) and self.before_text:
            try:
                self.before_text()
            except BaseException:
                self.close()  # or the QUIT that follows would be taken for the text
                raise
        super().send(s)


class Session(TellsOfText, smtplib.SMTP):
    pass


class SecureSession(TellsOfText, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    before_text: Callable[[], None] | None = None

    @property
    def connection_class(self) -> Callable[..., Any]:
        made = SecureSession if self.use_ssl else Session

        def connect(*args: Any, **kwargs: Any) -> Session | SecureSession:
            session = made(*args, **kwargs)
            session.before_text = self._tell  # a session may see many letters, each with its own
            return session

        return connect

    def _tell(self) -> None:
        if self.before_text:
            self.before_text()

    @property
    def is_alive(self) -> bool:
        """Whether a session is open that could take another letter."""
        return self.connection is not None and self.connection.sock is not None
