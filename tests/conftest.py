"""Fixtures that several of these tests share."""

from tests.isolation import house

__all__ = ["house"]
