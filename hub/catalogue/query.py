"""What people type into a search field, read: "phrases", or, -minus, and words in sentences."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hub.catalogue.names import terms_called
from hub.slugs import fold
from hub.vocabulary.snapshot import Vocabulary

MAX_LENGTH = 200
MAX_TERMS = 16
# Of the other words for what was asked, so many are looked for: of each language in turn the
# shortest, which are the most usual. Else Thai, where every name is one word, would leave no room.
MAX_OTHERS = 36
LONGEST_NAME = 5

# Words that carry nothing in a question typed as a sentence. They are dropped from queries only,
# never from what is indexed, and never inside quotation marks. "just" is not among them. Spanish
# ones stand with and without accents, Vietnamese ones with theirs only: "từ" is one, "tư" is not.
FILLERS = {
    "en": set(
        "a about after an and are as at be before between by did do does during for from happen "
        "happens has have how i in into is it its my of on our that the their there these they "
        "this to was we were what when where which who why will with".split()
    ),
    "es": set(
        "a al como con cual cuales cuando cuál cuáles cuándo cómo de del donde dónde el en es la las "
        "lo los para por que quien quién qué se sobre son su sus un una unas unos y".split()
    ),
    "id": set(
        "adalah apa bagaimana dalam dan dari dengan di ini itu ke oleh pada terjadi untuk yang".split()
    ),
    "mn": set("ба бол болон вэ гэж хэрхэн юу яаж".split()),
    "vi": set("các cho của gì là một nào những trong từ và về với ở".split()),
}
# Names are known in one number: "trade union" is asked as "trade unions" too. Not shorter words:
# "port" is part of names, "ports" are transport.
SHORTEST_INFLECTED = 5
PIECE = re.compile(r'-*"[^"]*"?|\S+')
OR = {"or", "|"}


@dataclass(frozen=True)
class Unit:
    """One word, or several in quotation marks or joined by hyphens, which stand side by side.
    ``lead`` are the fillers before it, which belong to a name: "oil and gas", "La Guajira".
    ``term_ids`` are the terms of which a name has it."""

    text: str
    is_quoted: bool = False
    lead: str = field(default="", compare=False)
    term_ids: tuple[int, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"' if self.is_quoted else self.text


Group = tuple[Unit, ...]  # any of which is asked for


@dataclass(frozen=True)
class Others:
    """Other words for units ``start`` to ``end`` (not included) of a query: what one topic, sector
    or place is called in any language."""

    start: int
    end: int
    words: tuple[tuple[str, str], ...]  # (language, words)


@dataclass(frozen=True)
class Query:
    """All of ``wanted``, any unit of each, and none of ``unwanted``; ``ignored`` counts the words
    that were more than we look for."""

    wanted: tuple[Group, ...] = ()
    unwanted: tuple[Unit, ...] = ()
    ignored: int = 0
    is_telling: bool = True  # not of fillers alone, any of which is in nearly everything

    def __bool__(self) -> bool:
        # All but a few words is no question: it would be answered with nearly everything.
        return bool(self.wanted)

    def __str__(self) -> str:
        wanted = [" or ".join(map(str, group)) for group in self.wanted]
        return " ".join([*wanted, *(f"-{unit}" for unit in self.unwanted)])

    def corrected(self, better: Callable[[str], str | None]) -> "Query | None":
        """The same with the better words for those that are wanted; ``None`` if there are none."""
        wanted = tuple(
            tuple(replace(unit, text=better(unit.text) or unit.text) for unit in group)
            for group in self.wanted
        )
        return replace(self, wanted=wanted) if wanted != self.wanted else None

    @property
    def telling(self) -> tuple[str, ...]:
        """The words themselves, as one would say them."""
        return tuple(unit.text for group in self.wanted for unit in group)

    def others(self, terms: Vocabulary) -> list[Others]:
        """The names and other words, in all languages, of what the words name; long names first:
        "mine closure" is more than "mine". What stands in quotation marks is left as it is."""
        found: list[Others] = []
        start = 0
        while start < len(self.wanted):
            longest = min(len(self.wanted), start + LONGEST_NAME)
            for end in range(longest, start, -1):
                if others := self._others_of(start, end, terms):
                    found.append(others)
                    start = end - 1
                    break
            start += 1
        return found

    def _others_of(self, start: int, end: int, terms: Vocabulary) -> Others | None:
        span = self.wanted[start:end]
        if any(len(group) > 1 or group[0].is_quoted for group in span):
            return None
        bare = " ".join(group[0].text for group in span)
        asked = " ".join(f"{group[0].lead} {group[0].text}" for group in span).strip()
        forms = (fold(asked), fold(asked.removeprefix(span[0][0].lead)), fold(bare))
        numbers = dict.fromkeys(form for one in forms for form in _in_both_numbers(one))
        ids = next((terms.phrases[form] for form in numbers if form in terms.phrases), ())
        words = {
            (name.language, other)
            for pk in sorted(ids)
            for name in terms.names.get(pk, {}).values()
            for other in name.words
            if fold(other) not in forms
        }
        shortest = sorted(words, key=lambda one: (len(one[1].split()), len(one[1]), one))
        once = {fold(other): (language, other) for language, other in reversed(shortest)}
        turns: Counter[str] = Counter()
        in_turn = []
        for language, other in sorted(once.values(), key=shortest.index):
            in_turn.append((turns[language], (language, other)))
            turns[language] += 1
        kept = [one for _turn, one in sorted(in_turn, key=lambda each: each[0])][:MAX_OTHERS]
        return Others(start, end, tuple(kept)) if kept else None


def parse(words: str, language: str, terms: Vocabulary | None = None) -> Query:
    """Read what people typed. Without a letter or digit it is no query. With ``terms`` it finds what
    is called so beside what says so."""
    pieces = [piece for piece in PIECE.findall(words) if re.search(r"\w", piece) or piece in OR]
    kept, ignored = pieces[:MAX_TERMS], len(pieces[MAX_TERMS:])
    wanted: list[Group] = []
    unwanted: list[Unit] = []
    is_open = False  # whether the next word is another choice beside the one before
    for piece in kept:
        if piece.lower() in OR:
            is_open = bool(wanted)
        elif unit := _unit(piece, terms):
            if piece.startswith("-"):
                unwanted.append(unit)
            elif is_open:
                wanted[-1] = (*wanted[-1], unit)
            else:
                wanted.append((unit,))
            is_open = False
    telling = _without_fillers(wanted, FILLERS.get(language, set()))
    return Query(tuple(telling or wanted), tuple(unwanted), ignored, is_telling=bool(telling))


def _without_fillers(wanted: list[tuple[Unit, ...]], fillers: set[str]) -> list[tuple[Unit, ...]]:
    """The groups that say something. A filler in capitals among words that are not is an
    acronym: WHO."""
    is_shouted = not any(sign.islower() for group in wanted for unit in group for sign in unit.text)
    telling: list[tuple[Unit, ...]] = []
    lead: list[str] = []

    def says_something(unit: Unit) -> bool:
        text = str(unit)
        is_acronym = len(text) > 1 and text.isupper() and not is_shouted
        return text.lower() not in fillers or is_acronym

    for group in wanted:
        if kept := tuple(filter(says_something, group)):
            telling.append((replace(kept[0], lead=" ".join(lead)), *kept[1:]))
            lead = []
        else:
            lead += map(str, group)
    return telling


def _in_both_numbers(words: str) -> tuple[str, ...]:
    """Words as they are, then in the other number as English and Spanish may make it."""
    if len(words) < SHORTEST_INFLECTED:
        return (words,)
    endings = [("s", ""), ("es", ""), ("ies", "y")]
    if not words.endswith("s"):
        endings = [("y", "ies"), ("", "s"), ("", "es")]
    others = [words.removesuffix(end) + other for end, other in endings if words.endswith(end)]
    return (words, *others)


def _unit(piece: str, terms: Vocabulary | None) -> Unit | None:
    text = " ".join(piece.strip("-").replace('"', " ").split())
    if not re.search(r"\w", text):
        return None
    forms = _in_both_numbers(text) if terms else ()
    called = {pk for form in forms for pk in terms_called(form, terms)}
    return Unit(text, is_quoted='"' in piece, term_ids=tuple(sorted(called)))
