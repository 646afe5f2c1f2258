import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.crypto import get_random_string

from hub.notices import delivery, services


class Command(BaseCommand):
    help = "Write a test letter to an address, send it at once, and say what became of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *, address: str, **options: Any) -> str:
        if not settings.EMAIL_BACKEND:
            raise CommandError("Neither EMAIL_URL nor EMAIL_PROVIDER is set; see README.md.")
        key = f"post_test:{get_random_string(12)}"
        try:
            message = services.send(
                "post_test", address, key, context={"host": socket.gethostname()}
            )
        except ValueError as error:
            raise CommandError(f"{address!r}: {error}") from error
        # What is due before it goes first, as always.
        while message.state == message.State.WAITING and delivery.deliver_next():
            message.refresh_from_db()
        message.refresh_from_db()
        if message.state != message.State.SENT:
            reason = message.error or "it waits; see the desk"
            raise CommandError(f"{message.get_state_display()}: {reason}")
        return f"sent to {address} as {message.message_id}"
