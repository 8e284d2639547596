"""How much of a subscription's quota in a region is used, and whether more fits.

Cores are counted by the machines that stand and by those that jobs under way are going to make.
"""

from __future__ import annotations

from collections import Counter

from app.simulator import records as rec
from app.simulator.azure_facts import Size, azure_facts
from app.simulator.azure_machines import VM_TYPE
from app.simulator.world import World

USED_UP = "quota-reached"
"""The fault that takes the quota's place while it lasts."""

_MAKES_MACHINES = ("TestFailover", "PlannedFailover", "UnplannedFailover")


def core_limit(world: World) -> int:
    used_up = world.faults.get(USED_UP)
    if used_up is not None:
        return int(used_up.held["limit"])
    return world.settings.regional_cores or azure_facts().limits.regional_cores


def cores_in_use(world: World, location: str) -> Counter[str]:
    """Cores by size family, for machines that are not switched off for good."""
    used: Counter[str] = Counter()
    for resource in world.resources.records():
        if resource.type == VM_TYPE and resource.body["location"] == location:
            if resource.extra.get("power") != "deallocated":
                _count(used, azure_facts().size(resource.body["properties"]["hardwareProfile"]["vmSize"]))
    return used


def cores_promised(world: World, location: str) -> Counter[str]:
    """Cores of the machines that failovers under way will make."""
    promised: Counter[str] = Counter()
    for due in world.due.records():
        job = world.jobs.get(due.subject) if due.kind == "job" else None
        if job is None or job.error is not None or job.scenario not in _MAKES_MACHINES:
            continue
        if job.intent.get("location") == location:
            _count(promised, azure_facts().size(str(job.intent.get("size") or "")))
    return promised


def _count(counter: Counter[str], size: Size | None) -> None:
    if size is not None:
        counter[size.family] += size.cores


def shortage(world: World, location: str, size: Size) -> str | None:
    """Why no more machine of this size fits into the region; None when one does."""
    limit = core_limit(world)
    taken = cores_in_use(world, location) + cores_promised(world, location)
    if taken.total() + size.cores > limit:
        return f"The subscription may use {limit} cores in {location}, of which {taken.total()} are taken."
    return None


def machines_in(world: World, location: str) -> list[rec.Resource]:
    return [r for r in world.resources.records() if r.type == VM_TYPE and r.body["location"] == location]
