"""Pages that partners show on their own sites, in a frame."""

from collections.abc import Callable
from functools import wraps

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the sites of partners that ``EMBED_ORIGINS`` names, and nobody else, show the answer of a
    view in a frame."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        allowed = settings.EMBED_ORIGINS or [NONE]
        shown = csp_replace({"frame-ancestors": allowed})(view)
        return xframe_options_exempt(shown)(request, *args, **kwargs)

    return answered
