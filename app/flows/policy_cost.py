"""What a replication policy costs: storage and price of its points, its weight on guests, on the line and on hosts.

All of it is estimated, on the same ground as capacity planning: what hosts measured and told, else an assumed share of
the disks that changes in a day. What does not depend on the policy, such as the licence, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.arm_id import same
from app.domain.policy_points import consistent_points
from app.domain.policy_rules import PolicyFigures, is_busy
from app.domain.protection import ProtectableItem
from app.flows.draft import MachineChoice, ReplicaKind, SetUpDraft, StorageChoice
from app.flows.estimate import Basis, basis_of, estimate
from app.flows.policy_use import PolicyUse, ground_of, machine_id_of
from app.flows.step import Context
from app.policy_data import CostFigures, cost_figures

_HOURS_PER_DAY = 24
_SECONDS_PER_DAY = 86_400
_MIB_PER_GIB = 1024
_MIB = 1024 * 1024
_BITS = 8


class LineState(StrEnum):
    """Whether the line carries the copies."""

    UNKNOWN = "unknown"
    KEEPS_UP = "keeps_up"
    TIGHT = "tight"
    FALLS_BEHIND = "falls_behind"


class GuestImpact(StrEnum):
    """How much guests feel of application-consistent points."""

    NONE = "none"
    UNKNOWN = "unknown"
    LIGHT = "light"
    FELT = "felt"
    """Some machine writes much, and feels each point."""
    HEAVY = "heavy"
    """The same, every hour."""


@dataclass(frozen=True, slots=True)
class LineUse:
    """What one copy asks of the line.

    Attributes:
        copy_mib: what it carries on average, of all machines.
        copy_s: how long that takes; None while the line is not known.
        share: of what the line gives, all day; None while the line is not known.
        peak_mbps: what the machines' busiest measured minutes ask together, with growth; None: nothing was measured.
        has_late_peaks: whether the line gives less than these.
    """

    state: LineState
    copy_mib: float
    copy_s: float | None
    share: float | None
    peak_mbps: float | None
    has_late_peaks: bool = False


@dataclass(frozen=True, slots=True)
class PolicyCost:
    """For the draft's machines with certain figures.

    Attributes:
        is_chosen: whether its machines were chosen; else they are all that could be protected.
        churn_gib_day: changes a day, with growth.
        kept_gib: storage in Azure beside the replica itself: the changes that points are made of.
        month: its price a month, in `currency`, by list prices of `prices_of`.
        points, consistent_points: kept for each machine, without the latest one.
        snapshots_day: how often a day a guest's applications are brought to rest.
        busy: machines that were measured and write much.
        log_gib: what waits on the hosts between two copies.
        log_most_gib: what may wait there before disks are compared anew, as documented.
    """

    figures: PolicyFigures
    machines: int
    is_chosen: bool
    churn_gib_day: float
    kept_gib: float
    month: float
    currency: str
    prices_of: str
    points: int
    consistent_points: int
    snapshots_day: float
    guest: GuestImpact
    busy: tuple[str, ...]
    line: LineUse
    log_gib: float
    log_most_gib: float
    resync_percent: int
    first_copy_h: float | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class CostDifference:
    """What other figures cost more, or less below zero."""

    gib: float
    month: float
    currency: str


def policy_cost(draft: SetUpDraft, context: Context, figures: PolicyFigures | None = None) -> PolicyCost | None:
    """Of the draft's policy, or of other figures for the same machines. None while there is nothing to reckon with."""
    if figures is None:
        choice = draft.policy
        figures = PolicyFigures(choice.copy_frequency_s, choice.retention_h, choice.app_consistent_frequency_h)
    retention_h = max(figures.retention_h, 0)
    with_points = estimate(replace(draft, policy=replace(draft.policy, retention_h=retention_h)), context)
    without = estimate(replace(draft, policy=replace(draft.policy, retention_h=0)), context)
    if with_points is None or without is None or figures.copy_frequency_s <= 0:
        return None
    data, basis = cost_figures(), basis_of(draft, context)
    churn = with_points.churn_gib_day
    every = max(figures.app_consistent_frequency_h, 0)
    busy, peak = _measured(draft, context)
    return PolicyCost(
        figures=figures,
        machines=with_points.machines,
        is_chosen=bool(draft.machines),
        churn_gib_day=churn,
        kept_gib=with_points.storage_gib - without.storage_gib,
        month=with_points.cost.total - without.cost.total,
        currency=with_points.cost.currency,
        prices_of=with_points.cost.prices_of,
        points=retention_h,
        consistent_points=consistent_points(figures),
        snapshots_day=_HOURS_PER_DAY / every if every else 0.0,
        guest=_guest_impact(every, busy, basis),
        busy=busy,
        line=line_use(churn, figures.copy_frequency_s, draft.capacity.bandwidth_mbps, peak, data),
        log_gib=churn * figures.copy_frequency_s / _SECONDS_PER_DAY,
        log_most_gib=with_points.stored_gib * data.log.resync_percent / 100,
        resync_percent=data.log.resync_percent,
        first_copy_h=with_points.first_copy_h,
        basis=basis,
    )


def draft_of_policy(use: PolicyUse, draft: SetUpDraft, context: Context) -> SetUpDraft | None:
    """What to reckon a policy with: its machines, or the draft's where it has none. None: no host shows them."""
    items = [item for item in context.estate.protected_items if same(item.policy_id, use.policy.id.text)]
    if not items:
        return draft
    found = [context.estate.protectable(machine_id_of(item)) for item in items]
    machines = tuple(_whole(machine) for machine in found if machine is not None)
    account = next((item.storage_account_id for item in items if item.storage_account_id), "")
    target = draft.target
    if account:
        target = replace(target, storage=StorageChoice(account), replica=ReplicaKind.STORAGE_ACCOUNT)
    return replace(draft, machines=machines, target=target) if machines else None


def difference(chosen: PolicyCost, edited: PolicyCost) -> CostDifference:
    return CostDifference(edited.kept_gib - chosen.kept_gib, edited.month - chosen.month, edited.currency)


def line_use(
    churn_gib_day: float, copy_frequency_s: int, line_mbps: float | None, peak_mbps: float | None, data: CostFigures
) -> LineUse:
    """What a copy asks of the line. Short of minutes a busy one cannot be levelled out by the quiet ones after it."""
    copy_mib = churn_gib_day * _MIB_PER_GIB * copy_frequency_s / _SECONDS_PER_DAY
    if not line_mbps:
        return LineUse(LineState.UNKNOWN, copy_mib, None, None, peak_mbps)
    copy_s = copy_mib * _BITS / line_mbps
    share = copy_s / copy_frequency_s
    has_late_peaks = peak_mbps is not None and peak_mbps > line_mbps
    state = LineState.KEEPS_UP
    if share > 1:
        state = LineState.FALLS_BEHIND
    elif share > data.line.tight_share or has_late_peaks:
        state = LineState.TIGHT
    return LineUse(state, copy_mib, copy_s, share, peak_mbps, has_late_peaks)


def _measured(draft: SetUpDraft, context: Context) -> tuple[tuple[str, ...], float | None]:
    """Who writes much, and what the busiest minutes ask of the line if they come together.

    Worked out once for a choice of machines: an edit of figures asks for it several times at each key.
    """
    known = context.remembered.get(__name__)
    policy, growth = (draft.policy.name, draft.policy.create), draft.capacity.growth_percent
    if known is not None and known[0] is draft.machines and known[1:3] == (policy, growth):
        return known[3]  # type: ignore[no-any-return]
    machines = ground_of(draft, context).machines
    busy = tuple(machine.name for machine in machines if is_busy(machine, context.rules))
    found = (context.reports.churn_of(machine.machine_id) for machine in draft.machines)
    peaks = [churn[0].peak_write_bytes for churn in found if churn is not None]
    peak_mbps = sum(peaks) / _MIB * _BITS * (1 + growth / 100) if peaks else None
    context.remembered[__name__] = (draft.machines, policy, growth, (busy, peak_mbps))
    return busy, peak_mbps


def _guest_impact(every_h: int, busy: tuple[str, ...], basis: Basis) -> GuestImpact:
    if not every_h:
        return GuestImpact.NONE
    if busy:
        return GuestImpact.HEAVY if every_h == 1 else GuestImpact.FELT
    return GuestImpact.UNKNOWN if basis.measured < basis.machines else GuestImpact.LIGHT


def _whole(machine: ProtectableItem) -> MachineChoice:
    disks = tuple(disk.vhd_id for disk in machine.disks)
    return MachineChoice(machine.name, machine.friendly_name, machine.friendly_name, disk_ids=disks)
