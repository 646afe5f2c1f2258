"""What tests of the post share: templates that let through all they are given, and a mail server."""

from pathlib import Path

import pytest

from hub.notices.tests import sink as post

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def _trial_templates(settings) -> None:
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]


@pytest.fixture
def by_smtp(settings):
    """Sets the port of the mail server that letters go to."""
    settings.EMAIL_BACKEND = "hub.notices.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = post.HOST, 1

    def to(port: int) -> None:
        settings.EMAIL_PORT = port

    return to
