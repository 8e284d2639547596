"""The practice vault behind each of its doors."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.doors import DOORS, Door, open_door


@pytest.fixture(params=DOORS)
async def door(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    async with open_door(request.param) as opened:
        yield opened


@pytest.fixture(params=DOORS)
async def fleet(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    async with open_door(request.param, "fleet", count=12) as opened:
        yield opened
