"""What an account reaches, over one client for each tenant. Implements app.ports.catalogue.CatalogueGateway.

A client for each subscription, as connections have, would be hundreds of pipelines for hundreds of single requests.

What a vault holds is read off its fabrics, whose kind is the scenario, and then off one usage: Site Recovery's where
there is a fabric, Backup's where there is none. The lists of items and of health say the same, and grow with the vault.
How a vault is stored is its own property and comes with the list; Backup's `backupstorageconfig` says the same at one
more request for each vault.
"""

from __future__ import annotations

from collections.abc import Callable

from app.adapters.azure.clients import Clients
from app.adapters.azure.protection_mapping import FABRIC
from app.adapters.azure.reader import Reader, path_of
from app.adapters.azure.resource_mapping import SUBSCRIPTION, TENANT
from app.adapters.azure.resources_gateway import SUBSCRIPTIONS_API, VAULTS_API
from app.adapters.azure.site_recovery_gateway import API_VERSION
from app.adapters.azure.vault_mapping import REPLICATION_USAGE, USAGE, VAULT
from app.domain.arm_id import ArmId, subscription_id
from app.domain.azure import Subscription, Tenant
from app.domain.vault import Vault
from app.domain.vault_contents import VaultContents, scenario_of
from app.ports.sign_in import SignInWish

HOME = ""
"""Stands for the tenant that was signed in to."""
_ANY_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_BACKUP_ITEMS = "protecteditemcount"

ClientsFor = Callable[[str, SignInWish | None], Clients]
"""Clients whose tokens are of a tenant, taken from another sign-in where one is given."""


class AzureCatalogueGateway:
    def __init__(self, clients_for: ClientsFor) -> None:
        self._clients_for = clients_for
        self._clients: dict[str, Clients] = {}

    def use_sign_in(self, tenant: str, wish: SignInWish) -> None:
        self._clients[tenant] = self._clients_for(tenant, wish)

    def clients(self, tenant: str) -> Clients:
        """Those whose tokens are of the tenant now."""
        clients = self._clients.get(tenant)
        if clients is None:
            clients = self._clients[tenant] = self._clients_for(tenant, None)
        return clients

    async def list_tenants(self) -> tuple[Tenant, ...]:
        return await self._reader(HOME).list(path_of("/tenants", SUBSCRIPTIONS_API), TENANT, "list tenants")

    async def list_subscriptions(self, tenant: str) -> tuple[Subscription, ...]:
        url = path_of("/subscriptions", SUBSCRIPTIONS_API)
        return await self._reader(tenant).list(url, SUBSCRIPTION, "list subscriptions")

    async def list_vaults(self, tenant: str, subscription: str) -> tuple[Vault, ...]:
        place = subscription_id(subscription).child("providers/Microsoft.RecoveryServices/vaults")
        return await self._reader(tenant).list(path_of(place, VAULTS_API), VAULT, "list vaults")

    async def get_contents(self, tenant: str, vault: ArmId) -> VaultContents:
        reader, doing = self._reader(tenant), f"see what {vault.name} holds"
        fabrics = await reader.list(path_of(vault.child("replicationFabrics"), API_VERSION), FABRIC, doing)
        if not fabrics:
            counts = dict(await reader.list(path_of(vault.child("usages"), VAULTS_API), USAGE, doing))
            backups = next((count for name, count in counts.items() if name.lower() == _BACKUP_ITEMS), 0)
            return VaultContents(backups=backups)
        url = path_of(vault.child("replicationUsages"), VAULTS_API)
        replicated, servers = await reader.get(url, REPLICATION_USAGE, doing)
        scenarios = tuple(dict.fromkeys(scenario_of(fabric.kind) for fabric in fabrics))
        return VaultContents(scenarios, replicated, servers)

    def _reader(self, tenant: str) -> Reader:
        return Reader(self.clients(tenant).resources(_ANY_SUBSCRIPTION))
