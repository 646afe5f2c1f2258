"""The catalogue made anew from its sources, or proved to need no such thing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction

from hub.catalogue import composing, facets
from hub.catalogue.composing import Composed
from hub.catalogue.models import Passage, Record
from hub.catalogue.services import batches, draft_of, put_all, refresh, remove
from hub.catalogue.sources import ref_of, sources
from hub.catalogue.textsearch import VERSION
from hub.vocabulary.snapshot import vocabulary

# So many records are read without an index in the time that a page takes anyway.
FEW = 1000


def reindex() -> int:
    """Write every record anew and drop those whose source is gone. Answers how many records."""
    with quickly_from_nothing():
        for model in sources:
            for pks in _batches(model):
                put_all(model, pks)
    for ref in _refs_without_source():
        remove(ref)
    _renew_passages(Passage.objects.all())
    return Record.objects.count()


@contextmanager
def quickly_from_nothing() -> Iterator[None]:
    """For many records: where there are few yet, the indexes for words and facets are made after
    the rows instead of with each, which takes a fraction of the time."""
    if connection.in_atomic_block or Record.objects.count() > FEW:
        yield
        return
    with connection.schema_editor() as editor:
        for index in _inverted_indexes():
            editor.execute(f"DROP INDEX IF EXISTS {index.name}")
    try:
        yield
    finally:
        make_missing_indexes()


def make_missing_indexes() -> None:
    """Make what a run that was killed has left unmade. Only one makes them at a time."""
    if not _missing_indexes():
        return
    with connection.schema_editor() as editor:
        editor.execute("LOCK TABLE catalogue_record IN SHARE ROW EXCLUSIVE MODE")
        for index in _missing_indexes():
            editor.add_index(Record, index)


def _missing_indexes() -> list[GinIndex]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Record._meta.db_table)
    return [index for index in _inverted_indexes() if index.name not in found]


def _inverted_indexes() -> list[GinIndex]:
    return [index for index in Record._meta.indexes if isinstance(index, GinIndex)]


def reindex_stale() -> int:
    """Write those records and passages anew that an earlier version of the configurations made.
    Answers how many."""
    make_missing_indexes()
    refs = list(Record.objects.exclude(config_version=VERSION).values_list("ref", flat=True))
    for batch in batches(refs):
        with transaction.atomic():
            refresh(batch)
    return len(refs) + _renew_passages(Passage.objects.exclude(config_version=VERSION))


def _renew_passages(passages: models.QuerySet) -> int:
    sql = f"UPDATE catalogue_passage SET vector = {composing.VECTOR}, config_version = %s WHERE id = %s"
    pks = list(passages.values_list("pk", flat=True))
    for batch in batches(pks):
        rows = Passage.objects.filter(pk__in=batch).values_list("pk", "language", "text")
        renewed = [
            [*composing.passage_parameters(language, text), VERSION, pk]
            for pk, language, text in rows
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, renewed)
    return len(pks)


def differences() -> Iterator[str]:
    """What ``reindex`` would change, a sentence each; nothing if catalogue and sources agree."""
    for model in sources:
        for pks in _batches(model):
            yield from _differences_of(model, pks)
    for ref in _refs_without_source():
        yield f"{ref}: a record without a source"
    for ref, part in _passages_without_part():
        yield f"{ref}: passages of {part}, which it does not have"


def _differences_of(model: type[models.Model], pks: list[int]) -> Iterator[str]:
    found = list(model._default_manager.for_record().filter(pk__in=pks))
    refs = [ref_of(source) for source in found]
    stored = {record.ref: record for record in Record.objects.filter(ref__in=refs)}
    terms = vocabulary()
    for source, ref in zip(found, refs, strict=True):
        record, draft = stored.get(ref), draft_of(source)
        if draft is None or record is None:
            if record is not None:
                yield f"{ref}: a record of what is not public"
            elif draft is not None:
                yield f"{ref}: no record"
        elif changed := _changed(record, Composed(ref, draft, terms)):
            yield f"{ref}: {', '.join(changed)} differ"


def _changed(record: Record, composed: Composed) -> list[str]:
    columns = composed.columns
    changed = [name for name, value in columns.items() if getattr(record, name) != value]
    known = facets.values().ids
    ids = {trait: known.get(trait[:2]) for trait in composed.traits}
    if None in ids.values() or composing.facet_ids(composed, ids) != record.facet_ids:
        changed.append("facet_ids")
    if not changed and not _has_vectors(record, composed):
        changed.append("vector")
    return changed


def _has_vectors(record: Record, composed: Composed) -> bool:
    sql = f"""
        SELECT vector = {composing.VECTOR} AND title_vector = {composing.VECTOR}
        FROM catalogue_record WHERE id = %s
    """
    parameters = [
        *composing.vector_parameters(composed.pieces),
        *composing.vector_parameters(composed.title_pieces),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, record.pk])
        return cursor.fetchone()[0]


def _batches(model: type[models.Model]) -> Iterator[list[int]]:
    return batches(list(model._default_manager.order_by("pk").values_list("pk", flat=True)))


def _passages_without_part() -> list[tuple[str, str]]:
    sql = """
        SELECT DISTINCT record.ref, passage.part
        FROM catalogue_passage passage JOIN catalogue_record record ON record.id = record_id
        WHERE NOT passage.part = ANY(record.parts)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _refs_without_source() -> list[str]:
    labels = {model._meta.label_lower: model for model in sources}
    refs = Record.objects.values_list("ref", flat=True)
    orphans = [ref for ref in refs if ref.partition(":")[0] not in labels]
    for label, model in labels.items():
        refs = Record.objects.filter(ref__startswith=f"{label}:").values_list("ref", flat=True)
        pks = {int(ref.partition(":")[2]) for ref in refs}
        alive = set(model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
        orphans += [f"{label}:{pk}" for pk in sorted(pks - alive)]
    return orphans
