"""What came out, against what we want: a table for people, the same as JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from hub.portal.bench.load import Built

ASKED_AGAIN = 1.3  # times the floor, whatever is asked
MOST_SECONDS = 300  # for so many records:
RECORDS = 100_000
MOST_MEMORY = 130  # MB
MOST_GROWTH = 4  # times, from one number of records to ten times as many
FIRST, AGAIN = "first", "again"

Result = dict[str, Any]

HEADINGS = (
    *("asked", "clients", "median ms", "p95 ms", "per s", "CPU ms", "web", "db", "x floor", "goal"),
    "",
)
WIDTHS = (6, 8, 11, 9, 8, 9, 8, 8, 9, 7, 6)


def row(cell: Result, floor_ms: float, goal: float | None) -> Result:
    """A cell against the floor at the same number of clients, and against its goal if it has one."""
    times = round(cell["cpu_ms"] / floor_ms, 2) if floor_ms else 0.0
    return {**cell, "times_floor": times, "goal": goal, "is_met": goal is None or times <= goal}


def late(times: Sequence[float]) -> float:
    """The time within which 95 of 100 are done."""
    return sorted(times)[int(len(times) * 0.95)]


def goal(is_met: bool) -> str:
    return "ok" if is_met else "OVER"


def table(result: Result) -> Iterator[str]:
    """The lines of one run's table."""
    title = f"{result['records']:,} records"
    yield f"{title}{'' if result['has_bodies'] else ', titles and summaries alone'}"
    yield ""
    yield f"{'class':<14}{'hits':>8}  " + _line(HEADINGS)
    for cell in result["floor"]:
        yield f"{'floor':<14}{'':>8}  " + _line(_columns({**cell, "asked": ""}))
    for one in result["classes"]:
        yield from _class_lines(one)
    yield ""
    yield from _facts(result)
    yield from (f"! {fault}" for fault in result["faults"])


def _class_lines(one: Result) -> Iterator[str]:
    for number, cell in enumerate(one["cells"]):
        name, hits = (one["title"], _hits(one["hits"])) if number == 0 else ("", "")
        yield f"{name:<14}{hits:>8}  " + _line(_columns(cell))


def _hits(hits: int | None) -> str:
    return "?" if hits is None else f"{hits:,}"


def _columns(cell: Result) -> tuple[str, ...]:
    measured = (
        cell["asked"],
        str(cell["clients"]),
        *(f"{cell[name]:.1f}" for name in ("median_ms", "p95_ms", "requests_per_second")),
        *(f"{cell[name]:.1f}" for name in ("cpu_ms", "cpu_web_ms", "cpu_database_ms")),
    )
    if "times_floor" not in cell:
        return (*measured, "", "", "")
    times = f"{cell['times_floor']:.2f}"
    if cell["goal"] is None:
        return (*measured, times, "", "")
    return (*measured, times, f"≤ {cell['goal']:g}", goal(cell["is_met"]))


def _line(columns: Iterable[str]) -> str:
    return "".join(f"{text:>{width}}" for text, width in zip(columns, WIDTHS, strict=True)).rstrip()


def _facts(result: Result) -> Iterator[str]:
    built, sizes, memory = result["built"], result["sizes"], result["memory"]
    when = " (in an earlier run)" if built["is_kept"] else ""
    yield (
        f"searchable     {built['seconds']:.1f} s from nothing, goal {built['goal']:.0f} s: "
        f"{goal(built['is_met'])}{when}"
    )
    yield (
        f"               records {built['writing']:.1f} s, jobs {built['jobs']:.1f} s, vacuum "
        f"{built['tidying']:.1f} s; the texts themselves were made in {built['making']:.1f} s"
    )
    if memory["workers"]:
        yield (
            f"memory         {sum(memory['workers']):.0f} MB (PSS of two workers), goal below "
            f"{MOST_MEMORY} MB: {goal(memory['is_met'])}; their master has {memory['master']:.0f} MB more"
        )
    yield (
        f"database       {sizes['database_mb']:.0f} MB, {sizes['indexes_mb']:.0f} MB of it indexes"
    )
    machine = result["machine"]
    largest = (f"{name} {size:.0f}" for name, size in sizes["largest_mb"].items() if size >= 1)
    yield f"largest, MB    {', '.join(largest)}"
    yield f"machine        {machine['processors']} processors, load before {machine['load_before']}"


def built(records: int, took: Built, *, is_kept: bool) -> Result:
    goal_seconds = MOST_SECONDS * records / RECORDS
    seconds = took.writing + took.jobs + took.tidying
    return {
        "seconds": round(seconds, 1),
        "goal": goal_seconds,
        "is_met": seconds <= goal_seconds,
        "is_kept": is_kept,
        **{
            name: round(getattr(took, name), 1) for name in ("making", "writing", "jobs", "tidying")
        },
    }


def memory(sizes: list[float]) -> Result:
    """``sizes`` are the megabytes of the master and of each worker, if they are known."""
    master, *workers = sizes or [0.0]
    is_met = sum(workers) < MOST_MEMORY
    return {"master": master, "workers": workers, "goal": MOST_MEMORY, "is_met": is_met}


def growth(small: Result, large: Result) -> list[Result]:
    """By how much each cell costs more in the larger of two runs."""
    before = {(one["name"], *_key(cell)): cell for one in small["classes"] for cell in one["cells"]}
    grown = []
    for one in large["classes"]:
        for cell in one["cells"]:
            earlier = before.get((one["name"], *_key(cell)))
            if not earlier or not earlier["cpu_ms"]:
                continue
            factor = round(cell["cpu_ms"] / earlier["cpu_ms"], 2)
            asked, clients = _key(cell)
            grown.append(
                {
                    "name": one["name"],
                    "title": one["title"],
                    "asked": asked,
                    "clients": clients,
                    "factor": factor,
                    "goal": MOST_GROWTH,
                    "is_met": factor <= MOST_GROWTH,
                }
            )
    return grown


def _key(cell: Result) -> tuple[str, int]:
    return cell["asked"], cell["clients"]


def growth_table(small: Result, large: Result, grown: list[Result]) -> Iterator[str]:
    yield f"growth of CPU from {small['records']:,} to {large['records']:,} records, goal ≤ {MOST_GROWTH}"
    yield ""
    for one in grown:
        what = f"{one['title']:<14}{one['asked']:>8}{one['clients']:>4}"
        yield f"{what}{one['factor']:>9.2f}{goal(one['is_met']):>6}"


def write(path: Path, result: Result) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
