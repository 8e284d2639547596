"""Which machines a region's quota carries when they are made one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.quota import Part, RegionQuota, resolve
from app.domain.quota_needs import Need
from app.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Fit:
    """Which machines Azure can make, one after the other in the order given.

    Attributes:
        left_out: places of those for which it does not suffice any more, with what runs out: a limit's label, or why
            there is no such size.
    """

    fitting: tuple[int, ...]
    left_out: tuple[tuple[int, str], ...]


def fit_in_order(needs: Sequence[Need], quota: RegionQuota, rules: Rules) -> Fit:
    """As Azure does it: a machine that does not fit fails, and the next is tried. Limits not known stop nothing."""
    names = rules.quota
    free: dict[tuple[Part, str], int] = {}
    for part, usages in ((Part.COMPUTE, quota.compute), (Part.NETWORK, quota.network)):
        free |= {(part, usage.name.lower()): max(usage.limit - usage.used, 0) for usage in usages if usage.limit >= 0}
    labels = {name.lower(): label for name, label in _labels(quota)}
    known = {need: resolve(need, quota, rules) for need in set(needs)}
    fitting: list[int] = []
    left_out: list[tuple[int, str]] = []
    for place, need in enumerate(needs):
        found = known[need]
        takes = {
            (Part.COMPUTE, names.cores.lower()): found.cores,
            (Part.COMPUTE, found.family): found.cores,
            (Part.COMPUTE, names.machines.lower()): 1,
            (Part.NETWORK, names.nics.lower()): 1 if need.nics is None else need.nics,
        }
        short = next((limit for limit, amount in takes.items() if amount > free.get(limit, amount)), None)
        if found.refusal:
            left_out.append((place, f"{found.size} is {found.refusal}" if found.size else found.refusal))
        elif short is not None:
            left_out.append((place, labels[short[1]]))
        else:
            fitting.append(place)
            for limit, amount in takes.items():
                if limit in free:
                    free[limit] -= amount
    return Fit(tuple(fitting), tuple(left_out))


def _labels(quota: RegionQuota) -> Iterable[tuple[str, str]]:
    return ((usage.name, usage.label) for usage in (*quota.compute, *quota.network))
