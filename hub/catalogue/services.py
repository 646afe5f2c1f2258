"""The one writer of Records: ``put`` and ``remove``, always in the transaction of the change."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import translation

from hub.catalogue import composing
from hub.catalogue.composing import Composed
from hub.catalogue.models import Passage, Record
from hub.catalogue.sources import PassageDraft, RecordDraft, Window, ref_of, source_of
from hub.catalogue.textsearch import VERSION
from hub.vocabulary.snapshot import vocabulary

BATCH = 200

# Who puts a record reads the tree of terms and the names of organisations and keeps them as they are
# until its transaction ends; who changes them waits for that. The number stands for this lock alone.
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
    put_all(type(source), [source.pk])
    return Record.objects.filter(ref=ref_of(source)).shown().first()


@transaction.atomic
def put_all(model: type[models.Model], pks: list[int]) -> None:
    """``put`` for all rows of a model with these keys."""
    _hold_names_still()
    # The lock makes two savers of one source take turns; the later one reads what the first saved.
    locked = model._default_manager.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk")
    found = list(locked.values_list("pk", flat=True))
    sources = model._default_manager.for_record().filter(pk__in=found)
    drafts = {ref_of(source): draft_of(source) for source in sources}
    kept = {ref: draft for ref, draft in drafts.items() if draft}
    refs = {f"{model._meta.label_lower}:{pk}" for pk in pks}
    Record.objects.filter(ref__in=refs - kept.keys()).delete()
    _write(list(kept.items()))


def put_drafts(drafts: Iterable[tuple[str, RecordDraft]]) -> int:
    """Write what these drafts say under their refs, a transaction for each batch, and answer how
    many they were. For a content that has no source here; ``reindex`` would drop it."""
    count = 0
    for batch in batches(drafts):
        with transaction.atomic():
            _hold_names_still()
            _write(batch)
        count += len(batch)
    return count


def _write(drafts: Iterable[tuple[str, RecordDraft]]) -> None:
    terms = vocabulary()
    composing.write([Composed(ref, draft, terms) for ref, draft in drafts])
    sql = """
        DELETE FROM catalogue_passage passage USING catalogue_record record
        WHERE record.id = passage.record_id AND record.ref = ANY(%s)
          AND NOT passage.part = ANY(record.parts)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [[ref for ref, _draft in drafts]])
    _open_and_close_passages(drafts)


def _open_and_close_passages(drafts: Iterable[tuple[str, RecordDraft]]) -> None:
    """Give the passages of each part the window that its source names now."""
    windows = [
        (ref, part, window.opens, window.closes)
        for ref, draft in drafts
        for part in draft.parts
        for window in [draft.windows.get(part, Window())]
    ]
    sql = """
        UPDATE catalogue_passage passage SET public_from = opens, public_until = closes
        FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
            AS given(ref, name, opens, closes) JOIN catalogue_record record USING (ref)
        WHERE record_id = record.id AND part = name
          AND (public_from, public_until) IS DISTINCT FROM (opens, closes)
    """
    if windows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in zip(*windows, strict=True)])


def batches(rows: Iterable, size: int = BATCH) -> Iterator[list]:
    """The rows in lists of this size, the last one shorter."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def draft_of(source: models.Model) -> RecordDraft | None:
    """What the source says, with addresses in the language that has no prefix."""
    with translation.override(settings.LANGUAGE_CODE):
        return source.to_record()


@transaction.atomic
def put_passages(
    source: models.Model,
    part: str,
    language: str,
    passages: Iterable[PassageDraft],
    window: Window | None = None,
) -> bool:
    """Write the passages of one part of ``source`` in place of those it had, to be read and found
    within ``window``, the one that its record draft names. ``False``, and nothing written, if its record does not name the part: it is a draft, or was withdrawn meanwhile."""
    record = Record.objects.select_for_update().filter(ref=ref_of(source)).only("parts").first()
    if record is None or part not in record.parts:
        return False
    Passage.objects.filter(record=record, part=part).delete()
    insert = f"""
        INSERT INTO catalogue_passage
            (record_id, part, language, config_version, public_from, public_until,
             position, path, text, vector)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, {composing.VECTOR})
    """
    window = window or Window()
    of_all = [record.pk, part, language, VERSION, window.opens, window.closes]
    rows = []
    for passage in passages:
        text = passage.text.replace("\0", " ")
        columns = [*of_all, passage.position, passage.path, text]
        rows.append([*columns, *composing.passage_parameters(language, text)])
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
