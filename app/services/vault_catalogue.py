"""Everything that the signed-in account reaches, as it becomes known: tenants, subscriptions, vaults, what they hold.

Subscriptions are read a few at a time by workers that share one list, so that thousands of them cost no more tasks than
tens. What a vault holds takes two requests each, so it is read only where somebody looks: `want` names the vaults, the
most wanted first, and takes the place of what was wanted before. Whoever watches is told at most ten times a second,
however many answers have come. What one tenant or subscription refuses is told with it; the others go on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from app.domain.azure import Subscription, Tenant
from app.domain.vault import Vault
from app.domain.vault_contents import VaultContents
from app.errors import AppError, Throttled
from app.ports.catalogue import CatalogueGateway
from app.ports.clock import Clock
from app.ports.sign_in import SignInWish
from app.runtime.task_scope import TaskScope
from app.runtime.together import together

T = TypeVar("T")

_UNREGISTERED = frozenset({"missingsubscriptionregistration", "subscriptionnotregistered"})
_ASKED_TO_WAIT = 4
"""How often one answer may be put off before that is told as its failure."""
_LEAST_WAIT_S, _REST_S = 5.0, 0.05


@dataclass(frozen=True, slots=True)
class TenantReading:
    """`problem`: why its subscriptions are not known."""

    tenant: Tenant
    is_read: bool = False
    problem: AppError | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionReading:
    """
    Attributes:
        reached_by: the id of the tenant with whose tokens it was listed.
        problem: why its vaults are not known.
    """

    subscription: Subscription
    tenant: Tenant
    reached_by: str
    is_read: bool = False
    problem: AppError | None = None


@dataclass(frozen=True, slots=True)
class VaultEntry:
    """A vault and where it is.

    Attributes:
        tenant: that of the subscription; `reached_by` is the id of the one whose tokens open it.
        contents: None until somebody wanted them; `problem` is why they cannot be read.
    """

    vault: Vault
    subscription: Subscription
    tenant: Tenant
    reached_by: str
    contents: VaultContents | None = None
    problem: AppError | None = None

    @property
    def key(self) -> str:
        return self.vault.id.key


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known now.

    Attributes:
        problem: why not even the tenants are known.
        waits_until: when Azure wants to be asked again, in the clock's time; None while it answers.
    """

    tenants: tuple[TenantReading, ...] = ()
    subscriptions: tuple[SubscriptionReading, ...] = ()
    vaults: tuple[VaultEntry, ...] = ()
    is_reading: bool = False
    has_read: bool = False
    problem: AppError | None = None
    waits_until: datetime | None = None

    @property
    def read_count(self) -> int:
        """Subscriptions that have answered, be it with a refusal."""
        return sum(each.is_read for each in self.subscriptions)

    @property
    def refused_tenants(self) -> tuple[TenantReading, ...]:
        return tuple(each for each in self.tenants if each.problem is not None)

    @property
    def failed_subscriptions(self) -> tuple[SubscriptionReading, ...]:
        return tuple(each for each in self.subscriptions if each.problem is not None)


OnChange = Callable[[Catalogue], object]


class VaultCatalogue:
    """One per account, made on the loop that it is used on.

    Args:
        at_once, contents_at_once: requests under way for subscriptions, and for what vaults hold.
        pace_s: the least time between two changes that are told; the first is told at once.
    """

    def __init__(
        self,
        gateway: CatalogueGateway,
        clock: Clock,
        *,
        at_once: int = 8,
        contents_at_once: int = 4,
        pace_s: float = 0.1,
    ) -> None:
        self._gateway = gateway
        self._clock = clock
        self._gate = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._contents_at_once = contents_at_once
        self._loop = asyncio.get_running_loop()
        self._teller = _Teller(self._tell, pace_s, self._loop)
        self._watchers: list[OnChange] = []
        self._scope = TaskScope()
        self._reading = 0
        self._state = Catalogue()
        self._tenants: dict[str, TenantReading] = {}
        self._subscriptions: dict[str, SubscriptionReading] = {}
        self._vaults: dict[str, dict[str, VaultEntry]] = {}
        self._wanted: deque[str] = deque()
        self._looked_into: set[str] = set()
        self._lookers = 0
        self._is_closed = False

    @property
    def catalogue(self) -> Catalogue:
        """What is known by now."""
        return replace(
            self._state,
            tenants=tuple(self._tenants.values()),
            subscriptions=tuple(self._subscriptions.values()),
            vaults=tuple(entry for vaults in self._vaults.values() for entry in vaults.values()),
        )

    def watch(self, on_change: OnChange) -> Callable[[], None]:
        """Hear of changes, a batch at a time; call the result to stop."""
        self._watchers.append(on_change)

        def stop() -> None:
            if on_change in self._watchers:
                self._watchers.remove(on_change)

        return stop

    async def read(self) -> None:
        """Read everything, again if it was read before; what is known stays until something newer takes its place.

        Cancelling stops where it is; what has come by then stays.

        Raises:
            AppError: not even the tenants could be read; the catalogue holds it too.
        """
        self._reading += 1
        number = self._reading
        self._looked_into.clear()
        self._change(is_reading=True, problem=None)
        try:
            tenants = await self._ask(self._gateway.list_tenants)
            known = self._tenants
            self._tenants = {each.id: known.get(each.id, TenantReading(each)) for each in tenants}
            self._teller.note()
            seen: set[str] = set()
            await together([self._read_tenant(tenant, seen) for tenant in tenants])
            self._forget_all_but(seen)
            self._change(has_read=True)
        except AppError as error:
            self._change(problem=error)
            raise
        finally:
            if number == self._reading:
                self._change(is_reading=False, waits_until=None)

    async def read_tenant(self, tenant_id: str, wish: SignInWish | None = None) -> None:
        """Read one tenant again, such as after signing in to it by `wish`."""
        if wish is not None:
            self._gateway.use_sign_in(tenant_id, wish)
        self._change(is_reading=True)
        try:
            await self._read_tenant(self._tenants[tenant_id].tenant, set())
        finally:
            self._change(is_reading=False)

    async def read_subscription(self, subscription_id: str) -> None:
        """Read the vaults of one subscription again, such as after one was made there."""
        await self._read_subscription(self._subscriptions[subscription_id])

    def want(self, keys: Iterable[str]) -> None:
        """Look into these vaults, the first ones first, in place of those that were wanted and not begun."""
        self._wanted = deque(key for key in keys if key not in self._looked_into)
        if self._wanted and not self._is_closed:
            self._loop.call_soon(self._start_looking)

    def _start_looking(self) -> None:
        """In a turn of the loop: a window's timers may wish while it rests, and then this is put off."""
        if self._is_closed:
            return
        if not self._loop.is_running():
            self._loop.call_later(_REST_S, self._start_looking)
            return
        while self._lookers < min(self._contents_at_once, len(self._wanted)):
            self._lookers += 1
            self._scope.start(self._look_into_them(), name="vault contents")

    async def aclose(self) -> None:
        """Stop looking into vaults and telling; a reading is cancelled by whoever began it."""
        self._is_closed = True
        self._watchers.clear()
        self._teller.stop()
        await self._scope.close()

    # Reading

    async def _read_tenant(self, tenant: Tenant, seen: set[str]) -> None:
        """Its subscriptions that no other tenant has shown, and their vaults."""
        try:
            async with self._gate:
                subscriptions = await self._ask(lambda: self._gateway.list_subscriptions(tenant.id))
        except AppError as error:
            self._tenants[tenant.id] = TenantReading(tenant, is_read=True, problem=error)
            self._teller.note()
            return
        self._tenants[tenant.id] = TenantReading(tenant, is_read=True)
        new = [each for each in subscriptions if each.id not in seen]
        seen.update(each.id for each in new)
        by_id = {reading.tenant.id: reading.tenant for reading in self._tenants.values()}
        waiting = deque(SubscriptionReading(each, by_id.get(each.tenant_id, tenant), tenant.id) for each in new)
        for reading in waiting:
            known = self._subscriptions.get(reading.subscription.id)
            if known is None or not known.is_read:
                self._subscriptions[reading.subscription.id] = reading
        self._teller.note()

        async def work() -> None:
            while waiting:
                await self._read_subscription(waiting.popleft())

        await together([work() for _ in range(min(self._at_once, len(waiting)))])

    async def _read_subscription(self, reading: SubscriptionReading) -> None:
        subscription, route = reading.subscription, reading.reached_by
        try:
            async with self._gate:
                vaults = await self._ask(lambda: self._gateway.list_vaults(route, subscription.id))
        except AppError as error:
            is_unregistered = error.code.lower() in _UNREGISTERED  # no vault can be there
            problem = None if is_unregistered else error
            self._subscriptions[subscription.id] = replace(reading, is_read=True, problem=problem)
            if is_unregistered:
                self._vaults.pop(subscription.id, None)
        else:
            self._subscriptions[subscription.id] = replace(reading, is_read=True, problem=None)
            self._take_vaults(reading, vaults)
        self._teller.note()

    def _take_vaults(self, reading: SubscriptionReading, vaults: tuple[Vault, ...]) -> None:
        before = self._vaults.get(reading.subscription.id, {})
        entries: dict[str, VaultEntry] = {}
        for vault in vaults:
            entry = VaultEntry(vault, reading.subscription, reading.tenant, reading.reached_by)
            known = before.get(entry.key)
            if known is not None:
                entry = replace(entry, contents=known.contents, problem=known.problem)
            entries[entry.key] = known if known == entry else entry
        if entries:
            self._vaults[reading.subscription.id] = entries
        else:
            self._vaults.pop(reading.subscription.id, None)

    def _forget_all_but(self, seen: set[str]) -> None:
        """Those of a tenant that refuses now stay as they were."""
        refused = {each.tenant.id for each in self._tenants.values() if each.problem is not None}
        for subscription_id, reading in list(self._subscriptions.items()):
            if subscription_id not in seen and reading.tenant.id not in refused:
                del self._subscriptions[subscription_id]
                self._vaults.pop(subscription_id, None)

    # What vaults hold

    async def _look_into_them(self) -> None:
        try:
            while self._wanted:
                key = self._wanted.popleft()
                entry = self._entry(key)
                if entry is None or key in self._looked_into:
                    continue
                self._looked_into.add(key)
                await self._look_into(entry)
        finally:
            self._lookers -= 1

    async def _look_into(self, entry: VaultEntry) -> None:
        vault = entry.vault.id
        try:
            contents = await self._ask(lambda: self._gateway.get_contents(entry.reached_by, vault))
        except AppError as error:
            self._replace(entry.key, problem=error)
        except BaseException:
            self._looked_into.discard(entry.key)
            raise
        else:
            self._replace(entry.key, contents=contents, problem=None)

    def _entry(self, key: str) -> VaultEntry | None:
        return next((vaults[key] for vaults in self._vaults.values() if key in vaults), None)

    def _replace(self, key: str, **changes: Any) -> None:
        """Change an entry as it is by now; it may be gone."""
        for vaults in self._vaults.values():
            if key in vaults:
                vaults[key] = replace(vaults[key], **changes)
                self._teller.note()

    # Asking and telling

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        """Ask, and wait as long as Azure wants everybody to wait before asking again.

        The SDK has waited out short pauses by itself by then.
        """
        for _ in range(_ASKED_TO_WAIT):
            await self._wait_for_turn()
            try:
                return await call()
            except Throttled as error:
                until = self._clock.now() + timedelta(seconds=max(error.retry_after_s, _LEAST_WAIT_S))
                self._change(waits_until=max(until, self._state.waits_until or until))
        await self._wait_for_turn()
        return await call()

    async def _wait_for_turn(self) -> None:
        while (until := self._state.waits_until) is not None:
            left = (until - self._clock.now()).total_seconds()
            if left <= 0:
                self._change(waits_until=None)
                return
            await self._clock.sleep(left)

    def _change(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
        self._teller.note()

    def _tell(self) -> None:
        catalogue = self.catalogue
        for watcher in tuple(self._watchers):
            watcher(catalogue)


class _Teller:
    """Calls `tell` in a turn of its own after something was noted, and not again before `pace_s` has passed."""

    def __init__(self, tell: Callable[[], None], pace_s: float, loop: asyncio.AbstractEventLoop) -> None:
        self._call = tell
        self._loop = loop
        self._pace_s = pace_s
        self._told = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._is_stopped = False

    def note(self) -> None:
        if self._timer is None and not self._is_stopped:
            self._timer = self._loop.call_at(max(self._loop.time(), self._told + self._pace_s), self._tell)

    def stop(self) -> None:
        self._is_stopped = True
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self) -> None:
        self._timer = None
        self._told = self._loop.time()
        if self._loop.is_running():
            self._call()
        elif not self._is_stopped:  # a window's timers go off while the loop rests, and nobody could act on it
            self._timer = self._loop.call_later(_REST_S, self._tell)
