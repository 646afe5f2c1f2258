"""The spine: one Record for everything public, written by its sources and read by every page."""
