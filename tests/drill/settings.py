"""The hub's settings with one task more, whose runs and effects can be counted."""

from hub.settings import *  # noqa: F403
from hub.settings import PROCRASTINATE_IMPORT_PATHS

PROCRASTINATE_IMPORT_PATHS = [*PROCRASTINATE_IMPORT_PATHS, "tests.drill.tasks"]
