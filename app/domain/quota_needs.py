"""What machines need of a region's quota, counted by kind: of ten thousand machines there are a few dozen kinds."""

from __future__ import annotations

from typing import NamedTuple

from app.domain.arm_id import ArmId
from app.domain.protected_item import ReplicationProtectedItem

_NOT_SELECTED = "NotSelected"
_MEMORY_STEP_MIB = 512
"""Memory is rounded up to it, so that machines are of few kinds; no two sizes differ by less."""


class Need(NamedTuple):
    """What one machine asks of its region. Machines with equal needs are of one kind.

    Attributes:
        size: empty lets Azure choose, by cores, memory, disks and network cards.
        cores: of the source machine, which it needs at least; 0 where that is not known.
        nics: None where that is not known.
        memory_mib, data_disks, generation: 0 where they are not known, or the size is chosen.
    """

    size: str
    cores: int = 0
    nics: int | None = None
    memory_mib: int = 0
    data_disks: int = 0
    generation: int = 0


def need_of(item: ReplicationProtectedItem) -> Need | None:
    """What a failover of a protected machine needs more than is used now.

    None for a machine that stands in Azure already: after its failover, or for a drill, which is cleaned up first.
    """
    if item.runs_in_azure or item.awaits_clean_up:
        return None
    return made_need_of(item)


def made_need_of(item: ReplicationProtectedItem) -> Need:
    """What the machine needs that a drill or a failover makes of it."""
    nics = sum([nic.selection != _NOT_SELECTED for nic in item.nics]) or None
    if item.target_size:
        return Need(item.target_size, item.source_cores, nics)
    memory_mib = -(-item.source_memory_mib // _MEMORY_STEP_MIB) * _MEMORY_STEP_MIB
    return Need("", item.source_cores, nics, memory_mib, max(len(item.disks) - 1, 0))


def target_subscription(item: ReplicationProtectedItem) -> str:
    """Where the item's machine will run; without a target group, in the vault's subscription."""
    return ArmId(item.target_resource_group_id).subscription or item.id.subscription


class NeedsTally:
    """Counts by subscription, machine by machine, so that a long list can be counted in slices.

    Attributes:
        needs: by subscription, in lower case; how many machines there are of each kind.
    """

    def __init__(self) -> None:
        self.needs: dict[str, dict[Need, int]] = {}
        self._subscriptions: dict[str, str] = {}

    def add(self, item: ReplicationProtectedItem) -> None:
        need = need_of(item)
        if need is None:
            return
        group = item.target_resource_group_id
        subscription = self._subscriptions.get(group)
        if subscription is None:
            subscription = self._subscriptions[group] = target_subscription(item).lower()
        of_it = self.needs.setdefault(subscription, {})
        of_it[need] = of_it.get(need, 0) + 1
