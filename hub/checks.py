"""What `make test` runs, and the Chromium that some tests drive."""

import os
import secrets
import shutil
import subprocess
import sys

from hub import processes
from hub.local import Refusal

PYTHON = sys.executable
WITHOUT_DATABASE = [
    [PYTHON, "-m", "ruff", "check"],
    [PYTHON, "-m", "ruff", "format", "--check"],
    [PYTHON, "-m", "djlint", "templates", "--check", "--lint", "--quiet"],
]
WITH_DATABASE = [
    [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
]
# Tests of one file stay together, since most of them share what is set up once for the file.
PYTEST = [PYTHON, "-m", "pytest", "--numprocesses=2", "--dist=loadfile"]
# What a person has set for `make run` must not change what the tests find.
OURS = {
    *("ADMIN_EMAIL", "ADMIN_PASSWORD", "DATABASE_URL", "DEBUG", "HOST", "LOCAL", "PORT"),
    *("EMAIL_URL", "EMAIL_PROVIDER", "EMAIL_FROM", "POST_PER_HOUR", "POST_WEBHOOK_SECRET"),
    *("REQUIRE_STAFF_MFA", "TRUSTED_PROXIES"),
}
# The same engine without windows takes half the time, so it is preferred.
HEADLESS = "chromium-headless-shell"
CHROMIUMS = [HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def environment() -> dict[str, str]:
    """The settings of a production server, which the checks judge and the tests run under."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "BASE_URL": "https://hub.example.org",
        "ALLOWED_HOSTS": "hub.example.org",
    }


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run one check at our terminal, under a line that names it, and return its exit code."""
    words = [word for word in command if word not in (PYTHON, "-m")]
    print(f"> {' '.join(words)}", flush=True)
    return processes.run_in_front(command, environment)


def chromium() -> str:
    """The path of a Chromium that starts, installed where there is none; ``Refusal`` if that fails."""
    path = os.environ.get("CHROMIUM") or _on_path() or _from_debian() or _from_playwright()
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise Refusal(f"{path} does not start: {said[0] if said else error}") from error
    return path


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "capture_output": True}
    subprocess.run(["apt-get", "update"], check=False, **quiet)
    for browser in (HEADLESS, "chromium"):  # older releases have the second alone
        print(f"> apt-get install {browser}", flush=True)
        # With letters as wide as those of Arial, which pages are laid out in until their own come.
        packages = [browser, "fonts-liberation"]
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        subprocess.run(install, check=False, **quiet)
        if path := _on_path():
            return path
    return None


def _from_playwright() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not os.path.exists(path):
        print("> playwright install chromium", flush=True)
        command = [PYTHON, "-m", "playwright", "install", "chromium"]
        if subprocess.run(command, check=False).returncode:
            raise Refusal(
                "There is no Chromium, and installing one failed; set CHROMIUM to its path."
            )
    return path
