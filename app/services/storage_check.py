"""Reads locks, rights and used capacity of storage accounts, in few requests however many accounts there are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.arm_id import ArmId
from app.domain.rights import Place, When
from app.domain.rules import RightsRules
from app.domain.storage_facts import StorageFacts
from app.ports.clock import Clock
from app.runtime.together import in_groups
from app.services.access_reader import AccessReader, needed_at, or_none
from app.services.gateways import Gateways

_AT_A_TIME = 4
_LOOK_BACK = timedelta(days=2)
"""Azure's count of what is stored can be a day old."""


class StorageCheck:
    """One per connection; keeps what it has read. Reads only.

    Attributes:
        facts: all that is known so far.
    """

    def __init__(self, gateways: Gateways, clock: Clock, rules: RightsRules) -> None:
        self._gateways = gateways
        self._clock = clock
        self._reader = AccessReader(gateways, rules, needed_actions(rules))
        self.facts = StorageFacts()

    async def read_access(self, accounts: Sequence[ArmId]) -> StorageFacts:
        """Read locks and rights that hold for these, those that matter most first.

        Raises:
            AppError: nobody is signed in, Azure cannot be reached, or asks to wait.
        """
        found, unread = await self._reader.read(accounts)
        self.facts = self.facts.with_read(found, unread)
        return self.facts

    async def read_stored(self, accounts: Sequence[ArmId]) -> StorageFacts:
        """Read how much these hold, a few at a time.

        Raises:
            AppError: as `read_access`.
        """
        until = self._clock.now()
        gate = asyncio.Semaphore(_AT_A_TIME)

        async def read(account: ArmId) -> int | None:
            async with gate:
                since = until - _LOOK_BACK
                return await or_none(self._gateways.resources.get_used_capacity(account, since, until))

        read_them = await in_groups(read, accounts)
        found = {account.key: used for account, used in zip(accounts, read_them, strict=True)}
        self.facts = replace(self.facts, used_bytes={**self.facts.used_bytes, **found})
        return self.facts


def needed_actions(rules: RightsRules) -> tuple[str, ...]:
    """What a set-up takes on an account that is there already."""
    return needed_at(rules, Place.STORAGE, When.OLD_STORAGE)
