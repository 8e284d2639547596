"""Now and waiting, by the vault's clock: the practice vault's time runs at its own speed."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The vault's time, UTC and aware. With Azure, corrected by what its answers say the time is."""
        ...

    @property
    def speed(self) -> float:
        """Vault seconds per real second; 1 with Azure, 0 while the practice vault is paused."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of the vault's time; always yields, and never returns at once in a loop of real time."""
        ...
