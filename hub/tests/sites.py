"""Sites for the tests of what the hub fetches: real servers on the loopback, which count who comes."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hub.fetching import Net


class Site:
    """A server. ``answers`` says what it sends for a request, as it goes over the line: bytes, or
    pieces that it takes its time for. ``hits`` are the connections, ``asked`` the requests."""

    def __init__(
        self, address: str = "127.0.0.1", *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.address = address
        self.answers: Callable[[str, str], bytes | Iterator[bytes]] = lambda method, path: answer()
        self.hits = 0
        self.asked: list[tuple[str, str]] = []
        self.headers: list[str] = []
        site = self

        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                site.hits += 1
                with suppress(OSError):
                    if tls:
                        self.request = tls.wrap_socket(self.request, server_side=True)
                        self.setup()
                    site.serve(self)

        class Server(ThreadingTCPServer):
            address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
            allow_reuse_address = daemon_threads = True
            block_on_close = False

        self.server = Server((address, port), Handler)
        self.port = self.server.server_address[1]

    def serve(self, handler: StreamRequestHandler) -> None:
        method, path, _version = handler.rfile.readline().decode("latin-1").split()
        self.asked.append((method, path))
        while (line := handler.rfile.readline().strip()) != b"":
            self.headers.append(line.decode("latin-1"))
        said = self.answers(method, path)
        for piece in [said] if isinstance(said, bytes) else said:
            handler.wfile.write(piece)
            handler.wfile.flush()

    def url(self, path: str = "/", host: str = "works.example") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def running(site: Site) -> Iterator[Site]:
    thread = Thread(target=site.server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


def answer(status: int = 200, content: bytes = b"", **headers: str) -> bytes:
    """What a server sends."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def net_of(*sites: Site, **fields: object) -> Net:
    """A net that has these sites, whatever their names are, and no other. The first is at all names
    but those that say otherwise."""
    whole = {
        "resolver": lambda host, port: [sites[0].address],
        "ports": {site.port for site in sites},
        "exempt": {site.address for site in sites},
    }
    return Net(**{**whole, **fields})


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody vouches for, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    )
    public, private = folder / "site.pem", folder / "site.key"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public, private
