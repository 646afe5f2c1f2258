"""What was asked, in PostgreSQL's form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from hub.catalogue.query import Group, Others, Query, Unit
from hub.catalogue.textsearch import SIMPLE, as_words, config_for, word_of_term

# SQL that makes a tsquery, with its parameters.
Expression = tuple[str, list[str]]


@dataclass(frozen=True)
class Part:
    """One word of a query, or those of one name: ``typed`` as it stands in texts, ``terms`` that
    are called so, and what is ``meant``: either, or other words for it."""

    typed: str
    terms: str
    meant: str


@dataclass(frozen=True)
class Words:
    """All parts, or any, and nothing of what is ``unwanted``."""

    parts: tuple[Part, ...] = ()
    unwanted: str = ""
    is_any: bool = False

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def typed(self) -> str:
        return self._all(part.typed for part in self.parts)

    @property
    def meant(self) -> str:
        return self._all(part.meant for part in self.parts)

    @property
    def whole(self) -> str:
        """All of it in one."""
        return f"({self.meant}) & !({self.unwanted})" if self.meant and self.unwanted else self.meant

    def _all(self, parts: Iterable[str]) -> str:
        return (" | " if self.is_any else " & ").join(f"({part})" for part in parts if part)


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
) -> dict[str, Words]:
    """The same for readers of several languages. One statement: PostgreSQL plans better for words
    that were worked out before."""
    spans = list(_spans(query, {one.start: one for one in others}))
    codes = list(languages)
    expressions = []
    for code in codes:
        configs = tuple(dict.fromkeys((config_for(code), SIMPLE)))
        for groups, names in spans:
            typed = _typed(groups, configs, is_begun=is_begun and groups[-1] is query.wanted[-1])
            phrases = [_phrase(words, config_for(other)) for other, words in names]
            expressions += [typed, _joined(" || ", [typed, *phrases])]
        expressions.append(_joined(" || ", [_in_texts(unit, configs) for unit in query.unwanted]))
    found = iter(_worked_out(expressions))
    terms = [_terms(groups) for groups, _names in spans]
    return {code: _words(found, terms, _terms([query.unwanted]), is_any) for code in codes}


def _words(found: Iterator[str], terms: list[str], unwanted_terms: str, is_any: bool) -> Words:
    pairs = [(next(found), next(found)) for _one in terms]
    unwanted = _either(next(found), unwanted_terms)
    parts = [
        Part(typed, called, _either(meant, called))
        for (typed, meant), called in zip(pairs, terms, strict=True)
    ]
    # Signs that no configuration takes for a word leave nothing.
    return Words(tuple(part for part in parts if part.meant), unwanted, is_any)


def _spans(
    query: Query, others: dict[int, Others]
) -> Iterator[tuple[tuple[Group, ...], tuple[tuple[str, str], ...]]]:
    """The groups that are asked together, and the other words for them."""
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


def _terms(groups: Iterable[Group]) -> str:
    """All groups by terms that are called so, if there are any for each."""
    parts = [
        " | ".join(word_of_term(pk) for unit in group for pk in unit.term_ids) for group in groups
    ]
    return " & ".join(f"({part})" for part in parts) if all(parts) else ""


def _either(one: str, other: str) -> str:
    return " | ".join(f"({words})" for words in (one, other) if words)


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
