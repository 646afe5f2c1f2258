"""Whatever stands in an address, the hub answers with a page in words, and never with a failure."""

import random
import unicodedata
from urllib.parse import quote, unquote_to_bytes, urlencode

import pytest
from django.http import HttpResponse

from conftest import Browser
from hub.languages import WORK_LANGUAGES
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge.tests.factories import make_resource
from tests.pages import DATA, Page, is_data, is_form, routes, sample

pytestmark = pytest.mark.django_db

LISTS = ["/resources/", "/search/", "/events/"]
SUGGESTIONS = "/search/suggestions/"
HARVEST = "/oai"  # may be asked by POST, says when it did: its protocol has tests of its own
FACETS = ["topic", "kind", "language", "place", "sector", "audience", "publisher", "from", "to"]
ODD = [
    *("", "%00", "a%00b", "%FF%FE", "%ED%A0%80", "%C0%AF", "%F0%9F%8F%AD", "%E2%80%AE%D9%81"),
    *("'", "%27--", "%22", "%26", "%7C", "!", ":*", "%3C-%3E", "%5C", "%25", "_", "(", ")", "-"),
    *(
        "-%22",
        "%22just",
        "-the",
        "the+of+a",
        "or",
        "or+or+or",
        "-a+-b",
        "a%3A%2A+%26+b",
        "a+%3C-%3E+b",
    ),
    *(
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "{{7*7}}",
        "..%2F..%2Fetc%2Fpasswd",
        "%0D%0ASet-Cookie:a",
    ),
    *("0", "-1", "99999999999", "1e9", "NaN", "NULL", "%D9%A2", "%C2%B2", "2023.0", "+2023"),
]
LONG = [
    "x" * 10_000,
    "transición " * 900,
    "%00" * 3_000,
    "x" * 1_000_000,
    "-" * 400,
    "-<" * 99,
    "-_²" * 66,
    '"a" ' * 300,
]
PAGES = {
    **dict.fromkeys(["1", "01", ""], 200),
    **dict.fromkeys(["2", "-1", "0", "99999999", "1" + 30 * "0", "abc", "1.0", "%D9%A1"], 404),
    **dict.fromkeys(["%00", "+1", "%C2%B9", "1%00", "%EF%BC%91"], 404),
}


@pytest.fixture(autouse=True)
def content() -> None:
    country = make_term("Spain", Scheme.PLACE)
    terms = (make_term("Finance"), make_term("Steel", Scheme.SECTOR), country)
    make_resource("Finance for Asturias", terms=terms, publishers=("Desk",))
    make_organisation()


def faults_of(response: HttpResponse, *statuses: int) -> list[str]:
    """What is wrong with an answer that should be a page in words."""
    if response.status_code not in statuses:
        return [f"answers {response.status_code}"]
    if response.status_code < 300 and not response["Content-Type"].startswith("text/html"):
        return []
    if response.status_code in (301, 302):
        return [] if response["Location"].startswith("/") else [response["Location"]]
    page = Page(response.content.decode())
    faults = [*page.inline_code, *page.foreign]
    if response.request["PATH_INFO"] == SUGGESTIONS and response.status_code == 200:
        return faults  # a part of a page
    return faults if page.count("h1") == 1 else [*faults, "has not one heading"]


def asked(client: Browser, path: str, query: str) -> HttpResponse:
    return client.generic("GET", path, QUERY_STRING=query)


@pytest.mark.parametrize("name", ["q", "page", "sort", *FACETS])
def test_lists_understand_or_leave_out(client, name):
    faults = {}
    for path in LISTS:
        for value in [*ODD, *(LONG if name in ("q", "topic", "publisher") else [])]:
            response = asked(client, path, f"{name}={value}")
            if found := faults_of(
                response, 404 if name == "page" and value not in ("", "1") else 200
            ):
                faults[path, value[:40]] = found

    assert faults == {}


@pytest.mark.parametrize(("page", "status"), PAGES.items())
def test_only_pages_that_exist_are_pages(client, page, status):
    for path in LISTS:
        assert faults_of(asked(client, path, f"page={page}"), status) == []


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("&".join(f"topic=t{number}" for number in range(300)), {200}),
        ("&".join(f"publisher=p{number}" for number in range(900)), {200}),
        ("&".join(f"x{number}=1" for number in range(5_000)), {200, 400}),
        ("topic=a&" * 5_000, {200, 400}),
        ("&&&;;;===%%%&q&=a&q=&q=b&q=%", {200}),
        ("q[]=a&q[$ne]=b&topic[0]=c&__proto__=d&_encoding=utf-16", {200}),
        ("%00=%00&%FF=%FE", {200}),
        (urlencode(dict.fromkeys(["q", "sort", *FACETS], "\x00")), {200}),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_every_address_bears_any_query(client, query, statuses):
    paths = [path for path in sample() if not is_data(path)]
    found = {path: faults_of(asked(client, path, query), *statuses, 302) for path in paths}

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "odd",
    [
        *("%00", "a%00b", "%FF%FE", "%ED%A0%80", "%C0%AE%C0%AE", "%F0%9F%8F%AD", "%E2%80%AE", "'"),
        *("..", "%2e%2e%2f", "a%2Fb", "%3Cscript%3E", "%0D%0ASet-Cookie:a=b", "a b", "%25", "~"),
        *("x" * 5_000, "-", "__", "ünïcode", "{{7*7}}", "%5C..%5C", ";", "a;b=c", "%20"),
    ],
)
def test_an_odd_path_is_no_page(client, odd):
    path = unquote_to_bytes(odd.encode()).decode("latin-1")
    found = {}
    pages = {route for route in routes() if not is_data(route)}
    for route in {"/", "//evil.example/", "/static/", "/es/", *pages} - {"/api/v1/"}:
        stem = route.partition("<")[0]
        response = client.generic("GET", "/", PATH_INFO=f"{stem}{path}/")
        if faults := faults_of(response, 404):
            found[route] = faults

    assert found == {}


def read_only() -> list[str]:
    return [
        path for path in sample() if not is_form(path) and not is_data(path) and path != HARVEST
    ]


def test_the_head_of_a_page_is_that_of_the_page(client):
    for path in read_only():
        page, head = client.get(path), client.head(path)

        assert (head.status_code, head.headers) == (page.status_code, page.headers)
        assert head.content == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_address_can_be_written_to(client, method):
    answers = {path: client.generic(method, path) for path in read_only()}

    found = {
        path: (response.status_code, response.get("Allow")) for path, response in answers.items()
    }
    assert found == dict.fromkeys(found, (405, "GET, HEAD"))
    assert {Page(response.content.decode()).count("h1") for response in answers.values()} == {1}


def anything(chance: random.Random) -> str:
    """Letters of all scripts with signs that mean something to a search."""
    signs = ['"', "-", " ", "or", "'", "&", "|", "!", "(", ")", ":*", "<->", "\\", "%", "just"]
    pieces = []
    for _ in range(chance.randint(1, 12)):
        sign = chr(chance.randrange(1, 0x110000))
        usable = unicodedata.category(sign) != "Cs"
        pieces.append(chance.choice(signs) if chance.random() < 0.5 or not usable else sign)
    return "".join(pieces)


def test_anything_can_be_searched_for(client):
    chance = random.Random(2026)

    failed = {}
    for _ in range(500):
        words = anything(chance)
        response = client.get(f"/search/?q={quote(words)}")
        if response.status_code != 200:
            failed[words] = response.status_code

    assert failed == {}


@pytest.mark.parametrize(
    ("query", "notices"),
    [
        ("q=finance&kind=report&from=1999&publisher=desk&language=en&sort=title", []),
        ("utm_source=letter&fbclid=1", []),
        ("topic=", []),
        ("topic=dragons", ["We left out “dragons”: there is no such topic here."]),
        ("kind=evil", ["We left out “evil”: there is no such kind here."]),
        ("language=xx", ["We left out “xx”: there is no such language here."]),
        ("place=atlantis", ["We left out “atlantis”: there is no such place here."]),
        ("sector=magic", ["We left out “magic”: there is no such sector here."]),
        ("publisher=nobody", ["We left out “nobody”: there is no such publisher here."]),
        ("from=abc", ["We left out “abc”: there is no such year here."]),
        ("from=99999999999", ["We left out “99999999999”: there is no such year here."]),
        ("from=%D9%A2%D9%A0%D9%A2%D9%A3", ["We left out “٢٠٢٣”: there is no such year here."]),
        ("kind=report%00", ["We left out “report�”: there is no such kind here."]),
        ("sort=evil", ["We left out “evil”: there is no such order here."]),
        (f"q={'x' * 201}", ["We searched for the first 200 characters of your text."]),
        (
            "&".join(f"language={code}" for code in sorted(WORK_LANGUAGES)[:35]),
            ["We used the first 30 choices of language."],
        ),
        (
            "kind=a&kind=b&kind=c&kind=d",
            [
                "We left out “a”: there is no such kind here.",
                "We left out “b”: there is no such kind here.",
                "We left out 2 more.",
            ],
        ),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_lists_say_what_they_left_out(client, query, notices):
    for path in LISTS:
        response = asked(client, path, query)

        assert response.context["notices"] == notices
        assert all(notice in response.content.decode() for notice in notices)


def test_what_was_asked_for_is_shown_as_text_alone(client):
    sent = quote("\"><script>alert('canary')</script>")

    for path in LISTS:
        for name in ("q", "sort", "topic", "publisher"):
            page = Page(asked(client, path, f"{name}={sent}").content.decode())

            scripts = [script.get("type") for script in page.all("script")]
            assert (page.inline_code, scripts) == ([], [DATA, "module"])
