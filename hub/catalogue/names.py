"""Which terms are called by the words that somebody typed."""

import re
from collections import defaultdict

from hub.catalogue.textsearch import as_words
from hub.slugs import fold
from hub.vocabulary.snapshot import Vocabulary

WORD = re.compile(r"\w+")


class Names:
    """All that the terms of a vocabulary are called, by the words of it."""

    def __init__(self, terms: Vocabulary) -> None:
        self.version = terms.version
        self._ids: dict[str, set[int]] = defaultdict(set)
        for pk, by_language in terms.names.items():
            for name in by_language.values():
                for words in name.words:
                    self._ids[_plain(words)].add(pk)
        self._having: dict[str, list[str]] = defaultdict(list)
        for name in self._ids:
            for word in set(name.split()):
                self._having[word].append(name)

    def having(self, words: str) -> set[int]:
        """The terms of which a name has these words side by side; in scripts without spaces, these
        letters."""
        plain = _plain(words)
        names = min((self._having.get(word, []) for word in plain.split()), key=len, default=[])
        return {pk for name in names if f" {plain} " in f" {name} " for pk in self._ids[name]}


_current = Names(Vocabulary("none yet"))


def terms_called(words: str, terms: Vocabulary) -> set[int]:
    """The terms of which a name or other word, in any language, has these words side by side."""
    global _current
    names = _current  # another thread may set another one meanwhile
    if names.version != terms.version:
        names = _current = Names(terms)
    return names.having(words)


def _plain(text: str) -> str:
    return " ".join(WORD.findall(fold(as_words(text))))
