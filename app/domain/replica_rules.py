"""The tables of what replicated data is written to, and of the sizes that disks are billed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.source import Dated


@dataclass(frozen=True, slots=True)
class ReplicaRules(Dated):
    """Attributes:
    allows_managed_disks: whether data can be replicated to managed disks at once.
    managed_disk_type: what such disks are asked for as; what a standard account yields at a failover, too.
    managed_disk_types: the types to choose from, cheapest first, each with its name.
    failback_agent: the Recovery Services agent that failing back takes at least; empty where nothing is said of one.
    """

    allows_managed_disks: bool
    managed_disk_type: str
    managed_disk_types: Mapping[str, str]
    failback_agent: str

    def type_name(self, kind: str) -> str:
        """What people call a type of managed disk."""
        return self.managed_disk_types.get(kind, kind)


@dataclass(frozen=True, slots=True)
class DiskStep:
    """A size in which disks are billed: whoever needs less pays for all of it."""

    name: str
    gib: int
    price: float
    """A month."""
