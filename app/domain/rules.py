"""The dated limits, sizes and prices that the other rule modules judge by, as typed tables.

The figures themselves are data (`resources/rules`, read by `app.rules`), each table with the document it comes from and
that document's date. Where documents of different times disagree there is one profile per time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.domain.deployment import DeploymentRules
from app.domain.error_catalogue import ErrorEntry, by_code
from app.domain.further_rules import (
    ErrorRules,
    MachineSize,
    MonitoringRules,
    QuotaRequestRules,
    QuotaRules,
    Redundancy,
    RegionRules,
    RightsRules,
    SizeRules,
    TagRules,
    UsualTimes,
    VaultRules,
)
from app.domain.host_rules import HostRules
from app.domain.installer import Installer
from app.domain.name_limits import NameKind, NameRule, NameRules, ReservedWords
from app.domain.new_storage_rules import NewStorageRules
from app.domain.no_move_rules import NoMoveRules
from app.domain.prerequisites import PrerequisiteRules
from app.domain.profiles import DEFAULT_PROFILE, PROFILE_MONTHS, PROFILES
from app.domain.regions import Region, location_key
from app.domain.registration_key import RegistrationKeyRules
from app.domain.releases import ReleaseRules
from app.domain.replica_rules import DiskStep, ReplicaRules
from app.domain.source import Dated, Source

__all__ = [
    "DEFAULT_PROFILE",
    "PROFILES",
    "PROFILE_MONTHS",
    "CapacityRules",
    "ChurnRules",
    "ErrorRules",
    "MachineRules",
    "MachineSize",
    "MonitoringRules",
    "NameKind",
    "NameRule",
    "NameRules",
    "NetworkRules",
    "PolicyRules",
    "PriceRules",
    "QuotaRequestRules",
    "QuotaRules",
    "Redundancy",
    "RegionRules",
    "ReservedWords",
    "ResourceLimits",
    "RightsRules",
    "Rules",
    "SizeRules",
    "Source",
    "StorageRules",
    "TagRules",
    "UsualTimes",
    "VaultRules",
]


@dataclass(frozen=True, slots=True)
class SnapshotRules:
    """From how many MiB written a second on an hourly application-consistent point is worth a warning."""

    source: Source
    busy_write_mib_s: float


@dataclass(frozen=True, slots=True)
class EncryptionRules:
    """The data encryption of old policies: since `retired` their machines can't fail over."""

    source: Source
    retired: str


@dataclass(frozen=True, slots=True)
class PolicyRules(Dated):
    """Limits of a policy.

    Attributes:
        old_copy_frequencies_s: what policies of older days may have and keep.
    """

    copy_frequencies_s: tuple[int, ...]
    old_copy_frequencies_s: tuple[int, ...]
    retention_min_h: int
    retention_max_h: int
    app_consistent_min_h: int
    app_consistent_max_h: int
    start_within_h: int
    snapshots: SnapshotRules
    encryption: EncryptionRules


@dataclass(frozen=True, slots=True)
class MachineRules(Dated):
    """Limits of a machine that is to be protected.

    Attributes:
        os_disk_max_gib: by generation, "1" and "2".
        os_disk_care_gib: by generation; above it documents disagree, so it is a warning. Absent where they agree.
        secure_boot: whether it may be on; older documents say nothing of it.
        large_disk_gib: data disks above it need a newer agent, `large_disk_agent`; 0 where the question does not arise.
    """

    os_disk_max_gib: Mapping[str, int]
    os_disk_care_gib: Mapping[str, int]
    data_disk_min_gib: int
    data_disk_max_gib: int
    data_disks_max: int
    large_disk_gib: int
    large_disk_agent: str
    generation_2_linux: bool
    secure_boot: bool


@dataclass(frozen=True, slots=True)
class StorageRules(Dated):
    kinds: tuple[str, ...]
    redundancies: tuple[str, ...]
    advised_redundancies: tuple[str, ...]
    offered_redundancies: tuple[str, ...]
    """What a new account may be made with."""
    refused_access_tiers: tuple[str, ...]
    allows_premium: bool
    premium_min_copy_frequency_s: int
    allows_firewall: bool


@dataclass(frozen=True, slots=True)
class ReservedSubnets:
    """Names of subnets that belong to a service of Azure's, and to which one."""

    source: Source
    names: Mapping[str, str]

    def use_of(self, name: str) -> str:
        """What such a subnet is for; empty for any other. Azure compares names without regard to case."""
        wanted = name.lower()
        return next((use for each, use in self.names.items() if each.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class RefusedRanges:
    """Address ranges that no network can have, and what they are for."""

    source: Source
    ranges: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrivateRanges:
    source: Source
    ranges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkRules(Dated):
    """`reserved_first` and `reserved_last`: how many addresses at either end of each subnet Azure keeps."""

    reserved_first: int
    reserved_last: int
    shortest_prefix: int
    longest_prefix: int
    most_subnets: int
    most_dns_servers: int
    reserved_subnets: ReservedSubnets
    refused_ranges: RefusedRanges
    private_ranges: PrivateRanges

    @property
    def reserved_addresses(self) -> int:
        """How many addresses Azure keeps in each subnet."""
        return self.reserved_first + self.reserved_last


@dataclass(frozen=True, slots=True)
class ResourceLimits(Dated):
    """How many there can be of what. The number of recovery plans in a vault has no limit."""

    vaults_per_subscription: int
    servers_per_vault: int
    machines_per_plan: int
    groups_per_plan: int
    planner_machines: int
    """That the Deployment Planner takes in one run, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class ChurnRules:
    """What one machine may write, in MiB a second, by the size of an average write.

    Attributes:
        large_write_kib: from this size on `max_of_large` holds, below it `max_of_small`.
    """

    max_of_small: float
    max_of_large: float
    large_write_kib: int

    def most(self, write_bytes: float | None) -> float:
        """For writes of that size; of an unknown one the lower."""
        is_large = write_bytes is not None and write_bytes >= self.large_write_kib * 1024
        return self.max_of_large if is_large else self.max_of_small


@dataclass(frozen=True, slots=True)
class CapacityRules(Dated):
    initial_source_space_percent: int
    """Worst case of extra space on the host while the first copy runs, of the disks' size."""
    churn: ChurnRules


@dataclass(frozen=True, slots=True)
class PriceRules(Dated):
    """List prices a month; a person may know better ones, so they are shown with their date and never as a promise."""

    currency: str
    licence_per_machine: float
    licence_free_days: int
    storage_per_gib: Mapping[str, float]
    """By redundancy."""
    disk_steps: Mapping[str, tuple[DiskStep, ...]]
    """By type of disk, smallest first."""


@dataclass(frozen=True)
class Rules:
    """Everything, in one profile."""

    profile: str
    names: NameRules
    policy: PolicyRules
    machines: MachineRules
    storage: StorageRules
    new_storage: NewStorageRules
    replica: ReplicaRules
    network: NetworkRules
    limits: ResourceLimits
    capacity: CapacityRules
    prices: PriceRules
    monitoring: MonitoringRules
    sizes: SizeRules
    quota: QuotaRules
    regions: RegionRules
    vaults: VaultRules
    tags: TagRules
    usual_times: UsualTimes
    error_catalogue: ErrorRules
    prerequisites: PrerequisiteRules
    rights: RightsRules
    deployment: DeploymentRules
    releases: ReleaseRules
    hosts: HostRules
    installer: Installer
    registration_key: RegistrationKeyRules
    no_moves: NoMoveRules

    def source_of(self, rule: str) -> Source:
        """Of a rule by its table and name, such as `machines.data_disks_max`.

        Raises:
            KeyError: no such table has rules with sources.
        """
        name, _, rest = rule.partition(".")
        table = getattr(self, name, None)
        if not isinstance(table, Dated):
            raise KeyError(name)
        return table.source_of(rest)

    def region(self, location: str) -> Region | None:
        """The region of an ARM or display name; None for one newer than the list."""
        return self._region_by_key.get(location_key(location))

    def region_name(self, location: str) -> str:
        """What people call the location: `westeurope` is `West Europe`."""
        region = self.region(location)
        return region.display_name if region else location

    def redundancy_name(self, redundancy: str) -> str:
        """How people call it: `GeoRedundant` is `Geo-redundant (GRS)`."""
        return next((each.name for each in self.vaults.redundancies if each.id == redundancy), redundancy)

    def size(self, name: str) -> MachineSize | None:
        return self._size_by_name.get(name.lower())

    def usual_s(self, kind: str) -> float | None:
        return self.usual_times.seconds.get(kind)

    def usual_task_s(self, task_id: str) -> float | None:
        """The usual time of one part of a job; some parts get a new id each time and have none."""
        return self.usual_times.tasks.get(task_id)

    def error(self, code: str) -> ErrorEntry | None:
        """What an error code of the service means; None when we know no more than the service says."""
        return self._error_by_code.get(code.strip().lower())

    @cached_property
    def _error_by_code(self) -> Mapping[str, ErrorEntry]:
        return by_code(self.error_catalogue.entries)

    @cached_property
    def _region_by_key(self) -> Mapping[str, Region]:
        return {location_key(region.name): region for region in self.regions.regions}

    @cached_property
    def _size_by_name(self) -> Mapping[str, MachineSize]:
        return {size.name.lower(): size for size in self.sizes.sizes}
