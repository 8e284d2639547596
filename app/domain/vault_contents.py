"""What a vault holds, and whether Hyper-V hosts without VMM may use it.

Azure tells the scenario of Site Recovery by the kind of a vault's fabrics. A vault without a fabric is free for any,
and so is one that only keeps backups.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scenario(StrEnum):
    """What Site Recovery protects in a vault."""

    HYPER_V = "hyper_v"
    VMM = "vmm"
    VMWARE = "vmware"
    AZURE = "azure"
    OTHER = "other"


_BY_FABRIC = {
    "hypervsite": Scenario.HYPER_V,
    "vmm": Scenario.VMM,
    "vmware": Scenario.VMWARE,
    "vmwarev2": Scenario.VMWARE,
    "inmagercm": Scenario.VMWARE,
    "azure": Scenario.AZURE,
}


def scenario_of(fabric_kind: str) -> Scenario:
    return _BY_FABRIC.get(fabric_kind.lower(), Scenario.OTHER)


@dataclass(frozen=True, slots=True)
class VaultContents:
    """
    Attributes:
        scenarios: of Site Recovery, each once; a vault may hold several.
        replicated: machines that replicate.
        servers: hosts, configuration servers or appliances that have registered.
        backups: what Backup protects; None where it was not asked, because Site Recovery uses the vault.
    """

    scenarios: tuple[Scenario, ...] = ()
    replicated: int = 0
    servers: int = 0
    backups: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.scenarios and not self.backups

    @property
    def is_for_hyper_v(self) -> bool:
        """Whether this program may set up or run Hyper-V replication in it."""
        return not self.scenarios or Scenario.HYPER_V in self.scenarios
