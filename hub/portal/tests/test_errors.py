import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404
from django.test import RequestFactory

from conftest import Browser
from hub.portal import errors
from tests.pages import Page


def error(status: int) -> str:
    """The page of an error, made from nothing but a bare request."""
    request = RequestFactory().get("/")
    handlers = {
        400: lambda: errors.bad_request(request, SuspiciousOperation()),
        403: lambda: errors.permission_denied(request, PermissionDenied()),
        404: lambda: errors.not_found(request, Http404()),
        500: lambda: errors.server_error(request),
    }
    response = handlers[status]()
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_errors_need_no_database(published_files, status):
    """Without a mark for the database any query fails this test."""
    page = Page(error(status))

    found = (page.count("h1"), page.lang, page.robots, page.inline_code, page.foreign)
    assert found == (1, "en", "noindex", [], set())
    assert page.title.endswith(" – Just Transition Hub")


def test_the_last_page_needs_no_files_either(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path

    page = Page(error(500))

    assert (page.count("h1"), page.fetched) == (1, set())


def test_a_failure_shows_nothing_of_its_inside(db, published_files):
    browser = Browser(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE catalogue_record CASCADE")

    response = browser.get("/resources/")

    assert (response.status_code, response.content.decode()) == (500, error(500))
    assert (response["Cache-Control"], dict(response.cookies)) == ("no-store", {})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_pages_are_only_read(db, client, method):
    response = client.generic(method, "/resources/")

    page = Page(response.content.decode())
    answer = (response.status_code, response["Allow"], page.count("h1"), page.robots)
    assert answer == (405, "GET, HEAD", 1, "noindex")


def test_a_form_without_its_token_is_refused_in_words(db, published_files):
    response = Browser(enforce_csrf_checks=True).post("/admin/login/", {"username": "ana"})

    page = Page(response.content.decode())
    assert (response.status_code, page.count("h1"), page.robots) == (403, 1, "noindex")
    assert page.title == "The form was not accepted – Just Transition Hub"


@pytest.mark.parametrize("host", ["evil.example", "hub.example.org@evil.example", "hub..org", ""])
def test_a_foreign_host_is_refused_in_words(published_files, host):
    response = Browser(HTTP_HOST=host, SERVER_NAME="evil.example").get("/")

    assert (response.status_code, response.content.decode()) == (400, error(400))
