"""How often one may ask the API: counted in the database as every other limit of the hub."""

from datetime import timedelta
from math import ceil

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from hub import limits
from hub.clients import client_of

WITHIN = timedelta(minutes=10)


class Politely(BaseThrottle):
    """So many questions in ten minutes from one address."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return limits.take(_limit(), client_of(request._request))

    def wait(self) -> int:
        """Seconds until one more question is free."""
        return ceil(WITHIN.total_seconds() / settings.API_IN_TEN_MINUTES)


def _limit() -> limits.Limit:
    return limits.Limit("api", settings.API_IN_TEN_MINUTES, WITHIN)
