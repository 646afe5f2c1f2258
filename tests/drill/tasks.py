"""A task as ours are: it may run twice, and has its effect once."""

from django.db import connection

from hub import jobs

TABLES = """
    CREATE TABLE drill_run (number int);
    CREATE TABLE drill_effect (number int PRIMARY KEY, times int NOT NULL DEFAULT 1);
"""


@jobs.task
def count(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO drill_run VALUES (%s)", [number])
        cursor.execute("SELECT pg_sleep(0.004)")  # long enough to be killed in the midst of it
        cursor.execute("INSERT INTO drill_effect VALUES (%s) ON CONFLICT DO NOTHING", [number])
