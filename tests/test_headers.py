"""What every answer of the hub carries, asked of the real starting content: headers, a language, one
heading, nothing of others."""

import gzip
from collections.abc import Iterator

import brotli
import pytest
import zstandard
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from conftest import Browser
from hub.catalogue.models import KeptPage, UsageDay, UsageReader, UsageSalt
from hub.catalogue.sources import ref_of
from hub.models import Allowance
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor
from hub.uploading import INERT
from knowledge.models import Cover, Resource
from knowledge.tests.factories import make_cover
from tests.pages import Page, addresses, emails, is_data, sample

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
CLOSED = {"camera", "display-capture", "fullscreen", "geolocation", "microphone", "payment", "usb"}
PUBLIC = "public, max-age=0, s-maxage=60"
FOR_MACHINES = ("/healthz", "/readyz", "/oai", "/search/suggestions/")
NO_PAGES = (
    *(".webp", ".atom", ".pdf", ".ics", ".json", ".xml", ".txt", ".webmanifest"),
    *(".bib", ".ris", ".csv"),
    "/offline.html",
)
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "zstd": zstandard.decompress}


def row_counts() -> dict[str, int]:
    """How many rows each table has, but for the things that reading may change: the pages that are
    kept once they were read, how often a work is, and how often a program has asked."""
    of_reading = (Allowance, KeptPage, UsageDay, UsageReader, UsageSalt)
    models = [model for model in apps.get_models() if model not in of_reading]
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.fixture(scope="module")
def content(starting_content, django_db_blocker) -> Iterator[dict[str, int]]:
    """The number of rows of the real starting content, in which one work has a cover."""
    with django_db_blocker.unblock():
        make_cover(Resource.objects.public().first(), size=(500, 900))
        yield row_counts()


@pytest.fixture(scope="module")
def answers(content) -> dict[str, HttpResponse]:
    """What every public address answers."""
    browser = Browser()
    return {path: browser.get(path) for path in addresses()}


@pytest.fixture(scope="module")
def pages(answers) -> dict[str, Page]:
    """Those for people to read."""
    return {
        path: Page(response.content.decode())
        for path, response in answers.items()
        if path not in FOR_MACHINES
        and not path.startswith("/r/")
        and not is_data(path)
        and not path.endswith(NO_PAGES)
    }


def test_every_address_answers(answers):
    statuses = {path: response.status_code for path, response in answers.items()}

    wanted = {path: 302 if path.startswith("/r/") else 200 for path in statuses}
    assert statuses == wanted
    assert len(statuses) > 600


def test_reading_changes_nothing(content, answers):
    assert row_counts() == content


def test_reading_counts_one_view_of_each_work_and_of_nothing_else(content, answers):
    counted = UsageDay.objects.values_list("record", "metric", "count")

    assert sorted(counted) == sorted(
        (ref_of(work), "view", 1) for work in Resource.objects.public()
    )


def test_readers_get_no_cookie_but_with_a_form_to_send(answers, pages):
    cookies = {path: set(response.cookies) for path, response in answers.items()}

    assert {path for path in cookies if cookies[path]} == forms_among(pages)
    assert set().union(*cookies.values()) == {settings.CSRF_COOKIE_NAME}


def forms_among(pages: dict[str, Page]) -> set[str]:
    """The pages with a form to send, which nobody keeps."""
    return {
        path
        for path, page in pages.items()
        if any(form.get("method") == "post" for form in page.all("form"))
    }


def test_pages_may_be_kept_for_a_minute(answers, pages):
    forms = forms_among(pages)
    kept = {
        (answers[path]["Cache-Control"], answers[path]["Vary"]) for path in pages.keys() - forms
    }

    assert kept == {(PUBLIC, "Save-Data, Accept-Encoding")}
    assert {answers[path]["Cache-Control"] for path in forms} == {"private, no-store"}


def test_pages_are_whole(pages, client):
    faults = {}
    for path, page in pages.items():
        own_title = page.title.removesuffix("Just Transition Hub").strip(" –")
        found = (page.count("h1"), page.lang, page.canonical)
        own = path.removeprefix("/embed")
        if own != path:  # what is shown in a frame on other sites is the page on ours
            own = own.removesuffix("programme/")
            own = client.get(own).headers.get("Location", own)  # that of a meeting is its own
        if found != (1, "en", f"https://hub.example.org{own}"):
            faults[path] = found
        if not own_title or not page.description.strip():
            faults[path] = (page.title, page.description)

    assert faults == {}


def test_pages_hold_no_code_and_ask_nobody_else(pages):
    found = {path: [*page.inline_code, *page.foreign] for path, page in pages.items()}

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_pages_fetch_what_there_is(pages, client):
    fetched = set().union(*(page.fetched for page in pages.values()))

    assert {url: client.get(url).status_code for url in fetched} == dict.fromkeys(fetched, 200)


def test_pages_tell_no_address_of_mail(answers):
    found = {
        path: emails(response.content.decode(errors="replace"))
        for path, response in answers.items()
    }

    # The hub's own, for programs and for who finds a weakness.
    own = {"/.well-known/security.txt": [settings.CONTACT_EMAIL]}
    assert {path: told for path, told in found.items() if told} == own


def ask(name: str, client: Client) -> HttpResponse:
    """Each sort of answer that the hub gives."""
    if name == "failure":
        client.raise_request_exception = False
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE catalogue_record CASCADE")
        return client.get("/")
    if name == "unchanged":
        return client.get("/", headers={"If-None-Match": client.get("/")["ETag"]})
    if name == "refused form":
        return Browser(enforce_csrf_checks=True).post("/admin/login/")
    if name == "wrong host":
        return client.get("/", headers={"Host": "evil.example"})
    paths = {
        "page": "/",
        "cover": Cover.objects.first().as_picture().sizes[0].url,
        "short address": f"/r/{Resource.objects.first().public_id}/",
        "missing slash": "/resources",
        "missing page": "/nothing/",
        "too much": "/resources/?" + "topic=a&" * 5000,
        "stylesheet": staticfiles_storage.url("css/main.css"),
        "missing file": "/static/nothing.css",
        "health": "/healthz",
        "readiness": "/readyz",
        "robots": "/robots.txt",
        "sign-in": "/account/login/",
        "desk": "/admin/",
    }
    return client.post("/") if name == "wrong method" else client.get(paths[name])


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("page", 200),
        ("unchanged", 304),
        ("short address", 302),
        ("cover", 200),
        ("missing slash", 301),
        ("missing page", 404),
        ("too much", 400),
        ("wrong host", 400),
        ("wrong method", 405),
        ("refused form", 403),
        ("failure", 500),
        ("stylesheet", 200),
        ("missing file", 404),
        ("health", 200),
        ("readiness", 200),
        ("robots", 200),
        ("sign-in", 200),
        ("desk", 302),
    ],
)
def test_every_answer_is_guarded(content, client, name, status):
    response = ask(name, client)

    rules = response["Content-Security-Policy"]
    policy = dict(rule.partition(" ")[::2] for rule in rules.split("; "))
    features = set(response["Permissions-Policy"].split(", "))
    assert response.status_code == status
    assert policy == POLICY if name != "cover" else rules == INERT
    wanted = HEADERS | ({"Referrer-Policy": "same-origin"} if name == "sign-in" else {})
    assert {header: response.headers.get(header) for header in HEADERS} == wanted
    assert {f"{feature}=()" for feature in CLOSED} <= features
    assert "Server" not in response.headers


@pytest.mark.parametrize("name", ["missing page", "too much", "wrong host", "wrong method"])
def test_errors_are_kept_by_nobody_and_set_no_cookie(content, client, name):
    response = ask(name, client)

    assert (response["Cache-Control"], dict(response.cookies)) == ("no-store", {})


def test_http_leads_to_https_before_anything_else(content, client):
    plain = Client(HTTP_HOST="hub.example.org")

    response = plain.get("/resources/?q=lignite")

    wanted = "https://hub.example.org/resources/?q=lignite"
    assert (response.status_code, response["Location"]) == (301, wanted)
    assert plain.get("/healthz").status_code == 200


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip", "zstd"])
def test_pages_travel_small_and_once(content, client, encoding):
    for path in ("/", "/resources/?kind=op-ed"):
        whole = client.get(path)

        response = client.get(path, headers={"Accept-Encoding": encoding})
        again = client.get(
            path, headers={"Accept-Encoding": encoding, "If-None-Match": response["ETag"]}
        )

        decode = DECODERS.get(encoding, bytes)
        assert decode(response.content) == whole.content
        assert response.get("Content-Encoding", "identity") == encoding
        assert response["Vary"] == "Save-Data, Accept-Encoding"
        assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", PUBLIC)


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip"])
def test_files_travel_small_and_are_kept_for_ever(client, encoding):
    url = staticfiles_storage.url("css/main.css")
    whole = b"".join(client.get(url).streaming_content)

    response = client.get(url, headers={"Accept-Encoding": encoding})

    decode = DECODERS.get(encoding, bytes)
    assert decode(b"".join(response.streaming_content)) == whole
    assert response.get("Content-Encoding", "identity") == encoding
    assert response["Cache-Control"] == "max-age=315360000, public, immutable"


def test_a_public_page_does_not_know_who_reads_it(content, pages, client):
    browser = Browser()
    browser.force_login(make_editor(Organisation.objects.implementing()[0], name="Ana Canary"))

    differing = []
    for path in set(sample()) - forms_among(pages):
        read, signed_in = client.get(path), browser.get(path)
        if (read.content, dict(read.headers)) != (signed_in.content, dict(signed_in.headers)):
            differing.append(path)

    assert differing == []


def test_the_desk_is_kept_by_nobody(content, client):
    client.force_login(make_editor(Organisation.objects.implementing()[0]))

    kept = {}
    for path in ("/admin/", "/admin/knowledge/resource/"):
        response = client.get(path)
        directives = set(response["Cache-Control"].split(", "))
        kept[path] = (response.status_code, directives >= {"private", "no-store"})

    assert kept == dict.fromkeys(kept, (200, True))


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Port": "81"},
        {"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil"},
        {"X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"Accept-Language": "es,de;q=0.5", "Accept": "application/json"},
        {"User-Agent": "<script>canary</script>", "Referer": "https://evil.example/"},
        {"Cookie": "django_language=es; sessionid=canary; __Host-session=canarycanary"},
        {"Origin": "https://evil.example", "X-Requested-With": "XMLHttpRequest"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_headers_of_a_request_change_no_page(content, client, headers):
    for path in ("/", "/resources/?kind=op-ed", "/nothing/", "/resources"):
        read = client.get(path)

        response = client.get(path, headers=headers)

        assert (response.status_code, response.content) == (read.status_code, read.content)
        assert dict(response.headers) == dict(read.headers)


def test_who_saves_data_gets_no_webfont_and_caches_know_it(content, client):
    full, lean, off = (
        client.get("/", headers={"Save-Data": said} if said else {}) for said in ("", "on", "off")
    )

    assert any(url.endswith(".woff2") for url in Page(full.content.decode()).fetched)
    assert not any(url.endswith(".woff2") for url in Page(lean.content.decode()).fetched)
    assert Page(lean.content.decode()).all("html")[0]["class"] == "lean"
    assert off.content == full.content
    assert full["ETag"] != lean["ETag"]
    assert {"Save-Data" in answer["Vary"] for answer in (full, lean)} == {True}
