"""State files are closed when a test has ended; within it they stay open, as after a kill."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.client import WITH_FILE


@pytest.fixture(autouse=True)
def state_files() -> Iterator[None]:
    yield
    while WITH_FILE:
        WITH_FILE.pop().close()
