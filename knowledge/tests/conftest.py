"""Files go to a folder of each test's own, and an editor is at the desk."""

from pathlib import Path

import pytest
from django.test import Client

from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_organisation


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def own() -> Organisation:
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def editor(client, own) -> Client:
    """The browser of an editor of ours."""
    client.force_login(make_editor(own))
    return client
