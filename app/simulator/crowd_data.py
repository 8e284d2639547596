"""Much of a kind at once, made from a few lines: subscriptions, storage accounts, networks. And what a vault holds.

`app.simulator.crowd` and `app.simulator.large_target` put it down.
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


class AccountShape(Struct, forbid_unknown_fields=True):
    """What some of many storage accounts have in common."""

    sku: str
    kind: str = "StorageV2"
    tier: str | None = None
    is_firewalled: bool = False


class LargeTargetData(Struct, forbid_unknown_fields=True):
    """Storage accounts and networks beside those that the scenario names, in resource groups of their own.

    Attributes:
        regions, shapes: taken in turn; each shape stands in each region.
        locked_every: of so many groups one is locked against changes; 0 is none.
        subnets: how many a network has; `wide_subnets`, every so many as `wide_every` says.
    """

    accounts: int = 2000
    networks: int = 500
    groups: int = 20
    locked_every: int = 10
    regions: list[str] = field(default_factory=lambda: ["westeurope"])
    shapes: list[AccountShape] = field(default_factory=lambda: [AccountShape("Standard_LRS")])
    subnets: int = 4
    wide_every: int = 25
    wide_subnets: int = 40
