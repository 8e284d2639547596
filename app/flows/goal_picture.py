"""The parts that a protection goal takes, as words for a picture: two places, and the way between them.

For answers that this program does not serve it is the parts of the flow that serves them.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.flows.draft import GoalChoice, Hypervisor, SourcePlace, TargetPlace
from app.flows.goals import alternative


@dataclass(frozen=True, slots=True)
class Part:
    """`icon` names the concept."""

    icon: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """`is_answered` false: nobody has said yet that it is this place."""

    icon: str
    name: str
    parts: tuple[Part, ...]
    is_answered: bool = True


@dataclass(frozen=True, slots=True)
class GoalPicture:
    """`is_served` is whether this program sets it up; `words` are the same for whoever does not see it."""

    source: Place
    target: Place
    way: str
    way_detail: str
    words: str
    is_served: bool = True


_MACHINES = Part("machine", "Machines", "Nothing is installed in them")
_VAULT = Part("vault", "Recovery Services vault", "Settings, jobs, recovery points")
_NETWORK = Part("network", "Virtual network", "Machines join it after a failover")
_HYPER_V = (
    Part("hosts", "Hyper-V hosts", "Single servers, or all nodes of a cluster"),
    Part("set_up", "Provider and agent", "On each host, from one installer"),
    _MACHINES,
)
_IN_AZURE = (_VAULT, Part("storage", "Storage account", "Replicated disks and changes"), _NETWORK)
_TO_DISKS = (_VAULT, Part("storage", "Cache account and disks", "Changes, then managed disks"), _NETWORK)
_APPLIANCE = Part("hosts", "Replication appliance", "A Windows Server machine of its own")
_SERVICE = Part("machine", "Machines", "Mobility service in each")
_AZURE_NAME = "Azure, the vault’s region"
_HTTPS, _OUT = "HTTPS 443", "outbound only"


def picture_of(goal: GoalChoice) -> GoalPicture:
    """The picture for these answers; for open ones that of the goal that this program serves."""
    other = alternative(goal)
    if other is None:
        return _served(goal)
    if goal.source is SourcePlace.AZURE:
        return _azure_to_azure()
    if goal.target is TargetPlace.SECOND_SITE and goal.source is not SourcePlace.OTHER_CLOUD:
        return _second_site(goal)
    if goal.uses_vmm and goal.hypervisor not in (Hypervisor.VMWARE, Hypervisor.PHYSICAL) and _is_own(goal):
        return _vmm()
    return _appliance(goal)


def _served(goal: GoalChoice) -> GoalPicture:
    is_source_said = goal.source is not None and goal.hypervisor is not None and goal.uses_vmm is not None
    return GoalPicture(
        Place("site", "Your site", _HYPER_V, is_source_said),
        Place("production", _AZURE_NAME, _IN_AZURE, goal.target is not None),
        _HTTPS,
        _OUT,
        "A Hyper-V site with its hosts sends changes over HTTPS, port 443, outbound only, to a vault, a storage "
        "account and a virtual network in Azure. Provider and agent are installed on each host, none in the machines.",
    )


def _azure_to_azure() -> GoalPicture:
    parts = (
        Part("machine", "Machines in Azure", "Site Recovery’s extension in each"),
        Part("storage", "Cache account", "Changes on their way"),
    )
    copies = (_VAULT, Part("storage", "Managed disks", "Copies of the disks"), _NETWORK)
    return GoalPicture(
        Place("production", "Azure, their region", parts),
        Place("production", "Azure, another region", copies),
        _HTTPS,
        "within Azure",
        "Machines in one region of Azure send changes by a cache storage account to managed disks in another region, "
        "where a vault and a virtual network are.",
        is_served=False,
    )


def _second_site(goal: GoalChoice) -> GoalPicture:
    is_hyper_v = goal.hypervisor not in (Hypervisor.VMWARE, Hypervisor.PHYSICAL)
    if not is_hyper_v:
        servers = Part("hosts", "Servers", "As their maker supports it")
        return GoalPicture(
            Place("site", "Your site", (servers, _MACHINES)),
            Place("site", "Your second site", (Part("hosts", "Servers that stand by", "Of the same kind"),)),
            "Own replication",
            "of the platform",
            "Servers of your site replicate to servers of your second site by what their platform brings.",
            is_served=False,
        )
    replica = (
        Part("hosts", "Replica server", "A Hyper-V host that takes copies"),
        Part("machine", "Replica machines", "Off until a failover"),
    )
    return GoalPicture(
        Place("site", "Your site", (_HYPER_V[0], _MACHINES)),
        Place("site", "Your second site", replica),
        "HTTP 80",
        "or HTTPS 443",
        "Hyper-V hosts of your site send changes by HTTP, port 80, or HTTPS, port 443, to a replica server in your "
        "second site.",
        is_served=False,
    )


def _vmm() -> GoalPicture:
    parts = (
        Part("set_up", "VMM server", "The Provider is installed here"),
        Part("hosts", "Hyper-V hosts", "The agent on each"),
        _MACHINES,
    )
    return GoalPicture(
        Place("site", "Your site", parts),
        Place("production", _AZURE_NAME, _IN_AZURE),
        _HTTPS,
        _OUT,
        "A VMM server with the Provider and Hyper-V hosts with the agent send changes over HTTPS, port 443, to a "
        "vault, a storage account and a virtual network in Azure.",
        is_served=False,
    )


def _appliance(goal: GoalChoice) -> GoalPicture:
    parts: tuple[Part, ...] = (_APPLIANCE, _SERVICE)
    name, what = "Your site", "Machines"
    if goal.source is SourcePlace.OTHER_CLOUD:
        name, what = "The other cloud", "Machines of the other cloud"
    elif goal.hypervisor is Hypervisor.VMWARE:
        parts = (Part("hosts", "vCenter and ESXi hosts", "Read by the appliance"), *parts)
        what = "VMware machines"
    elif goal.hypervisor is Hypervisor.PHYSICAL:
        parts = (_APPLIANCE, Part("machine", "Physical servers", "Mobility service in each"))
        what = "Physical servers"
    return GoalPicture(
        Place("site", name, parts),
        Place("production", _AZURE_NAME, _TO_DISKS),
        _HTTPS,
        _OUT,
        f"{what} with the Mobility service send changes by a replication appliance over HTTPS, port 443, to a cache "
        "storage account and managed disks in Azure, where a vault and a virtual network are.",
        is_served=False,
    )


def _is_own(goal: GoalChoice) -> bool:
    return goal.source is not SourcePlace.OTHER_CLOUD
