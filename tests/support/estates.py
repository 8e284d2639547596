"""Small estates and drafts for tests: one site, two hosts, a handful of machines, all by plain values.

`contoso()` has everything a set-up needs and nothing protected; `ready_draft()` passes all checks on it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_DNS, uuid5

from app.domain.arm_id import (
    ArmId,
    container_id,
    fabric_id,
    mapping_id,
    policy_id,
    protected_item_id,
    resource_group_id,
    storage_account_id,
    vault_id,
    virtual_network_id,
)
from app.domain.azure import (
    ComputeSize,
    Location,
    ResourceGroup,
    StorageAccount,
    Subnet,
    Subscription,
    VirtualNetwork,
)
from app.domain.estate import Estate
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.health import Health
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.protection import (
    ContainerMapping,
    OsType,
    ProtectableItem,
    ProtectionContainer,
    ReplicationPolicy,
    SourceDisk,
)
from app.domain.vault import Vault
from app.flows.draft import (
    CapacityChoice,
    GoalChoice,
    Hypervisor,
    MachineChoice,
    NetworkChoice,
    PlannerAnswer,
    PolicyChoice,
    SetUpDraft,
    SiteChoice,
    SourcePlace,
    StorageChoice,
    TargetChoice,
    TargetPlace,
    VaultChoice,
)
from app.flows.step import Context
from app.rules import load_rules

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
SUBSCRIPTION = "6b1f0f3e-0000-4000-8000-000000000001"
GROUP = "rg-contoso-dr"
LOCATION = "westeurope"
VAULT_ID = vault_id(SUBSCRIPTION, GROUP, "asr-contoso-weu")
SITE_ID = fabric_id(VAULT_ID, "Contoso-HQ")
INTERNAL_ID = str(uuid5(NAMESPACE_DNS, "Contoso-HQ"))
CONTAINER_ID = container_id(SITE_ID, f"cloud_{INTERNAL_ID}")
GIB = 1024


def context(estate: Estate | None = None, *, now: datetime = NOW, profile: str = "2026-05") -> Context:
    return Context(contoso() if estate is None else estate, load_rules(profile), now)


def machine_id(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, name))


def disk(name: str, gib: float, kind: str = "Data") -> SourceDisk:
    return SourceDisk(str(uuid5(NAMESPACE_DNS, f"disk {name}")), name, round(gib * GIB), kind)


def machine(
    name: str,
    *,
    os_type: OsType = OsType.WINDOWS,
    generation: int = 1,
    os_gib: float = 60,
    data_gib: tuple[float, ...] = (),
    container: ArmId = CONTAINER_ID,
) -> ProtectableItem:
    """A protectable item whose first disk is marked as the system's; change the rest with `dataclasses.replace`."""
    guid = machine_id(name)
    data = tuple(disk(f"{name}-data{number}", gib) for number, gib in enumerate(data_gib, 1))
    return ProtectableItem(
        id=container.child("replicationProtectableItems", guid),
        name=guid,
        friendly_name=name,
        protection_status="Unprotected",
        generation=generation,
        os_type=os_type,
        disks=(disk(f"{name}-os", os_gib, "OperatingSystem"), *data),
    )


def choice(item: ProtectableItem, **changes: object) -> MachineChoice:
    """The item chosen as it is, with all its disks."""
    chosen = MachineChoice(
        machine_id=item.name,
        name=item.friendly_name,
        azure_name=item.friendly_name,
        os_type=item.os_type.value,
        os_disk_id=item.disks[0].vhd_id,
        disk_ids=tuple(each.vhd_id for each in item.disks),
    )
    return replace(chosen, **changes)  # type: ignore[arg-type]


def protected(item: ProtectableItem, *, name: str = "") -> ReplicationProtectedItem:
    return ReplicationProtectedItem(
        id=protected_item_id(item.container_id, name or item.name),
        name=name or item.name,
        friendly_name=item.friendly_name,
        protectable_item_id=item.id.text,
        provider_id="",
        fabric_friendly_name="Contoso-HQ",
        policy_id=policy_id(VAULT_ID, "HQ-5min").text,
        policy_name="HQ-5min",
        protection_state="InitialReplicationInProgress",
        protection_state_description="Initial replication is in progress",
        active_location="Primary",
        test_failover_state="None",
        test_failover_state_description="",
        allowed_operations=("DisableProtection",),
        replication_health=Health.NORMAL,
        failover_health=Health.NORMAL,
    )


def host(
    name: str, *, silent_for: timedelta = timedelta(seconds=30), connected: bool = True
) -> RecoveryServicesProvider:
    return RecoveryServicesProvider(
        id=SITE_ID.child("replicationRecoveryServicesProviders", str(uuid5(NAMESPACE_DNS, name))),
        name=str(uuid5(NAMESPACE_DNS, name)),
        friendly_name=name,
        provider_version="5.24.0902.11",
        version_state="Latest",
        is_connected=connected,
        last_heartbeat=NOW - silent_for,
    )


def storage(name: str = "contosohqasr02", *, location: str = LOCATION, **changes: object) -> StorageAccount:
    account = StorageAccount(
        storage_account_id(SUBSCRIPTION, GROUP, name), name, location, "StorageV2", "Standard", "GRS", "Hot"
    )
    return replace(account, **changes)  # type: ignore[arg-type]


def network(name: str = "vnet-dr-weu", *, location: str = LOCATION, **changes: object) -> VirtualNetwork:
    found = VirtualNetwork(
        virtual_network_id(SUBSCRIPTION, GROUP, name),
        name,
        location,
        ("10.60.0.0/16",),
        (Subnet("snet-core", "10.60.0.0/24", 10), Subnet("snet-web", "10.60.3.0/24")),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def policy(
    name: str = "HQ-5min", *, copy_frequency_s: int = 300, retention_h: int = 12, app_h: int = 4
) -> ReplicationPolicy:
    return ReplicationPolicy(
        policy_id(VAULT_ID, name), name, name, "HyperVReplicaAzure", copy_frequency_s, retention_h, app_h
    )


def mapping(of: ReplicationPolicy, name: str = "") -> ContainerMapping:
    name = name or f"{of.name}-Contoso-HQ"
    return ContainerMapping(mapping_id(CONTAINER_ID, name), name, of.id, of.friendly_name, "Paired")


def empty() -> Estate:
    """A subscription and nothing else."""
    return Estate(
        read_subscription=SUBSCRIPTION,
        subscriptions=(Subscription(SUBSCRIPTION, "Contoso DR"),),
        locations=(
            Location("westeurope", "West Europe", "northeurope"),
            Location("northeurope", "North Europe", "westeurope"),
            Location("italynorth", "Italy North"),
        ),
    )


def contoso(**changes: object) -> Estate:
    """Vault, site, two hosts, machines, storage and network; no policy, nothing protected."""
    vault = Vault(VAULT_ID, "asr-contoso-weu", LOCATION)
    estate = replace(
        empty(),
        resource_groups=(ResourceGroup(resource_group_id(SUBSCRIPTION, GROUP), GROUP, LOCATION),),
        storage_accounts=(storage(), storage("contosoneu", location="northeurope")),
        networks=(network(), network("vnet-neu", location="northeurope")),
        compute_sizes=(ComputeSize("Standard_D2s_v5", 2, 8 * GIB, 4), ComputeSize("Standard_D8s_v5", 8, 32 * GIB, 16)),
        vaults=(vault,),
        vault=vault,
        fabrics=(Fabric(SITE_ID, "Contoso-HQ", "Contoso-HQ", "HyperVSite", INTERNAL_ID),),
        providers=(host("HV-HQ-01"), host("HV-HQ-02")),
        containers=(ProtectionContainer(CONTAINER_ID, CONTAINER_ID.name, "Contoso-HQ", "Contoso-HQ", "HyperVSite"),),
        protectable_items=(
            machine("WEB-01"),
            machine("SQL-PROD-01", os_gib=127, data_gib=(500, 200)),
            machine("DC01"),
            machine("LNX-GIT", os_type=OsType.LINUX),
            machine("WEB 05"),
            machine("APP-PAYROLL", os_gib=2400),
        ),
    )
    return replace(estate, **changes)  # type: ignore[arg-type]


def protectable(estate: Estate, name: str) -> ProtectableItem:
    return next(item for item in estate.protectable_items if item.friendly_name == name)


def ready_draft(estate: Estate | None = None) -> SetUpDraft:
    """Every step answered for `contoso()`: three machines, a new policy, existing storage and network."""
    estate = estate or contoso()
    chosen = tuple(choice(protectable(estate, name)) for name in ("WEB-01", "SQL-PROD-01", "DC01"))
    return SetUpDraft(
        name="Contoso head office",
        vault=VaultChoice(SUBSCRIPTION, GROUP, "asr-contoso-weu", LOCATION),
        goal=GoalChoice(SourcePlace.ON_PREMISES, TargetPlace.AZURE, Hypervisor.HYPER_V, uses_vmm=False),
        site=SiteChoice("Contoso-HQ"),
        target=TargetChoice(
            SUBSCRIPTION,
            GROUP,
            storage=StorageChoice(account_id=storage().id.text, name="contosohqasr02"),
            network=NetworkChoice(network_id=network().id.text, name="vnet-dr-weu", subnet="snet-core"),
        ),
        policy=PolicyChoice("HQ-5min", create=True, copy_frequency_s=300, retention_h=12, app_consistent_frequency_h=4),
        capacity=CapacityChoice(PlannerAnswer.YES, bandwidth_mbps=100),
        machines=chosen,
    )
