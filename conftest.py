"""What all tests share: a reader's browser, and the static files as they are published."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.base import Template
from django.template.context import Context
from django.test import Client, TransactionTestCase, override_settings
from pytest_django import DjangoDbBlocker
from whitenoise import WhiteNoise

from hub.tests.queue import empty_the_queue
from tests.databases import connected_to, copy_database, delete_all_rows, note_changes_from


@pytest.fixture(autouse=True)
def _no_jobs_left(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A test that commits clears its jobs away; Django's flush passes over their tables."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        with django_db_blocker.unblock():
            empty_the_queue()


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """The real hash takes half a second on purpose, for each account that a test makes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _desk_without_second_step(settings) -> None:
    """Tests that are about something else need no second step for the desk; its own switch it on."""
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture(scope="session", autouse=True)
def _uploads_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests upload stays apart from what people have."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Browser(Client):
    """Speaks https to the hub's own host, as everybody does after the first redirect, and says what
    it is: who does not is taken for a robot, which nobody counts as a reader."""

    def __init__(self, **defaults: str) -> None:
        own = {"HTTP_HOST": urlsplit(settings.BASE_URL).netloc, "HTTP_USER_AGENT": FIREFOX}
        super().__init__(**own | defaults)

    def request(self, **request: object) -> HttpResponse:
        return super().request(**request | {"wsgi.url_scheme": "https", "SERVER_PORT": "443"})


@pytest.fixture(scope="session", autouse=True)
def _rows_are_deleted_where_there_are_some() -> Iterator[None]:
    """Behind a test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: delete_all_rows())
        yield


@pytest.fixture(scope="session", autouse=True)
def _files_are_looked_for_once() -> Iterator[None]:
    """Each browser of a test begins with middleware of its own, whose WhiteNoise would look at all
    published files anew: half the time of a page."""
    known: dict[tuple[str, str], dict] = {}
    look = WhiteNoise.update_files_dictionary

    def look_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            others, self.files = self.files, {}
            look(self, root, prefix)
            known[root, prefix], self.files = self.files, others
        self.files.update(known[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _whole_pages_are_noted_alone(django_test_environment: None) -> Iterator[None]:
    """Django notes for tests each template that it fills in, with a copy of what it was filled in
    with: on a form of the desk thousands, one for each choice of each field. Tests ask for those of
    pages."""
    fill_in_and_note = Template._render

    def fill_in(self: Template, context: Context) -> str:
        is_page = context.template is self and not (self.name or "").startswith("django/forms/")
        return fill_in_and_note(self, context) if is_page else self.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", fill_in)
        yield


@pytest.fixture(scope="session")
def published_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The static files, collected once by the real storage, so that pages name real addresses."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield root


@pytest.fixture
def client(published_files: Path) -> Browser:
    """The browser of a visitor."""
    return Browser()


@pytest.fixture(scope="session")
def starter_database(
    published_files: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> str:
    """The name of a database with the real starting content, beside the tests' own."""
    with django_db_blocker.unblock():
        # pytest-django makes the tests' database for tests marked django_db, and only for them.
        own = connection.settings_dict["NAME"]
        assert own.startswith("test_")
        starter = copy_database(f"{own}_starter")
        with connected_to(starter):
            call_command("load_starter", stdout=StringIO())
            note_changes_from(1_000_000)
    return starter


@pytest.fixture(scope="module")
def starting_content(starter_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real starting content for the tests of a module, each of which takes back what it does. None
    of them may be one that commits: it would wait for this transaction."""
    with django_db_blocker.unblock(), connected_to(starter_database), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def committed_starting_content(starter: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real starting content, committed: for a running hub, which has connections of its own. It
    is a copy, so nothing has to be cleared away behind."""
    with blocker.unblock(), connected_to(starter):
        copy = copy_database(f"{starter}_shown")
        with connected_to(copy):
            yield
