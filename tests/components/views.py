"""A page of every component in every state.

A specimen is a template in ``templates/components/specimens/`` that includes the real partial, once
for each state; the page shows all that are there. What they are filled with is in ``objects.py``,
and nothing of it in the database.
"""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.meta import Meta
from tests.components.objects import objects

FOLDER = Path(__file__).parent / "templates"


def specimens(request: HttpRequest) -> HttpResponse:
    """All specimens in the order of their names."""
    templates = sorted((FOLDER / "components" / "specimens").glob("*.html"))
    shown = [
        {
            "name": path.stem.replace("_", " ").capitalize(),
            "template": str(path.relative_to(FOLDER)),
        }
        for path in templates
    ]
    meta = Meta(title="Specimens", path="/specimens/", is_indexed=False)
    return render(request, "components/page.html", {**objects(), "meta": meta, "specimens": shown})
