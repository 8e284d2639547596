"""The vault's time.

With Azure, and with a practice vault in another process, it is known from the Date headers of answers. The practice
vault in this process has a clock of its own, which is simply read.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from app.domain.practice import PracticeState

SHORTEST_SLEEP_S = 0.2
LONGEST_SLEEP_S = 1.0
"""Waits are cut up, so that a change of speed in the middle of one is felt."""

_SLACK_S = 2.0
"""A Date header has whole seconds and is as old as the way it came; small differences are not news."""


class VirtualTime(Protocol):
    """The practice vault's clock, as far as it is needed here."""

    @property
    def speed(self) -> float: ...
    @property
    def paused(self) -> bool: ...
    @property
    def is_manual(self) -> bool: ...
    def now(self) -> datetime: ...
    def advance(self, seconds: float) -> None: ...


class PracticeClock:
    """The clock of a practice vault in this process."""

    def __init__(self, clock: VirtualTime) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    @property
    def speed(self) -> float:
        return 0.0 if self._clock.paused else self._clock.speed

    async def sleep(self, seconds: float) -> None:
        if self._clock.is_manual:
            await asyncio.sleep(0)
            self._clock.advance(seconds)
            return
        until = self._clock.now() + timedelta(seconds=seconds)
        while True:
            await asyncio.sleep(_real_wait((until - self._clock.now()).total_seconds(), self.speed))
            if self._clock.now() >= until:
                return


class HeardClock:
    """A clock set by what answers say the time is, and running on by itself in between."""

    def __init__(self) -> None:
        self._anchor = time.time()
        self._anchored_at = time.monotonic()
        self._speed = 1.0

    def now(self) -> datetime:
        gone = time.monotonic() - self._anchored_at
        return datetime.fromtimestamp(self._anchor + gone * self._speed, UTC)

    @property
    def speed(self) -> float:
        return self._speed

    def hear(self, said: datetime) -> None:
        """Take over the time of an answer, unless it agrees with ours as far as it can."""
        gap_s = (self.now() - said).total_seconds()
        if not -_SLACK_S * max(self._speed, 1.0) <= gap_s - 0.5 <= _SLACK_S * max(self._speed, 1.0):
            self._set(said.timestamp() + 0.5)

    def follow(self, state: PracticeState) -> None:
        """Take over the time and the pace that a practice vault tells."""
        self._set(state.now.timestamp())
        self._speed = 0.0 if state.is_paused else state.speed

    async def sleep(self, seconds: float) -> None:
        until = self.now() + timedelta(seconds=seconds)
        while True:
            await asyncio.sleep(_real_wait((until - self.now()).total_seconds(), self._speed))
            if self.now() >= until:
                return

    def _set(self, seconds: float) -> None:
        self._anchor = seconds
        self._anchored_at = time.monotonic()


def _real_wait(seconds: float, speed: float) -> float:
    if speed <= 0:
        return SHORTEST_SLEEP_S
    return min(max(seconds / speed, SHORTEST_SLEEP_S), LONGEST_SLEEP_S)
