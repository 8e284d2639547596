"""Virtual time: it runs faster than real time, stands still, or is moved by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime

SLOWEST, FASTEST = 1.0, 3600.0
"""The speeds that may be chosen while the practice vault runs."""


class SimulatorClock:
    """Virtual time = start + real time gone by x speed + everything advanced.

    A clock of speed 0 is manual: it moves by `advance` alone.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._seconds = start.timestamp()
        self._anchor = time.monotonic()
        self._speed = speed
        self._paused = False

    @property
    def speed(self) -> float:
        """Virtual seconds per real second while not paused; 0 for a manual clock."""
        return self._speed

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def is_manual(self) -> bool:
        return self._speed == 0

    def seconds(self) -> float:
        """Virtual seconds since 1970; what the simulator itself reckons with."""
        if self._paused or self._speed == 0:
            return self._seconds
        return self._seconds + (time.monotonic() - self._anchor) * self._speed

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def set_speed(self, speed: float) -> None:
        """Change the pace from here on.

        Raises:
            ValueError: the speed is outside 1 to 3600.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed must lie between {SLOWEST:g} and {FASTEST:g}")
        self._settle()
        self._speed = speed

    def pause(self) -> None:
        self._settle()
        self._paused = True

    def resume(self) -> None:
        self._settle()
        self._paused = False

    def advance(self, seconds: float) -> None:
        """Move virtual time forward at once."""
        self._seconds += max(seconds, 0.0)

    def restore(self, seconds: float, speed: float, paused: bool) -> None:
        """Go on where a saved clock stood. A manual clock stays manual and only takes over the time."""
        self._anchor = time.monotonic()
        self._seconds = seconds
        if self._speed != 0:
            self._speed = speed if speed > 0 else SLOWEST
            self._paused = paused

    def _settle(self) -> None:
        self._seconds = self.seconds()
        self._anchor = time.monotonic()
