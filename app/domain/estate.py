"""What Azure has, as one frozen snapshot with look-ups: the ground on which a draft is checked and compared.

Ids and names are compared as Azure compares them, without regard to case. Nothing here asks Azure; the inventory
service makes snapshots, and a part that was not read yet is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.arm_id import ArmId, key
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
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.protection import ContainerMapping, ProtectableItem, ProtectionContainer, ReplicationPolicy
from app.domain.quota import RegionQuota
from app.domain.quota_needs import Need
from app.domain.vault import Vault


@dataclass(frozen=True, slots=True)
class Replicas:
    """How many of a vault's machines have their replicas in one place, and what their disks have in all."""

    machines: int = 0
    disks_mib: int = 0


NO_REPLICAS = Replicas()


@dataclass(frozen=True)
class Estate:
    """A snapshot.

    `read_subscription` is the subscription whose resource groups and vaults were read, `vault` the vault whose fabrics,
    policies and machines were; empty and None before they are chosen. What is missing in a part that was read is not
    there; of other parts nothing is known. `target_subscription` is where machines run after a failover: its storage
    accounts, networks, sizes and quota were read, and its resource groups beside those of `read_subscription`, which
    it mostly is. `machines` are the virtual machines of the target resource group, whose names are taken.
    `resource_providers` are those that a set-up needs in `read_subscription`, `target_providers` those of another
    target subscription; none where the caller may not see them. `protected_needs` is what a failover of all of the
    vault's machines would need in the target subscription.
    """

    read_subscription: str = ""
    target_subscription: str = ""

    subscriptions: tuple[Subscription, ...] = ()
    locations: tuple[Location, ...] = ()
    resource_providers: tuple[ResourceProvider, ...] = ()
    target_providers: tuple[ResourceProvider, ...] = ()
    resource_groups: tuple[ResourceGroup, ...] = ()
    storage_accounts: tuple[StorageAccount, ...] = ()
    networks: tuple[VirtualNetwork, ...] = ()
    compute_sizes: tuple[ComputeSize, ...] = ()
    quota: RegionQuota | None = None
    machines: tuple[AzureMachine, ...] = ()
    vaults: tuple[Vault, ...] = ()
    vault: Vault | None = None
    fabrics: tuple[Fabric, ...] = ()
    providers: tuple[RecoveryServicesProvider, ...] = ()
    containers: tuple[ProtectionContainer, ...] = ()
    policies: tuple[ReplicationPolicy, ...] = ()
    mappings: tuple[ContainerMapping, ...] = ()
    protectable_items: tuple[ProtectableItem, ...] = ()
    protected_items: tuple[ReplicationProtectedItem, ...] = ()
    protected_needs: Mapping[Need, int] = field(default_factory=dict)

    def has_read(self, subscription: str) -> bool:
        """Whether the subscription's resource groups and vaults are known."""
        return bool(subscription) and self.read_subscription.lower() == subscription.lower()

    def has_read_target(self, subscription: str) -> bool:
        """Whether its resource groups, storage accounts, networks and sizes are known."""
        read = self.target_subscription or self.read_subscription
        return bool(subscription) and read.lower() == subscription.lower()

    def knows_groups_of(self, subscription: str) -> bool:
        return self.has_read(subscription) or self.has_read_target(subscription)

    def groups_of(self, subscription: str) -> tuple[ResourceGroup, ...]:
        wanted = subscription.lower()
        return tuple(group for group in self.resource_groups if group.id.subscription.lower() == wanted)

    def subscription(self, subscription: str) -> Subscription | None:
        return next((s for s in self.subscriptions if s.id.lower() == subscription.lower()), None)

    def group(self, subscription: str, name: str) -> ResourceGroup | None:
        wanted = (subscription.lower(), name.lower())
        return next((g for g in self.resource_groups if (g.id.subscription.lower(), g.name.lower()) == wanted), None)

    def storage_account(self, account_id: str) -> StorageAccount | None:
        return self._storage_by_key.get(key(account_id))

    def network(self, network_id: str) -> VirtualNetwork | None:
        return self._networks_by_key.get(key(network_id))

    def vault_at(self, vault_id: ArmId) -> Vault | None:
        if self.vault is not None and self.vault.id == vault_id:
            return self.vault
        return next((vault for vault in self.vaults if vault.id == vault_id), None)

    def is_of(self, vault_id: ArmId) -> bool:
        """Whether the part below the vault was read, and from this one."""
        return self.vault is not None and self.vault.id == vault_id

    @property
    def sites(self) -> tuple[Fabric, ...]:
        return tuple(fabric for fabric in self.fabrics if fabric.is_hyper_v_site)

    def site(self, name: str) -> Fabric | None:
        """The Hyper-V site of that name, as the portal shows it or as its id spells it."""
        wanted = name.lower()
        if not wanted:
            return None
        return next((f for f in self.sites if wanted in (f.friendly_name.lower(), f.name.lower())), None)

    def hosts(self, site: Fabric) -> tuple[RecoveryServicesProvider, ...]:
        return tuple(p for p in self.providers if p.id.up_to("replicationFabrics") == site.id)

    def container(self, site: Fabric) -> ProtectionContainer | None:
        return next((c for c in self.containers if c.fabric_id == site.id), None)

    def policy(self, name: str) -> ReplicationPolicy | None:
        wanted = name.lower()
        if not wanted:
            return None
        return next((p for p in self.policies if wanted in (p.friendly_name.lower(), p.name.lower())), None)

    def mapping(self, policy: ArmId, container: ArmId) -> ContainerMapping | None:
        return next((m for m in self.mappings if m.policy_id == policy and m.container_id == container), None)

    def protectable_at(self, site: Fabric) -> tuple[ProtectableItem, ...]:
        container = self.container(site)
        if container is None:
            return ()
        return self._protectable_by_container.get(container.id.key, ())

    def protectable(self, machine_id: str) -> ProtectableItem | None:
        return self._protectable_by_machine.get(machine_id.lower())

    def protected(self, machine_id: str) -> ReplicationProtectedItem | None:
        """The replicating machine, found by its Hyper-V GUID whatever its item was called when it was enabled."""
        return self._protected_by_machine.get(machine_id.lower())

    @cached_property
    def _storage_by_key(self) -> Mapping[str, StorageAccount]:
        return {account.id.key: account for account in self.storage_accounts}

    @cached_property
    def _networks_by_key(self) -> Mapping[str, VirtualNetwork]:
        return {network.id.key: network for network in self.networks}

    @cached_property
    def _protectable_by_machine(self) -> Mapping[str, ProtectableItem]:
        return {item.name.lower(): item for item in self.protectable_items}

    @cached_property
    def _protectable_by_container(self) -> Mapping[str, tuple[ProtectableItem, ...]]:
        found: dict[str, list[ProtectableItem]] = {}
        for item in self.protectable_items:
            found.setdefault(item.container_id.key, []).append(item)
        return {container: tuple(items) for container, items in found.items()}

    @cached_property
    def _protected_by_machine(self) -> Mapping[str, ReplicationProtectedItem]:
        found: dict[str, ReplicationProtectedItem] = {}
        for item in self.protected_items:
            machine = item.protectable_item_id.rstrip("/").rsplit("/", 1)[-1] or item.vm_id or item.name
            found[machine.lower()] = item
        return found

    @cached_property
    def replicas_by_account(self) -> Mapping[str, Replicas]:
        """By the key of the storage account's id."""
        machines: dict[str, int] = {}
        disks: dict[str, int] = {}
        for item in self.protected_items:
            account = item.storage_account_id
            if account:
                machines[account] = machines.get(account, 0) + 1
                disks[account] = disks.get(account, 0) + sum([disk.size_mib for disk in item.disks])
        found: dict[str, Replicas] = {}
        for account, count in machines.items():  # the same account may be spelt in several ways
            before = found.get(key(account), NO_REPLICAS)
            found[key(account)] = Replicas(before.machines + count, before.disks_mib + disks[account])
        return found

    @cached_property
    def machine_names(self) -> frozenset[str]:
        """Names taken in the target resource group, in lower case."""
        return frozenset(machine.name.lower() for machine in self.machines)
