"""Words by the hundred thousand: the starting content's own, then words that only sound like words.

How often each comes follows Zipf's law, as in any language: few words make most of a text, and most
words are rare. Search is as quick or as slow as that makes it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, islice, pairwise
from random import Random
from typing import Generic, TypeVar

from hub import starter

Item = TypeVar("Item")

# Mandelbrot's addition to Zipf's law: without it the first word alone would be a tenth of a text.
OFFSET = 2.7
SENTENCE, RUN = 14, 6  # words; a run is a stretch of Thai between two spaces
PHRASES = 60
FIRST_PHRASE, EVERY = 60, 9  # ranks: each phrase stands in several per cent of the long texts

WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Sound:
    """How the syllables of a language begin, go on and end, and how many make a word."""

    onsets: str
    nuclei: str
    codas: str
    syllables: tuple[int, int]
    joint: str = " "  # between two words of a sentence

    def words(self, random: Random, avoid: Iterable[str]) -> Iterable[str]:
        """Ever new words, none of them among ``avoid``."""
        onsets, nuclei = self.onsets.split(), self.nuclei.split()
        codas = self.codas.split()
        codas += [""] * len(codas)
        made = set(avoid)
        while True:
            pieces = []
            for _ in range(random.randint(*self.syllables)):
                pieces += [random.choice(onsets), random.choice(nuclei), random.choice(codas)]
            word = "".join(pieces)
            if word not in made:
                made.add(word)
                yield word


LATIN = "b c d f g h j l m n p r s t v br cl dr fr gl gr pl pr st tr"
SOUNDS = {
    "en": Sound(
        LATIN + " sh th wh w", "a e i o u ai ea ee oo ou", "n r s t l d m nd rt ck", (2, 4)
    ),
    "es": Sound(LATIN + " ll qu ñ", "a e i o u ia ie ue á é í ó ú ión", "n r s l", (2, 4)),
    "id": Sound(LATIN + " k ng ny", "a e i o u ai au", "n ng k r t s h", (2, 4)),
    "vi": Sound(
        "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x",
        "a á à ả ã ạ ă ắ ằ ặ â ấ ầ ậ e é è ẹ ê ế ề ệ i í ì ị o ó ò ọ ô ố ồ ộ ơ ớ ờ ợ u ú ù ụ ư ứ ừ ự"
        " iê iế ươ ướ uô uố oa oá",
        "c ch m n ng nh p t",
        (1, 1),
    ),
    "de": Sound(LATIN + " k w z sch pf", "a e i o u ä ö ü ei ie au", "n r s t l ng cht", (2, 5)),
    "mn": Sound(
        "б в г д ж з л м н п р с т х ц ч ш", "а э и о у ө ү ай ий оо уу", "н р г л д м х", (2, 4)
    ),
    # No language here writes more words without a space between them.
    "th": Sound(
        "ก ข ค ง จ ช ซ ด ต ถ ท น บ ป ผ พ ฟ ม ย ร ล ว ส ห อ",
        "า ะ ิ ี ุ ู อ ื",
        "ก ง ด น บ ม ย ว",
        (2, 4),
        joint="",
    ),
}
# How many words each language has: 130,000 together.
SIZES = {
    "en": 60_000, "es": 26_000, "id": 10_000, "vi": 4_000, "de": 15_000, "mn": 10_000, "th": 5_000
}  # fmt: skip


class Zipf(Generic[Item]):
    """Items of which the first comes most often and the last hardly ever."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.weights = list(accumulate(1 / (rank + OFFSET) for rank in range(len(items))))

    def some(self, random: Random, number: int) -> list[Item]:
        """So many of them; the same may come again."""
        if not self.items:
            return []
        return random.choices(self.items, cum_weights=self.weights, k=number)

    def different(self, random: Random, number: int) -> list[Item]:
        """At most so many of them, each once."""
        return list(dict.fromkeys(self.some(random, number)))


@dataclass(frozen=True)
class Lexicon:
    """The words of one language by how often they come; the ``phrases`` among them are two words
    that readers know as one, such as "just transition"."""

    language: str
    zipf: Zipf[str]
    phrases: tuple[str, ...] = ()

    @property
    def joint(self) -> str:
        return SOUNDS[self.language].joint

    @property
    def known(self) -> set[str]:
        """Every single word."""
        return {part for word in self.zipf.items for part in word.split()}

    def title(self, random: Random, number: int) -> str:
        words = self.zipf.some(random, number)
        text = self.joint.join(words)
        return text[0].upper() + text[1:]

    def prose(self, random: Random, number: int) -> str:
        """A text of so many words."""
        words = self.zipf.some(random, number)
        stop, length = (". ", SENTENCE) if self.joint else (" ", RUN)
        sentences = (
            self.joint.join(words[start : start + length]).capitalize()
            for start in range(0, number, length)
        )
        return stop.join(sentences) + stop.strip()


@cache
def lexicon(language: str) -> Lexicon:
    """The same words in the same order on every machine, as long as ``starter/`` is the same."""
    texts = _own_texts(language)
    is_spaced = bool(SOUNDS[language].joint)
    found = [WORD.findall(text.lower()) for text in texts] if is_spaced else _runs(texts)
    head = [word for word, _count in _by_count(Counter(word for words in found for word in words))]
    phrases = _phrases(found) if language == "en" else []
    made = SOUNDS[language].words(Random(f"words of {language}"), head)
    words = [*head, *islice(made, max(0, SIZES[language] - len(head)))]
    for number, phrase in enumerate(phrases):
        words.insert(FIRST_PHRASE + number * EVERY, phrase)
    return Lexicon(language, Zipf(words), tuple(phrases))


def _own_texts(language: str) -> list[str]:
    """What the starting content says in this language."""
    texts = []
    for row in starter.read("vocabulary.csv"):
        if row["language"] == language:
            names = starter.values(row["alternatives"])
            texts += [row["label"], *names, row["description"]]
    for row in starter.read("resources.csv"):
        if row["language"] == language:
            texts.append(row["title"])
        if language == "en":
            texts.append(row["summary"])
    return texts


def _runs(texts: list[str]) -> list[list[str]]:
    """The words of a language without spaces: its short names, which are about one word each."""
    names = (text for text in texts if 1 < len(text) <= 16)
    return [[name] for name in names if not any(sign.isspace() or sign.isascii() for sign in name)]


def _phrases(found: list[list[str]]) -> list[str]:
    """The pairs of telling words that stand side by side most often."""
    pairs = Counter(
        f"{one} {other}"
        for words in found
        for one, other in pairwise(words)
        if min(len(one), len(other)) >= 4 and one != other
    )
    return [pair for pair, _count in _by_count(pairs)[:PHRASES]]


def _by_count(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first; the alphabet decides between equals, so that no run differs."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
