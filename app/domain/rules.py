"""The dated limits, sizes and prices that the other rule modules judge by, as typed tables.

The figures themselves are data (`resources/rules`, read by `app.rules`), each table with the document it comes from and
that document's date. Where documents of different times disagree there is one profile per time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from app.domain.deployment import DeploymentRules
from app.domain.error_catalogue import ErrorEntry, by_code
from app.domain.host_rules import HostRules
from app.domain.installer import Installer
from app.domain.new_storage_rules import NewStorageRules
from app.domain.prerequisites import PrerequisiteRules
from app.domain.regions import Region, location_key
from app.domain.registration_key import RegistrationKeyRules
from app.domain.releases import ReleaseRules
from app.domain.replica_rules import DiskStep, ReplicaRules
from app.domain.rights import Purpose, Role
from app.domain.source import Source

DEFAULT_PROFILE = "2026-05"
PROFILES = ("seed-2017", DEFAULT_PROFILE, "2026-09")


class NameKind(StrEnum):
    RESOURCE_GROUP = "resource_group"
    VAULT = "vault"
    SITE = "site"
    STORAGE_ACCOUNT = "storage_account"
    VIRTUAL_NETWORK = "virtual_network"
    SUBNET = "subnet"
    POLICY = "policy"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class NameRule:
    """Lengths and characters of one kind of name.

    Attributes:
        allowed, first, last: the insides of a regular expression's `[...]`; empty `first` and `last` take `allowed`.
        words, first_words, last_words: the same for people.
        has_reserved_words: whether Azure refuses its own trademarks in it.
    """

    minimum: int
    maximum: int
    allowed: str
    words: str
    first: str = ""
    first_words: str = ""
    last: str = ""
    last_words: str = ""
    has_reserved_words: bool = False


@dataclass(frozen=True, slots=True)
class ReservedWords:
    """Words that Azure keeps for itself, in upper case."""

    whole: tuple[str, ...]
    parts: tuple[str, ...]
    beginnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameRules:
    source: Source
    kinds: Mapping[NameKind, NameRule]
    reserved: ReservedWords


@dataclass(frozen=True, slots=True)
class PolicyRules:
    source: Source
    copy_frequencies_s: tuple[int, ...]
    retention_min_h: int
    retention_max_h: int
    app_consistent_min_h: int
    app_consistent_max_h: int
    start_within_h: int


@dataclass(frozen=True, slots=True)
class MachineRules:
    """Limits of a machine that is to be protected.

    Attributes:
        os_disk_max_gib: by generation, "1" and "2".
        os_disk_care_gib: by generation; above it documents disagree, so it is a warning. Absent where they agree.
        secure_boot: whether it may be on; older documents say nothing of it.
        large_disk_gib: data disks above it need a newer agent, `large_disk_agent`; 0 where the question does not arise.
    """

    source: Source
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
class StorageRules:
    source: Source
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
class NetworkRules:
    """`reserved_first` and `reserved_last`: how many addresses at either end of each subnet Azure keeps."""

    source: Source
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
class CapacityRules:
    source: Source
    initial_source_space_percent: int
    """Worst case of extra space on the host while the first copy runs, of the disks' size."""
    churn: ChurnRules


@dataclass(frozen=True, slots=True)
class PriceRules:
    """List prices a month; a person may know better ones, so they are shown with their date and never as a promise."""

    source: Source
    currency: str
    licence_per_machine: float
    licence_free_days: int
    storage_per_gib: Mapping[str, float]
    """By redundancy."""
    disk_steps: Mapping[str, tuple[DiskStep, ...]]
    """By type of disk, smallest first."""


@dataclass(frozen=True, slots=True)
class MonitoringRules:
    source: Source
    host_silent_min: int
    host_registration_max_min: int
    rpo_warning_min: int
    rpo_critical_min: int
    rpo_margin_min: int
    drill_age_days: int

    def rpo_warning_s(self, copy_frequency_s: int) -> int:
        """The age of the newest point above which a machine wants attention: two missed copies at least."""
        return max(self.rpo_warning_min * 60, 2 * copy_frequency_s + self.rpo_margin_min * 60)

    def rpo_critical_s(self, copy_frequency_s: int) -> int:
        return max(self.rpo_critical_min * 60, self.rpo_warning_s(copy_frequency_s))


@dataclass(frozen=True, slots=True)
class MachineSize:
    name: str
    cores: int
    memory_gib: float
    max_data_disks: int
    max_nics: int
    premium: bool
    generations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SizeRules:
    source: Source
    sizes: tuple[MachineSize, ...]


@dataclass(frozen=True, slots=True)
class QuotaRequestRules:
    """How an increase of a quota is asked for.

    Attributes:
        portal, support: where to click, for limits that can be raised at once and for the others.
    """

    source: Source
    role: str
    provider: str
    resource_type: str
    api_version: str
    portal: str
    support: str


@dataclass(frozen=True, slots=True)
class QuotaRules:
    """The limits that a failover runs into, by the names of Azure's usage lists."""

    source: Source
    cores: str
    machines: str
    nics: str
    sizes: str
    """The kind of resource that machine sizes are in Azure's list of SKUs."""
    request: QuotaRequestRules


@dataclass(frozen=True, slots=True)
class RegionRules:
    source: Source
    refused_targets: tuple[str, ...]
    """Display names of regions to which Hyper-V machines cannot fail over."""
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Redundancy:
    """A way to store a vault.

    Attributes:
        id: as Azure writes it.
        needs: what the region must have: `pair`, `zones`, or nothing.
    """

    id: str
    name: str
    words: str
    needs: str = ""


@dataclass(frozen=True, slots=True)
class VaultRules:
    source: Source
    redundancies: tuple[Redundancy, ...]
    """What to propose first stands first."""


@dataclass(frozen=True, slots=True)
class TagRules:
    source: Source
    most: int
    longest_name: int
    longest_value: int
    not_in_names: str
    kept_prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsualTimes:
    source: Source
    seconds: Mapping[str, float]
    """By action kind."""
    tasks: Mapping[str, float]
    """Of the parts of a job, by Azure's id for them."""


@dataclass(frozen=True, slots=True)
class ErrorRules:
    source: Source
    entries: tuple[ErrorEntry, ...]


@dataclass(frozen=True, slots=True)
class RightsRules:
    """What each step and operation needs, and the built-in roles that may be asked for."""

    source: Source
    purposes: tuple[Purpose, ...]
    roles: tuple[Role, ...]


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
