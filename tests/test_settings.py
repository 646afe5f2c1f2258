"""What is missing or dangerous stops the start in one line."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgres://hub@/hub",
    "BASE_URL": "https://hub.example.org",
}


def outcome(changes: dict[str, str], *command: str) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    environment = {name: value for name, value in (kept | GOOD | changes).items() if value}
    command = [sys.executable, "manage.py", *(command or ("check",))]
    ran = subprocess.run(
        command, cwd=settings.ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    return ran.returncode, ran.stderr


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"SECRET_KEY": ""},
            "SECRET_KEY is not set. For a hub on your own machine use `make run`.",
        ),
        ({"SECRET_KEY": "short"}, "SECRET_KEY has fewer than 50 characters."),
        (
            {"DATABASE_URL": ""},
            "DATABASE_URL is not set. For a hub on your own machine use `make run`.",
        ),
        ({"DATABASE_URL": "foo"}, "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must begin with postgres://"),
        (
            {"BASE_URL": "http://hub.example.org"},
            "BASE_URL must begin with https:// unless LOCAL is on.",
        ),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS names every host; name your own."),
        (
            {"DEBUG": "1"},
            "DEBUG is on, but LOCAL is not: it would show the hub's insides to everybody.",
        ),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'; it must be 1 or 0."),
        ({"TRUSTED_PROXIES": "yes"}, "TRUSTED_PROXIES is 'yes'; it must be a whole number."),
    ],
)
def test_settings_refuse_in_one_line(changes, reason):
    assert outcome(changes) == (1, f"The hub does not start: {reason}\n")


def test_commands_say_in_one_line_that_the_database_does_not_answer():
    nowhere = {"DATABASE_URL": "postgres://hub@127.0.0.1:1/hub", "DATABASE_POOL": "0"}

    code, said = outcome(nowhere, "reindex", "--check")

    assert code == 1
    assert said.startswith("The database does not answer: ")
    assert len(said.splitlines()) == 1
