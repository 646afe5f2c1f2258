"""A page with its styles inside: one file that needs nothing else."""

from functools import cache
from pathlib import Path

from django.conf import settings

STYLES = settings.ROOT / "static" / "css" / "offline.css"
MARK = "/* styles */"


@cache
def _styles(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def whole(html: str) -> str:
    """``html`` with our own styles where its mark stands."""
    return html.replace(MARK, _styles(STYLES), 1)
