"""The controls of the practice vault: its clock, the hosts that wait to register, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.arm_id import ArmId
from app.domain.practice import PracticeState, Troubles
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

    async def troubles(self) -> Troubles:
        return await self._gateway.read_troubles()

    async def start_trouble(
        self, kind: str, chosen: Mapping[str, str | int], *, lasts_s: float | None = None, count: int | None = None
    ) -> Troubles:
        """Let something go wrong, for vault seconds, for a number of requests or jobs, or until it is ended.

        Raises:
            InvalidInput: there is nothing that it could befall, or a choice cannot be meant.
        """
        return await self._gateway.start_trouble(kind, chosen, lasts_s=lasts_s, count=count)

    async def end_trouble(self, kind: str) -> Troubles:
        return await self._gateway.end_trouble(kind)

    async def end_all_trouble(self) -> Troubles:
        """End everything that is on, and what a script has still to do."""
        return await self._gateway.end_trouble()
