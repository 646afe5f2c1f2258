"""What a reader finds, for tests of all apps."""

from django.http import QueryDict

from hub.catalogue.filters import RecordFilter
from hub.catalogue.scope import EVERYTHING
from hub.catalogue.search import Results, search


def asked(address: str = "", language: str = "en", scope=EVERYTHING, **parameters) -> Results:
    """The results of an address like ``q=lignite&topic=finance``, or of these parameters."""
    query = QueryDict(address, mutable=True)
    for name, value in parameters.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return search(RecordFilter(query), language, scope)


def titles(results: Results) -> list[str]:
    return [next(iter(record.texts.values()))["title"] for record in results.records]


def refs(words: str, language: str = "en") -> list[str]:
    """The refs of what contains these words, as they were typed."""
    results = asked(q=words, language=language)
    return [] if results.rung else sorted(record.ref for record in results.records)
