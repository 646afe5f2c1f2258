"""Which dumps there are, and their files."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from hub import tables

FOLDER, MANIFEST, SUMS = "dumps", "manifest.json", "SHA256SUMS"
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}T\d{12}Z", re.ASCII)
SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
TYPES = {
    ".jsonl": "application/jsonl; charset=utf-8",
    ".csv": tables.CSV,
    ".json": "application/json",
    "": "text/plain; charset=us-ascii",
}


@dataclass(frozen=True)
class DumpFile:
    """A file as ``hub.sending`` sends it."""

    name: str
    path: str
    download_name: str

    @property
    def mime_type(self) -> str:
        return TYPES[Path(self.path).suffix]


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER


def licence() -> dict[str, str]:
    """Under which licence the hub's own descriptions may be used."""
    return {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL}


def versions() -> list[str]:
    """The names of all that are whole, the newest first."""
    if not folder().is_dir():
        return []
    names = (path.name for path in folder().iterdir() if VERSION.fullmatch(path.name))
    return sorted(names, reverse=True)


def manifest(version: str) -> dict[str, Any] | None:
    """What a dump says of itself; ``None`` if it has just been let go of."""
    try:
        return json.loads((folder() / version / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def file_of(version: str, name: str) -> DumpFile | None:
    """The file of this name; ``None`` for what is none of the dump's."""
    if not VERSION.fullmatch(version):
        return None
    try:
        sums = (folder() / version / SUMS).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    known = {found[2]: found[1] for found in SUM_LINE.finditer(sums)}
    known[SUMS] = f"sums-{version}"
    if name not in known:
        return None
    return DumpFile(known[name], f"{FOLDER}/{version}/{name}", f"{version}-{name}")
