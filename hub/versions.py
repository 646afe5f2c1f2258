"""Which state of the content a page shows: a short text that is another after every change.

The database keeps it: a trigger on each watched table notes the transaction that changes it, by
whatever way, so nobody can forget to. Transactions do not wait for each other over it, as they would
over a counter; what one notes shows when it commits, and is gone when it rolls back.

What is made from the content may be kept for as long as the version of its area is the same.
"""

from django.db import connection
from django.db.migrations import RunSQL

from hub.models import Change
from hub.registry import Registry

# Names of topics, places and other terms; values of the other facets; and everything else that
# public pages show.
VOCABULARY, FACETS, CONTENT = "vocabulary", "facets", "content"

# What changes with time alone, such as that the next scheduled work is public: an expression in SQL
# that is another text afterwards.
moments: Registry[str] = Registry("an expression in SQL")

# Notes beyond these are pruned. Any would do: fewer make the version quicker to read, and pruning
# makes what was kept by the old version be made anew.
KEPT_NOTES = 1000


def versions() -> dict[str, str]:
    """The version of every area, in one statement. Transactions that began earlier may commit
    later, so the newest note alone would not do: with the oldest and their number no two states
    look alike."""
    sql = "SELECT area, concat_ws('.', count(*), min(id), max(id)) FROM hub_change GROUP BY area"
    for number, moment in enumerate(moments):
        sql += f" UNION ALL SELECT 'moment {number}', ({moment})::text"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {VOCABULARY: "", FACETS: "", CONTENT: ""} | dict(cursor.fetchall())


def version_of(area: str) -> str:
    return versions()[area]


def prune() -> None:
    """Delete old notes."""
    newest = Change.objects.order_by("-id").values_list("id", flat=True)
    if oldest_kept := newest[KEPT_NOTES : KEPT_NOTES + 1].first():
        Change.objects.filter(id__lte=oldest_kept).delete()


def watch(table: str, area: str) -> RunSQL:
    """A step of a migration: note from now on who changes this table. It needs that of ``hub``
    which makes the function."""
    return RunSQL(
        f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION hub_note_change('{area}')",
        f"DROP TRIGGER note_change ON {table}",
    )
