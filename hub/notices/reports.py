"""What providers report of letters, read by anymail. It loads the readers of all of them, so whoever
has no provider does without."""

from anymail import urls as anymail_urls
from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.http import HttpRequest

VIEWS = {
    pattern.name: pattern.callback.view_class
    for pattern in anymail_urls.urlpatterns
    if pattern.name and "inbound" not in pattern.name
}

# What the readers of reports stumble over when these are none.
UNREADABLE = (
    *(AttributeError, LookupError, TypeError, ValueError, AssertionError),
    RecursionError,
)


class NotSetUp(Exception):
    """This provider sends no reports, or something that reading them needs is missing."""


class NoSecret(Exception):
    """Whoever sent this does not know the secret."""


class NoReport(Exception):
    """This cannot be read as a report."""


def read(request: HttpRequest, provider: str) -> list[AnymailTrackingEvent]:
    """What is reported in a request."""
    view_class = VIEWS.get(f"{provider}_tracking_webhook") or VIEWS.get(f"{provider}_webhook")
    if not view_class:
        raise NotSetUp
    try:
        view = view_class()
        view.setup(request)
        view.run_validators(request)
    except AnymailWebhookValidationFailure as error:
        raise NoSecret from error
    except AnymailConfigurationError as error:
        raise NotSetUp from error
    try:
        return list(view.parse_events(request))
    except UNREADABLE as error:
        raise NoReport from error
