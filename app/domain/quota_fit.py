"""Which machines a region's quota carries when they are made one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.quota import Limit, Part, RegionQuota, resolve
from app.domain.quota_needs import Need
from app.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A machine that Azure would not make: `place` in the order, and the limit that runs out, or why it has no size."""

    place: int
    kind: Limit | None = None
    label: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """Which machines Azure can make, one after the other in the order given, by their places."""

    fitting: tuple[int, ...]
    left_out: tuple[LeftOut, ...]


def fit_in_order(needs: Sequence[Need], quota: RegionQuota, rules: Rules) -> Fit:
    """As Azure does it: a machine that does not fit fails, and the next is tried. Limits not known stop nothing."""
    names = rules.quota
    free: dict[tuple[Part, str], int] = {}
    for part, usages in ((Part.COMPUTE, quota.compute), (Part.NETWORK, quota.network)):
        free |= {(part, usage.name.lower()): max(usage.limit - usage.used, 0) for usage in usages if usage.limit >= 0}
    cores, machines, nics = names.cores.lower(), names.machines.lower(), names.nics.lower()
    known = {need: resolve(need, quota, rules) for need in set(needs)}
    fitting: list[int] = []
    left_out: list[LeftOut] = []
    for place, need in enumerate(needs):
        found = known[need]
        if found.refusal:
            left_out.append(LeftOut(place, refusal=found.refusal))
            continue
        takes = {
            (Part.COMPUTE, cores): (Limit.CORES, found.cores),
            (Part.COMPUTE, found.family): (Limit.FAMILY, found.cores),
            (Part.COMPUTE, machines): (Limit.MACHINES, 1),
            (Part.NETWORK, nics): (Limit.NICS, 1 if need.nics is None else need.nics),
        }
        short = next((key for key, (_, amount) in takes.items() if amount > free.get(key, amount)), None)
        if short is not None:
            usage = quota.usage(*short)
            left_out.append(LeftOut(place, takes[short][0], usage.label if usage else ""))
            continue
        fitting.append(place)
        for key, (_, amount) in takes.items():
            if key in free:
                free[key] -= amount
    return Fit(tuple(fitting), tuple(left_out))
