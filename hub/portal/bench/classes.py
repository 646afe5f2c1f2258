"""What is asked: for each class of question many addresses, all of them different.

They are made from a sample of the works, so that each finds what its class promises, and where the
sample does not tell enough, from counts by the database itself.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from math import ceil
from random import Random
from urllib.parse import urlencode

from django.db import connection

from hub.catalogue.hits import RANKED, RANKED_ALL
from hub.catalogue.names import terms_called
from hub.catalogue.search import DEEPEST, PAGE_SIZE
from hub.catalogue.sources import RecordDraft
from hub.portal.bench.corpus import Corpus
from hub.portal.bench.words import WORD, lexicon
from hub.slugs import fold
from hub.vocabulary.snapshot import vocabulary

LIBRARY = "/resources/"
POOL = 400  # addresses of a class
SAMPLE = 3000  # works
COMMON = (0.2, 0.4)  # of all records

# From so many records on goals are others, and most classes have none.
MANY = 1_000_000
GOALS_OF_MANY = {"browse": 10, "rare": 10, "facet": 10, "facets": 10, "common": 25}

# In how many records a word is, or a phrase in quotation marks.
Count = Callable[[str], int]


@dataclass(frozen=True)
class QueryClass:
    """Addresses of one kind. The first time one is asked may cost ``goal`` times the floor. Each
    promises from ``least`` to ``most`` hits; ``meant`` is the word that a mistyped one stands for."""

    name: str
    title: str
    goal: float
    addresses: list[str]
    least: int = 1
    most: int | None = None
    meant: dict[str, str] = field(default_factory=dict)

    def goal_among(self, records: int) -> float | None:
        """The goal where there are so many records, if there is one."""
        return self.goal if records < MANY else GOALS_OF_MANY.get(self.name)

    def promises(self, hits: int) -> bool:
        return self.least <= hits and (self.most is None or hits <= self.most)


class Sample:
    """Some of the works, and in how many of them each word is."""

    def __init__(self, works: Corpus) -> None:
        self.works, self.size = works, min(works.count, SAMPLE)
        self.drafts = [works.draft(number) for number in range(self.size)]
        self.words: dict[str, Counter[str]] = {}
        self.texts: dict[str, list[list[str]]] = {}
        for draft in self.drafts:
            [(language, text)] = draft.texts.items()
            found = WORD.findall(f"{text.title} {text.summary} {text.body}".lower())
            self.texts.setdefault(language, []).append(found)
            self.words.setdefault(language, Counter()).update(set(found))

    def between(self, language: str, least: float, most: float, length: int = 4) -> list[str]:
        """The words that this share of all works has, in the order of the alphabet."""
        low, high = least * self.size, max(most * self.size, 1)
        return sorted(
            word
            for word, count in self.words.get(language, {}).items()
            if low <= count <= high and len(word) >= length
        )


class Questions:
    """Makes the classes, one after the other, from one sample."""

    def __init__(self, sample: Sample, count: Count) -> None:
        self.sample, self.total = sample, sample.works.count
        self._count, self._random = count, Random("questions")

    def browse(self) -> QueryClass:
        """The list without any question: its first pages, in each of its orders."""
        pages = range(1, min(50, self.total // PAGE_SIZE) + 1)
        orders = (None, "oldest", "title")
        found = [_address(page=page, sort=order) for page in pages for order in orders]
        return QueryClass("browse", "browse", 3, self._some(found), least=self.total)

    def rare(self) -> QueryClass:
        """Words that few works have."""
        few = max(3, round(0.003 * self.total))
        found = self._counted(self._plain_words(0, 0.001, length=5), 1, few)
        return QueryClass("rare", "rare word", 3, [_address(q=word) for word in found], 1, few)

    def common(self) -> QueryClass:
        """Words that about 30 % of all works have."""
        found = [_address(q=word) for word in self._common]
        return QueryClass("common", "common word", 10, found, *self._share(*COMMON))

    def two_words(self) -> QueryClass:
        """Two words that a work has both, and many more works have one of."""
        known = set(self.sample.between("en", 0.02, 0.15))
        pairs = set()
        for text in self.sample.texts["en"]:
            told = sorted(known.intersection(text))
            pairs |= {tuple(self._random.sample(told, 2)) for _ in range(5) if len(told) > 1}
        found = _questions(f"{one} {other}" for one, other in pairs)
        return QueryClass("two", "two words", 5, self._some(found))

    def named(self) -> QueryClass:
        """Words that name a topic, sector or place, which find what bears it and its other names."""
        known = [word for language in self.sample.words for word in self.sample.words[language]]
        found = {word for word in known if len(word) > 3 and fold(word) in vocabulary().phrases}
        return QueryClass("named", "name of topic", 10, self._some(_questions(found)))

    def phrase(self) -> QueryClass:
        """Two words side by side, as they are in several per cent of all works."""
        least, most = self._share(0.02, 0.3)
        quoted = [f'"{phrase}"' for phrase in self._without_names(lexicon("en").phrases)]
        found = [_address(q=phrase) for phrase in self._counted(quoted, least, most)]
        return QueryClass("phrase", "phrase", 10, found, least, most)

    def one_facet(self) -> QueryClass:
        """One value of a facet, whichever works have."""
        found = {pair for draft in self.sample.drafts for pair in self._values(draft)}
        addresses = [_address(**{name: value}) for name, value in sorted(found)]
        return QueryClass("facet", "one facet", 5, self._some(addresses))

    def three_facets(self) -> QueryClass:
        """Values of three facets that one work has all."""
        found = set()
        for draft in self.sample.drafts:
            values = dict(self._values(draft))
            if len(values) >= 3:
                names = self._random.sample(sorted(values), 3)
                found.add(_address(**{name: values[name] for name in names}))
        return QueryClass("facets", "three facets", 5, self._some(sorted(found)))

    def deep(self) -> QueryClass:
        """Late pages of what a common word finds."""
        found = {
            _address(q=word, page=self._late_page(RANKED if hits > RANKED_ALL else hits))
            for word, hits in self._common.items()
            for _ in range(ceil(POOL / len(self._common)))
        }
        return QueryClass("deep", "deep page", 10, self._some(sorted(found)), *self._share(*COMMON))

    def late(self) -> QueryClass:
        """Late pages of the whole list, as robots ask for them."""
        most = min(self.total, DEEPEST * PAGE_SIZE)
        found = {_address(page=self._late_page(most)) for _ in range(POOL)}
        return QueryClass("late", "late in list", 10, self._some(sorted(found)), self.total)

    def typo(self) -> QueryClass:
        """Known words with a slip of the fingers, which nothing contains as they are typed: the
        page shows what the word finds that was meant."""
        known = {word for language in self.sample.words for word in lexicon(language).known}
        words = self._shuffled(self.sample.between("en", 0.003, 0.15, length=6))
        slips = {slip(word, self._random): word for word in words[: 2 * POOL]}
        typed = self._counted(sorted(slips.keys() - known), 0, 0)
        meant = {_address(q=word): slips[word] for word in typed}
        return QueryClass("typo", "typo", 5, list(meant), meant=meant)

    def accented(self) -> QueryClass:
        """Spanish words, typed without their accents. What stands in bodies alone is found on pages
        in Spanish, and we ask for English ones."""
        words = self.sample.between("es", 0.003, 0.15)
        plain = self._counted(sorted({_plain(word) for word in words} - set(words)), 1, self.total)
        return QueryClass("accented", "accented", 5, [_address(q=word) for word in plain])

    def thai(self) -> QueryClass:
        """Thai words, which stand in their texts without a space on either side."""
        drafts = [draft.texts["th"] for draft in self.sample.drafts if "th" in draft.texts]
        texts = " ".join(f"{text.title} {text.summary}" for text in drafts)
        words = self._without_names(lexicon("th").zipf.different(self._random, 3000))
        return QueryClass("thai", "Thai", 5, self._some(_questions(w for w in words if w in texts)))

    @cached_property
    def _common(self) -> dict[str, int]:
        """In how many records each common word is. A stem is in more than one of its words."""
        least, most = self._share(*COMMON)
        found = {word: self._count(word) for word in self._plain_words(0.1, COMMON[1])}
        return {word: hits for word, hits in found.items() if least <= hits <= most}

    def _plain_words(self, least: float, most: float, length: int = 4) -> list[str]:
        """English words of these shares."""
        return self._without_names(self.sample.between("en", least, most, length))

    def _without_names(self, words: Iterable[str]) -> list[str]:
        """Those that are in no name of a term: others find what bears the term as well."""
        terms = vocabulary()
        return [word for word in words if not terms_called(word, terms)]

    def _counted(self, words: Iterable[str], least: int, most: int) -> list[str]:
        """Enough of the words, those that so many records have."""
        shuffled = self._shuffled(list(words))
        return list(islice((w for w in shuffled if least <= self._count(w) <= most), POOL))

    def _share(self, least: float, most: float) -> tuple[int, int]:
        return ceil(least * self.total), int(most * self.total)

    def _late_page(self, hits: int) -> int:
        last = hits // PAGE_SIZE
        return self._random.randint(max(2, last // 4), max(2, last))

    def _values(self, draft: RecordDraft) -> Iterator[tuple[str, str]]:
        """What the facets of the library say of a work, a value each."""
        yield "kind", draft.kind
        yield "language", draft.languages[0]
        for pk in draft.term_ids:
            yield self._terms[pk]

    @cached_property
    def _terms(self) -> dict[int, tuple[str, str]]:
        """The facet and the value by which an address names each term."""
        terms = self.sample.works.subjects.terms
        return {pk: (scheme, slug) for scheme, found in terms.items() for slug, pk in found.items()}

    def _some(self, addresses: list[str]) -> list[str]:
        return self._shuffled(addresses)[:POOL]

    def _shuffled(self, items: list[str]) -> list[str]:
        return self._random.sample(items, len(items))


CLASSES: dict[str, Callable[[Questions], QueryClass]] = {
    "browse": Questions.browse,
    "rare": Questions.rare,
    "common": Questions.common,
    "two": Questions.two_words,
    "phrase": Questions.phrase,
    "facet": Questions.one_facet,
    "facets": Questions.three_facets,
    "deep": Questions.deep,
    "late": Questions.late,
    "named": Questions.named,
    "typo": Questions.typo,
    "accented": Questions.accented,
    "thai": Questions.thai,
}


def make(works: Corpus, names: Iterable[str] = (), count: Count | None = None) -> list[QueryClass]:
    """The classes of these names, or all; ``count`` is the database's unless another is given."""
    asked = Questions(Sample(works), count or count_records)
    return [CLASSES[name](asked) for name in names or CLASSES]


def slip(word: str, random: Random) -> str:
    """The word with two letters in the middle exchanged, one left out or one doubled."""
    at = random.randrange(1, len(word) - 2)
    one, other = word[at], word[at + 1]
    middle = random.choice((other + one, other, one + one + other))
    return word[:at] + middle + word[at + 2 :]


def count_records(words: str) -> int:
    """In how many records the words are, in English or as they stand; in quotation marks, side by
    side. Not by the code of the search, which is what we measure."""
    function = "phraseto_tsquery" if words.startswith('"') else "plainto_tsquery"
    query = " || ".join(f"{function}('{config}', %(words)s)" for config in ("hub_en", "hub_simple"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM catalogue_record WHERE vector @@ ({query})", {"words": words}
        )
        return cursor.fetchone()[0]


def _address(**values: str | int | None) -> str:
    """The address of a list; the first page has no number."""
    told = {name: value for name, value in values.items() if value and (name, value) != ("page", 1)}
    return f"{LIBRARY}?{urlencode(told)}" if told else LIBRARY


def _questions(words: Iterable[str]) -> list[str]:
    return [_address(q=word) for word in sorted(words)]


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
