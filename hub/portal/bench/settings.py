"""The hub's own settings, with the floor among its addresses."""

from hub.settings import *  # noqa: F403

ROOT_URLCONF = "hub.portal.bench.urls"
