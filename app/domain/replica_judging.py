"""What replicated data can be written to: a storage account, or managed disks at once; and what either is billed as.

After a failover machines have managed disks either way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.issue import Suitability, Verdict
from app.domain.protection import SourceDisk
from app.domain.replica_rules import DiskStep
from app.domain.rules import Rules
from app.domain.sizes import MIB_PER_GIB, told_apart
from app.domain.source import Source


@dataclass(frozen=True, slots=True)
class DisksBill:
    """What disks cost a month that are billed in steps, and how much room that is."""

    gib: float
    price: float


def managed_disks_problem(rules: Rules) -> str:
    """Why data can't be replicated to managed disks at once; empty where it can."""
    if rules.replica.allows_managed_disks:
        return ""
    month = rules.replica.source_of("allows_managed_disks").month
    return f"By the limits of {month} data is replicated to a storage account only. Choose one, or newer limits."


def account_disk_max_gib(rules: Rules) -> int:
    """The largest disk that a storage account takes."""
    return rules.machines.large_disk_gib or rules.machines.data_disk_max_gib


def account_disk_source(rules: Rules) -> Source:
    return rules.machines.source_of("large_disk_gib" if rules.machines.large_disk_gib else "data_disk_max_gib")


def judge_account_disk(disk: SourceDisk, rules: Rules) -> Verdict:
    """Whether a storage account takes a disk that could be replicated to managed disks."""
    most = account_disk_max_gib(rules)
    if disk.size_mib <= most * MIB_PER_GIB:
        return Verdict(Suitability.OK, "Fits")
    size, limit = told_apart(disk.size_mib, most)
    reason = (
        f"{disk.name} is {size}; a storage account takes disks of at most {limit} "
        f"(limits of {account_disk_source(rules).month})."
    )
    remedy = "Choose managed disks for replicated data in the step Target, or leave this disk out."
    return Verdict(Suitability.BLOCKED, "Too large for the account", reason, remedy)


def step_of(gib: float, steps: Sequence[DiskStep]) -> DiskStep:
    """The smallest step that holds a disk; the largest, where none does. `steps` rise and are not empty."""
    return steps[min(bisect_left(steps, gib, key=lambda step: step.gib), len(steps) - 1)]


def disks_bill(sizes_mib: Mapping[int, int], steps: Sequence[DiskStep]) -> DisksBill:
    """`sizes_mib` says how many disks there are of each size: of thousands there are a few dozen sizes."""
    found = [(step_of(size / MIB_PER_GIB, steps), count) for size, count in sizes_mib.items()]
    return DisksBill(sum(step.gib * count for step, count in found), sum(step.price * count for step, count in found))
