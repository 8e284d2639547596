"""The set-up draft: what the admin wants, as one frozen value made of plain JSON types.

It is saved as you go, can be carried out without a window (`run-flow`), and never holds a secret. Ids are strings;
empty means "not chosen yet". A choice with `create` true names something that the run will make.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.host_set_up import HostSetUp

DRAFT_VERSION = 1


class SourcePlace(StrEnum):
    ON_PREMISES = "on_premises"
    AZURE = "azure"
    OTHER_CLOUD = "other_cloud"


class TargetPlace(StrEnum):
    AZURE = "azure"
    SECOND_SITE = "second_site"


class Hypervisor(StrEnum):
    HYPER_V = "hyper_v"
    VMWARE = "vmware"
    PHYSICAL = "physical"


@dataclass(frozen=True, slots=True)
class GoalChoice:
    """The answers of step 1; None is "not answered"."""

    source: SourcePlace | None = None
    target: TargetPlace | None = None
    hypervisor: Hypervisor | None = None
    uses_vmm: bool | None = None


@dataclass(frozen=True, slots=True)
class VaultChoice:
    subscription: str = ""
    resource_group: str = ""
    name: str = ""
    location: str = ""
    create: bool = False
    create_resource_group: bool = False
    redundancy: str = ""
    """Of a new vault, as Azure writes it; empty leaves it to Azure."""
    tags: tuple[tuple[str, str], ...] = ()
    """Of a new vault, rows as they were typed."""


@dataclass(frozen=True, slots=True)
class SiteChoice:
    name: str = ""
    create: bool = False


class ReplicaKind(StrEnum):
    """What replicated data is written to. After a failover machines have managed disks either way."""

    STORAGE_ACCOUNT = "storage_account"
    MANAGED_DISK = "managed_disk"


@dataclass(frozen=True, slots=True)
class StorageChoice:
    account_id: str = ""
    name: str = ""
    redundancy: str = "GRS"
    create: bool = False
    kind: str = "StorageV2"
    """Of a new account, as Azure writes it."""
    tags: tuple[tuple[str, str], ...] = ()
    """Of a new account, rows as they were typed."""


@dataclass(frozen=True, slots=True)
class NewSubnet:
    """A further subnet of a network to be created."""

    name: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    network_id: str = ""
    name: str = ""
    subnet: str = ""
    address_space: str = ""
    """CIDR of a network to be created."""
    subnet_prefix: str = ""
    create: bool = False
    more_subnets: tuple[NewSubnet, ...] = ()
    """Of a new network, beside `subnet`, which machines join unless told otherwise."""
    dns_servers: tuple[str, ...] = ()
    """Of a new network, addresses as they were typed; none leaves names to Azure."""
    tags: tuple[tuple[str, str], ...] = ()
    """Of a new network, rows as they were typed."""


@dataclass(frozen=True, slots=True)
class TargetChoice:
    subscription: str = ""
    resource_group: str = ""
    create_resource_group: bool = False
    storage: StorageChoice = field(default_factory=StorageChoice)
    """For replicated data; not asked for where that goes to managed disks."""
    network: NetworkChoice = field(default_factory=NetworkChoice)
    replica: ReplicaKind = ReplicaKind.STORAGE_ACCOUNT
    logs: StorageChoice = field(default_factory=lambda: StorageChoice(redundancy="LRS"))
    """A standard account for change logs, which managed disks and a premium `storage` need."""
    disk_type: str = ""
    """Of managed disks, as Azure writes it; empty takes the usual one."""


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """`create` false: `name` is an existing policy and the figures are its own."""

    name: str = ""
    create: bool = True
    copy_frequency_s: int = 300
    retention_h: int = 2
    app_consistent_frequency_h: int = 1
    start_at: str = ""
    """ISO time of the first copy; empty starts at once."""
    quiet_from: str = ""
    quiet_to: str = ""
    """The site's quiet hours, local times of day such as `22:00`; empty where none were given."""


class PlannerAnswer(StrEnum):
    """Step 5's question: have you run the capacity planner?"""

    YES = "yes"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class CapacityChoice:
    planner: PlannerAnswer | None = None
    bandwidth_mbps: float | None = None
    """What the line can give to replication: typed, or measured."""
    measured_mbps: float | None = None
    daily_change_percent: float = 5.0
    growth_percent: float = 30.0
    first_copy_hours: float = 24.0


@dataclass(frozen=True, slots=True)
class MachineChoice:
    """A machine to protect and how it will live in Azure."""

    machine_id: str
    """The Hyper-V machine GUID: the protectable item's name."""
    name: str
    azure_name: str
    os_type: str = ""
    """`Windows` or `Linux`; empty is not chosen and stops the step."""
    os_disk_id: str = ""
    disk_ids: tuple[str, ...] = ()
    """The disks to replicate, the OS disk among them."""
    size: str = ""
    """Empty lets Azure choose by cores and memory."""
    subnet: str = ""
    """Empty takes the network's default subnet."""


@dataclass(frozen=True, slots=True)
class SetUpDraft:
    version: int = DRAFT_VERSION
    name: str = "New set-up"
    position: str = "vault"
    """Id of the step that was open last."""
    visited: tuple[str, ...] = ()
    vault: VaultChoice = field(default_factory=VaultChoice)
    goal: GoalChoice = field(default_factory=GoalChoice)
    site: SiteChoice = field(default_factory=SiteChoice)
    hosts: HostSetUp = field(default_factory=HostSetUp)
    """Who is to be registered in the site."""
    target: TargetChoice = field(default_factory=TargetChoice)
    policy: PolicyChoice = field(default_factory=PolicyChoice)
    capacity: CapacityChoice = field(default_factory=CapacityChoice)
    machines: tuple[MachineChoice, ...] = ()
