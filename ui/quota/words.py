"""A quota in words: whether it carries all machines, and one line for each limit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.domain.quota import Limit, LimitVerdict, QuotaVerdict, Standing
from app.domain.rules import Rules
from app.flows.quota_words import limit_title
from ui.theme.tokens import Status

STATUS = {Standing.ENOUGH: Status.OK, Standing.SHORT: Status.WARNING, Standing.UNKNOWN: Status.INFO}


def worst_of(verdicts: Sequence[QuotaVerdict]) -> QuotaVerdict | None:
    """The verdict to tell where there is room for one."""
    return max(verdicts, key=lambda verdict: verdict.standing.rank, default=None)


def carries_text(verdict: QuotaVerdict, rules: Rules) -> str:
    """`Cores in West Europe carry at most 14 of 24 machines`."""
    region = rules.region_name(verdict.location) or _tr("the target region")
    tightest = verdict.tightest
    if tightest is not None:
        name = limit_title(tightest.kind, tightest.label)
        if tightest.machines == 1:
            return _tr("{0} in {1} do not suffice for the machine").format(name, region)
        text = _tr("{0} in {1} carry at most {2} of {3} machines")
        carries, machines = f"{tightest.carries or 0:,}", f"{tightest.machines:,}"
        return text.format(name, region, carries, machines)
    if verdict.refused:
        first = verdict.refused[0]
        count = sum(each.machines for each in verdict.refused)
        one, many = (
            _tr("1 machine has a size that is not offered in {0}"),
            _tr("{1} machines have sizes that are not offered in {0}"),
        )
        if len(verdict.refused) == 1 and first.size:
            one, many = (
                _tr("{2} is not offered in {0}, and 1 machine has it"),
                _tr("{2} is not offered in {0}, and {1} machines have it"),
            )
        return (one if count == 1 else many).format(region, f"{count:,}", first.size)
    machines = _tr("the machine") if verdict.machines == 1 else _tr("all {} machines").format(f"{verdict.machines:,}")
    if verdict.standing is Standing.UNKNOWN:
        return _tr("It is not known whether the quota in {0} carries {1}").format(region, machines)
    return _tr("The quota in {0} carries {1}").format(region, machines)


def standing_text(verdict: QuotaVerdict) -> str:
    """In one to three words."""
    if verdict.standing is Standing.SHORT:
        return _tr("too small")
    return _tr("not known") if verdict.standing is Standing.UNKNOWN else _tr("suffices")


def remedy_text(verdict: QuotaVerdict) -> str:
    """What to do about it, in a few words."""
    tightest = verdict.tightest
    if tightest is not None:
        return _tr("Ask Azure for {} more").format(f"{tightest.short_by:,}")
    if verdict.refused:
        return _tr("Choose another size")
    return verdict.unknown[0].why if verdict.unknown else ""


def limit_figures(limit: LimitVerdict, guessed: int) -> str:
    """`76 needed, 36 free of 350`, or why that is not known."""
    if limit.free is None:
        return limit.why
    is_about = guessed and limit.kind in (Limit.CORES, Limit.FAMILY)
    needed = _tr("About {} needed") if is_about else _tr("{} needed")
    if limit.standing is Standing.UNKNOWN:
        needed = _tr("At least {} needed")
    free = _tr("{0} free of {1}").format(f"{limit.free:,}", f"{limit.limit:,}")
    return f"{needed.format(f'{limit.needed:,}')}, {free}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Quota", text)
