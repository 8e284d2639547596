"""The quick capacity estimate of a draft: for the chosen machines, or before a choice for all that could be."""

from __future__ import annotations

import math

from app.domain.capacity import QuickEstimate, quick_estimate
from app.domain.protection import ProtectableItem
from app.domain.reported import told_of
from app.domain.support import judge_machine
from app.flows.draft import SetUpDraft
from app.flows.step import Context


def estimate(draft: SetUpDraft, context: Context) -> QuickEstimate | None:
    """None while there is no machine to reckon with, or a figure is not one to reckon with."""
    sizes = _sizes_mib(draft, context)
    figures = draft.capacity
    numbers = (
        figures.daily_change_percent,
        figures.growth_percent,
        figures.first_copy_hours,
        figures.bandwidth_mbps or 1,
    )
    if (
        not sizes
        or figures.first_copy_hours <= 0
        or not all(math.isfinite(number) and number >= 0 for number in numbers)
    ):
        return None
    return quick_estimate(
        sizes,
        daily_change_percent=figures.daily_change_percent,
        growth_percent=figures.growth_percent,
        retention_h=draft.policy.retention_h,
        first_copy_hours=figures.first_copy_hours,
        bandwidth_mbps=figures.bandwidth_mbps,
        redundancy=_redundancy(draft, context),
        rules=context.rules,
    )


def candidates(draft: SetUpDraft, context: Context) -> tuple[ProtectableItem, ...]:
    """The machines of the site that could be protected and are not yet."""
    site = context.estate.site(draft.site.name)
    if site is None:
        return ()
    return tuple(
        item
        for item in context.estate.protectable_at(site)
        if not item.is_protected and judge_machine(item, context.rules, told_of(item.name, context.reports)).is_usable
    )


def _sizes_mib(draft: SetUpDraft, context: Context) -> tuple[int, ...]:
    if not draft.machines:
        return tuple(item.size_mib for item in candidates(draft, context))
    sizes: list[int] = []
    for choice in draft.machines:
        item = context.estate.protectable(choice.machine_id)
        if item is not None:
            chosen = frozenset(choice.disk_ids)
            sizes.append(sum(disk.size_mib for disk in item.disks if disk.vhd_id in chosen))
    return tuple(sizes)


def _redundancy(draft: SetUpDraft, context: Context) -> str:
    storage = draft.target.storage
    if storage.create:
        return storage.redundancy
    account = context.estate.storage_account(storage.account_id)
    return account.redundancy if account else storage.redundancy
