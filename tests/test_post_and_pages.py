"""Pages that send mail write it down and answer: no mail server can make them wait."""

import time
from collections.abc import Iterator

import pytest

from conftest import Browser
from hub.accounts.tests.acting import make_member, sign_up
from hub.members import requests
from hub.notices.models import Message
from hub.notices.tests import sink as post
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from hub.tests.stamps import stamped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
LONGEST = 0.5  # seconds


@pytest.fixture
def hanging_server(settings) -> Iterator[None]:
    """A mail server that takes connections and never says a word."""
    settings.EMAIL_BACKEND = "hub.notices.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with post.hanging() as port:
        settings.EMAIL_PORT = port
        yield


def ask_for_reset():
    make_member()
    return lambda: Browser().post("/account/password/reset/", {"email": "ana@example.org"})


def make_an_account():
    return lambda: sign_up(Browser(), "new@example.org")


def write_to_a_person():
    make_person("Ana", slug="ana", email="ana@example.org")
    told = {"name": "Ben", "email": "ben@example.org", "words": "Hello"}
    told["shown"] = stamped("LetterForm")
    return lambda: Browser().post("/people/ana/write/", told)


def ask_for_a_role():
    own, asker = make_organisation(slug="cvi"), make_member()
    make_editor(own)
    return lambda: requests.ask(asker, own, "I work there.")


@pytest.mark.parametrize(
    "prepare", [ask_for_reset, make_an_account, write_to_a_person, ask_for_a_role]
)
def test_a_page_that_sends_mail_does_not_wait_for_the_mail_server(hanging_server, prepare):
    act = prepare()
    Browser().get("/account/login/")  # what is loaded once is loaded

    begun = time.perf_counter()
    act()
    taken = time.perf_counter() - begun

    assert Message.objects.filter(state=Message.State.WAITING).exists()
    assert taken < LONGEST
