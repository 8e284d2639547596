"""What a policy costs, in words: each figure with what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.policy_rules import PolicyFigures, copy_frequency_text
from app.domain.sizes import gib_text, size_text
from app.domain.wording import named
from app.flows.draft import SetUpDraft
from app.flows.policy_cost import (
    CostDifference,
    GuestImpact,
    LineState,
    PolicyCost,
    difference,
    draft_of_policy,
    policy_cost,
)
from app.flows.policy_use import PolicyUse
from app.flows.step import Context
from ui.theme.tokens import Status

_GIB_PLACES = 3
"""A difference of less than half a MiB is none."""


def tr(text: str) -> str:
    return QCoreApplication.translate("PolicyCost", text)


@dataclass(frozen=True, slots=True)
class CostLine:
    """One figure: what it is of, the figure, what it stands on, and how it stands."""

    key: str
    title: str
    figure: str
    note: str
    status: Status = Status.NEUTRAL


def money_text(amount: float, currency: str) -> str:
    return f"{amount:,.0f} {currency}" if abs(amount) >= 1000 else f"{amount:,.2f} {currency}"


def seconds_text(seconds: float) -> str:
    if seconds >= 90:
        return tr("{} min").format(f"{seconds / 60:.0f}")
    return tr("{} s").format(f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}")


def difference_words(difference: CostDifference, against: str) -> str:
    """`Against HQ-5min: +12 GiB, +1.10 USD a month.`"""
    gib = _signed(gib_text, round(difference.gib, _GIB_PLACES))
    month = _signed(lambda amount: money_text(amount, difference.currency), difference.month)
    if gib == month == "":
        return tr("Costs the same as {}.").format(against)
    parts = ", ".join(filter(None, (gib, tr("{} a month").format(month) if month else "")))
    return tr("Against {0}: {1}.").format(against, parts)


def change_cost(use: PolicyUse, draft: SetUpDraft, context: Context) -> Callable[[PolicyFigures, PolicyFigures], str]:
    """Says what other figures of a policy cost more for its machines, in a sentence; nothing where it is not known."""
    served = draft_of_policy(use, draft, context)

    def words(before: PolicyFigures, after: PolicyFigures) -> str:
        if served is None or before == after:
            return ""
        old, new = policy_cost(served, context, before), policy_cost(served, context, after)
        if old is None or new is None:
            return ""
        return difference_words(difference(old, new), tr("the figures of now"))

    return words


def cost_lines(cost: PolicyCost) -> tuple[CostLine, ...]:
    return tuple(_lines(cost))


def _lines(cost: PolicyCost) -> Iterator[CostLine]:
    machines = tr("1 machine") if cost.machines == 1 else tr("{} machines").format(f"{cost.machines:,}")
    if not cost.is_chosen:
        machines = tr("{}, all that could be protected").format(machines)
    if cost.points:
        kept = tr("Changes of {hours} h of {machines}, at {day} a day with growth.")
        note = kept.format(hours=cost.points, machines=machines, day=gib_text(cost.churn_gib_day))
    else:
        note = tr("Only the latest point is kept.")
    storage = f"+{gib_text(cost.kept_gib)}" if cost.kept_gib > 0 else tr("nothing")
    yield CostLine("storage", tr("Storage in Azure"), storage, note)
    price = tr("For that storage, by list prices of {}. Writes to the account are billed beside it, more at 30 s.")
    yield CostLine(
        "price",
        tr("Price a month"),
        f"+{money_text(cost.month, cost.currency)}" if cost.month > 0 else tr("nothing"),
        price.format(cost.prices_of),
    )
    yield _points_line(cost)
    yield _guest_line(cost)
    yield _line_line(cost)
    log = tr("A log that fills {percent} % of its disk, {most} in all, is given up, and the disk resynchronized.")
    note = log.format(percent=cost.resync_percent, most=gib_text(cost.log_most_gib))
    yield CostLine("log", tr("On the hosts, between copies"), gib_text(cost.log_gib), note)


def _points_line(cost: PolicyCost) -> CostLine:
    figure = tr("1 a machine") if cost.points == 1 else tr("{} a machine").format(cost.points)
    if not cost.points:
        figure = tr("the latest only")
    if not cost.snapshots_day:
        return CostLine("points", tr("Recovery points"), figure, tr("None is application-consistent."))
    times = f"{cost.snapshots_day:.1f}".removesuffix(".0")
    note = tr("{kept} of them application-consistent; {times} a day are taken of each machine.")
    kept = cost.consistent_points or tr("None")
    return CostLine("points", tr("Recovery points"), figure, note.format(kept=kept, times=times))


def _guest_line(cost: PolicyCost) -> CostLine:
    title = tr("In the machines")
    names = named(cost.busy)
    match cost.guest:
        case GuestImpact.NONE:
            note = tr("No snapshot stops an application; each recovers as after a power cut.")
            return CostLine("guest", title, tr("nothing"), note)
        case GuestImpact.LIGHT:
            note = tr("Applications rest a moment for each point; no machine was measured to write much.")
            return CostLine("guest", title, tr("hardly felt"), note, Status.OK)
        case GuestImpact.UNKNOWN:
            note = tr("Applications rest a moment for each point. How busy they are was not measured on all machines.")
            return CostLine("guest", title, tr("not known"), note)
        case GuestImpact.FELT:
            note = tr("Measured to write much, and slowed at each point: {}.").format(names)
            return CostLine("guest", title, tr("felt"), note, Status.INFO)
        case GuestImpact.HEAVY:
            note = tr("Measured to write much, and slowed every hour: {}. Take points less often.").format(names)
            return CostLine("guest", title, tr("slows busy ones"), note, Status.WARNING)


def _line_line(cost: PolicyCost) -> CostLine:
    title, line = tr("On the line"), cost.line
    every = copy_frequency_text(cost.figures.copy_frequency_s)
    copy = tr("A copy every {every} carries about {size}").format(every=every, size=size_text(line.copy_mib))
    if line.share is None or line.copy_s is None:
        return CostLine("line", title, "–", tr("{}. Type what the line gives on Capacity.").format(copy))
    percent = max(1, round(line.share * 100))
    note = tr("{copy}, and takes {time} of the line.").format(copy=copy, time=seconds_text(line.copy_s))
    match line.state:
        case LineState.FALLS_BEHIND:
            note += tr(" It falls behind, and more and more is lost in a disaster.")
            status = Status.CRITICAL
        case LineState.TIGHT if line.has_late_peaks:
            note += tr(" In measured busy minutes ({} Mbps) copies are late.").format(f"{line.peak_mbps or 0:,.0f}")
            status = Status.WARNING
        case LineState.TIGHT:
            note += tr(" In busy hours copies are late.")
            status = Status.WARNING
        case _:
            note += tr(" The line keeps up.")
            status = Status.OK
    return CostLine("line", title, tr("{} % of it").format(percent), note, status)


def _signed(words: Callable[[float], str], amount: float) -> str:
    text = words(abs(amount))
    return "" if text == words(0.0) else f"{'+' if amount > 0 else '−'}{text}"
