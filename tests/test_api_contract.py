"""The API keeps what its description promises: schemathesis asks all that the description allows, and
much that it does not, of the real WSGI application."""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from hub.catalogue.api.page import DESCRIPTION
from hub.catalogue.api.router import viewsets
from tests.api import NAMES, Public, ask, make_public

pytestmark = pytest.mark.django_db

SEED, EXAMPLES = 20261123, 40
HOST = urlsplit(settings.BASE_URL).netloc
# A slug that nothing has is a value that the description cannot rule out: it is 400, in words.
UNDERSTOOD = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "400", "404"])
PROJECT = ProjectConfig(
    checks=ChecksConfig(positive_data_acceptance=UNDERSTOOD),
    generation=GenerationConfig(
        modes=[schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE],
        max_examples=EXAMPLES,
        deterministic=True,
    ),
)


class Served:
    """The application as it is asked behind a proxy, by https and its own name."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()

    def __call__(self, environ, start_response):
        own = {"wsgi.url_scheme": "https", "HTTP_HOST": HOST, "SERVER_PORT": "443"}
        own |= {"HTTP_ACCEPT_ENCODING": "identity"}
        return self._handler(environ | own, start_response)


described = schemathesis.openapi.from_path(
    DESCRIPTION,
    config=SchemathesisConfig(seed=SEED, projects=ProjectsConfig(default=PROJECT)),
)
described.app = Served()
described.config.update(base_url=f"https://{HOST}")


@pytest.fixture
def public(published_files, settings) -> Iterator[Public]:
    """Something of each kind, in a transaction that is not ended between requests."""
    settings.API_IN_TEN_MINUTES = 1_000_000
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield make_public()
    for signal in signals:
        signal.connect(close_old_connections)


@described.parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_they_are_described(case, public):
    case.call_and_validate()


@pytest.mark.parametrize("name", NAMES)
def test_objects_are_as_they_are_described(name, public):
    operation = described[f"/api/v1/{name}/{{id}}/"]["GET"]

    answer = operation.Case(path_parameters={"id": public.ids[name]}).call_and_validate()

    assert answer.status_code == 200


def test_examples_of_parameters_are_understood(starting_content, client):
    faults = {}
    for viewset in viewsets():
        for one in viewset.parameters:
            if one.example:
                answer = ask(client, f"{viewset.slug}/?{one.name}={quote(one.example)}")
                if answer.status_code != 200:
                    faults[viewset.slug, one.name] = answer.content
        assert ask(client, f"{viewset.slug}/?{viewset.example}").status_code == 200

    assert faults == {}
