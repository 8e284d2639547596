"""Reads what Azure has, for the wizard: whole estates and the single lists that change while a page is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from app.domain.address_answer import AddressAnswer
from app.domain.arm_id import ArmId
from app.domain.azure import (
    AzureMachine,
    ComputeSize,
    Location,
    ResourceGroup,
    ResourceProvider,
    StorageAccount,
    Subscription,
    VirtualNetwork,
)
from app.domain.estate import Estate
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.prerequisite_checks import PROVIDERS, TARGET_PROVIDERS
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.protection import ProtectableItem, ProtectionContainer
from app.domain.recovery import RecoveryPoint
from app.domain.rights import Permission
from app.domain.vault import Vault
from app.errors import InvalidInput, NotFound, PermissionDenied
from app.runtime.progress import Progress, Report, silent
from app.runtime.single_flight import SingleFlight
from app.runtime.together import in_groups, together
from app.services.gateways import Gateways
from app.services.region_quotas import RegionQuotas, count_needs

Read = Callable[[], Awaitable[Any]]
"""Begins one reading. Not a coroutine yet: of readings that are cancelled at once some never begin."""


class _Target(NamedTuple):
    """Where machines run after a failover. Without a group its machines are not read, without a region no sizes."""

    subscription: str
    group: str
    location: str


@dataclass(frozen=True, slots=True)
class Hosts:
    """A vault's sites and the hosts that registered in them."""

    fabrics: tuple[Fabric, ...] = ()
    providers: tuple[RecoveryServicesProvider, ...] = ()


class Inventory:
    """One per connection. Callers who ask for the same estate at the same time share one reading."""

    def __init__(self, gateways: Gateways, quotas: RegionQuotas) -> None:
        self._gateways = gateways
        self._quotas = quotas
        self._estates: SingleFlight[Estate] = SingleFlight()

    async def estate(
        self,
        vault: ArmId | None,
        subscription: str = "",
        *,
        target_subscription: str = "",
        target_group: str = "",
        location: str = "",
        report: Report = silent,
    ) -> Estate:
        """Everything a draft is checked against, read side by side.

        Without a subscription only the subscriptions are read; without a vault, or if it does not exist, nothing below
        one. `target_group` adds the names of its virtual machines, `location` the sizes a machine may have there and
        the region's quota; both in `target_subscription`, which is `subscription` unless it is told apart.
        """
        target = _Target(target_subscription or subscription, target_group, location)
        key = (vault.key if vault else "", subscription, *(part.lower() for part in target))
        return await self._estates.run(key, lambda: self._read(vault, subscription, target, report))

    async def around(self, item: ReplicationProtectedItem) -> Estate:
        """What a machine that replicates would land in, with that machine alone: nothing else of its vault is read.

        Raises:
            AppError: Azure does not tell.
        """
        vault = await self._gateways.vaults.get_vault(item.vault_id)
        group = ArmId(item.target_resource_group_id)
        estate = await self.estate(
            None,
            vault.id.subscription,
            target_subscription=group.subscription,
            target_group=group.resource_group,
            location=vault.location,
        )
        return replace(estate, vault=vault, protected_items=(item,))

    async def _read(self, vault: ArmId | None, subscription: str, target: _Target, report: Report) -> Estate:
        found_vault = None if vault is None else await self._vault(vault)
        subscriptions = self._gateways.subscriptions
        parts: dict[str, Read] = {"subscriptions": subscriptions.list_subscriptions}
        if subscription:
            parts |= self._parts_for_a_vault(subscription)
            parts |= self._parts_of_the_target(target, subscription)
        if found_vault is not None:
            below, vault_id = self._gateways.site_recovery, found_vault.id
            parts["fabrics"] = partial(below.list_fabrics, vault_id)
            parts["providers"] = partial(below.list_providers, vault_id)
            parts["policies"] = partial(below.list_policies, vault_id)
            parts["mappings"] = partial(below.list_mappings, vault_id)
            parts["protected_items"] = partial(below.list_protected_items, vault_id, report=report)
            parts["containers"] = partial(below.list_containers, vault_id)
        try:
            found = await _read_all(parts, report)
        except NotFound:
            # Of a draft from elsewhere, whose subscription this account does not reach.
            known = await subscriptions.list_subscriptions()
            ids = {each.id.lower() for each in known}
            if subscription and subscription.lower() not in ids:
                return Estate(subscriptions=known)
            if target.subscription.lower() in ids or not subscription:
                raise
            return await self._read(vault, subscription, target._replace(subscription=subscription), report)
        protectable: list[ProtectableItem] = []
        for container in found.get("containers", ()):
            protectable += await self.protectable_items(container, report=report)
        tally = await count_needs(found.get("protected_items", ()))
        return Estate(
            **found,
            read_subscription=subscription,
            target_subscription=target.subscription,
            vault=found_vault,
            protectable_items=tuple(protectable),
            protected_needs=tally.needs.get(target.subscription.lower(), {}),
        )

    def _parts_for_a_vault(self, subscription: str) -> dict[str, Read]:
        return {
            "locations": partial(self._gateways.subscriptions.list_locations, subscription),
            "resource_groups": partial(self._gateways.resources.list_resource_groups, subscription),
            "vaults": partial(self._gateways.vaults.list_vaults, subscription),
            "resource_providers": partial(self._needed_providers, subscription),
        }

    def _parts_of_the_target(self, target: _Target, subscription: str) -> dict[str, Read]:
        resources, wanted = self._gateways.resources, target.subscription
        parts: dict[str, Read] = {
            "storage_accounts": partial(resources.list_storage_accounts, wanted),
            "networks": partial(resources.list_virtual_networks, wanted),
        }
        if wanted.lower() != subscription.lower():
            parts["resource_groups"] = partial(self._groups_of_both, subscription, wanted)
            parts["target_providers"] = partial(self._needed_providers, wanted, TARGET_PROVIDERS)
        if target.group:
            parts["machines"] = partial(self.machines, wanted, target.group)
        if target.location:
            parts["compute_sizes"] = partial(resources.list_compute_sizes, wanted, target.location)
            parts["quota"] = partial(self._quotas.read, wanted, target.location)
        return parts

    async def _groups_of_both(self, subscription: str, target: str) -> tuple[ResourceGroup, ...]:
        read = self._gateways.resources.list_resource_groups
        groups, others = await together([read(subscription), read(target)])
        return (*groups, *others)

    async def ground_for_vault(self, subscription: Subscription) -> Estate:
        """As much of a subscription as a new vault is checked against."""
        found = await _read_all(self._parts_for_a_vault(subscription.id))
        return Estate(**found, read_subscription=subscription.id, subscriptions=(subscription,))

    async def _needed_providers(
        self, subscription: str, namespaces: Sequence[str] = PROVIDERS
    ) -> tuple[ResourceProvider, ...]:
        try:
            return await self.resource_providers(subscription, namespaces)
        except PermissionDenied:  # somebody with rights on a group alone; a write says what is missing then
            return ()

    async def _vault(self, vault: ArmId) -> Vault | None:
        try:
            return await self._gateways.vaults.get_vault(vault)
        except NotFound:
            return None

    async def subscriptions(self) -> tuple[Subscription, ...]:
        return await self._gateways.subscriptions.list_subscriptions()

    async def locations(self, subscription: str) -> tuple[Location, ...]:
        return await self._gateways.subscriptions.list_locations(subscription)

    async def resource_providers(self, subscription: str, namespaces: Sequence[str]) -> tuple[ResourceProvider, ...]:
        read = self._gateways.subscriptions.get_resource_provider
        return tuple(await together([read(subscription, namespace) for namespace in namespaces]))

    async def permissions(self, scope: ArmId) -> tuple[Permission, ...]:
        return await self._gateways.rights.list_permissions(scope)

    async def vault(self, vault: ArmId) -> Vault | None:
        """None when it does not exist."""
        return await self._vault(vault)

    async def vaults(self, subscription: str) -> tuple[Vault, ...]:
        return await self._gateways.vaults.list_vaults(subscription)

    async def resource_groups(self, subscription: str) -> tuple[ResourceGroup, ...]:
        return await self._gateways.resources.list_resource_groups(subscription)

    async def storage_accounts(self, subscription: str) -> tuple[StorageAccount, ...]:
        return await self._gateways.resources.list_storage_accounts(subscription)

    async def networks(self, subscription: str) -> tuple[VirtualNetwork, ...]:
        return await self._gateways.resources.list_virtual_networks(subscription)

    async def addresses(self, network: ArmId, asked: Sequence[str]) -> dict[str, AddressAnswer]:
        """Which of these addresses of a network are free; one that Azure calls none of its own is left out."""

        async def ask(address: str) -> AddressAnswer | None:
            try:
                return await self._gateways.resources.check_address(network, address)
            except InvalidInput:
                return None

        answers = await in_groups(ask, asked)
        return {address: answer for address, answer in zip(asked, answers, strict=True) if answer is not None}

    async def storage_account(self, account: ArmId) -> StorageAccount:
        return await self._gateways.resources.get_storage_account(account)

    async def network(self, network: ArmId) -> VirtualNetwork:
        return await self._gateways.resources.get_virtual_network(network)

    async def compute_sizes(self, subscription: str, location: str) -> tuple[ComputeSize, ...]:
        return await self._gateways.resources.list_compute_sizes(subscription, location)

    async def hosts(self, vault: ArmId) -> Hosts:
        gateway = self._gateways.site_recovery
        parts: dict[str, Read] = {
            "fabrics": partial(gateway.list_fabrics, vault),
            "providers": partial(gateway.list_providers, vault),
        }
        found = await _read_all(parts)
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
        try:
            return await self._gateways.resources.list_machines(subscription, resource_group)
        except NotFound:
            return ()

    async def storage_name_is_free(self, subscription: str, name: str) -> tuple[bool, str]:
        return await self._gateways.resources.storage_name_is_free(subscription, name)


async def _read_all(parts: Mapping[str, Read], report: Report = silent) -> dict[str, Any]:
    """Read named parts side by side, telling how many are there."""
    done = 0

    async def read(name: str, part: Read) -> Any:
        nonlocal done
        found = await part()
        done += 1
        report(Progress(f"Read {name.replace('_', ' ')}", done, len(parts)))
        return found

    return dict(zip(parts, await together([read(name, part) for name, part in parts.items()]), strict=True))
