"""The tables beside the support limits: regions, sizes, quotas, vaults, tags, usual times, errors and rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.error_catalogue import ErrorEntry
from app.domain.regions import Region
from app.domain.rights import Purpose, Role
from app.domain.source import Dated


@dataclass(frozen=True, slots=True)
class MonitoringRules(Dated):
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
class SizeRules(Dated):
    sizes: tuple[MachineSize, ...]


@dataclass(frozen=True, slots=True)
class QuotaRequestRules(Dated):
    """How an increase of a quota is asked for.

    Attributes:
        portal, support: where to click, for limits that can be raised at once and for the others.
    """

    role: str
    provider: str
    resource_type: str
    api_version: str
    portal: str
    support: str


@dataclass(frozen=True, slots=True)
class QuotaRules(Dated):
    """The limits that a failover runs into, by the names of Azure's usage lists."""

    cores: str
    machines: str
    nics: str
    sizes: str
    """The kind of resource that machine sizes are in Azure's list of SKUs."""
    request: QuotaRequestRules


@dataclass(frozen=True, slots=True)
class RegionRules(Dated):
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
class VaultRules(Dated):
    redundancies: tuple[Redundancy, ...]
    """What to propose first stands first."""


@dataclass(frozen=True, slots=True)
class TagRules(Dated):
    most: int
    longest_name: int
    longest_value: int
    not_in_names: str
    kept_prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsualTimes(Dated):
    seconds: Mapping[str, float]
    """By action kind."""
    tasks: Mapping[str, float]
    """Of the parts of a job, by Azure's id for them."""


@dataclass(frozen=True, slots=True)
class ErrorRules(Dated):
    entries: tuple[ErrorEntry, ...]


@dataclass(frozen=True, slots=True)
class RightsRules(Dated):
    """What each step and operation needs, and the built-in roles that may be asked for."""

    purposes: tuple[Purpose, ...]
    roles: tuple[Role, ...]
