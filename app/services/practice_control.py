"""The controls of the practice vault: its clock, and the hosts that wait to register."""

from __future__ import annotations

from app.domain.arm_id import ArmId
from app.domain.practice import PracticeState
from app.ports.arm import PracticeGateway

SLOWEST = 1.0
FASTEST = 3600.0


class PracticeControl:
    """Only on a practice vault."""

    def __init__(self, gateway: PracticeGateway) -> None:
        self._gateway = gateway

    async def state(self) -> PracticeState:
        return await self._gateway.read()

    async def set_speed(self, speed: float) -> PracticeState:
        """Vault seconds per real second, held between 1 and 3600; a paused clock goes on."""
        return await self._gateway.set_clock(speed=min(max(speed, SLOWEST), FASTEST), paused=False)

    async def pause(self) -> PracticeState:
        return await self._gateway.set_clock(paused=True)

    async def resume(self) -> PracticeState:
        return await self._gateway.set_clock(paused=False)

    async def register_host(self, site: ArmId, name: str | None = None) -> str:
        """Let the next waiting host register in the site, as its Provider would; returns its name.

        Raises:
            Conflict: no host is waiting.
        """
        return await self._gateway.register_host(site, name)
