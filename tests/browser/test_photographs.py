"""Pictures of all specimens in var/photographs/, for people to look at."""

import pytest
from django.conf import settings

from tests.browser.itinerary import SPECIMENS
from tests.chromium import photograph

pytestmark = pytest.mark.django_db

FOLDER = settings.ROOT / "var" / "photographs"
TALLEST = 8000  # what viewers still show well; the page is taller


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_specimens_are_photographed(visit, width, scheme):
    for earlier in FOLDER.glob(f"{SPECIMENS}-{width}-{scheme}-*.webp"):
        earlier.unlink()
    page = visit(SPECIMENS, width)
    page.emulate_media(color_scheme=scheme)
    height = page.evaluate("document.documentElement.scrollHeight")

    taken = []
    for number, top in enumerate(range(0, height, TALLEST), 1):
        taken.append(FOLDER / f"{SPECIMENS}-{width}-{scheme}-{number}.webp")
        photograph(page, taken[-1], top=top, height=TALLEST)

    assert all(path.read_bytes()[8:12] == b"WEBP" for path in taken)
