"""The hub's own settings, with the floor among its addresses."""

from hub.settings import *  # noqa: F403

ROOT_URLCONF = "hub.portal.bench.urls"

# What a question costs is measured to its end, at which no reader would wait any more.
SEARCH_MILLISECONDS = 60_000

# All readers of the benchmark have one address.
API_IN_TEN_MINUTES = 10_000_000
