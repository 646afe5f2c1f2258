"""The house has an order: each app imports from those before it only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ORDER = [
    "hub.audit",
    "hub.vocabulary",
    "hub.partners",
    "hub.notices",
    "hub.accounts",
    "hub.members",
    "hub.contact",
    "hub.catalogue",
    "hub.newsletter",
    "hub.newsletter",
    "hub.portal",
    "knowledge",
    "events",
    "taskforce",
]
# The ground is imported by all. Of it, these know the apps: the one names them, the other's task is
# to run them.
KNOW_THE_APPS = {"hub.settings", "hub.urls"}


def room_of(module: str) -> str | None:
    """The app that a module belongs to; ``None`` for the ground and for what is not ours."""
    return next((app for app in ORDER if module == app or module.startswith(f"{app}.")), None)


def our_modules() -> Iterator[tuple[str, Path]]:
    for top in ("hub", "knowledge", "events", "taskforce"):
        for path in sorted((settings.ROOT / top).rglob("*.py")):
            parts = path.relative_to(settings.ROOT).with_suffix("").parts
            if "tests" not in parts and "migrations" not in parts:
                yield ".".join(parts).removesuffix(".__init__"), path


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize(("module", "path"), list(our_modules()), ids=lambda value: str(value))
def test_imports_run_one_way(module, path):
    if module in KNOW_THE_APPS:
        return
    own = room_of(module)
    allowed = ORDER[: ORDER.index(own) + 1] if own else []

    wrong = {name for name in imports_of(path) if room_of(name) and room_of(name) not in allowed}

    assert wrong == set()


def test_imports_are_read_at_all():
    assert len(list(our_modules())) > 40
