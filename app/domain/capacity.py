"""Capacity planning by formulas: churn, bandwidth, the first copy, storage and cost.

These are our estimates: Microsoft publishes what its planners say, not their formulas. Only the worst cases for space
on the hosts are documented.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.replica_judging import DisksBill
from app.domain.rules import PriceRules, Rules
from app.domain.sizes import MIB_PER_GIB

_MEGABITS_PER_GIB = 1024 * 8
"""The planner's own reckoning: 8 megabits to a mebibyte."""
_SECONDS_PER_DAY = 86_400
_SECONDS_PER_HOUR = 3_600
_HOURS_PER_DAY = 24


def churn_gib_day(stored_gib: float, daily_change_percent: float) -> float:
    return stored_gib * daily_change_percent / 100


def delta_mbps(churn_gib: float) -> float:
    """The bandwidth that carries a day's changes when they are spread evenly."""
    return churn_gib * _MEGABITS_PER_GIB / _SECONDS_PER_DAY


def copy_hours(gib: float, mbps: float) -> float:
    """How long a copy takes. Raises ValueError for a bandwidth that is not above zero."""
    if mbps <= 0:
        raise ValueError("the bandwidth must be above zero")
    return gib * _MEGABITS_PER_GIB / (mbps * _SECONDS_PER_HOUR)


def copy_mbps(gib: float, hours: float) -> float:
    """The bandwidth that a copy within `hours` takes. Raises ValueError for a time that is not above zero."""
    if hours <= 0:
        raise ValueError("the time must be above zero")
    return gib * _MEGABITS_PER_GIB / (hours * _SECONDS_PER_HOUR)


def kept_gib(churn_gib: float, retention_h: int) -> float:
    """The changes kept for recovery points."""
    return churn_gib * retention_h / _HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """A month's cost by list prices, after the days that are free of the licence."""

    licence: float
    storage: float
    currency: str
    prices_of: str
    """When the price list was: `January 2023`."""

    @property
    def total(self) -> float:
        return self.licence + self.storage


@dataclass(frozen=True, slots=True)
class StorageBill:
    """What Azure bills for replicated disks and the changes kept.

    Attributes:
        disks_gib: what is used of them, or all of the steps they are billed in.
        price: a month, of both.
    """

    disks_gib: float
    kept_gib: float
    price: float

    @property
    def gib(self) -> float:
        return self.disks_gib + self.kept_gib


def storage_bill(
    used_gib: float, changes_gib: float, redundancy: str, prices: PriceRules, disks: DisksBill | None = None
) -> StorageBill:
    """The bill of a storage account, or with `disks` that of disks billed in steps, whose changes lie in an account.

    A redundancy without a price counts as the dearest.
    """
    per_gib = prices.storage_per_gib.get(redundancy, max(prices.storage_per_gib.values()))
    if disks is not None:
        return StorageBill(disks.gib, changes_gib, disks.price + changes_gib * per_gib)
    return StorageBill(used_gib, changes_gib, (used_gib + changes_gib) * per_gib)


def monthly_cost(machines: int, bill: StorageBill, prices: PriceRules) -> CostEstimate:
    return CostEstimate(
        licence=machines * prices.licence_per_machine,
        storage=bill.price,
        currency=prices.currency,
        prices_of=prices.source.month,
    )


@dataclass(frozen=True, slots=True)
class QuickEstimate:
    """What the machines at hand will ask of line, hosts and purse.

    Attributes:
        stored_gib: the replicated disks' full size, the worst case of what is used in them.
        copied_gib: what the first copy carries: what is used, where that is known.
        churn_gib_day, delta_mbps: changes, with growth.
        wished_first_copy_mbps: the bandwidth for the first copy within the wished hours.
        first_copy_h: how long it takes on the line there is; None while the line is not known.
        bill: of storage in Azure, with the changes kept for recovery points.
        source_space_gib: worst case of extra space on the hosts during the first copy.
    """

    machines: int
    stored_gib: float
    copied_gib: float
    churn_gib_day: float
    delta_mbps: float
    wished_first_copy_mbps: float
    first_copy_h: float | None
    bill: StorageBill
    source_space_gib: float
    cost: CostEstimate

    @property
    def storage_gib(self) -> float:
        return self.bill.gib

    @property
    def needed_mbps(self) -> float:
        """What the line must give: the changes for ever, and the first copy within the wished time."""
        return max(self.delta_mbps, self.wished_first_copy_mbps)

    def line_carries_changes(self, bandwidth_mbps: float) -> bool:
        """Whether replication keeps up for ever, which decides; a slow first copy is only slow."""
        return bandwidth_mbps >= self.delta_mbps


def quick_estimate(
    sizes_mib: Iterable[int],
    *,
    daily_change_percent: float,
    growth_percent: float,
    retention_h: int,
    first_copy_hours: float,
    bandwidth_mbps: float | None,
    redundancy: str,
    rules: Rules,
    changed_gib: float | None = None,
    copied_gib: float | None = None,
    disks: DisksBill | None = None,
) -> QuickEstimate:
    """Estimate for machines whose replicated disks add up to `sizes_mib`, one figure each.

    `changed_gib` of a day and `copied_gib` are better known than by a share of the disks, or by their size. `disks` is
    what they are billed as, where it is not by what is used in them.
    """
    sizes = tuple(sizes_mib)
    stored = sum(sizes) / MIB_PER_GIB
    changed = churn_gib_day(stored, daily_change_percent) if changed_gib is None else changed_gib
    copied = stored if copied_gib is None else copied_gib
    churn = changed * (1 + growth_percent / 100)
    bill = storage_bill(copied, kept_gib(churn, retention_h), redundancy, rules.prices, disks)
    return QuickEstimate(
        machines=len(sizes),
        stored_gib=stored,
        copied_gib=copied,
        churn_gib_day=churn,
        delta_mbps=delta_mbps(churn),
        wished_first_copy_mbps=copy_mbps(copied, first_copy_hours),
        first_copy_h=copy_hours(copied, bandwidth_mbps) if bandwidth_mbps else None,
        bill=bill,
        source_space_gib=stored * rules.capacity.initial_source_space_percent / 100,
        cost=monthly_cost(len(sizes), bill, rules.prices),
    )
