"""Tests against recorded traffic: the life that several of them look at, and the tables they tell."""

from __future__ import annotations

import pytest

from tests.conformance.life import Life, live
from tests.support.tables import pytest_terminal_summary, tell

__all__ = ["pytest_terminal_summary", "tell"]


@pytest.fixture(scope="session")
def life() -> Life:
    return live()
