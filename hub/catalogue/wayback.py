"""The way from a work back to the list in which it was found, with all that was chosen there.

It stands in the address, ``?back=/resources/?topic=finance``, so that it needs neither a cookie nor
a script, and caches may keep the page.
"""

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from hub.catalogue.filters import PARAMETERS

PARAMETER = "back"
LISTS = ("knowledge:resource_list", "portal:search")
KEPT = frozenset(PARAMETERS)
MAX_LENGTH = 1000


def mark(address: str) -> str:
    """What the links of a list add to theirs; nothing where nothing was chosen or searched for."""
    is_worth_it = "?" in address and len(address) <= MAX_LENGTH
    return f"?{urlencode({PARAMETER: address})}" if is_worth_it else ""


def way_back(request: HttpRequest) -> str:
    """The list from which this page was opened, or an empty text. Only the hub's own lists are
    led to, whatever the address says."""
    given = request.GET.get(PARAMETER, "")
    path, _mark, query = given.partition("?")
    if len(given) > MAX_LENGTH or path not in {reverse(name) for name in LISTS}:
        return ""
    kept = QueryDict(mutable=True)
    for name, values in QueryDict(query).lists():
        if name in KEPT and any(values):
            kept.setlist(name, values)
    return f"{path}?{kept.urlencode()}" if kept else ""
