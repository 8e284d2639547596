"""Reads what a subscription may use in a region; a part that cannot be read costs itself only, and is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from app.domain.arm_id import ArmId
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.quota import OfferedSize, Part, RegionQuota
from app.domain.quota_needs import NeedsTally
from app.domain.regions import location_key
from app.errors import AppError, SignInRequired
from app.runtime.single_flight import SingleFlight
from app.runtime.together import together
from app.services.gateways import Gateways

PATIENCE_S = 10.0
"""Real seconds. An estimate must not hold up what waits for it."""

_SIZES_KEPT_S = 600.0
"""Which sizes a region has changes within months; the list weighs more than everything else here together."""

_SLICE_S = 0.004
_LOOK_EVERY = 64


class RegionQuotas:
    """One per connection. Callers who ask for the same region at the same time share one reading."""

    def __init__(self, gateways: Gateways, *, patience_s: float = PATIENCE_S) -> None:
        self._gateways = gateways
        self._patience_s = patience_s
        self._flights: SingleFlight[RegionQuota] = SingleFlight()
        self._sizes: dict[tuple[str, str], tuple[float, tuple[OfferedSize, ...]]] = {}
        self._locations: dict[str, str] = {}

    async def read(self, subscription: str, location: str) -> RegionQuota:
        """Usages as of now; what cannot be read is named in `unread`.

        Raises:
            SignInRequired: nothing more can be read before somebody signs in.
        """
        key = (subscription.lower(), location_key(location))
        return await self._flights.run(key, lambda: self._read(subscription, key[1]))

    async def read_for(self, vault: ArmId, subscriptions: Iterable[str]) -> tuple[RegionQuota, ...]:
        """Of a vault's region, in each of these subscriptions; as `read`."""
        wanted = sorted({each.lower() for each in subscriptions})
        try:
            location = await self.location_of(vault)
        except SignInRequired:
            raise
        except AppError as error:
            return unread_quotas(wanted, error)
        return tuple(await together([self.read(each, location) for each in wanted]))

    async def location_of(self, vault: ArmId) -> str:
        """A vault stays where it is, so it is asked once."""
        known = self._locations.get(vault.key)
        if known is None:
            known = self._locations[vault.key] = (await self._gateways.vaults.get_vault(vault)).location
        return known

    async def _read(self, subscription: str, location: str) -> RegionQuota:
        quotas = self._gateways.quotas
        parts: Mapping[Part, Callable[[], Awaitable[Any]]] = {
            Part.COMPUTE: lambda: quotas.list_compute_usages(subscription, location),
            Part.NETWORK: lambda: quotas.list_network_usages(subscription, location),
            Part.SIZES: lambda: self._read_sizes(subscription, location),
        }
        answers = dict(zip(parts, await together([self._answer(read) for read in parts.values()]), strict=True))
        unread = {part: answer for part, answer in answers.items() if isinstance(answer, str)}
        found = {part.value: answer for part, answer in answers.items() if part not in unread}
        return RegionQuota(subscription, location, **found, unread=unread)

    async def _answer(self, read: Callable[[], Awaitable[Any]]) -> Any:
        """What was read, or in words why it was not."""
        try:
            async with asyncio.timeout(self._patience_s):
                return await read()
        except TimeoutError:
            return f"Azure did not answer within {self._patience_s:g} seconds."
        except SignInRequired:
            raise
        except AppError as error:
            return error.sentence

    async def _read_sizes(self, subscription: str, location: str) -> tuple[OfferedSize, ...]:
        key = (subscription.lower(), location)
        read_at, sizes = self._sizes.get(key, (0.0, ()))
        if sizes and time.monotonic() - read_at < _SIZES_KEPT_S:
            return sizes
        sizes = await self._gateways.quotas.list_offered_sizes(subscription, location)
        self._sizes[key] = (time.monotonic(), sizes)
        return sizes


def unread_quotas(subscriptions: Iterable[str], error: AppError) -> tuple[RegionQuota, ...]:
    """Of a region of which nothing could be read, not even which one it is."""
    return tuple(RegionQuota(each, "", unread=dict.fromkeys(Part, error.sentence)) for each in subscriptions)


async def count_needs(items: Sequence[ReplicationProtectedItem]) -> NeedsTally:
    """What these machines need for a failover, counted without holding the loop."""
    tally = NeedsTally()
    started = time.perf_counter()
    for number, item in enumerate(items):
        tally.add(item)
        if number % _LOOK_EVERY == 0 and time.perf_counter() - started > _SLICE_S:
            await asyncio.sleep(0)
            started = time.perf_counter()
    return tally
