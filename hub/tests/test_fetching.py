import itertools
import re
import socket
import ssl
import time
from contextlib import suppress

import pytest
from django.conf import settings

from hub import fetching
from hub.fetching import (
    Astray,
    FetchError,
    Forbidden,
    NoSuchName,
    TooLarge,
    Unreachable,
    Untrusted,
    fetch,
    is_public,
)
from hub.tests.sites import Site, answer, certificate_for, net_of, running

# Addresses that lead, or seem to lead, to the machine itself or into its network. PORT is the port
# that the canary listens on, on both versions of the protocol.
ODD = """
http://127.0.0.1:PORT/
http://127.0.0.1:PORT
http://127.1:PORT/
http://127.0.1:PORT/
http://127.255.255.254:PORT/
http://2130706433:PORT/
http://0x7f000001:PORT/
http://0x7f.0x0.0x0.0x1:PORT/
http://0x7f.1:PORT/
http://017700000001:PORT/
http://0177.0.0.1:PORT/
http://0177.0.0.01:PORT/
http://00000177.0.0.1:PORT/
http://0:PORT/
http://0.0.0.0:PORT/
http://0x0:PORT/
http://localhost:PORT/
http://LOCALHOST:PORT/
http://localhost.:PORT/
http://localhost.localdomain:PORT/
http://ip6-localhost:PORT/
http://[::1]:PORT/
http://[0:0:0:0:0:0:0:1]:PORT/
http://[::]:PORT/
http://[::ffff:127.0.0.1]:PORT/
http://[::ffff:7f00:1]:PORT/
http://[::127.0.0.1]:PORT/
http://[::1%25lo]:PORT/
http://[::1%lo]:PORT/
http://[64:ff9b::7f00:1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/
http://[64:ff9b:1::7f00:1]:PORT/
http://[2002:7f00:1::]:PORT/
http://[2001::80ff:fffe]:PORT/
http://[fe80::1]:PORT/
http://[fc00::1]:PORT/
http://[ff02::1]:PORT/
http://１２７.０.０.１:PORT/
http://127。0。0。1:PORT/
http://①②⑦.⓪.⓪.①:PORT/
http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/
http://example.org@127.0.0.1:PORT/
http://example.org:80@127.0.0.1:PORT/
http://127.0.0.1:PORT@example.invalid/
http://example.invalid#@127.0.0.1:PORT/
http://127.0.0.1:PORT\\@example.invalid/
http://example.invalid\\@127.0.0.1:PORT/
http:\\\\127.0.0.1:PORT/
http:127.0.0.1:PORT/
http:///127.0.0.1:PORT/
//127.0.0.1:PORT/
http://127.0.0.1%00.example.invalid:PORT/
http://127.0.0.1\t:PORT/
http://127.0.0.1\r\nX:PORT/
 http://127.0.0.1:PORT/
https://127.0.0.1:PORT/
HTTP://127.0.0.1:PORT/
http://10.0.0.1:PORT/
http://172.16.0.1:PORT/
http://192.168.0.1:PORT/
http://100.64.0.1:PORT/
http://169.254.169.254:PORT/latest/meta-data/
http://224.0.0.1:PORT/
http://255.255.255.255:PORT/
file:///etc/passwd
file://127.0.0.1:PORT/
gopher://127.0.0.1:PORT/_GET
ftp://127.0.0.1:PORT/
dict://127.0.0.1:PORT/
ldap://127.0.0.1:PORT/
javascript:fetch('http://127.0.0.1:PORT/')
data:text/html,x
""".strip("\n").split("\n")
ODD = [line.replace("\\\\", "\\").replace("\\t", "\t").replace("\\r\\n", "\r\n") for line in ODD]


@pytest.fixture
def canary():
    with running(Site()) as site:
        yield site


@pytest.fixture
def canaries(canary):
    """The canary, and one of the other version at the same port; in one list of who came."""
    try:
        second = Site("::1", port=canary.port)
    except OSError:  # this machine has no version 6, or somebody else is at this port
        yield (canary,)
        return
    with running(second):
        yield canary, second


def listening_to(site):
    """The internet as it is, but that any site may be on this port: so it is their addresses alone
    that keep the hub away."""
    return fetching.Net(ports={80, 443, site.port})


def test_the_table_is_long_enough():
    assert len(set(ODD)) >= 40


@pytest.mark.parametrize("url", ODD)
def test_no_odd_address_reaches_this_machine(url, canaries):
    with pytest.raises(FetchError):
        fetch(url.replace("PORT", str(canaries[0].port)), net=listening_to(canaries[0]))

    assert [site.hits for site in canaries] == [0] * len(canaries)


@pytest.mark.parametrize("url", ODD)
def test_no_redirect_to_an_odd_address_reaches_this_machine(url, canaries):
    with running(Site("127.0.0.2")) as site:
        target = url.replace("PORT", str(canaries[0].port)).replace("\r\n", "\t")
        site.answers = lambda method, path: answer(302, Location=target.encode().decode("latin-1"))
        net = fetching.Net(
            resolver=lambda host, port: (
                ["127.0.0.2"] if host == "works.example" else fetching.look_up(host, port)
            ),
            ports={80, 443, site.port, canaries[0].port},
            exempt={"127.0.0.2"},
        )
        with suppress(FetchError):  # "http:127.0.0.1" is a path to some, and then leads nowhere
            fetch(site.url(), net=net)

    assert site.hits >= 1
    assert [one.hits for one in canaries] == [0] * len(canaries)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "017700000001", "localhost"])
def test_the_canary_is_there_for_who_may_ask_it(host, canary):
    net = fetching.Net(ports={canary.port}, exempt={"127.0.0.1", "::1"})

    fetch(canary.url(host=host), net=net)

    assert canary.hits == 1


def test_a_name_that_means_another_machine_a_moment_later_changes_nothing(canary):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

    with running(Site("127.0.0.2")) as site:
        net = fetching.Net(resolver=rebinding, ports={site.port, canary.port}, exempt={"127.0.0.2"})
        fetch(site.url(), net=net)
        # The second time the name is asked for anew, and now it is forbidden.
        with pytest.raises(Forbidden):
            fetch(canary.url(), net=net)

    assert (asked, site.hits, canary.hits) == (["works.example"] * 2, 1, 0)


def test_a_name_of_which_one_address_is_inside_is_not_asked_at_all(canary):
    with running(Site("127.0.0.2")) as site:
        net = net_of(site, resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])
        with pytest.raises(Forbidden):
            fetch(site.url(), net=net)

    assert (site.hits, canary.hits) == (0, 0)


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8000, 8080, 0, 65536, -1])
def test_other_ports_are_not_asked(port):
    def resolver(host, port):
        raise AssertionError("the name was looked up")

    with pytest.raises(Forbidden):
        fetch(f"http://works.example:{port}/", net=fetching.Net(resolver=resolver))


@pytest.mark.parametrize(
    "address",
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.31.255.255 192.0.0.8 192.0.2.1 "
    "192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 "
    "255.255.255.255 :: ::1 ::ffff:8.8.8.8 ::8.8.8.8 64:ff9b::808:808 64:ff9b:1::1 100::1 "
    "2001::1 2001:db8::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 "
    "ff02::1 2a00::1%eth0".split(),
)
def test_what_is_not_of_the_public_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111"])
def test_what_is_public(address):
    assert is_public(address)


def test_an_answer_comes_with_status_address_headers_and_content(canary):
    canary.answers = lambda method, path: answer(404, b"gone", X_Said="yes", Set_Cookie="a=b")

    fetched = fetch(canary.url("/päge?q=ü"), net=net_of(canary))

    assert (fetched.status, fetched.url) == (404, canary.url("/p%C3%A4ge?q=%C3%BC"))
    assert (fetched.headers["x-said"], fetched.content) == ("yes", b"gone")
    assert canary.asked == [("GET", "/p%C3%A4ge?q=%C3%BC")]


def test_we_say_who_we_are_and_nothing_else(canary, settings, monkeypatch):
    settings.BASE_URL = "https://hub.example"
    monkeypatch.setenv("http_proxy", "http://127.0.0.3:9/")
    canary.answers = lambda method, path: (
        answer(302, Location="/next", Set_Cookie="a=b") if path == "/" else answer()
    )

    fetch(canary.url(), net=net_of(canary))

    told = [
        f"Host: works.example:{canary.port}",
        "User-Agent: JustTransitionHub (+https://hub.example)",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    assert canary.headers == told * 2


def test_head_follows_as_head_and_reads_nothing(canary):
    canary.answers = lambda method, path: (
        answer(301, Location="/new house") if path == "/" else answer(200, b"text")
    )

    fetched = fetch(canary.url(), method="HEAD", net=net_of(canary))

    assert (fetched.status, fetched.url, fetched.content) == (200, canary.url("/new%20house"), b"")
    assert canary.asked == [("HEAD", "/"), ("HEAD", "/new%20house")]


def test_five_redirects_are_followed_and_no_more(canary):
    numbers = itertools.count(1)
    canary.answers = lambda method, path: answer(302, Location=f"/{next(numbers)}")

    with pytest.raises(Astray):
        fetch(canary.url(), net=net_of(canary))

    assert canary.hits == 6


@pytest.mark.parametrize("location", ["http://[::1", "http://a..b/", "http://x:y/", "mailto:a@b.c"])
def test_a_redirect_to_what_is_no_address_is_refused(location, canary):
    canary.answers = lambda method, path: answer(302, Location=location)

    with pytest.raises(Forbidden):
        fetch(canary.url(), net=net_of(canary))


def test_at_most_a_megabyte_is_read(canary):
    def endless():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b"x" * 65536

    canary.answers = lambda method, path: endless()

    with pytest.raises(TooLarge):
        fetch(canary.url(), net=net_of(canary))
    assert fetch(canary.url(), wants_content=False, net=net_of(canary)).content == b""


@pytest.mark.parametrize(
    "begin", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX-A: b\r\n\r\n"]
)
def test_who_says_a_letter_at_a_time_is_hung_up_on(begin, canary):
    def slowly():
        yield begin
        while True:
            time.sleep(0.1)
            yield b"x"

    canary.answers = lambda method, path: slowly()
    before = time.monotonic()

    with pytest.raises(Unreachable):
        fetch(canary.url(), net=net_of(canary, seconds_in_all=1))

    assert 0.9 < time.monotonic() - before < 2


def test_a_name_that_is_looked_up_for_ever_is_given_up(canary):
    net = net_of(canary, resolver=lambda host, port: time.sleep(5), seconds_in_all=0.3)

    with pytest.raises(Unreachable):
        fetch(canary.url(), net=net)


@pytest.mark.parametrize("said", [b"", b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\xff" * 70000])
def test_what_is_not_http_is_no_answer(said, canary):
    canary.answers = lambda method, path: said

    with pytest.raises(Unreachable):
        fetch(canary.url(), net=net_of(canary))


def test_nothing_there_is_no_answer(canary):
    canary.server.socket.close()

    with pytest.raises(Unreachable):
        fetch(canary.url(), net=net_of(canary))


def test_the_next_address_is_tried_where_the_first_has_nothing(canary):
    net = net_of(
        canary,
        resolver=lambda host, port: ["127.0.0.9", "127.0.0.1"],
        exempt={"127.0.0.9", "127.0.0.1"},
    )

    assert fetch(canary.url(), net=net).status == 200


def test_names_that_nobody_has():
    with pytest.raises(NoSuchName):
        raise_as_looked_up(socket.gaierror(socket.EAI_NONAME, "unknown"))
    with pytest.raises(Unreachable):
        raise_as_looked_up(socket.gaierror(socket.EAI_AGAIN, "later"))


def raise_as_looked_up(error):
    """What becomes of the error with which the system answers; which one it is, nobody can order."""
    with pytest.MonkeyPatch.context() as patch:

        def getaddrinfo(*args, **kwargs):
            raise error

        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        fetching.look_up("works.example", 80)


def test_nobody_but_tests_names_another_net():
    files = [path for app in ("hub", "knowledge") for path in (settings.ROOT / app).rglob("*.py")]
    ours = [path for path in files if "tests" not in path.parts and path.name != "fetching.py"]

    naming = [path.name for path in ours if re.search(r"\bNet\b|\bnet=", path.read_text())]

    assert naming == []


@pytest.fixture
def secure(tmp_path):
    """A site with a certificate, whom to trust to know it, and the names that it was asked for."""
    certificate, key = certificate_for("works.example", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    names = []
    context.sni_callback = lambda line, name, _context: names.append(name)
    with running(Site(tls=context)) as site:
        yield site, lambda: ssl.create_default_context(cafile=certificate), names


def test_a_site_is_asked_for_by_its_name_at_the_address_that_was_looked_up(secure):
    site, trust, names = secure

    fetched = fetch(f"https://works.example:{site.port}/", net=net_of(site, trust=trust))

    assert (fetched.status, names) == (200, ["works.example"])
    assert f"Host: works.example:{site.port}" in site.headers


def test_a_certificate_of_another_name_or_of_nobody_is_not_trusted(secure):
    site, trust, _names = secure

    with pytest.raises(Untrusted):
        fetch(f"https://other.example:{site.port}/", net=net_of(site, trust=trust))
    with pytest.raises(Untrusted):
        fetch(f"https://works.example:{site.port}/", net=net_of(site))
    assert site.asked == []
