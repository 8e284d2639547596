"""Tests against recorded traffic: the life that several of them look at."""

from __future__ import annotations

import pytest

from tests.conformance.life import Life, live


@pytest.fixture(scope="session")
def life() -> Life:
    return live()
