"""How much of a subscription's quota in a region is used, and whether more fits.

Cores, machines and network interfaces are counted by what stands, running or not, and by what jobs under way are going
to make.
"""

from __future__ import annotations

from collections import Counter

from app.simulator import records as rec
from app.simulator.azure_facts import Size, azure_facts
from app.simulator.azure_machines import NIC_TYPE, VM_TYPE
from app.simulator.world import World

USED_UP = "quota-reached"
"""The fault that takes the quota's place while it lasts."""

_MAKES_MACHINES = ("TestFailover", "PlannedFailover", "UnplannedFailover")


# Limits


def core_limit(world: World) -> int:
    used_up = world.faults.get(USED_UP)
    if used_up is not None:
        return int(used_up.held["limit"])
    return world.settings.regional_cores or azure_facts().limits.regional_cores


def family_limit(world: World, family: str) -> int:
    """Of a size family; where nobody said otherwise, all of the region's cores may be of one."""
    return world.settings.quota.family_cores.get(family.lower(), core_limit(world))


def machine_limit(world: World) -> int:
    return world.settings.quota.machines or azure_facts().limits.machines


def nic_limit(world: World) -> int:
    return world.settings.quota.nics or azure_facts().limits.nics


def is_restricted(world: World, size: Size) -> bool:
    """Whether the subscription is not offered the size, in any region."""
    return size.name.lower() in world.settings.quota.restricted_sizes


# What is taken


def cores_in_use(world: World, location: str) -> Counter[str]:
    """Cores by size family; a machine that is switched off holds them until it is deleted."""
    used: Counter[str] = Counter()
    for resource in machines_in(world, location):
        _count(used, azure_facts().size(resource.body["properties"]["hardwareProfile"]["vmSize"]))
    return used


def nics_in_use(world: World, location: str) -> int:
    return len(_standing(world, NIC_TYPE, location))


def machines_in(world: World, location: str) -> list[rec.Resource]:
    return _standing(world, VM_TYPE, location)


def _standing(world: World, resource_type: str, location: str) -> list[rec.Resource]:
    return [r for r in world.resources.records() if r.type == resource_type and r.body["location"] == location]


def _promised(world: World, location: str) -> list[tuple[Size | None, int]]:
    """Size and number of network interfaces of each machine that a failover under way will make."""
    found = []
    for due in world.due.records():
        job = world.jobs.get(due.subject) if due.kind == "job" else None
        if job is None or job.error is not None or job.scenario not in _MAKES_MACHINES:
            continue
        if job.intent.get("location") == location:
            size = azure_facts().size(str(job.intent.get("size") or ""))
            found.append((size, int(job.intent.get("nics") or 0)))
    return found


def _count(counter: Counter[str], size: Size | None) -> None:
    if size is not None:
        counter[size.family] += size.cores


# What fits


def shortage(world: World, location: str, size: Size) -> str | None:
    """Why no more machine of this size fits into the region; None when one does."""
    if is_restricted(world, size):
        return f"The size {size.name} is not available to the subscription in {location}."
    promised = _promised(world, location)
    taken = cores_in_use(world, location)
    for coming, _ in promised:
        _count(taken, coming)
    limit = core_limit(world)
    if taken.total() + size.cores > limit:
        return f"The subscription may use {limit} cores in {location}, of which {taken.total()} are taken."
    limit, used = family_limit(world, size.family), taken[size.family]
    if used + size.cores > limit:
        return f"The subscription may use {limit} cores of {size.family} in {location}, of which {used} are taken."
    limit, there = machine_limit(world), len(machines_in(world, location)) + len(promised)
    if there + 1 > limit:
        return f"The subscription may have {limit} machines in {location}, and has {there}."
    return None


def nic_shortage(world: World, location: str, wanted: int) -> str | None:
    """Why so many more network interfaces do not fit into the region; None when they do."""
    limit = nic_limit(world)
    there = nics_in_use(world, location) + sum(nics for _, nics in _promised(world, location))
    if there + wanted > limit:
        return f"The subscription may have {limit} network interfaces in {location}, and has {there}."
    return None
