"""The protection goal: which answers this program serves, and what serves the others."""

from __future__ import annotations

from dataclasses import dataclass

from app.flows.draft import GoalChoice, Hypervisor, SourcePlace, TargetPlace


@dataclass(frozen=True, slots=True)
class Alternative:
    """What serves a goal that this program does not; `field` is the answer that decides."""

    field: str
    product: str
    text: str


_FOR_GOOD = "To move them to Azure for good, use Azure Migrate."

_AZURE_TO_AZURE = Alternative(
    "source",
    "Azure Site Recovery, Azure to Azure",
    "Machines that run in Azure are replicated to another region by Azure Site Recovery itself. "
    "In the Azure portal, open the machine and choose Disaster recovery.",
)
_OTHER_CLOUD = Alternative(
    "source",
    "Azure Site Recovery, physical servers",
    "Machines of another cloud are protected as physical servers: Azure Site Recovery with its replication appliance, "
    f"set up in the Azure portal. {_FOR_GOOD}",
)
_SECOND_SITE = Alternative(
    "target",
    "Hyper-V Replica",
    "Between two sites of your own, Hyper-V Replica replicates. It is part of Windows Server: enable it in Hyper-V "
    "Manager. Azure Site Recovery’s own way between two sites, by VMM, was to end in March 2023.",
)
_SECOND_SITE_OTHER = Alternative(
    "target",
    "The platform’s own replication",
    "Between two sites of your own, Azure Site Recovery replicates nothing. Use what the platform’s maker offers.",
)
_VMWARE = Alternative(
    "hypervisor",
    "Azure Site Recovery, VMware",
    "VMware machines are protected by Azure Site Recovery with its replication appliance, the modernized way. "
    f"Set it up in the Azure portal. {_FOR_GOOD}",
)
_PHYSICAL = Alternative(
    "hypervisor",
    "Azure Site Recovery, physical servers",
    "Physical servers are protected by Azure Site Recovery with its replication appliance, the modernized way. "
    f"Set it up in the Azure portal. {_FOR_GOOD}",
)
_VMM = Alternative(
    "uses_vmm",
    "Azure Site Recovery, VMM clouds",
    "Hosts that Virtual Machine Manager runs are registered by their VMM server: the Provider is installed there, the "
    "agent on each host. Set up that way in the Azure portal; VMM 2012 R2 to 2022 are supported (May 2026).",
)


def alternative(goal: GoalChoice) -> Alternative | None:
    """What serves these answers instead of this program; None as long as no answer speaks against it."""
    if goal.source is SourcePlace.AZURE:
        return _AZURE_TO_AZURE
    if goal.source is SourcePlace.OTHER_CLOUD:
        return _OTHER_CLOUD
    if goal.target is TargetPlace.SECOND_SITE:
        is_other = goal.hypervisor in (Hypervisor.VMWARE, Hypervisor.PHYSICAL)
        return _SECOND_SITE_OTHER if is_other else _SECOND_SITE
    if goal.hypervisor is Hypervisor.VMWARE:
        return _VMWARE
    if goal.hypervisor is Hypervisor.PHYSICAL:
        return _PHYSICAL
    return _VMM if goal.uses_vmm else None
