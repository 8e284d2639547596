"""A small account by plain values, whose answers come when a test says so, and the practice vault's own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.adapters.azure.blob_probe import AzureBlobProbe
from app.adapters.azure.catalogue_gateway import AzureCatalogueGateway
from app.adapters.azure.clients import Clients, Endpoint
from app.adapters.azure.clock import PracticeClock
from app.adapters.azure.credentials import FixedToken
from app.adapters.azure.in_process import ARM_BASE, InProcessTransport
from app.adapters.azure.operations_gateway import AzureOperationsGateway
from app.adapters.azure.quotas_gateway import AzureQuotasGateway
from app.adapters.azure.registration_gateway import AzureRegistrationCertificates
from app.adapters.azure.resources_gateway import (
    AzureResourcesGateway,
    AzureSubscriptionsGateway,
    AzureVaultsGateway,
)
from app.adapters.azure.rights_gateway import AzureRightsGateway
from app.adapters.azure.site_recovery_gateway import AzureSiteRecoveryGateway
from app.adapters.file_rights import PosixFileRights
from app.domain.arm_id import ArmId, vault_id
from app.domain.azure import Subscription, Tenant
from app.domain.vault import Vault
from app.domain.vault_contents import Scenario, VaultContents
from app.errors import AppError
from app.ports.secrets import Secret
from app.ports.sign_in import SignInWish
from app.rules import load_rules
from app.services.account import Account
from app.services.gateways import Gateways
from app.services.limits import Limits
from app.services.use_cases import open_use_cases
from app.services.vault_catalogue import Catalogue, VaultCatalogue
from app.services.vault_creation import VaultCreation
from app.simulator.service import Simulator
from tests.support.practice import Wire, manual_simulator

HOME = Tenant("11111111-0000-4000-8000-000000000001", "Contoso", "contoso.com")
GUEST = Tenant("22222222-0000-4000-8000-000000000002", "Northwind Traders", "northwind.example")
HYPER_V = VaultContents((Scenario.HYPER_V,), 12, 2)
EMPTY = VaultContents(backups=0)


def subscription(number: int, tenant: Tenant = HOME, *, state: str = "Enabled", name: str = "") -> Subscription:
    return Subscription(f"aaaaaaaa-0000-4000-8000-{number:012d}", name or f"Subscription {number}", state, tenant.id)


def vault(of: Subscription, name: str, location: str = "westeurope", **more: Any) -> Vault:
    return Vault(vault_id(of.id, "rg-dr", name), name, location, **more)


_TURNS = 5
"""Others have theirs while somebody sleeps."""


class StillClock:
    """Moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self.time += timedelta(seconds=seconds)


@dataclass
class FakeAccount:
    """Implements app.ports.catalogue.CatalogueGateway.

    Attributes:
        fails: raised, once for each entry, by what is asked under this key: a tenant, subscription or vault.
        hold: what is asked under these keys waits for their event.
    """

    tenants: list[Tenant] = field(default_factory=lambda: [HOME])
    subscriptions: dict[str, list[Subscription]] = field(default_factory=dict)
    vaults: dict[str, list[Vault]] = field(default_factory=dict)
    contents: dict[str, VaultContents] = field(default_factory=dict)
    fails: dict[str, list[AppError]] = field(default_factory=dict)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    most_under_way: int = 0
    signed_in: dict[str, SignInWish] = field(default_factory=dict)

    async def list_tenants(self) -> tuple[Tenant, ...]:
        await self._answer("tenants")
        return tuple(self.tenants)

    async def list_subscriptions(self, tenant: str) -> tuple[Subscription, ...]:
        await self._answer(tenant)
        return tuple(self.subscriptions.get(tenant, ()))

    async def list_vaults(self, tenant: str, subscription: str) -> tuple[Vault, ...]:
        await self._answer(subscription)
        return tuple(self.vaults.get(subscription, ()))

    async def get_contents(self, tenant: str, vault: ArmId) -> VaultContents:
        await self._answer(vault.name)
        return self.contents.get(vault.name, EMPTY)

    def use_sign_in(self, tenant: str, wish: SignInWish) -> None:
        self.signed_in[tenant] = wish
        self.fails.pop(tenant, None)

    async def _answer(self, key: str) -> None:
        self.asked[key] += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            if key in self.hold:
                await self.hold[key].wait()
            if self.fails.get(key):
                raise self.fails[key].pop(0)
        finally:
            self.under_way -= 1


class Told:
    """Keeps every batch that a catalogue tells."""

    def __init__(self, catalogue: VaultCatalogue) -> None:
        self.batches: list[Catalogue] = []
        catalogue.watch(self.batches.append)

    @property
    def last(self) -> Catalogue:
        return self.batches[-1]


def practice_gateway(
    simulator: Simulator, before: Callable[[Any], Any] = lambda request: None
) -> tuple[AzureCatalogueGateway, Wire, Clients]:
    wire = Wire(simulator)
    wire.before = before
    clients = Clients(
        Endpoint(ARM_BASE, FixedToken(Secret(simulator.token)), heard=lambda time: None),
        InProcessTransport(wire),  # type: ignore[arg-type]
    )
    return AzureCatalogueGateway(lambda tenant, wish: clients), wire, clients


@asynccontextmanager
async def practice_catalogue(
    scenario: str = "many-subscriptions", **size: int
) -> AsyncIterator[tuple[VaultCatalogue, Wire, Simulator]]:
    """A catalogue over the practice vault in this process, with the real SDK."""
    simulator = manual_simulator(scenario, **size)
    gateway, wire, clients = practice_gateway(simulator)
    catalogue = VaultCatalogue(gateway, PracticeClock(simulator.clock), pace_s=0)
    try:
        yield catalogue, wire, simulator
    finally:
        await catalogue.aclose()
        await clients.aclose()


@asynccontextmanager
async def practice_account(
    scenario: str = "many-subscriptions", *, pace_s: float = 0.0, **size: int
) -> AsyncIterator[tuple[Account, Wire, Simulator]]:
    """The same with what creates vaults, whose runs are kept in memory."""
    simulator = manual_simulator(scenario, **size)
    gateway, wire, clients = practice_gateway(simulator)
    clock, rules, ends = PracticeClock(simulator.clock), load_rules(), AsyncExitStack()
    ends.push_async_callback(clients.aclose)

    async def open_creation(tenant: str) -> VaultCreation:
        gateways = Gateways(
            subscriptions=AzureSubscriptionsGateway(clients, simulator.subscription_id),
            resources=AzureResourcesGateway(clients),
            vaults=AzureVaultsGateway(clients),
            quotas=AzureQuotasGateway(clients),
            rights=AzureRightsGateway(clients),
            site_recovery=AzureSiteRecoveryGateway(clients),
            operations=AzureOperationsGateway(clients),
            blobs=AzureBlobProbe(clients.endpoint.credential, clients.transport),
            certificates=AzureRegistrationCertificates(clients),
            practice=None,
        )
        use = await open_use_cases(gateways, clock, Limits(), None, PosixFileRights())
        ends.push_async_callback(use.aclose)
        return VaultCreation(use.inventory, use.rights, use.runner, rules, clock)

    account = Account(VaultCatalogue(gateway, clock, pace_s=pace_s), rules, clock, open_creation, ends)
    try:
        yield account, wire, simulator
    finally:
        await account.aclose()


def fake_account(gateway: FakeAccount, clock: StillClock | None = None) -> Account:
    """An account by plain values; nothing can be created in it."""
    clock = clock or StillClock()

    async def open_creation(tenant: str) -> VaultCreation:
        raise AssertionError("nothing is created here")

    return Account(VaultCatalogue(gateway, clock, pace_s=0), load_rules(), clock, open_creation, AsyncExitStack())
