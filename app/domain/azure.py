"""The neighbours of Site Recovery in Azure: subscriptions, groups, storage, networks, and machines from failovers."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class Tenant:
    """A directory. `name` may be its id, where the account may not see what it is called."""

    id: str
    name: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    id: str
    """The GUID, not the ARM id."""
    name: str
    state: str = "Enabled"
    tenant_id: str = ""

    @property
    def is_read_only(self) -> bool:
        """Whether Azure refuses every change in it."""
        return self.state.lower() in ("disabled", "deleted")


@dataclass(frozen=True, slots=True)
class Location:
    name: str
    display_name: str
    paired_with: str = ""


@dataclass(frozen=True, slots=True)
class ResourceProvider:
    """A kind of Azure's services, such as `Microsoft.Storage`, and whether the subscription has registered it."""

    namespace: str
    state: str
    """`Registered`, `Registering`, `NotRegistered`, `Unregistering`."""

    @property
    def is_registered(self) -> bool:
        return self.state.lower() == "registered"


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    id: ArmId
    name: str
    location: str


@dataclass(frozen=True, slots=True)
class StorageAccount:
    id: ArmId
    name: str
    location: str
    kind: str
    """`StorageV2`, `Storage`, `BlobStorage`, `BlockBlobStorage`, `FileStorage`."""
    tier: str
    """`Standard` or `Premium`."""
    redundancy: str
    """`LRS`, `GRS`, `RAGRS`, `ZRS`, `GZRS`, `RAGZRS`."""
    access_tier: str = ""
    """`Hot`, `Cool`, `Cold`; empty where the kind has none."""
    firewall_denies: bool = False
    provisioning_state: str = "Succeeded"
    blob_endpoint: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subnet:
    name: str
    prefix: str
    used_addresses: int = 0
    """Addresses taken by network cards, without those that Azure keeps."""
    more_prefixes: tuple[str, ...] = ()
    """Further ranges, of IPv6 too."""
    delegations: tuple[str, ...] = ()
    """Services that the subnet was given to, such as `Microsoft.Web/serverFarms`."""
    taken: tuple[str, ...] = ()
    """Addresses known to be in use; there may be more, as `used_addresses` tells."""


@dataclass(frozen=True, slots=True)
class VirtualNetwork:
    id: ArmId
    name: str
    location: str
    address_prefixes: tuple[str, ...]
    subnets: tuple[Subnet, ...] = ()
    provisioning_state: str = "Succeeded"
    tags: tuple[tuple[str, str], ...] = ()
    dns_servers: tuple[str, ...] = ()
    """Whom machines ask for names; none leaves it to Azure."""


@dataclass(frozen=True, slots=True)
class ComputeSize:
    name: str
    cores: int
    memory_mib: int
    max_data_disks: int
    max_nics: int | None = None


@dataclass(frozen=True, slots=True)
class MachineNic:
    name: str
    network: str
    subnet: str
    private_address: str


@dataclass(frozen=True, slots=True)
class AzureMachine:
    """A virtual machine in Azure, as read back after a failover or a drill."""

    id: ArmId
    name: str
    location: str
    size: str
    power_state: str
    """`running`, `deallocated`, `stopped`, `starting`; empty when Azure does not say."""
    provisioning_state: str
    nics: tuple[MachineNic, ...] = field(default_factory=tuple)
