"""Whether a region's quota carries machines: what they need of each limit, what is free, and how many fit.

Machines come counted by kind (`Need`), of which even ten thousand have few, so that judging costs next to nothing.
What Azure did not tell is never taken for enough. A size that the subscription is not offered is told apart: no quota
helps there. Spot capacity is not considered, since a failover never makes such machines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from app.domain.quota_needs import Need
from app.domain.rules import Rules

_NO_SIZE = "The size of some machines is not known yet."


class Limit(StrEnum):
    """In the order in which they are told."""

    CORES = "cores"
    FAMILY = "family"
    MACHINES = "machines"
    NICS = "nics"

    @property
    def rank(self) -> int:
        return list(Limit).index(self)


class Standing(StrEnum):
    ENOUGH = "enough"
    UNKNOWN = "unknown"
    SHORT = "short"

    @property
    def rank(self) -> int:
        """0 is best."""
        return list(Standing).index(self)


class Part(StrEnum):
    """What is read of a region, each by a request of its own."""

    COMPUTE = "compute"
    NETWORK = "network"
    SIZES = "sizes"


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """One limit of a region, as Azure tells it."""

    name: str
    label: str
    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class OfferedSize:
    """A machine size as the subscription is offered it in a region.

    Attributes:
        generations: of machines that it can start; empty when Azure does not say.
        is_restricted: the region has it, the subscription may not use it there.
    """

    name: str
    family: str
    cores: int
    memory_mib: int
    max_data_disks: int
    max_nics: int
    generations: tuple[int, ...] = ()
    is_restricted: bool = False


@dataclass(frozen=True)
class RegionQuota:
    """What a subscription may use in a region, and uses, at one moment.

    Attributes:
        unread: why a part could not be read, in words; what it holds is not known then.
    """

    subscription: str
    location: str
    compute: tuple[QuotaUsage, ...] = ()
    network: tuple[QuotaUsage, ...] = ()
    sizes: tuple[OfferedSize, ...] = ()
    unread: Mapping[Part, str] = field(default_factory=dict)

    def size(self, name: str) -> OfferedSize | None:
        return self._size_by_name.get(name.lower())

    def usage(self, part: Part, name: str) -> QuotaUsage | None:
        return self._usage_by_name.get((part, name.lower()))

    @cached_property
    def smallest_first(self) -> tuple[OfferedSize, ...]:
        """The sizes that may be used, by cores, then memory."""
        usable = (size for size in self.sizes if not size.is_restricted)
        return tuple(sorted(usable, key=lambda size: (size.cores, size.memory_mib, size.name)))

    @cached_property
    def _size_by_name(self) -> Mapping[str, OfferedSize]:
        return {size.name.lower(): size for size in self.sizes}

    @cached_property
    def _usage_by_name(self) -> Mapping[tuple[Part, str], QuotaUsage]:
        found = {(Part.COMPUTE, usage.name.lower()): usage for usage in self.compute}
        return found | {(Part.NETWORK, usage.name.lower()): usage for usage in self.network}


@dataclass(frozen=True, slots=True)
class LimitVerdict:
    """How one limit compares with what is needed of it.

    Attributes:
        name: as Azure's list has it; empty for the families while it is not known which they are.
        label: for people, in Azure's words.
        needed: more than is used now; at least so much where the standing is unknown.
        used, limit: None when not known.
        carries: how many of `machines` fit under this limit at most; None when not known.
        why: what keeps it from being known.
    """

    kind: Limit
    name: str
    label: str
    standing: Standing
    needed: int
    machines: int
    used: int | None = None
    limit: int | None = None
    carries: int | None = None
    why: str = ""

    @property
    def free(self) -> int | None:
        return None if self.used is None or self.limit is None else max(self.limit - self.used, 0)

    @property
    def short_by(self) -> int:
        free = self.free
        return 0 if free is None else max(self.needed - free, 0)

    @property
    def wanted(self) -> int | None:
        """The limit that would suffice; None when it is not known what is used."""
        return None if self.used is None else self.used + self.needed


@dataclass(frozen=True, slots=True)
class RefusedSize:
    """A size with which no machine can be made here, whatever the quota. `size` is empty where none fits."""

    size: str
    reason: str
    machines: int


@dataclass(frozen=True, slots=True)
class QuotaVerdict:
    """Of all machines together.

    Attributes:
        limits: the worst first.
        guessed: machines whose size Azure will choose, so that cores and family are an estimate.
    """

    subscription: str
    location: str
    machines: int
    limits: tuple[LimitVerdict, ...] = ()
    refused: tuple[RefusedSize, ...] = ()
    guessed: int = 0

    @property
    def standing(self) -> Standing:
        if self.refused or self.short:
            return Standing.SHORT
        return max((limit.standing for limit in self.limits), key=lambda each: each.rank, default=Standing.ENOUGH)

    @property
    def short(self) -> tuple[LimitVerdict, ...]:
        return tuple(limit for limit in self.limits if limit.standing is Standing.SHORT)

    @property
    def unknown(self) -> tuple[LimitVerdict, ...]:
        return tuple(limit for limit in self.limits if limit.standing is Standing.UNKNOWN)

    @property
    def carries(self) -> int | None:
        """How many of the machines can be made at most, as far as is known; None when nothing speaks against all."""
        tightest, refused = self.tightest, sum(size.machines for size in self.refused)
        if tightest is None and not refused:
            return None
        return min(tightest.carries or 0 if tightest else self.machines, self.machines - refused)

    @property
    def tightest(self) -> LimitVerdict | None:
        """The limit that carries the fewest machines, if one does not carry all."""
        return min(self.short, key=lambda limit: (limit.carries or 0, limit.kind.rank), default=None)


class Resolved(NamedTuple):
    """What a need comes to in one region.

    Attributes:
        cores: at least so many where `is_vague`.
        family: in lower case; empty when not known.
        refusal: why there is no such machine here; empty if there is.
    """

    size: str
    cores: int
    family: str = ""
    label: str = ""
    refusal: str = ""
    is_vague: bool = False
    is_guess: bool = False


def resolve(need: Need, quota: RegionQuota, rules: Rules) -> Resolved:
    """The size that the machine gets, or would: the smallest that takes it, where Azure chooses."""
    is_known = Part.SIZES not in quota.unread
    if need.size:
        offered = quota.size(need.size)
        if offered is not None:
            refusal = "not available to this subscription" if offered.is_restricted else ""
            cores = offered.cores or max(need.cores, 1)
            return Resolved(
                offered.name, cores, offered.family.lower(), offered.family, refusal, is_vague=not offered.cores
            )
        listed = rules.size(need.size)
        cores, is_vague = (max(need.cores, 1), True) if listed is None else (listed.cores, False)
        refusal = "not offered there" if is_known else ""
        return Resolved(need.size, cores, refusal=refusal, is_vague=is_vague)
    if not need.cores or not is_known:
        return Resolved("", max(need.cores, 1), is_vague=True, is_guess=True)
    smallest = quota.smallest_first
    first = bisect_left(smallest, need.cores, key=lambda size: size.cores)
    for size in islice(smallest, first, None):
        if _takes(size, need):
            return Resolved(size.name, size.cores, size.family.lower(), size.family, is_guess=True)
    return Resolved("", need.cores, refusal="no size there takes them", is_vague=True, is_guess=True)


def _takes(size: OfferedSize, need: Need) -> bool:
    return (
        size.cores >= need.cores
        and size.memory_mib >= need.memory_mib
        and size.max_data_disks >= need.data_disks
        and size.max_nics >= (need.nics or 1)
        and (not need.generation or not size.generations or need.generation in size.generations)
    )


def judge_quota(needs: Mapping[Need, int], quota: RegionQuota, rules: Rules) -> QuotaVerdict:
    """Compare what these machines need together (how many there are of each kind) with what is free."""
    machines = sum(needs.values())
    if not machines:
        return QuotaVerdict(quota.subscription, quota.location, 0)
    tally = _Tally()
    for need, count in needs.items():
        tally.add(need, resolve(need, quota, rules), count)
    names = rules.quota
    most_nics = max(size.max_nics for size in rules.sizes.sizes)
    limits = [
        _judge(Limit.CORES, names.cores, Part.COMPUTE, tally.cores, machines, quota, vague=tally.vague),
        *(
            _judge(Limit.FAMILY, tally.labels[family], Part.COMPUTE, wanted, machines, quota)
            for family, wanted in sorted(tally.families.items())
        ),
        _judge(Limit.MACHINES, names.machines, Part.COMPUTE, Counter({1: machines}), machines, quota),
        _judge(
            Limit.NICS,
            names.nics,
            Part.NETWORK,
            tally.nics,
            machines,
            quota,
            vague=tally.vague_nics,
            spare=tally.vague_nics * (most_nics - 1),
        ),
    ]
    if tally.without_family:
        why = quota.unread.get(Part.SIZES, _NO_SIZE)
        limits.append(LimitVerdict(Limit.FAMILY, "", "", Standing.UNKNOWN, 0, machines, why=why))
    limits.sort(key=lambda limit: (-limit.standing.rank, limit.kind.rank, limit.name.lower()))
    refused = tuple(RefusedSize(size, reason, count) for (size, reason), count in tally.refused.items())
    return QuotaVerdict(quota.subscription, quota.location, machines, tuple(limits), refused, tally.guessed)


class _Tally:
    """How many machines need how much of each limit: amounts, with the number of machines that need just so much."""

    def __init__(self) -> None:
        self.cores: Counter[int] = Counter()
        self.nics: Counter[int] = Counter()
        self.families: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.labels: dict[str, str] = {}
        self.refused: Counter[tuple[str, str]] = Counter()
        self.vague = self.vague_nics = self.guessed = self.without_family = 0

    def add(self, need: Need, found: Resolved, count: int) -> None:
        self.cores[found.cores] += count
        self.nics[1 if need.nics is None else need.nics] += count
        self.vague_nics += count if need.nics is None else 0
        self.vague += count if found.is_vague else 0
        self.guessed += count if found.is_guess else 0
        if found.refusal:
            self.refused[found.size, found.refusal] += count
        if found.family:
            self.families[found.family][found.cores] += count
            self.labels.setdefault(found.family, found.label)
        elif not found.refusal:
            self.without_family += count


def _judge(
    kind: Limit,
    name: str,
    part: Part,
    wanted: Counter[int],
    machines: int,
    quota: RegionQuota,
    *,
    vague: int = 0,
    spare: int | None = None,
) -> LimitVerdict:
    """`wanted` holds amounts with how many machines need each; of `vague` machines they are the least.

    `spare` is how much more those may need at most, where there is such a bound.
    """
    needed = sum(amount * count for amount, count in wanted.items())
    usage = quota.usage(part, name)
    if usage is None or usage.limit < 0:
        why = quota.unread.get(part, "Azure’s list does not name this limit.")
        label = usage.label if usage else name
        return LimitVerdict(kind, name, label, Standing.UNKNOWN, needed, machines, why=why)
    free = max(usage.limit - usage.used, 0)
    is_certain = not vague or (spare is not None and needed + spare <= free)
    standing = Standing.SHORT if needed > free else Standing.ENOUGH if is_certain else Standing.UNKNOWN
    return LimitVerdict(
        kind,
        usage.name,
        usage.label,
        standing,
        needed,
        machines,
        used=usage.used,
        limit=usage.limit,
        carries=machines - wanted.total() + _carried(wanted, free),
        why=_NO_SIZE if standing is Standing.UNKNOWN else "",
    )


def _carried(wanted: Counter[int], free: int) -> int:
    """How many machines fit into `free` at most: the small ones first."""
    carried = 0
    for amount in sorted(wanted):
        count = wanted[amount] if not amount else min(wanted[amount], free // amount)
        carried += count
        free -= amount * count
        if count < wanted[amount]:
            break
    return carried
