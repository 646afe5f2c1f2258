"""What a list says of its search: other words that were looked for, and what was done for want of hits."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.catalogue.filters import RecordFilter
from hub.catalogue.search import Results
from hub.vocabulary.labels import Label, matching

SHOWN_OTHERS = 8
NEAR_TERMS = 6
WITHOUT_FACETS = {
    **dict.fromkeys(
        ("topic", "kind", "language", "place", "sector", "audience", "publisher"), None
    ),
    "from_year": None,
    "to_year": None,
}


@dataclass(frozen=True)
class OtherWord:
    text: str
    language: str


class SoughtNotes:
    """``url`` makes the address of the list with some of it changed."""

    def __init__(
        self, results: Results, filters: RecordFilter, language: str, url: Callable[..., str]
    ) -> None:
        self._results, self._filters, self._language, self._url = results, filters, language, url

    @property
    def rung(self) -> str:
        return self._results.rung

    @property
    def instead(self) -> str:
        return self._results.instead

    @property
    def instead_url(self) -> str:
        return self._url(q=self._results.instead)

    @property
    def elsewhere(self) -> int:
        return self._results.elsewhere

    @property
    def elsewhere_url(self) -> str:
        return self._url(**WITHOUT_FACETS)

    @property
    def others(self) -> list[OtherWord]:
        """The other words for what was asked, those of the reader's language first."""
        if self._results.rung or not self._results.query:
            return []
        found = [
            OtherWord(words, language)
            for others in self._results.query.others(self._filters.known.terms)
            for language, words in others.words
        ]
        return sorted(found, key=lambda word: word.language != self._language)

    @property
    def first_others(self) -> list[OtherWord]:
        return self.others[:SHOWN_OTHERS]

    @property
    def more_others(self) -> int:
        return len(self.others[SHOWN_OTHERS:])

    @property
    def others_url(self) -> str:
        return self._url(exact=None if self._filters.is_exact else "1")

    @property
    def has_many_words(self) -> bool:
        return len(self._results.query.wanted) > 1

    @property
    def terms(self) -> list[Label]:
        """Topics, sectors and places of which a name has one of the words."""
        words = self._results.query.telling
        found = [label for word in words for label in matching(word, self._language, NEAR_TERMS)]
        return list({label.id: label for label in found}.values())[:NEAR_TERMS]

    @property
    def is_capped(self) -> bool:
        """Whether there are more hits than are ranked."""
        return self._filters.sort == "relevance" and self._results.total > self._results.ranked

    @property
    def ranked(self) -> int:
        return self._results.ranked
