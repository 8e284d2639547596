"""Reads what Azure has, for the wizard: whole estates and the single lists that change while a page is open."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from app.domain.arm_id import ArmId
from app.domain.azure import (
    AzureMachine,
    ComputeSize,
    Location,
    ResourceGroup,
    StorageAccount,
    Subscription,
    VirtualNetwork,
)
from app.domain.estate import Estate
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.protection import ProtectableItem, ProtectionContainer
from app.domain.recovery import RecoveryPoint
from app.domain.vault import Vault
from app.errors import NotFound
from app.runtime.progress import Progress, Report, silent
from app.runtime.single_flight import SingleFlight
from app.runtime.together import together
from app.services.gateways import Gateways


@dataclass(frozen=True, slots=True)
class Hosts:
    """A vault's sites and the hosts that registered in them."""

    fabrics: tuple[Fabric, ...] = ()
    providers: tuple[RecoveryServicesProvider, ...] = ()


class Inventory:
    """One per connection. Callers who ask for the same estate at the same time share one reading."""

    def __init__(self, gateways: Gateways) -> None:
        self._gateways = gateways
        self._estates: SingleFlight[Estate] = SingleFlight()

    async def estate(
        self,
        vault: ArmId | None,
        subscription: str = "",
        *,
        target_group: str = "",
        location: str = "",
        report: Report = silent,
    ) -> Estate:
        """Everything a draft is checked against, read side by side.

        Without a subscription only the subscriptions are read; without a vault, or if it does not exist, nothing below
        one. `target_group` adds the names of its virtual machines, `location` the sizes a machine may have there.
        """
        key = (vault.key if vault else "", subscription, target_group.lower(), location.lower())
        return await self._estates.run(key, lambda: self._read(vault, subscription, target_group, location, report))

    async def _read(
        self, vault: ArmId | None, subscription: str, target_group: str, location: str, report: Report
    ) -> Estate:
        found_vault = None if vault is None else await self._vault(vault)
        parts: dict[str, Coroutine[Any, Any, Any]] = {
            "subscriptions": self._gateways.subscriptions.list_subscriptions()
        }
        if subscription:
            resources = self._gateways.resources
            parts["locations"] = self._gateways.subscriptions.list_locations(subscription)
            parts["resource_groups"] = resources.list_resource_groups(subscription)
            parts["storage_accounts"] = resources.list_storage_accounts(subscription)
            parts["networks"] = resources.list_virtual_networks(subscription)
            parts["vaults"] = self._gateways.vaults.list_vaults(subscription)
            if target_group:
                parts["machines"] = _or_none(resources.list_machines(subscription, target_group))
            if location:
                parts["compute_sizes"] = resources.list_compute_sizes(subscription, location)
        if found_vault is not None:
            below, vault_id = self._gateways.site_recovery, found_vault.id
            parts["fabrics"] = below.list_fabrics(vault_id)
            parts["providers"] = below.list_providers(vault_id)
            parts["policies"] = below.list_policies(vault_id)
            parts["mappings"] = below.list_mappings(vault_id)
            parts["protected_items"] = below.list_protected_items(vault_id, report=report)
            parts["containers"] = below.list_containers(vault_id)
        found = await _read_all(parts, report)
        protectable: list[ProtectableItem] = []
        for container in found.get("containers", ()):
            protectable += await self.protectable_items(container, report=report)
        return Estate(**found, read_subscription=subscription, vault=found_vault, protectable_items=tuple(protectable))

    async def _vault(self, vault: ArmId) -> Vault | None:
        try:
            return await self._gateways.vaults.get_vault(vault)
        except NotFound:
            return None

    async def subscriptions(self) -> tuple[Subscription, ...]:
        return await self._gateways.subscriptions.list_subscriptions()

    async def locations(self, subscription: str) -> tuple[Location, ...]:
        return await self._gateways.subscriptions.list_locations(subscription)

    async def vaults(self, subscription: str) -> tuple[Vault, ...]:
        return await self._gateways.vaults.list_vaults(subscription)

    async def resource_groups(self, subscription: str) -> tuple[ResourceGroup, ...]:
        return await self._gateways.resources.list_resource_groups(subscription)

    async def storage_accounts(self, subscription: str) -> tuple[StorageAccount, ...]:
        return await self._gateways.resources.list_storage_accounts(subscription)

    async def networks(self, subscription: str) -> tuple[VirtualNetwork, ...]:
        return await self._gateways.resources.list_virtual_networks(subscription)

    async def compute_sizes(self, subscription: str, location: str) -> tuple[ComputeSize, ...]:
        return await self._gateways.resources.list_compute_sizes(subscription, location)

    async def hosts(self, vault: ArmId) -> Hosts:
        gateway = self._gateways.site_recovery
        found = await _read_all({"fabrics": gateway.list_fabrics(vault), "providers": gateway.list_providers(vault)})
        return Hosts(**found)

    async def containers(self, vault: ArmId) -> tuple[ProtectionContainer, ...]:
        return await self._gateways.site_recovery.list_containers(vault)

    async def protectable_items(
        self, container: ProtectionContainer, *, report: Report = silent
    ) -> tuple[ProtectableItem, ...]:
        return await self._gateways.site_recovery.list_protectable_items(container.id, report=report)

    async def recovery_points(self, item: ArmId) -> tuple[RecoveryPoint, ...]:
        """Newest first."""
        return await self._gateways.site_recovery.list_recovery_points(item)

    async def machines(self, subscription: str, resource_group: str) -> tuple[AzureMachine, ...]:
        """The virtual machines of a group; none when the group does not exist yet."""
        return await _or_none(self._gateways.resources.list_machines(subscription, resource_group))

    async def storage_name_is_free(self, subscription: str, name: str) -> tuple[bool, str]:
        return await self._gateways.resources.storage_name_is_free(subscription, name)


async def _read_all(parts: dict[str, Coroutine[Any, Any, Any]], report: Report = silent) -> dict[str, Any]:
    """Read named parts side by side, telling how many are there."""
    done = 0

    async def read(name: str, part: Coroutine[Any, Any, Any]) -> Any:
        nonlocal done
        found = await part
        done += 1
        report(Progress(f"Read {name.replace('_', ' ')}", done, len(parts)))
        return found

    return dict(zip(parts, await together([read(name, part) for name, part in parts.items()]), strict=True))


async def _or_none(machines: Coroutine[Any, Any, tuple[AzureMachine, ...]]) -> tuple[AzureMachine, ...]:
    try:
        return await machines
    except NotFound:
        return ()
