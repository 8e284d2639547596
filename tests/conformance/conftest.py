"""Tests against recorded traffic: the tables they tell."""

from __future__ import annotations

from tests.support.tables import pytest_terminal_summary, tell

__all__ = ["pytest_terminal_summary", "tell"]
