"""Synthetic works: number 123 is the same work on every machine and in every run."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random

from hub.catalogue.models import Record
from hub.catalogue.sources import Publisher, RecordDraft, Text
from hub.portal.bench import words
from hub.portal.bench.words import Zipf, lexicon
from hub.vocabulary.models import Scheme, Term

LABEL = "bench.work"
LANGUAGES = {"en": 60, "es": 18, "id": 6, "vi": 4, "de": 4, "mn": 4, "th": 4}  # per cent
TITLE, SUMMARY, BODY = (5, 12), (30, 80), (300, 1500)  # words
WITH_BODY = 1 / 3
MOST_WITH_BODIES = 300_000  # of more works than these there are titles and summaries alone
PUBLISHERS, AUTHORS = 800, 5000
LAST_DAY = date(2026, 6, 30)
PRECISIONS = {"day": 60, "month": 20, "year": 20}  # per cent
# Long past, so that all is public whatever the clock of the machine says.
PUBLISHED = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Subjects:
    """What works can be of and about: kinds, and the ids of terms by their slugs; the frequent ones
    first."""

    kinds: tuple[str, ...]
    terms: dict[str, dict[str, int]]  # by scheme

    @classmethod
    def of_database(cls) -> "Subjects":
        """Those of the starting content, which the database must hold; the same whether or not it
        holds works of ours too."""
        starting = Record.objects.works().exclude(ref__startswith=LABEL)
        kinds = Counter(
            starting.filter(path__startswith="/resources/").values_list("kind", flat=True)
        )
        names = Counter(chain.from_iterable(starting.values_list("term_ids", flat=True)))
        terms: dict[str, list[tuple[int, str, int]]] = {scheme: [] for scheme in Scheme.values}
        for pk, scheme, slug in Term.objects.values_list("pk", "scheme", "slug"):
            terms[scheme].append((-names[pk], slug, pk))
        by_slug = {
            scheme: {slug: pk for _count, slug, pk in sorted(found)}
            for scheme, found in terms.items()
        }
        return cls(tuple(sorted(kinds, key=lambda kind: (-kinds[kind], kind))), by_slug)


class Corpus:
    """``count`` works on these subjects."""

    def __init__(self, count: int, subjects: Subjects) -> None:
        self.count, self.subjects = count, subjects
        self.has_bodies = count <= MOST_WITH_BODIES
        self._kinds = Zipf(subjects.kinds)
        self._terms = {
            scheme: Zipf(list(subjects.terms.get(scheme, {}).values())) for scheme in Scheme.values
        }

    def pairs(self) -> Iterator[tuple[str, RecordDraft]]:
        """All works with their refs."""
        return ((ref(number), self.draft(number)) for number in range(self.count))

    def draft(self, number: int) -> RecordDraft:
        random = Random(f"{LABEL}:{number}")
        [language] = random.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))
        published_at = PUBLISHED - timedelta(minutes=number)
        return RecordDraft(
            kind=self._kinds.some(random, 1)[0],
            path=f"/resources/work-{number}/",
            published_at=published_at,
            updated_at=published_at,
            languages=(language,),
            texts={language: self._text(random, language)},
            people=tuple(authors().different(random, random.randint(0, 3))),
            publishers=tuple(publishers().different(random, random.choice((1, 1, 1, 2)))),
            term_ids=self._term_ids(random),
            issued_on=_day(random),
            issued_precision=random.choices(list(PRECISIONS), weights=list(PRECISIONS.values()))[0],
        )

    def _text(self, random: Random, language: str) -> Text:
        words_of = lexicon(language)
        title = words_of.title(random, random.randint(*TITLE))
        summary = words_of.prose(random, random.randint(*SUMMARY))
        # Drawn in any case, so that a work is the same with and without its body.
        length = random.randint(*BODY) if random.random() < WITH_BODY else 0
        # Of its own dice: what else there is of the work stays as it is without a body.
        dice = Random(f"{LABEL}:{random.random()}")
        body = words_of.prose(dice, length) if length and self.has_bodies else ""
        return Text(title=title, summary=summary, body=body)

    def _term_ids(self, random: Random) -> tuple[int, ...]:
        numbers = {
            Scheme.TOPIC: random.randint(1, 3),
            Scheme.PLACE: random.randint(0, 2),
            Scheme.SECTOR: random.randint(0, 2),
            Scheme.AUDIENCE: random.randint(0, 1),
        }
        return tuple(
            pk
            for scheme, number in numbers.items()
            for pk in self._terms[scheme].different(random, number)
        )


def ref(number: int) -> str:
    return f"{LABEL}:{number}"


def version() -> str:
    """Another text whenever works would come out otherwise: all that they are made of, digested."""
    digest = hashlib.sha256()
    for path in (Path(__file__), Path(words.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def publishers() -> Zipf[Publisher]:
    """Whose works they are, by how many they publish."""
    random, names = Random("publishers"), lexicon("en").zipf
    made = []
    for number in range(PUBLISHERS):
        name = " ".join(word.title() for word in names.different(random, 3))
        made.append(Publisher(key=f"publisher-{number}", name=f"{name} {number}"))
    return Zipf(made)


@cache
def authors() -> Zipf[str]:
    random, names = Random("authors"), lexicon("es").zipf
    tail = names.items[len(names.items) // 2 :]
    return Zipf([" ".join(random.sample(tail, 2)).title() for _number in range(AUTHORS)])


def _day(random: Random) -> date:
    """A day from 2005 to 2026: three quarters of all works are of the last eight years."""
    years = 8 if random.random() < 0.75 else 21
    return LAST_DAY - timedelta(days=random.randrange(365 * years))
