import pytest
from django.db import connection


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/healthz", "ok\n"),
        ("/readyz", "ready\n"),
    ],
)
def test_machines_get_plain_text(db, client, path, text):
    response = client.get(path)

    answer = (response.status_code, response["Content-Type"], response.content.decode())
    assert answer == (200, "text/plain; charset=utf-8", text)


def test_healthz_asks_no_database(client):
    """Without a database this test would fail at the first query."""
    assert client.get("/healthz").status_code == 200


def test_readyz_knows_waiting_migrations(db, client):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'knowledge'"
            " AND id = (SELECT max(id) FROM django_migrations WHERE app = 'knowledge')"
        )

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"migrations are waiting\n")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_asked_anew_each_time(db, client, path):
    assert "no-store" in client.get(path)["Cache-Control"].split(", ")
