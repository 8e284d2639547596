"""What a signed-in account offers before it is connected to a vault: all vaults it reaches, and creating one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from app.domain.rules import Rules
from app.ports.clock import Clock
from app.services.vault_catalogue import VaultCatalogue
from app.services.vault_creation import VaultCreation

OpenCreation = Callable[[str], Awaitable[VaultCreation]]
"""Opens what creates vaults with the tokens of a tenant."""


class Account:
    """Whoever opened it closes it."""

    def __init__(
        self, catalogue: VaultCatalogue, rules: Rules, clock: Clock, open_creation: OpenCreation, ends: AsyncExitStack
    ) -> None:
        self.catalogue = catalogue
        self.rules = rules
        self.clock = clock
        self._open_creation = open_creation
        self._creations: dict[str, VaultCreation] = {}
        self._opening = asyncio.Lock()
        self._ends = ends

    async def creation(self, reached_by: str) -> VaultCreation:
        """What creates vaults in subscriptions that are reached with the tokens of this tenant."""
        async with self._opening:
            if reached_by not in self._creations:
                self._creations[reached_by] = await self._open_creation(reached_by)
            return self._creations[reached_by]

    async def aclose(self) -> None:
        """Stop what runs here, and close the lines. What Azure has begun goes on; the journal knows where."""
        await self.catalogue.aclose()
        await self._ends.aclose()
