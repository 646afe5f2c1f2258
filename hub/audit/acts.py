"""Who acts: what the triggers write beside each event.

They read two settings of PostgreSQL, ``pghistory.context_id`` and ``pghistory.context_metadata``. An
act gives them for each statement that writes, in the same round trip and until the transaction ends:
set once they would be lost with the first savepoint that is rolled back. pghistory's own context
does the same for all statements, and breaks those that are executed for many rows.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

# With anything else no trigger of ours begins.
WRITING = ("insert", "update", "delete", "with", "merge")
PREFIX = (
    "SELECT set_config('pghistory.context_id', %s, true),"
    " set_config('pghistory.context_metadata', %s, true); "
)


class Act:
    """Something that somebody does, in one or more transactions. It stands among the wrappers of
    the connection, so that it holds for what this thread writes and for nothing else."""

    def __init__(self, *, id: UUID | None = None, **details: Any) -> None:
        self.id = id or uuid4()
        self.details = details

    def description(self) -> dict[str, Any]:
        """Who, from where and why, as far as it is known by now."""
        return {name: value for name, value in self.details.items() if value not in (None, "")}

    def __call__(
        self, execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        # What is executed for many rows goes with what the statements before it have set.
        if many or not _writes(sql) or isinstance(params, dict):
            return execute(sql, params, many, context)
        told = str(self.id), json.dumps(self.description())
        result = execute(PREFIX + sql, (*told, *(params or ())), many, context)
        while result is not None and result.nextset():
            pass
        return result


def _writes(sql: Any) -> bool:
    return isinstance(sql, str) and sql.lstrip()[:6].lower().startswith(WRITING)


def current() -> Act | None:
    """The act of this thread, if there is one."""
    wrappers = reversed(connection.execute_wrappers)
    return next((wrapper for wrapper in wrappers if isinstance(wrapper, Act)), None)


@contextmanager
def acting(act: Act | None = None, **details: Any) -> Iterator[Act]:
    """What is written within is recorded with these details; within another act it only adds them."""
    outer = current()
    if outer is None:
        act = act or Act(**details)
        with connection.execute_wrapper(act):
            yield act
        return
    before = outer.details
    outer.details = {**before, **details}
    try:
        yield outer
    finally:
        outer.details = before


def because(reason: str) -> None:
    """Give the reason of the current act, in the words of whoever acts. Nothing without an act."""
    if act := current():
        act.details = {**act.details, "reason": reason.strip()[:500]}
