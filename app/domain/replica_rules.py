"""The tables of what replicated data is written to, and of the sizes that disks are billed in."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.source import Dated


@dataclass(frozen=True, slots=True)
class ReplicaRules(Dated):
    """Attributes:
    allows_managed_disks: whether data can be replicated to managed disks at once.
    managed_disk_type: what such disks are asked for as; what a standard account yields at a failover, too.
    failback_agent: the Recovery Services agent that failing back takes at least; empty where nothing is said of one.
    """

    allows_managed_disks: bool
    managed_disk_type: str
    failback_agent: str


@dataclass(frozen=True, slots=True)
class DiskStep:
    """A size in which disks are billed: whoever needs less pays for all of it."""

    name: str
    gib: int
    price: float
    """A month."""
