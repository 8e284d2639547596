"""Many subscriptions at once, made from a few lines: their number is the caller's to choose. And what a vault holds.

`app.simulator.crowd` puts it down.
"""

from __future__ import annotations

from msgspec import Struct, field


class HoldsData(Struct, forbid_unknown_fields=True):
    """What a vault holds besides what this vault can carry out itself.

    Attributes:
        kind: the fabric's `instanceType`, such as `VMware`, `VMM` or `Azure`; empty is none of Site Recovery.
        machines: replicated items, of which only their number is known here.
        servers: servers that have registered.
        backups: what Backup protects in the vault.
    """

    kind: str = ""
    machines: int = 0
    servers: int = 0
    backups: int = 0


class CrowdData(Struct, forbid_unknown_fields=True):
    """Many subscriptions with a resource group and some vaults each; the caller may ask for other numbers.

    Attributes:
        tenants: ids, taken in turn, as are the other lists; without any, all are of the scenario's own tenant.
        parts, stages: of which the names are made.
    """

    subscriptions: int = 300
    vaults: int = 1000
    tenants: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=lambda: ["Unit"])
    stages: list[str] = field(default_factory=lambda: ["prod"])
    regions: list[str] = field(default_factory=lambda: ["westeurope"])
    redundancies: list[str] = field(default_factory=lambda: ["GeoRedundant"])
    holds: list[HoldsData] = field(default_factory=lambda: [HoldsData()])
