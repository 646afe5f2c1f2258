"""Databases of tests beside the first: what takes long to put in is put in once, and copied."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction

from hub.models import Change

# What migrations put in, which is the same for all tests.
OF_THE_SCHEMA = {"django_migrations", "django_content_type", "auth_permission"}


def copy_database(name: str) -> str:
    """Copy the tests' database of the moment, at which nothing else may be at work; the name of the
    copy. One of that name is replaced."""
    source = connection.settings_dict["NAME"]
    _hang_up()
    with connection._nodb_cursor() as cursor:
        # Whoever still waits in a pool of its own dials again when it is next asked for something.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source]
        )
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """All that runs in the block meets the database of this name."""
    own = connection.settings_dict["NAME"]
    _hang_up()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        _hang_up()
        connection.settings_dict["NAME"] = own


def delete_all_rows() -> None:
    """Empty the tests' database of what was committed. Django's own flush does as much for the two
    hundred tables that have nothing, and makes its own rows anew."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    has_rows = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"
        for table in tables
        if table not in OF_THE_SCHEMA
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(has_rows)
        filled = [row[0] for row in cursor.fetchall()]
        # Neither keys nor triggers: nothing is left for them to keep in order.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(f'DELETE FROM "{table}"')


def note_changes_from(number: int) -> None:
    """Count changes from here on, so that no state of this database is taken for one of another by
    what a process keeps for as long as nothing has changed."""
    sql = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [Change._meta.db_table, number])


def _hang_up() -> None:
    connections.close_all()
    connection.close_pool()
    ContentType.objects.clear_cache()  # in another database they have other keys
