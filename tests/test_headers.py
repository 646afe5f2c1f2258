"""What every answer of the hub carries: headers, a language, one heading, and nothing of others."""

import gzip
from collections.abc import Callable, Iterator
from io import StringIO

import brotli
import pytest
import zstandard
from django.apps import apps
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse

from conftest import Browser
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor
from knowledge.models import Resource
from tests.pages import Page, addresses, emails

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
PUBLIC = "public, max-age=0, s-maxage=60"
FOR_MACHINES = ("/healthz", "/readyz", "/robots.txt")
Pages = dict[str, HttpResponse]


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def policy_of(response: HttpResponse) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


@pytest.fixture(scope="module")
def content(published_files, django_db_setup, django_db_blocker) -> Iterator[None]:
    """The real starting content, gone after the last test that looks at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_starter", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rows_before(content) -> dict[str, int]:
    return counts()


@pytest.fixture(scope="module")
def answers(rows_before) -> Pages:
    """Every public address of the starting content, asked once."""
    browser = Browser()
    return {path: browser.get(path) for path in addresses()}


@pytest.fixture(scope="module")
def pages(answers: Pages) -> Pages:
    """Those for people to read."""
    return {
        path: response
        for path, response in answers.items()
        if path not in FOR_MACHINES and not path.startswith("/r/")
    }


@pytest.fixture
def samples(content) -> list[str]:
    """One address of each route."""
    one_each = {}
    for path in addresses():
        one_each.setdefault(path.split("/")[1:][:1][0] + str(path.count("/")), path)
    return [*one_each.values(), "/search/?q=transition", "/resources/?kind=op-ed&page=1"]


def test_every_address_answers(answers):
    wrong = {
        path: response.status_code
        for path, response in answers.items()
        if response.status_code != (302 if path.startswith("/r/") else 200)
    }

    assert wrong == {}
    assert len(answers) > 700


def test_reading_changes_nothing(rows_before, answers):
    assert counts() == rows_before


def test_nobody_gets_a_cookie(answers):
    assert [path for path, response in answers.items() if response.cookies] == []


def test_public_pages_may_be_kept_for_a_minute(pages):
    kept = {
        (response["Cache-Control"], response["Vary"], response.has_header("ETag"))
        for response in pages.values()
    }

    assert kept == {(PUBLIC, "Accept-Encoding", True)}


def test_pages_are_whole(pages):
    faults = {}
    for path, response in pages.items():
        page = Page(response.content.decode())
        found = {
            "headings": page.count("h1"),
            "lang": page.lang,
            "canonical": page.canonical,
            "title": bool(page.title.removesuffix(" – Just Transition Hub").strip()),
            "description": bool(page.description.strip()),
        }
        wanted = {
            "headings": 1,
            "lang": "en",
            "canonical": f"https://hub.example.org{path}",
            "title": True,
            "description": True,
        }
        if found != wanted:
            faults[path] = {name: found[name] for name in found if found[name] != wanted[name]}

    assert faults == {}


def test_pages_hold_no_code_and_ask_nobody_else(pages):
    faults = {}
    for path, response in pages.items():
        page = Page(response.content.decode())
        if found := [*page.inline_code, *page.foreign]:
            faults[path] = found

    assert faults == {}


def test_pages_fetch_what_there_is(pages, client):
    fetched = set().union(*(Page(page.content.decode()).fetched for page in pages.values()))

    assert {url: client.get(url).status_code for url in fetched} == dict.fromkeys(fetched, 200)


def test_no_page_tells_an_address_of_mail(pages):
    found = {path: emails(response.content.decode()) for path, response in pages.items()}

    assert {path: told for path, told in found.items() if told} == {}
