"""Pages of other sites, fetched without being led astray.

Whoever names an address could have the hub ask something that only the hub can reach: a service on
its own machine, a neighbour in its network, the data of its cloud. So a name is looked up once, every
address that it has must be one of the public internet, and the connection goes to that very address:
a name that means another machine a moment later changes nothing. Each redirect is judged anew.
Nothing is sent along but our name; no cookie, no proxy of the environment.
"""

import socket
import ssl
import time
from collections.abc import Callable, Collection
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from ipaddress import IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Event, Thread, Timer
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

SECONDS = 5  # for a connection, and for each answer to something said on it
SECONDS_IN_ALL = 15
MAX_BYTES = 1024 * 1024
# Old addresses of ministries go to https, to www., to a new house and to a language.
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PORTS = frozenset({80, 443})

# Of version 4 all is public but these; of version 6 nothing but what is given out, less these.
CLOSED = [
    ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 "
        "224.0.0.0/3 "
        # Protocols (Teredo and others), examples, 6to4, examples again. What maps version 4, such as
        # ::ffff:0:0/96 and NAT64 in 64:ff9b::/96, lies outside of what is given out.
        "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
    ).split()
]
GIVEN_OUT = ip_network("2000::/3")


class FetchError(Exception):
    """Why there is no answer, in words."""


class Forbidden(FetchError):
    """The address is none that the hub asks, or leads to one."""


class NoSuchName(FetchError):
    """The name of the site is not known any more."""


class Unreachable(FetchError):
    """Nothing answered in time, or not in HTTP."""


class Untrusted(FetchError):
    """The site could not show that it is the one that was asked. Browsers know more certificates."""


class Astray(FetchError):
    """One redirect led to another, too many times."""


class TooLarge(FetchError):
    """There is more than the hub reads."""


@dataclass(frozen=True)
class Fetched:
    """An answer: from which address it came in the end, with the names of its ``headers`` in small
    letters, and its ``content``, as it came over the line."""

    status: int
    url: str
    headers: dict[str, str]
    content: bytes


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name. ``NoSuchName`` if there are none, ``Unreachable`` if nobody says."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
            raise NoSuchName(_("No site has the name %(host)s.") % {"host": host}) from error
        raise Unreachable(_("Where %(host)s is could not be found.") % {"host": host}) from error
    return list(dict.fromkeys(str(address[0]) for *_kind, address in found))


@cache
def public_trust() -> ssl.SSLContext:
    """Whom this machine trusts to vouch for sites."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Net:
    """What is asked how. Only tests name another than ``INTERNET``: their sites stand on addresses
    that are not public, which are ``exempt``, and on other ports."""

    resolver: Callable[[str, int], list[str]] = look_up
    trust: Callable[[], ssl.SSLContext] = public_trust
    ports: Collection[int] = PORTS
    exempt: Collection[str] = ()
    seconds_in_all: float = SECONDS_IN_ALL


INTERNET = Net()


def fetch(
    url: str, *, method: str = "GET", wants_content: bool = True, net: Net = INTERNET
) -> Fetched:
    """Ask for ``url``, follow where it leads, and answer what comes, whatever its status is.
    ``method`` is GET or HEAD. A ``FetchError`` says why there is nothing."""
    deadline = time.monotonic() + net.seconds_in_all
    for _hop in range(MAX_REDIRECTS + 1):
        site = _site_of(url, net)
        fetched = _ask(site, method, wants_content, net, deadline)
        if fetched.status not in REDIRECTS or not fetched.headers.get("location"):
            return fetched
        url = _led_on(site, fetched.headers["location"])
    raise Astray(_("The address leads from one page to another without end."))


def is_public(text: str) -> bool:
    """Whether this address is one of the public internet, where anybody could ask as well."""
    address = ip_address(text)
    if isinstance(address, IPv6Address) and (address not in GIVEN_OUT or address.scope_id):
        return False
    return not any(address in network for network in CLOSED)


@dataclass(frozen=True)
class _Site:
    """Whom to ask: ``host`` in ASCII, and ``path`` with the question."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """As in an address and in the header ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _default_port(self.scheme) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.name}{self.path}"


def _site_of(url: str, net: Net) -> _Site:
    """Read the address as strictly as can be; which machine it means, ``_addresses_of`` asks."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        port = _default_port(parts.scheme) if port is None else port
        # Names of today's net are ASCII; the rest is written in letters that mean them.
        host = host if ":" in host else host.encode("idna").decode("ascii")
        path = _path_of(parts)
    except ValueError as error:  # also of names that cannot be
        raise Forbidden(_("This is no address of a page.")) from error
    if parts.scheme not in ("http", "https") or port not in net.ports:
        raise Forbidden(_("The hub asks sites by http and https alone, on their own ports."))
    is_odd = "@" in parts.netloc or any(sign in "\\" or sign < "!" for sign in url)
    if not host or is_odd:
        raise Forbidden(_("This is no address of a page."))
    return _Site(parts.scheme, host, port, path)


def _path_of(parts: SplitResult) -> str:
    path = parts.path or "/"
    return quote(f"{path}?{parts.query}" if parts.query else path, safe="%/:=&?~+!$,;'@()*[]|")


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _led_on(site: _Site, location: str) -> str:
    """Where a redirect leads. Sites write other letters and spaces into it than they may."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    try:
        return urljoin(site.url, location.strip().replace(" ", "%20"))
    except ValueError as error:
        raise Forbidden(_("This is no address of a page.")) from error


def _addresses_of(site: _Site, net: Net, deadline: float) -> list[str]:
    """Where the site is, looked up once. ``Forbidden`` if any of it is not public."""
    addresses = _within(_left(deadline), net.resolver, site.host, site.port)
    if not all(address in net.exempt or is_public(address) for address in addresses):
        raise Forbidden(_("%(host)s is inside a network, not on the net.") % {"host": site.host})
    return addresses


def _within(seconds: float, function: Callable, *args: object) -> list[str]:
    """What ``function`` answers, if it does in time. Nothing else bounds how long a look-up takes."""
    answers: SimpleQueue = SimpleQueue()

    def run() -> None:
        try:
            answers.put((function(*args), None))
        except Exception as error:
            answers.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except Empty:
        raise _late() from None
    if error is not None:
        raise error if isinstance(error, FetchError) else _silent() from error
    return answer


def _ask(site: _Site, method: str, wants_content: bool, net: Net, deadline: float) -> Fetched:
    for address in _addresses_of(site, net, deadline):
        connection = _connection(site, address, net, deadline)
        with closing(connection):
            try:
                connection.connect()
            except ssl.SSLCertVerificationError as error:
                text = _("The certificate of %(host)s is not one that the hub knows.")
                raise Untrusted(text % {"host": site.host}) from error
            except (HTTPError, OSError):
                continue  # one of its addresses may be of a version that this machine does not have
            return _talk(connection, site, method, wants_content, deadline)
    raise _silent()


def _connection(site: _Site, address: str, net: Net, deadline: float) -> HTTPConnection:
    """A connection to this very address, in which the site is asked for by its name."""
    seconds = min(SECONDS, _left(deadline))
    if site.scheme == "http":
        return HTTPConnection(address, site.port, timeout=seconds)
    return HTTPSConnection(
        address,
        site.port,
        timeout=seconds,
        server_hostname=site.host.rstrip("."),
        ssl_context=net.trust(),
    )


def _talk(
    connection: HTTPConnection, site: _Site, method: str, wants_content: bool, deadline: float
) -> Fetched:
    """Ask, and read the answer. The clock hangs up on whoever says a letter every few seconds."""
    is_over = Event()
    with closing(socket.socket(fileno=_copy_of(connection.sock))) as line:

        def hang_up() -> None:
            is_over.set()
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

        clock = Timer(_left(deadline), hang_up)
        clock.daemon = True
        clock.start()
        try:
            connection.request(
                method,
                site.path,
                headers=_headers(site),
                preload_content=False,
                decode_content=False,
            )
            response = connection.getresponse()
            content = _content_of(response) if wants_content and method != "HEAD" else b""
            response.close()
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise (_late() if is_over.is_set() else _silent()) from error
        finally:
            clock.cancel()
            clock.join()  # so that it hangs up on nobody else who gets this number
    if is_over.is_set():  # what looks like an answer was cut off
        raise _late()
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Fetched(response.status, site.url, headers, content)


def _copy_of(line: socket.socket) -> int:
    """A second handle to the connection: TLS and HTTP do with the first as they please."""
    return socket.dup(line.fileno())


def _content_of(response: BaseHTTPResponse) -> bytes:
    content = b""
    while part := response.read(MAX_BYTES + 1 - len(content)):
        content += part
        if len(content) > MAX_BYTES:
            raise TooLarge(_("The page has more than 1 MB."))
    return content


def _headers(site: _Site) -> dict[str, str]:
    return {
        "Host": site.name,
        "User-Agent": f"JustTransitionHub (+{settings.BASE_URL})",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _left(deadline: float) -> float:
    """Seconds until then. ``Unreachable`` if there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _late()
    return left


def _late() -> Unreachable:
    return Unreachable(_("The site took too long."))


def _silent() -> Unreachable:
    return Unreachable(_("Nothing answered."))
