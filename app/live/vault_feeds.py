"""The feeds of one vault; a quiet round of all of them is the same few requests whatever the vault holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta

from app.domain.arm_id import ArmId
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.job import ReplicationEvent, ReplicationJob
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.protection import ContainerMapping, ReplicationPolicy
from app.domain.quota import RegionQuota
from app.domain.quota_needs import target_subscription
from app.domain.vault import VaultHealth
from app.live.feed import Feed, Wait
from app.live.items_reader import ItemsReader
from app.ports.arm import SiteRecoveryGateway
from app.ports.clock import Clock
from app.runtime.renewal import Renewal
from app.runtime.task_scope import TaskScope
from app.runtime.together import together
from app.services.region_quotas import RegionQuotas

RECENT = timedelta(hours=24)
"""Jobs and events are read this far back, by the vault's clock."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Real seconds between two readings of each family."""

    protected_items: float = 30.0
    jobs: float = 15.0
    events: float = 60.0
    health: float = 60.0
    hosts: float = 60.0
    policies: float = 120.0
    quotas: float = 300.0


PRACTICE = Intervals(protected_items=5.0, jobs=3.0, events=10.0, health=10.0, hosts=10.0, policies=30.0, quotas=30.0)
"""A practice vault costs nothing to ask, and at 60 times speed half a minute is half an hour of its time."""


@dataclass(frozen=True, slots=True)
class HostsReading:
    fabrics: tuple[Fabric, ...]
    providers: tuple[RecoveryServicesProvider, ...]


@dataclass(frozen=True, slots=True)
class PoliciesReading:
    policies: tuple[ReplicationPolicy, ...]
    mappings: tuple[ContainerMapping, ...]


class VaultFeeds:
    """One per open vault, shared by all its views. `aclose` stops them."""

    def __init__(
        self,
        vault: ArmId,
        site_recovery: SiteRecoveryGateway,
        clock: Clock,
        *,
        quotas: RegionQuotas | None = None,
        intervals: Intervals | None = None,
        renewal: Renewal | None = None,
        wait: Wait = asyncio.sleep,
    ) -> None:
        """Without `quotas` nothing is known of them, and nothing is asked."""
        self.vault = vault
        self._site_recovery = site_recovery
        self._clock = clock
        self._quotas = quotas
        self._scope = TaskScope()
        every = intervals or Intervals()
        items = ItemsReader(vault, site_recovery, clock)
        self.protected_items: Feed[tuple[ReplicationProtectedItem, ...]] = Feed(
            "replicated items",
            items.read,
            clock,
            self._scope,
            interval_s=every.protected_items,
            load_whole=items.read_whole,
            renewal=renewal,
            wait=wait,
        )
        self.jobs: Feed[tuple[ReplicationJob, ...]] = Feed(
            "jobs", self._read_jobs, clock, self._scope, interval_s=every.jobs, renewal=renewal, wait=wait
        )
        self.events: Feed[tuple[ReplicationEvent, ...]] = Feed(
            "events", self._read_events, clock, self._scope, interval_s=every.events, renewal=renewal, wait=wait
        )
        self.health: Feed[VaultHealth] = Feed(
            "vault health", self._read_health, clock, self._scope, interval_s=every.health, renewal=renewal, wait=wait
        )
        self.hosts: Feed[HostsReading] = Feed(
            "hosts", self._read_hosts, clock, self._scope, interval_s=every.hosts, renewal=renewal, wait=wait
        )
        self.policies: Feed[PoliciesReading] = Feed(
            "policies", self._read_policies, clock, self._scope, interval_s=every.policies, renewal=renewal, wait=wait
        )
        self.quotas: Feed[tuple[RegionQuota, ...]] = Feed(
            "quotas", self._read_quotas, clock, self._scope, interval_s=every.quotas, renewal=renewal, wait=wait
        )

    async def refresh_all(self) -> None:
        """Read every family now, side by side."""
        await together(
            [
                self.protected_items.refresh(),
                self.jobs.refresh(),
                self.events.refresh(),
                self.health.refresh(),
                self.hosts.refresh(),
                self.policies.refresh(),
                self.quotas.refresh(),
            ]
        )

    async def aclose(self) -> None:
        await self._scope.close()

    def _read_jobs(self) -> Awaitable[tuple[ReplicationJob, ...]]:
        return self._site_recovery.list_jobs(self.vault, since=self._clock.now() - RECENT)

    def _read_events(self) -> Awaitable[tuple[ReplicationEvent, ...]]:
        return self._site_recovery.list_events(self.vault, since=self._clock.now() - RECENT)

    def _read_health(self) -> Awaitable[VaultHealth]:
        return self._site_recovery.get_vault_health(self.vault)

    async def _read_hosts(self) -> HostsReading:
        # One after the other: together they would only save a moment, and these figures move slowly.
        fabrics = await self._site_recovery.list_fabrics(self.vault)
        return HostsReading(fabrics, await self._site_recovery.list_providers(self.vault))

    async def _read_quotas(self) -> tuple[RegionQuota, ...]:
        """Of every subscription in which machines would run; that is one, whatever the number of machines."""
        items = self.protected_items.value
        if self._quotas is None or items == ():
            return ()
        groups = {item.target_resource_group_id: item for item in items or ()}
        subscriptions = {target_subscription(item) for item in groups.values()}
        return await self._quotas.read_for(self.vault, subscriptions or {self.vault.subscription})

    async def _read_policies(self) -> PoliciesReading:
        policies = await self._site_recovery.list_policies(self.vault)
        return PoliciesReading(policies, await self._site_recovery.list_mappings(self.vault))
