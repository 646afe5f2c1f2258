"""A real Chromium, and the hub at work for it under the policies of production."""

import os
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    "--font-render-hinting=none",  # so that letters are as wide on every machine
]
# The test server speaks plain HTTP; all the rest, the policy too, is as in production.
PLAIN = {
    "ALLOWED_HOSTS": ["localhost"],
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "SESSION_COOKIE_NAME": "session",
    "CSRF_COOKIE_NAME": "csrf",
}
# Tells the console of every breach of the policy, whatever the browser itself says there.
REPORTER = """
document.addEventListener("securitypolicyviolation", (breach) =>
  console.error(`CSP ${breach.violatedDirective} ${breach.blockedURI} ${breach.sample}`));
"""


@contextmanager
def launched() -> Iterator[Browser]:
    """A Chromium for the block."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for a sign of danger.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
            connections.close_all()  # beside that loop Django opens others than without it


@contextmanager
def served(**settings: Any) -> Iterator[str]:
    """The address of a running hub. It reads the committed rows of the tests' database, and its
    static files are those of the fixture ``published_files``."""
    with override_settings(**PLAIN, **settings):
        # No handler of Django's for static files: the hub serves its own.
        server = LiveServerThread("localhost", static_handler=lambda application: application)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None
        try:
            yield f"http://localhost:{server.port}"
        finally:
            server.terminate()


def complaints_of(page: Page) -> list[str]:
    """All that goes wrong in ``page`` from now on, its own scripts and the console say."""
    complaints: list[str] = []

    def note(kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            complaints.append(f"{page.url}: {text}")

    page.add_init_script(REPORTER)
    page.on("console", lambda message: note(message.type, message.text))
    page.on("pageerror", lambda error: note("error", str(error)))
    return complaints


def photograph(page: Page, path: Path, *, top: int = 0, height: int) -> None:
    """Write so much of the page, from ``top`` on, as a WebP; of a shorter page all that there is."""
    page.evaluate("document.fonts.ready")
    width = page.viewport_size["width"]
    end = min(top + height, page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": top, "width": width, "height": end - top, "scale": 1}
    session = page.context.new_cdp_session(page)
    picture = session.send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": 60, "clip": clip, "captureBeyondViewport": True},
    )
    session.detach()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b64decode(picture["data"]))
