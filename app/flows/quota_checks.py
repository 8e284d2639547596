"""Whether the region's quota carries the machines of a failover or a drill, as checks of its sheet.

An operation that is no emergency is stopped for machines that Azure would refuse for certain, each of which can be left
out; an emergency is only told. What is estimated, or not known, never stops anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.domain.issue import Suitability
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.quota import (
    Limit,
    LimitVerdict,
    QuotaVerdict,
    RegionQuota,
    Standing,
    judge_quota,
    resolve,
)
from app.domain.quota_fit import Fit, fit_in_order
from app.domain.quota_needs import Need, need_of, target_subscription
from app.domain.wording import named
from app.flows.failover import FailoverChoices, FailoverKind, FailoverOperation
from app.flows.failover_facts import Check, FailoverFacts, Topic
from app.flows.quota_words import limit_words

MAKES_MACHINES = frozenset({FailoverKind.TEST, FailoverKind.PLANNED, FailoverKind.UNPLANNED})


def quota_checks(
    operation: FailoverOperation,
    items: Sequence[ReplicationProtectedItem],
    choices: FailoverChoices,
    facts: FailoverFacts,
) -> list[Check]:
    """None for operations that make no machine, and for machines that stand in Azure already."""
    if operation.kind not in MAKES_MACHINES:
        return []
    without_network = operation.offers_network and not choices.network_id
    found: list[Check] = []
    for quota in facts.quotas:
        machines: list[tuple[str, Need]] = []
        for item in items:
            need = need_of(item)
            if need is not None and target_subscription(item).lower() == quota.subscription.lower():
                machines.append((item.friendly_name, need._replace(nics=0) if without_network else need))
        if machines:
            found += _of_region(operation, machines, quota, facts)
    return found


def _of_region(
    operation: FailoverOperation, machines: list[tuple[str, Need]], quota: RegionQuota, facts: FailoverFacts
) -> list[Check]:
    needs = [need for _, need in machines]
    verdict = judge_quota(Counter(needs), quota, facts.rules)
    region = facts.rules.region_name(quota.location) or "the target region"
    if verdict.standing is Standing.ENOUGH:
        return [Check(Suitability.OK, Topic.QUOTA, "The quota suffices", _free_text(verdict))]
    found = [_unknown(limit, region) for limit in _one_per_reason(verdict.unknown)]
    if verdict.standing is Standing.UNKNOWN:
        return found
    fit = fit_in_order(needs, quota, facts.rules)
    names = [machines[left.place][0] for left in fit.left_out]
    is_lone = len(machines) == 1 and not operation.is_emergency and not resolve(needs[0], quota, facts.rules).is_vague
    status = Suitability.BLOCKED if is_lone and not verdict.guessed else Suitability.WARNING
    for place, limit in enumerate(verdict.short):
        found.append(_short(limit, region, status, names if not place else [], operation))
    if operation.is_emergency or len(machines) == 1:
        for size in verdict.refused:
            what = f"The size {size.size} is {size.reason} ({region})." if size.size else f"In {region} {size.reason}."
            remedy = "Choose another size for it under Replicated items."
            found.append(Check(status, Topic.QUOTA, what, remedy=remedy, detail=_machines(size.machines)))
        return found
    return found + _left_out(machines, fit, quota, facts)


def _left_out(machines: list[tuple[str, Need]], fit: Fit, quota: RegionQuota, facts: FailoverFacts) -> list[Check]:
    found = []
    for left in fit.left_out:
        name, need = machines[left.place]
        known = resolve(need, quota, facts.rules)
        if left.kind is None:
            what = f"its size {known.size} is {left.refusal}" if known.size else left.refusal
            text, remedy = f"{name} cannot be made: {what}.", "Choose another size for it, or leave it out."
        else:
            text = f"{name} does not fit any more: too few {limit_words(left.kind, left.label)} are left."
            remedy = "Leave it out, or do it once the others are cleaned up."
        status = Suitability.WARNING if known.is_guess or known.is_vague else Suitability.BLOCKED
        found.append(Check(status, Topic.QUOTA, text, remedy=remedy, machine=name))
    return found


def _short(
    limit: LimitVerdict, region: str, status: Suitability, names: list[str], operation: FailoverOperation
) -> Check:
    text = (
        f"Not enough {limit_words(limit.kind, limit.label)} in {region}: {limit.needed:,} needed, {limit.free:,} free."
    )
    detail = ""
    if limit.machines > 1:
        detail = f"{limit.carries:,} of {limit.machines:,} machines fit at most."
        if operation.is_emergency and names:
            detail += f" Azure may refuse {named(names)}."
    remedy = f"Delete machines that nobody needs, or ask for a limit of {limit.wanted:,}: the overview has the request."

    if operation.is_emergency:
        remedy = f"The failover can start; ask Azure meanwhile to raise the limit to {limit.wanted:,}."
    return Check(status, Topic.QUOTA, text, detail=detail, remedy=remedy)


def _unknown(limit: LimitVerdict, region: str) -> Check:
    what = {
        Limit.NICS: "how many network cards are free",
        Limit.FAMILY: "which limits the sizes of the machines count for",
    }
    return Check(
        Suitability.WARNING,
        Topic.QUOTA,
        f"It is not known {what.get(limit.kind, 'how many cores are free')} in {region}.",
        detail=limit.why,
        remedy="Azure refuses machines for which the quota does not suffice.",
    )


def _one_per_reason(limits: Sequence[LimitVerdict]) -> list[LimitVerdict]:
    """Several limits come from one request: if it failed, that is told once."""
    found: dict[str, LimitVerdict] = {}
    for limit in limits:
        found.setdefault(limit.why, limit)
    return list(found.values())


def _free_text(verdict: QuotaVerdict) -> str:
    cores = next(limit for limit in verdict.limits if limit.kind is Limit.CORES)
    about = "about " if verdict.guessed else ""
    return f"{about}{cores.needed:,} of {cores.free:,} free cores"


def _machines(count: int) -> str:
    return "1 machine" if count == 1 else f"{count:,} machines"
