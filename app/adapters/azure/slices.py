"""Cuts long work on the loop into slices."""

from __future__ import annotations

import asyncio
from time import monotonic


class Slices:
    """Counts the time since the loop last had its turn, and gives it one when a slice is used up."""

    def __init__(self, longest_s: float = 0.002) -> None:
        self._longest_s = longest_s
        self._started = monotonic()

    @property
    def is_due(self) -> bool:
        return monotonic() - self._started >= self._longest_s

    async def pause(self) -> None:
        await asyncio.sleep(0)
        self._started = monotonic()
