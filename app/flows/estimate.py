"""The quick capacity estimate of a draft: for the chosen machines, or before a choice for all that could be.

What hosts measured and told is taken before what is assumed. A measurement too short to know a day by counts only where
it is above the assumption: a quiet quarter of an hour is no proof of a quiet day.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.capacity import QuickEstimate, StorageBill, churn_gib_day, quick_estimate, storage_bill
from app.domain.host_report import ChurnReport, MachineChurn
from app.domain.host_space import VolumeNeed, volume_needs
from app.domain.protection import ProtectableItem, SourceDisk
from app.domain.replica_judging import DisksBill, disks_bill
from app.domain.reported import Told, told_of
from app.domain.support import judge_machine
from app.flows.draft import ReplicaKind, SetUpDraft
from app.flows.replica import goes_to_managed_disks, is_premium, managed_type, redundancy_of, takes_logs
from app.flows.step import Context

_SECONDS_PER_DAY = 86_400
_MIB = 1024 * 1024
_GIB = 1024 * _MIB
_PREMIUM_DISKS = "Premium_LRS"


@dataclass(frozen=True, slots=True)
class Basis:
    """Where the figures of an estimate come from. All but `volumes` are counts of its machines.

    Attributes:
        measured: whose writes were measured long enough.
        smoke_tested: measured for less; `minutes` is the shortest measurement that counts, else the longest of these.
        used_known: whose used space their hosts told.
        too_busy: names of machines that write more than can be replicated.
        volumes: where the machines' disks lie, as far as it was told; what lacks most stands first.
    """

    machines: int
    measured: int = 0
    smoke_tested: int = 0
    minutes: int = 0
    used_known: int = 0
    too_busy: tuple[str, ...] = ()
    volumes: tuple[VolumeNeed, ...] = ()

    @property
    def assumed(self) -> int:
        """Whose changes are a share of their disks."""
        return self.machines - self.measured - self.smoke_tested


@dataclass(frozen=True, slots=True)
class _Part:
    """One machine that is reckoned with.

    Attributes:
        used_gib: what its disks take on the host; None while one of them is not told.
    """

    name: str
    sizes_mib: tuple[int, ...]
    used_gib: float | None
    told: Told | None
    churn: tuple[MachineChurn, ChurnReport] | None

    @property
    def size_mib(self) -> int:
        return sum(self.sizes_mib)

    def changed_gib(self, daily_change_percent: float) -> float:
        assumed = churn_gib_day(self.size_mib / 1024, daily_change_percent)
        if self.churn is None:
            return assumed
        churn, report = self.churn
        measured = churn.write_bytes * _SECONDS_PER_DAY / _GIB
        return max(measured, assumed) if report.is_smoke_test else measured


@dataclass(frozen=True, slots=True)
class _Ground:
    """What an estimate stands on that no figure of the page changes."""

    parts: tuple[_Part, ...]
    volumes: tuple[VolumeNeed, ...]
    sizes_mib: Mapping[int, int]
    """How many disks there are of each size."""


def estimate(draft: SetUpDraft, context: Context) -> QuickEstimate | None:
    """None while there is no machine to reckon with, or a figure is not one to reckon with."""
    parts = _ground(draft, context).parts
    figures = draft.capacity
    numbers = (
        figures.daily_change_percent,
        figures.growth_percent,
        figures.first_copy_hours,
        figures.bandwidth_mbps or 1,
    )
    if (
        not parts
        or figures.first_copy_hours <= 0
        or not all(math.isfinite(number) and number >= 0 for number in numbers)
    ):
        return None
    return quick_estimate(
        (part.size_mib for part in parts),
        daily_change_percent=figures.daily_change_percent,
        growth_percent=figures.growth_percent,
        retention_h=draft.policy.retention_h,
        first_copy_hours=figures.first_copy_hours,
        bandwidth_mbps=figures.bandwidth_mbps,
        redundancy=_redundancy(draft, context),
        rules=context.rules,
        changed_gib=sum(part.changed_gib(figures.daily_change_percent) for part in parts),
        copied_gib=sum(part.size_mib / 1024 if part.used_gib is None else part.used_gib for part in parts),
        disks=_disks_bill(draft, context),
    )


def replica_bills(draft: SetUpDraft, context: Context) -> Mapping[ReplicaKind, StorageBill]:
    """What either kind of replica costs for the machines at hand; nothing while there is nothing to reckon with."""
    figures = estimate(draft, context)
    if figures is None:
        return {}
    bills: dict[ReplicaKind, StorageBill] = {}
    for kind in ReplicaKind:
        asked = replace(draft, target=replace(draft.target, replica=kind))
        bills[kind] = storage_bill(
            figures.copied_gib,
            figures.bill.kept_gib,
            _redundancy(asked, context),
            context.rules.prices,
            _disks_bill(asked, context),
        )
    return bills


def managed_bills(draft: SetUpDraft, context: Context) -> Mapping[str, StorageBill]:
    """What each type of managed disk costs for the machines at hand; nothing while there is nothing to reckon with."""
    bills: dict[str, StorageBill] = {}
    for kind in context.rules.replica.managed_disk_types:
        asked = replace(draft, target=replace(draft.target, replica=ReplicaKind.MANAGED_DISK, disk_type=kind))
        bill = replica_bills(asked, context).get(ReplicaKind.MANAGED_DISK)
        if bill is not None:
            bills[kind] = bill
    return bills


def reckoned_machines(draft: SetUpDraft, context: Context) -> int:
    """How many machines are reckoned with."""
    return len(_ground(draft, context).parts)


def knows_used(draft: SetUpDraft, context: Context) -> bool:
    """Whether the hosts told what all of them use; what is not told is taken as full."""
    return all(part.used_gib is not None for part in _ground(draft, context).parts)


def disks_above(gib: int, draft: SetUpDraft, context: Context) -> int:
    """How many of the disks reckoned with are larger."""
    sizes = _ground(draft, context).sizes_mib
    return sum(count for size, count in sizes.items() if size > gib * 1024)


def _disks_bill(draft: SetUpDraft, context: Context) -> DisksBill | None:
    """None where a standard account bills what is used."""
    rules = context.rules
    if goes_to_managed_disks(draft):
        steps = rules.prices.disk_steps.get(managed_type(draft, rules), ())
        if not steps:
            return None
    elif is_premium(draft, context.estate):
        steps = rules.prices.disk_steps[_PREMIUM_DISKS]
    else:
        return None
    return disks_bill(_ground(draft, context).sizes_mib, steps)


def basis_of(draft: SetUpDraft, context: Context) -> Basis:
    """Where the figures of `estimate` come from."""
    ground = _ground(draft, context)
    parts = ground.parts
    found = [part.churn[1] for part in parts if part.churn is not None]
    minutes = [report.minutes for report in found if not report.is_smoke_test]
    smoke = [report.minutes for report in found if report.is_smoke_test]
    return Basis(
        machines=len(parts),
        measured=len(minutes),
        smoke_tested=len(smoke),
        minutes=min(minutes) if minutes else max(smoke, default=0),
        used_known=sum(part.used_gib is not None for part in parts),
        too_busy=tuple(part.name for part in parts if _is_too_busy(part, draft, context)),
        volumes=ground.volumes,
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


def _ground(draft: SetUpDraft, context: Context) -> _Ground:
    """Worked out once for a choice of machines; judging a thousand of them takes longer than a key may."""
    known = context.remembered.get(__name__)
    if known is not None and known[0] is draft.machines and known[1] == draft.site.name:
        return known[2]  # type: ignore[no-any-return]
    parts = tuple(_parts(draft, context))
    told = (part.told for part in parts if part.told is not None)
    ground = _Ground(
        parts,
        volume_needs(told, context.rules.capacity.initial_source_space_percent),
        Counter(size for part in parts for size in part.sizes_mib),
    )
    context.remembered[__name__] = (draft.machines, draft.site.name, ground)
    return ground


def _parts(draft: SetUpDraft, context: Context) -> Iterator[_Part]:
    if not draft.machines:
        for each in candidates(draft, context):
            yield _part(each, each.disks, context)
    for choice in draft.machines:
        item = context.estate.protectable(choice.machine_id)
        if item is not None:
            chosen = frozenset(choice.disk_ids)
            yield _part(item, tuple(disk for disk in item.disks if disk.vhd_id in chosen), context)


def _part(item: ProtectableItem, disks: tuple[SourceDisk, ...], context: Context) -> _Part:
    told = told_of(item.name, context.reports)
    sizes_mib = tuple(disk.size_mib for disk in disks)
    return _Part(item.friendly_name, sizes_mib, _used_gib(disks, told), told, context.reports.churn_of(item.name))


def _used_gib(disks: tuple[SourceDisk, ...], told: Told | None) -> float | None:
    if told is None:
        return None
    files = {_stem(disk.path): disk.file_bytes for disk in told.machine.disks if disk.path}
    used = [files.get(disk.name.casefold()) for disk in disks]
    if not used or None in used:
        return None
    return sum(min(file or 0, disk.size_mib * _MIB) for file, disk in zip(used, disks, strict=True)) / _GIB


def _is_too_busy(part: _Part, draft: SetUpDraft, context: Context) -> bool:
    if part.churn is None:
        return False
    churn = part.churn[0]
    grown = churn.write_bytes / _MIB * (1 + draft.capacity.growth_percent / 100)
    return grown > context.rules.capacity.churn.most(churn.write_size)


def _stem(path: str) -> str:
    """`dc01` for `D:\\VMs\\DC01.vhdx`: what Azure calls the disk."""
    return path.rpartition("\\")[2].rpartition(".")[0].casefold()


def _redundancy(draft: SetUpDraft, context: Context) -> str:
    """Of the account that is billed by what is in it: the one for data, or where disks hold that, the one for logs."""
    logs = draft.target.logs if takes_logs(draft, context.estate) else None
    return redundancy_of(logs or draft.target.storage, context.estate)
