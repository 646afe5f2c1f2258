"""Writing a dump: whole or not at all."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from hub import tables
from hub.portal.dumps import reading
from hub.portal.dumps.contents import Row, Table
from hub.portal.dumps.contents import tables as all_tables

# So that who is reading one when the next is made can go on. Not more: whoever leaves the directory,
# and what is withdrawn, should be in none of them two nights later.
KEPT = 2
BETWEEN = "; "
PIECE = 1024 * 1024


def write(now: datetime | None = None) -> str:
    """Write all tables and let go of old dumps; answers the name of the new one, which is seen only
    when it is whole."""
    now = now or timezone.now()
    version = f"{now:%Y-%m-%dT%H%M%S%fZ}"
    reading.folder().mkdir(parents=True, exist_ok=True)
    begun = reading.folder() / f".{version}.{os.getpid()}"
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir()
    try:
        with translation.override(settings.LANGUAGE_CODE):
            told = [_written(begun, table) for table in all_tables()]
        _describe(begun, now, told)
        begun.rename(reading.folder() / version)
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    _forget_old()
    return version


def _written(folder: Path, table: Table) -> dict[str, Any]:
    lines, rows = folder / f"{table.name}.jsonl", 0
    with lines.open("w", encoding="utf-8") as file:
        for row in table.rows():
            told = {column: row[column] for column in table.columns}
            file.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
            rows += 1
    # From the lines, so that both files say the same.
    cells = ([_cell(row[column]) for column in table.columns] for row in _read(lines))
    with (
        tables.as_csv(table.columns, cells) as source,
        (folder / f"{table.name}.csv").open("wb") as csv,
    ):
        shutil.copyfileobj(source, csv, PIECE)
    return {
        "name": table.name,
        "description": str(table.label),
        "rows": rows,
        "columns": list(table.columns),
        "files": [_file_of(folder / f"{table.name}.{ending}") for ending in ("jsonl", "csv")],
    }


def _read(lines: Path) -> Iterator[Row]:
    with lines.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _cell(value: Any) -> tables.Cell:
    if isinstance(value, list):
        return BETWEEN.join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return value


def _describe(folder: Path, now: datetime, told: list[dict[str, Any]]) -> None:
    manifest = {
        "name": "Just Transition Hub",
        "source": settings.BASE_URL,
        "made_at": now.isoformat(timespec="seconds"),
        "licence": reading.licence(),
        "tables": told,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / reading.MANIFEST).write_text(text, encoding="utf-8")
    files = sorted(folder.iterdir())
    sums = "".join(f"{_sum(file)}  {file.name}\n" for file in files)
    (folder / reading.SUMS).write_text(sums, encoding="ascii")


def _file_of(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": _sum(path)}


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _forget_old() -> None:
    for version in reading.versions()[KEPT:]:
        shutil.rmtree(reading.folder() / version, ignore_errors=True)
