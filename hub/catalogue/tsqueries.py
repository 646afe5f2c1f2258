"""What was asked, in PostgreSQL's form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from hub.catalogue.query import Group, Others, Query, Unit
from hub.catalogue.textsearch import SIMPLE, as_words, config_for

# SQL that makes a tsquery, with its parameters.
Expression = tuple[str, list[str]]
# The groups of a query that are asked together, and the other words for them with their languages.
Span = tuple[tuple[Group, ...], tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Part:
    """One word of a query, or those of one name: ``typed`` as it stands in texts, ``words`` and
    ``phrases`` that mean the same, and ``terms`` that are called so: one of each group."""

    typed: str = ""
    words: str = ""
    phrases: str = ""
    terms: tuple[tuple[int, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.typed or self.words or self.phrases or self.terms)

    @property
    def is_plain(self) -> bool:
        """Whether it stands in texts or nowhere."""
        return not (self.phrases or self.terms)

    @property
    def is_phrase(self) -> bool:
        """Whether words were typed that stand side by side. No word has the sign in it."""
        return "<" in self.typed

    @property
    def in_texts(self) -> str:
        """What texts may have. Other words of several are looked for in titles alone: in texts
        each would have to be checked wherever its words stand apart."""
        return _joined_texts(" | ", (self.typed, self.words))

    @property
    def in_titles(self) -> str:
        return _joined_texts(" | ", (self.typed, self.words, self.phrases))


@dataclass(frozen=True)
class Words:
    """All parts, or any, and nothing of what is ``unwanted``."""

    parts: tuple[Part, ...] = ()
    unwanted: Part = Part()
    is_any: bool = False

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def typed(self) -> str:
        return _joined_texts(self._sign, (part.typed for part in self.parts))

    @property
    def in_texts(self) -> str:
        return _joined_texts(self._sign, (part.in_texts for part in self.parts))

    @property
    def in_titles(self) -> str:
        return _joined_texts(self._sign, (part.in_titles for part in self.parts))

    @property
    def in_pages(self) -> str:
        """What one page of a file has by itself."""
        return self.in_texts if self.is_any or all(part.in_texts for part in self.parts) else ""

    @property
    def in_pages_beside_terms(self) -> str:
        """What a page has by itself if its record bears terms for the rest."""
        plain = tuple(part for part in self.parts if part.is_plain)
        is_mixed = not self.is_any and 0 < len(plain) < len(self.parts)
        return Words(plain).in_pages if is_mixed else ""

    @property
    def in_titles_alone(self) -> str:
        """What a title has by itself, and nothing unwanted."""
        without = f"!({self.unwanted.typed})" if self.unwanted.typed else ""
        return _joined_texts(" & ", (self.in_titles, without)) if self.in_titles else ""

    @property
    def _sign(self) -> str:
        return " | " if self.is_any else " & "


NO_WORDS = Words()


def words_of(
    query: Query,
    language: str,
    others: Iterable[Others] = (),
    *,
    is_any: bool = False,
    is_begun: bool = False,
) -> Words:
    """The words by the reader's language or word for word: a Spanish word typed on an English page
    still finds the Spanish title. With ``is_begun`` the last one need only be begun."""
    [words] = words_in(query, [language], others, is_any=is_any, is_begun=is_begun).values()
    return words


def words_in(
    query: Query,
    languages: Iterable[str],
    others: Iterable[Others] = (),
    *,
    is_any: bool = False,
    is_begun: bool = False,
    is_to_mark: bool = False,
) -> dict[str, Words]:
    """The same for readers of several languages; ``is_to_mark`` leaves each the other words of its
    own language. One statement: PostgreSQL plans better for words that were worked out before."""
    spans = list(_spans(query, {one.start: one for one in others}))
    codes = list(languages)
    expressions = []
    for code in codes:
        configs = tuple(dict.fromkeys((config_for(code), SIMPLE)))
        for groups, all_names in spans:
            names = [name for name in all_names if not is_to_mark or name[0] == code]
            is_last = groups[-1] is query.wanted[-1]
            expressions += [
                _typed(groups, configs, is_begun=is_begun and is_last),
                *(_joined(" || ", others) for others in _words_and_phrases(names)),
            ]
        expressions.append(_joined(" || ", [_in_texts(unit, configs) for unit in query.unwanted]))
    found = iter(_worked_out(expressions))
    return {code: _words(query, spans, found, is_any=is_any) for code in codes}


def _words(query: Query, spans: list[Span], found: Iterator[str], *, is_any: bool) -> Words:
    parts = [
        Part(next(found), next(found), next(found), _terms(groups)) for groups, _names in spans
    ]
    unwanted = Part(next(found), terms=_terms([query.unwanted]))
    # Signs that no configuration takes for a word leave nothing.
    return Words(tuple(filter(None, parts)), unwanted, is_any)


def _spans(query: Query, others: dict[int, Others]) -> Iterator[Span]:
    start = 0
    while start < len(query.wanted):
        named = others.get(start)
        end = named.end if named else start + 1
        yield query.wanted[start:end], named.words if named else ()
        start = end


def _typed(groups: Iterable[Group], configs: tuple[str, ...], *, is_begun: bool) -> Expression:
    """All groups, any unit of each; with ``is_begun``, the beginning of the last one."""
    *whole, last = ([_in_texts(unit, configs) for unit in group] for group in groups)
    if is_begun:
        # A phrase in text form ends with its last word, to which the mark of a prefix is put.
        last += [(f"(nullif({sql}::text, '') || ':*')::tsquery", words) for sql, words in last[:]]
    return _joined(" && ", [_joined(" || ", units) for units in (*whole, last)])


def _words_and_phrases(
    names: Iterable[tuple[str, str]],
) -> tuple[list[Expression], list[Expression]]:
    """Other words that are one word as they are indexed, and those that are several."""
    single, several = [], []
    for language, words in names:
        found = single if len(as_words(words).split()) == 1 else several
        found.append(_phrase(words, config_for(language)))
    return single, several


def _terms(groups: Iterable[Group]) -> tuple[tuple[int, ...], ...]:
    """For each group the terms that are called so; nothing if there are none for one of them."""
    found = [tuple(sorted({pk for unit in group for pk in unit.term_ids})) for group in groups]
    return tuple(found) if all(found) else ()


def _joined_texts(sign: str, words: Iterable[str]) -> str:
    return sign.join(f"({one})" for one in words if one)


def _in_texts(unit: Unit, configs: tuple[str, ...]) -> Expression:
    return _joined(" || ", [_phrase(unit.text, config) for config in configs])


def _phrase(text: str, config: str) -> Expression:
    return "phraseto_tsquery(%s::regconfig, %s)", [config, as_words(text)]


def _joined(operator: str, parts: list[Expression]) -> Expression:
    if not parts:
        return "NULL::tsquery", []
    words = [word for _sql, words in parts for word in words]
    return f"({operator.join(sql for sql, _words in parts)})", words


def _worked_out(expressions: list[Expression]) -> list[str]:
    columns = ", ".join(f"({sql})::text" for sql, _words in expressions)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [word for _sql, words in expressions for word in words])
        return [text or "" for text in cursor.fetchone()]
