"""A mail server for tests: it keeps what it is given, and fails as real ones do."""

from asyncio import sleep
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socket import create_server
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller

from hub.notices import delivery

HOST = "127.0.0.1"


@dataclass
class Sink:
    """Takes letters. ``at_recipient`` and ``at_text`` are what it answers there instead of 250;
    ``slowness`` is how long it thinks before it answers to a text; ``drops`` has it hang up after it
    took the text, without an answer."""

    at_recipient: str = ""
    at_text: str = ""
    slowness: float = 0
    drops: bool = False
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    is_taking: Event = field(default_factory=Event)

    @property
    def received(self) -> Counter:
        """How many letters each address has got."""
        return Counter(to for to, _content in self.letters)

    def parsed(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=default) for _to, content in self.letters]

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope) -> str:
        self.is_taking.set()
        if self.at_text:
            return self.at_text
        self.letters.extend((to, envelope.original_content) for to in envelope.rcpt_tos)
        await sleep(self.slowness)
        if self.drops:
            server.transport.abort()
        return "250 OK"


@contextmanager
def running(sink: Sink, port: int = 0) -> Any:
    """The sink at ``port``, or at a free one; gives the port."""
    port = port or free_port()
    controller = Controller(sink, hostname=HOST, port=port, ready_timeout=10)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def deliver_by(sink: Sink, by_smtp: Callable[[int], None]) -> None:
    """Have the letter that is due next delivered to ``sink``."""
    with running(sink) as port:
        by_smtp(port)
        delivery.deliver_next()


def free_port() -> int:
    with create_server((HOST, 0)) as server:
        return server.getsockname()[1]


@contextmanager
def hanging() -> Any:
    """The port of a server that takes calls and never says a word."""
    with create_server((HOST, 0), backlog=64) as server:
        yield server.getsockname()[1]


@contextmanager
def hanging_up_at(word: bytes) -> Any:
    """The port of a server that ends the session when it hears a line that begins like this."""
    server = create_server((HOST, 0))

    def serve() -> None:
        while True:
            try:
                call, _address = server.accept()
            except OSError:
                return
            with call, call.makefile("rb") as heard:
                _converse(call, heard, word)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        thread.join(1)


def _converse(call: Any, heard: Any, word: bytes) -> None:
    answers = {b"data": b"354 go on\r\n", b"quit": b"221 bye\r\n"}
    is_text = False
    call.sendall(b"220 sink\r\n")
    for line in heard:
        if line.lower().startswith(word):
            return
        command = line[:4].lower()
        if not is_text or line == b".\r\n":
            call.sendall(answers.get(command, b"250 OK\r\n"))
            is_text = command == b"data"
