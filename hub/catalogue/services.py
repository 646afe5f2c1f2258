"""The one writer of Records: ``put`` and ``remove``, always in the transaction of the change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import translation

from hub.catalogue.models import Passage, Record
from hub.catalogue.sources import PassageDraft, RecordDraft, ref_of, source_of, sources
from hub.catalogue.textsearch import SIMPLE, VERSION, as_words, config_for
from hub.slugs import sort_key
from hub.vocabulary.models import Term, TermLabel

BATCH = 200

# Between two pieces of a vector, so that no phrase begins in one and ends in the next. No text or
# query can hold it: the parser takes it for white space.
SEPARATOR = "'␞:1'::tsvector"


# Who puts a record reads the names of terms and organisations and keeps them as they are until its
# transaction ends; who changes names waits for that. The number stands for this lock alone.
NAMES_LOCK = 4_215_501


def hold_names_for_change() -> None:
    """Wait until no record is being put, and let none be put until the current transaction ends.
    So the job that renews records after a change of names finds all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMES_LOCK])


def _hold_names_still() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [NAMES_LOCK])


@transaction.atomic
def put(source: models.Model) -> Record | None:
    """Write the record of ``source`` as it stands in the database now, or delete it if the source
    says it is not to be public. Answers the record."""
    _hold_names_still()
    # The lock makes two savers of one source take turns; the later one reads what the first saved.
    model = type(source)
    locked = model._default_manager.select_for_update(of=["self"]).filter(pk=source.pk)
    if not locked.values_list("pk", flat=True):
        remove(ref_of(source))
        return None
    draft = _draft_of(model._default_manager.for_record().get(pk=source.pk))
    if draft is None:
        remove(ref_of(source))
        return None
    return _write(ref_of(source), _compose(draft))


def _draft_of(source: models.Model) -> RecordDraft | None:
    """What the source says, with addresses in the language that has no prefix."""
    with translation.override(settings.LANGUAGE_CODE):
        return source.to_record()


@transaction.atomic
def put_passages(
    source: models.Model, part: str, language: str, passages: Iterable[PassageDraft]
) -> bool:
    """Write the passages of one part of ``source`` in place of those it had. ``False``, and nothing
    written, if its record does not name the part: it is a draft, or was withdrawn meanwhile."""
    record = Record.objects.select_for_update().filter(ref=ref_of(source)).only("parts").first()
    if record is None or part not in record.parts:
        return False
    Passage.objects.filter(record=record, part=part).delete()
    configs = dict.fromkeys((config_for(language), SIMPLE))
    vectors = " || ".join(["setweight(to_tsvector(%s::regconfig, %s), 'D')"] * len(configs))
    insert = f"""
        INSERT INTO catalogue_passage
            (record_id, part, language, config_version, position, path, text, vector)
        VALUES (%s, %s, %s, %s, %s, %s, %s, {vectors})
    """
    rows = []
    for passage in passages:
        text = passage.text.replace("\0", " ")
        columns = [record.pk, part, language, VERSION, passage.position, passage.path, text]
        words = as_words(text)
        rows.append([*columns, *(value for config in configs for value in (config, words))])
    with connection.cursor() as cursor:
        cursor.executemany(insert, rows)
    return True


def remove(ref: str) -> None:
    """Delete a record without a trace: for what was never public. What was public is withdrawn by
    its source and stays as a tombstone."""
    Record.objects.filter(ref=ref).delete()


def refresh(refs: list[str]) -> None:
    """Put the records of these refs again, after something they name has changed."""
    for ref in refs:
        source = source_of(ref)
        if source is None:
            remove(ref)
        else:
            put(source)


@dataclass(frozen=True)
class Composed:
    """A draft with what the vocabulary adds to it."""

    draft: RecordDraft
    term_ids: list[int]
    labels: list[tuple[str, str]]
    checksum: str


def _compose(draft: RecordDraft) -> Composed:
    term_ids = Term.objects.with_ancestors(draft.term_ids)
    labels = sorted(
        (label.language, " ".join([label.label, *label.alternatives]))
        for label in TermLabel.objects.filter(term_id__in=term_ids)
    )
    return Composed(draft, term_ids, labels, draft.checksum(labels))


def _write(ref: str, composed: Composed) -> Record:
    record, _ = Record.objects.update_or_create(ref=ref, defaults=_columns(composed))
    sql, parameters = _vector(composed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE catalogue_record SET vector = {sql} WHERE id = %s", [*parameters, record.pk]
        )
    Passage.objects.filter(record=record).exclude(part__in=composed.draft.parts).delete()
    return record


def _columns(composed: Composed) -> dict[str, object]:
    draft = composed.draft
    return {
        "kind": draft.kind,
        "path": draft.path,
        "sort_title": sort_key(draft.title)[:300],
        "languages": list(draft.languages),
        "texts": {
            language: {"title": text.title, "summary": text.summary}
            for language, text in draft.texts.items()
        },
        "people": list(draft.people),
        "publisher_keys": [publisher.key for publisher in draft.publishers],
        "publisher_names": [publisher.name for publisher in draft.publishers],
        "term_ids": composed.term_ids,
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
        "checksum": composed.checksum,
        "config_version": VERSION,
    }


def _vector(composed: Composed) -> tuple[str, list[str]]:
    """SQL for the record's vector: each text by the configuration of its language and word for
    word; titles weigh A, summaries, people and labels B, bodies C."""
    draft = composed.draft
    pieces: list[tuple[str, str, str]] = []
    for language, text in draft.texts.items():
        for config in dict.fromkeys((config_for(language), SIMPLE)):
            pieces += [(config, text.title, "A")]
            pieces += [(config, text.subtitle, "B"), (config, text.summary, "B")]
        pieces.append((config_for(language), text.body, "C"))
    publishers = " ".join(publisher.name for publisher in draft.publishers)
    pieces.append((SIMPLE, " ".join([*draft.people, publishers, *draft.keywords]), "B"))
    for language, labels in groupby(composed.labels, key=lambda label: label[0]):
        joined = " ".join(text for _, text in labels)
        for config in dict.fromkeys((config_for(language), SIMPLE)):
            pieces.append((config, joined, "B"))
    pieces = [piece for piece in pieces if piece[1]]
    piece = "setweight(to_tsvector(%s::regconfig, %s), %s)"
    sql = f" || {SEPARATOR} || ".join([piece] * len(pieces))
    parameters = [
        value for config, text, weight in pieces for value in (config, as_words(text), weight)
    ]
    return sql or "''::tsvector", parameters


def reindex() -> int:
    """Write every record anew and drop those whose source is gone. Answers how many records."""
    for model in sources:
        for pks in _batches(model):
            with transaction.atomic():
                for source in model._default_manager.filter(pk__in=pks):
                    put(source)
    for ref in _refs_without_source():
        remove(ref)
    return Record.objects.count()


def differences() -> Iterator[str]:
    """What ``reindex`` would change, a sentence each; nothing if catalogue and sources agree."""
    for model in sources:
        for pks in _batches(model):
            yield from _differences_of(model, pks)
    for ref in _refs_without_source():
        yield f"{ref}: a record without a source"


def _differences_of(model: type[models.Model], pks: list[int]) -> Iterator[str]:
    found = list(model._default_manager.for_record().filter(pk__in=pks))
    refs = [ref_of(source) for source in found]
    stored = {record.ref: record for record in Record.objects.filter(ref__in=refs)}
    for source, ref in zip(found, refs, strict=True):
        record, draft = stored.get(ref), _draft_of(source)
        if draft is None or record is None:
            if record is not None:
                yield f"{ref}: a record of what is not public"
            elif draft is not None:
                yield f"{ref}: no record"
            continue
        composed = _compose(draft)
        columns = _columns(composed)
        changed = [name for name, value in columns.items() if getattr(record, name) != value]
        if not changed and not _has_vector(record, composed):
            changed = ["vector"]
        if changed:
            yield f"{ref}: {', '.join(changed)} differ"


def _has_vector(record: Record, composed: Composed) -> bool:
    sql, parameters = _vector(composed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT vector = {sql} FROM catalogue_record WHERE id = %s", [*parameters, record.pk]
        )
        return cursor.fetchone()[0]


def _batches(model: type[models.Model]) -> Iterator[list[int]]:
    pks = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


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
