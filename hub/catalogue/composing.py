"""How a draft becomes a row: its columns, the vocabulary's part in it, and what is indexed of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from psycopg.types.json import Jsonb

from hub.catalogue import facets
from hub.catalogue.facets import Trait
from hub.catalogue.sources import RecordDraft
from hub.catalogue.textsearch import SIMPLE, VERSION, as_words, config_for
from hub.slugs import sort_key
from hub.vocabulary.snapshot import Vocabulary

# A piece of a vector: configuration, text, weight. The function hub_vector joins them so that no
# phrase begins in one and ends in the next.
Piece = tuple[str, str, str]


@dataclass(frozen=True)
class Composed:
    """The record that stands under ``ref`` for a draft, as the vocabulary is now."""

    ref: str
    draft: RecordDraft
    terms: Vocabulary

    @cached_property
    def term_ids(self) -> list[int]:
        return self.terms.with_ancestors(self.draft.term_ids)

    @cached_property
    def traits(self) -> list[Trait]:
        """The values of all facets but those of terms."""
        draft = self.draft
        return [
            ("kind", draft.kind, ""),
            *(("language", language, "") for language in draft.languages),
            *(("publisher", publisher.key, publisher.name) for publisher in draft.publishers),
            *([("year", str(draft.issued_on.year), "")] if draft.issued_on else []),
        ]

    @cached_property
    def columns(self) -> dict[str, object]:
        """What stands in the columns, but for the vectors and ``facet_ids``."""
        draft = self.draft
        texts = {
            language: {"title": text.title, "summary": text.summary}
            for language, text in draft.texts.items()
        }
        return {
            "ref": self.ref,
            "kind": draft.kind,
            "path": draft.path,
            "sort_title": sort_key(draft.title)[:300],
            "languages": list(draft.languages),
            "texts": texts,
            "people": list(draft.people),
            "publisher_keys": [publisher.key for publisher in draft.publishers],
            "publisher_names": [publisher.name for publisher in draft.publishers],
            "term_ids": self.term_ids,
            "own_term_ids": list(draft.term_ids),
            "organisation_ids": sorted(set(draft.organisation_ids)),
            "year": draft.issued_on.year if draft.issued_on else None,
            "issued_on": draft.issued_on,
            "issued_precision": draft.issued_precision,
            "starts_at": draft.starts_at,
            "ends_at": draft.ends_at,
            "published_at": draft.published_at,
            "updated_at": draft.updated_at,
            "withdrawn_at": draft.withdrawn_at,
            "is_featured": draft.is_featured,
            "parts": list(draft.parts),
            "picture": draft.picture.to_json() if draft.picture else {},
            "checksum": draft.checksum,
            "config_version": VERSION,
        }

    @cached_property
    def title_pieces(self) -> list[Piece]:
        return [
            (config, text.title, "A")
            for language, text in self.draft.texts.items()
            for config in configs_for(language)
        ]

    @cached_property
    def pieces(self) -> list[Piece]:
        """Each text by the configuration of its language and word for word; titles weigh A,
        summaries and people B, bodies C. What the terms are called is looked up when it is asked
        for: sixty names a term would be more than the text, and change without it."""
        draft = self.draft
        publishers = " ".join(publisher.name for publisher in draft.publishers)
        pieces = [(SIMPLE, " ".join([*draft.people, publishers, *draft.keywords]), "B")]
        for language, text in draft.texts.items():
            for config in configs_for(language):
                pieces += [(config, text.subtitle, "B"), (config, text.summary, "B")]
            pieces.append((config_for(language), text.body, "C"))
        return [*self.title_pieces, *pieces]


def configs_for(language: str) -> tuple[str, ...]:
    """The configurations by which a text of this language is indexed."""
    return tuple(dict.fromkeys((config_for(language), SIMPLE)))


def vector_parameters(pieces: Iterable[Piece]) -> list[list[str]]:
    """What ``hub_vector(%s, %s, %s)`` makes a vector of. Short pieces come first: each one more
    takes as long as what is there already."""
    told = sorted((piece for piece in pieces if piece[1]), key=lambda piece: len(piece[1]))
    configs, texts, weights = (
        (list(column) for column in zip(*told, strict=True)) if told else ([],) * 3
    )
    return [configs, [as_words(text) for text in texts], weights]


def passage_parameters(language: str, text: str) -> list[list[str]]:
    """The same for a passage. File text weighs D, the least."""
    return vector_parameters((config, text, "D") for config in configs_for(language))


VECTOR = 'hub_vector(%s::regconfig[], %s::text[], %s::"char"[])'


def write(composed: list[Composed]) -> None:
    """Insert or overwrite these records, all in one statement."""
    if not composed:
        return
    ids = facets.ids_of(trait for one in composed for trait in one.traits)
    names = [*composed[0].columns, "facet_ids"]
    changes = [f"{name} = excluded.{name}" for name in (*names, "vector", "title_vector")]
    # Who harvests is told of what is another, not of all that was put again.
    changes.append(
        "changed_at = CASE kept.checksum WHEN excluded.checksum THEN kept.changed_at "
        "ELSE statement_timestamp() END"
    )
    row = f"({', '.join(['%s'] * len(names))}, {VECTOR}, {VECTOR})"
    sql = f"""
        INSERT INTO catalogue_record AS kept ({", ".join(names)}, vector, title_vector)
        VALUES {", ".join([row] * len(composed))}
        ON CONFLICT (ref) DO UPDATE SET {", ".join(changes)}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for one in composed for value in _parameters(one, ids)])


def facet_ids(composed: Composed, ids: dict[Trait, int]) -> list[int]:
    return sorted({ids[trait] for trait in composed.traits}) + composed.term_ids


def _parameters(composed: Composed, ids: dict[Trait, int]) -> list[object]:
    columns = composed.columns | {"facet_ids": facet_ids(composed, ids)}
    columns |= {name: Jsonb(columns[name]) for name in ("texts", "picture")}
    return [
        *columns.values(),
        *vector_parameters(composed.pieces),
        *vector_parameters(composed.title_pieces),
    ]
