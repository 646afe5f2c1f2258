"""What comes with a form as a file, from its first byte on: no longer than any file may be, and told
from one for which there was no room.

A form that comes back says so in words; without these handlers a full disk would be a failure.
"""

from contextlib import suppress
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.utils.translation import gettext as _

from hub.pdftext import MAX_BYTES  # the longest that any field takes

MAX_REQUEST = 4 * MAX_BYTES
# The policy with which uploaded files go out: whatever a browser took one for, nothing in it runs.
INERT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


class Unkept(InMemoryUploadedFile):
    """Stands for a file that came whole and could not be written down."""

    def __init__(self, field_name: str, name: str) -> None:
        super().__init__(BytesIO(b"\0"), field_name, name, "", 1, None)


class Bounded(FileUploadHandler):
    """Reads what is too long to its end, so that the form can answer, and keeps no more of it than
    shows that it is. A request beyond all measure is refused before it is read."""

    def handle_raw_input(
        self, input_data: Any, META: dict, content_length: int, *more: Any, **named: Any
    ) -> None:
        if content_length > MAX_REQUEST:
            raise RequestDataTooBig("More than the hub takes in one form.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None


class OnDisk(TemporaryFileUploadHandler):
    """Django's own, that goes on where the disk does not."""

    def new_file(self, *told: Any, **named: Any) -> None:
        self.has_room = True
        try:
            super().new_file(*told, **named)
        except OSError:
            self.has_room = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self.has_room:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._give_up()

    def file_complete(self, file_size: int) -> Any:
        if self.has_room:
            try:
                self.file.flush()
            except OSError:
                self._give_up()
        if self.has_room:
            return super().file_complete(file_size)
        return Unkept(self.field_name, self.file_name)

    def _give_up(self) -> None:
        self.has_room = False
        with suppress(OSError):  # it cannot write what is left either, but goes
            self.file.close()

    def upload_interrupted(self) -> None:
        if self.has_room:
            super().upload_interrupted()


def no_room() -> ValidationError:
    """What is said of a file that could not be kept."""
    text = _("The hub has no room for the file now. Nothing was saved: try again later.")
    return ValidationError(text, code="room")
