"""Whether a region's quota carries machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quota import (
    Limit,
    OfferedSize,
    Part,
    QuotaUsage,
    QuotaVerdict,
    RegionQuota,
    Standing,
    judge_quota,
)
from app.domain.quota_fit import LeftOut, fit_in_order
from app.domain.quota_needs import Need
from app.rules import load_rules

RULES = load_rules()
ENOUGH, SHORT, UNKNOWN = Standing.ENOUGH, Standing.SHORT, Standing.UNKNOWN

SIZES = (
    OfferedSize("Standard_D2s_v5", "standardDSv5Family", 2, 8192, 4, 2, (1, 2)),
    OfferedSize("Standard_D4s_v5", "standardDSv5Family", 4, 16384, 8, 2, (1, 2)),
    OfferedSize("Standard_E2s_v5", "StandardESv5Family", 2, 16384, 4, 2, (1, 2)),
    OfferedSize("Standard_D8_v3", "standardDv3Family", 8, 32768, 16, 4, (1,)),
    OfferedSize("Standard_F2s_v2", "standardFSv2Family", 2, 4096, 4, 2, (1, 2), is_restricted=True),
)
D2, D4, E2 = (Need(f"Standard_{name}s_v5", 2, 1) for name in ("D2", "D4", "E2"))
D8 = Need("Standard_D8_v3", 8, 2)


def region(
    cores: tuple[int, int] = (0, 100),
    dsv5: tuple[int, int] = (0, 100),
    machines: tuple[int, int] = (0, 100),
    nics: tuple[int, int] = (0, 100),
    *,
    unread: Mapping[Part, str] | None = None,
    sizes: tuple[OfferedSize, ...] = SIZES,
) -> RegionQuota:
    unread = unread or {}
    compute = (
        QuotaUsage("cores", "Total Regional vCPUs", *cores),
        QuotaUsage("virtualMachines", "Virtual Machines", *machines),
        QuotaUsage("StandardDSv5Family", "Standard DSv5 Family vCPUs", *dsv5),
        QuotaUsage("standardESv5Family", "Standard ESv5 Family vCPUs", 0, 50),
        QuotaUsage("standardDv3Family", "Standard Dv3 Family vCPUs", 0, 50),
    )
    network = (QuotaUsage("NetworkInterfaces", "Network Interfaces", *nics),)
    return RegionQuota(
        "sub",
        "westeurope",
        () if Part.COMPUTE in unread else compute,
        () if Part.NETWORK in unread else network,
        () if Part.SIZES in unread else sizes,
        unread,
    )


def judged(needs: Mapping[Need, int], quota: RegionQuota) -> QuotaVerdict:
    return judge_quota(needs, quota, RULES)


def standings(verdict: QuotaVerdict) -> dict[str, Standing]:
    return {limit.name.lower() or limit.kind.value: limit.standing for limit in verdict.limits}


CASES: list[tuple[str, Mapping[Need, int], RegionQuota, Standing, str, int]] = [
    # what, machines, region, all in all, the limit looked at, by how much it is short
    ("none", {}, region((9, 9)), ENOUGH, "", 0),
    ("one that fits", {D2: 1}, region(), ENOUGH, "cores", 0),
    ("exactly enough cores", {D2: 5}, region((0, 10)), ENOUGH, "cores", 0),
    ("one core too few", {D2: 5}, region((0, 9)), SHORT, "cores", 1),
    ("used cores count", {D2: 5}, region((95, 100)), SHORT, "cores", 5),
    ("more used than allowed", {D2: 1}, region((12, 10)), SHORT, "cores", 2),
    ("a limit of nothing", {D2: 1}, region((0, 0)), SHORT, "cores", 2),
    ("different sizes add up", {D2: 3, D4: 2, E2: 1}, region((0, 15)), SHORT, "cores", 1),
    ("exactly enough of a family", {D2: 1, D4: 2}, region(dsv5=(0, 10)), ENOUGH, "standarddsv5family", 0),
    ("family short, region not", {D2: 1, D4: 2}, region(dsv5=(0, 8)), SHORT, "standarddsv5family", 2),
    ("the other family is not touched", {E2: 4}, region(dsv5=(0, 0)), ENOUGH, "standardesv5family", 0),
    ("a family's name in other letters", {E2: 30}, region((0, 999)), SHORT, "standardesv5family", 10),
    ("machines run out", {D2: 3}, region(machines=(98, 100)), SHORT, "virtualmachines", 1),
    ("network cards run out", {D8: 2}, region(nics=(97, 100)), SHORT, "networkinterfaces", 1),
    ("several cards each", {D8: 2}, region(nics=(96, 100)), ENOUGH, "networkinterfaces", 0),
    ("no cards at all", {Need("Standard_D2s_v5", 2, 0): 3}, region(nics=(100, 100)), ENOUGH, "networkinterfaces", 0),
    ("cards not known, room for any", {Need("Standard_D2s_v5", 2): 3}, region(), ENOUGH, "networkinterfaces", 0),
    ("cards not known, little room", {Need("Standard_D2s_v5", 2): 3}, region(nics=(90, 100)), UNKNOWN, "", 0),
    (
        "cards not known, no room",
        {Need("Standard_D2s_v5", 2): 3},
        region(nics=(98, 100)),
        SHORT,
        "networkinterfaces",
        1,
    ),
    ("a size in other letters", {Need("STANDARD_d2S_V5", 2, 1): 6}, region((0, 10)), SHORT, "cores", 2),
    ("a size that Azure chooses", {Need("", 2, 1, 9000): 3}, region((0, 5)), SHORT, "cores", 1),
    ("no size chosen, cores not known", {Need(""): 3}, region(), UNKNOWN, "cores", 0),
    ("no size chosen, not even one core each", {Need(""): 3}, region((0, 2)), SHORT, "cores", 1),
    ("usages of Compute not read", {D2: 1}, region(unread={Part.COMPUTE: "No right."}), UNKNOWN, "cores", 0),
    ("usages of Network not read", {D2: 1}, region(unread={Part.NETWORK: "No."}), UNKNOWN, "networkinterfaces", 0),
    ("sizes not read, cores known by the rules", {D2: 51}, region(unread={Part.SIZES: "No."}), SHORT, "cores", 2),
    ("sizes not read, family not known", {D2: 1}, region(unread={Part.SIZES: "No."}), UNKNOWN, "family", 0),
    ("nothing read", {D2: 1}, region(unread=dict.fromkeys(Part, "No.")), UNKNOWN, "cores", 0),
    ("a limit without bounds is none known", {D2: 1}, region((0, -1)), UNKNOWN, "cores", 0),
    ("a size that is not offered", {Need("Standard_X9", 4, 1): 1}, region(), SHORT, "cores", 0),
    ("a restricted size", {Need("Standard_F2s_v2", 2, 1): 1}, region(), SHORT, "cores", 0),
    ("short and not known is short", {D2: 60}, region(unread={Part.NETWORK: "No."}), SHORT, "cores", 20),
]


@pytest.mark.parametrize(("what", "needs", "quota", "standing", "limit", "short_by"), CASES, ids=[c[0] for c in CASES])
def test_what_machines_need_is_compared_with_what_is_free(
    what: str, needs: Mapping[Need, int], quota: RegionQuota, standing: Standing, limit: str, short_by: int
) -> None:
    verdict = judged(needs, quota)
    assert verdict.standing is standing
    found = next((each for each in verdict.limits if limit in (each.name.lower(), each.kind.value)), None)
    assert (found.short_by if found else 0) == short_by
    if found and short_by:
        assert found.standing is SHORT
        assert found.wanted == (found.limit or 0) + short_by if (found.used or 0) <= (found.limit or 0) else True


def test_what_runs_out_says_how_many_machines_it_carries() -> None:
    verdict = judged({D2: 10, D4: 14}, region((0, 36), dsv5=(0, 90)))
    tightest = verdict.tightest
    assert tightest is not None
    assert (tightest.kind, tightest.carries, tightest.machines) == (Limit.CORES, 14, 24)
    assert (tightest.needed, tightest.free, tightest.short_by, tightest.wanted) == (76, 36, 40, 76)


def test_the_worst_limit_comes_first_and_the_fullest_is_the_tightest() -> None:
    verdict = judged({D2: 10}, region((0, 18), dsv5=(0, 4), nics=(0, 5)))
    assert [limit.kind for limit in verdict.limits] == [Limit.CORES, Limit.FAMILY, Limit.NICS, Limit.MACHINES]
    assert verdict.tightest is not None
    assert verdict.tightest.label == "Standard DSv5 Family vCPUs"


def test_sizes_that_are_not_offered_are_told_apart() -> None:
    verdict = judged({D2: 1, Need("Standard_X9", 4, 1): 2, Need("Standard_F2s_v2", 2, 1): 1}, region())
    assert not verdict.short
    refused = {(each.size, each.reason, each.machines) for each in verdict.refused}
    assert refused == {
        ("Standard_X9", "not offered there", 2),
        ("Standard_F2s_v2", "not available to this subscription", 1),
    }


def test_where_azure_chooses_the_smallest_size_that_takes_the_machine_counts() -> None:
    quota = region()
    cases = {
        Need("", 2, 1, 4096): "standarddsv5family",  # the restricted one would do, but is not offered
        Need("", 2, 1, 12_000): "standardesv5family",
        Need("", 5, 1, 4096, generation=1): "standarddv3family",
    }
    for need, family in cases.items():
        verdict = judged({need: 1}, quota)
        assert family in standings(verdict), need
        assert verdict.guessed == 1
    assert judged({Need("", 5, 1, 4096, generation=2): 1}, quota).refused[0].reason == "no size there takes them"


def test_why_something_is_not_known_is_told() -> None:
    verdict = judged({D2: 1}, region(unread={Part.COMPUTE: "You lack the right.", Part.SIZES: "Too many requests."}))
    assert {limit.why for limit in verdict.unknown} == {"You lack the right.", "Too many requests."}


# In order


def test_machines_are_fitted_in_order_and_a_small_one_may_still_go_after_a_large_one() -> None:
    fit = fit_in_order([D4, D8, D4, D2], region((0, 10)), RULES)
    assert fit.fitting == (0, 2, 3)
    assert fit.left_out == (LeftOut(1, Limit.CORES, "Total Regional vCPUs"),)


def test_a_refused_size_takes_nothing_from_the_others() -> None:
    fit = fit_in_order([Need("Standard_F2s_v2", 2, 1), D4], region((0, 4)), RULES)
    assert fit.fitting == (1,)
    assert fit.left_out == (LeftOut(0, refusal="not available to this subscription"),)


def test_limits_that_are_not_known_leave_nobody_out() -> None:
    fit = fit_in_order([D4, D8], region(unread=dict.fromkeys(Part, "No.")), RULES)
    assert fit.fitting == (0, 1)


# Whatever the machines

needs_strategy = st.lists(
    st.builds(
        Need,
        size=st.sampled_from(["", "Standard_D2s_v5", "Standard_D4s_v5", "Standard_E2s_v5", "Standard_F2s_v2", "X"]),
        cores=st.integers(0, 16),
        nics=st.one_of(st.none(), st.integers(0, 8)),
        memory_mib=st.integers(0, 40_000),
    ),
    max_size=30,
)
figures = st.tuples(st.integers(0, 60), st.integers(0, 60))
regions = st.builds(
    region,
    figures,
    figures,
    figures,
    figures,
    unread=st.dictionaries(st.sampled_from(Part), st.just("No."), max_size=2),
)


@given(needs_strategy, needs_strategy, regions)
def test_more_machines_never_need_less_and_never_fare_better(
    some: list[Need], more: list[Need], quota: RegionQuota
) -> None:
    before, after = judged(Counter(some), quota), judged(Counter(some + more), quota)
    assert after.standing.rank >= before.standing.rank
    needed = {(limit.kind, limit.name): limit.needed for limit in after.limits}
    for limit in before.limits:
        assert needed[limit.kind, limit.name] >= limit.needed


@given(needs_strategy, regions, st.integers(0, 40))
def test_a_higher_limit_never_carries_less(needs: list[Need], quota: RegionQuota, more: int) -> None:
    raised = RegionQuota(
        quota.subscription,
        quota.location,
        tuple(QuotaUsage(u.name, u.label, u.used, u.limit + more) for u in quota.compute),
        quota.network,
        quota.sizes,
        quota.unread,
    )
    before = {(limit.kind, limit.name): limit for limit in judged(Counter(needs), quota).limits}
    for limit in judged(Counter(needs), raised).limits:
        older = before[limit.kind, limit.name]
        assert (limit.carries or 0) >= (older.carries or 0)
        assert limit.standing.rank <= older.standing.rank


@given(needs_strategy, regions)
def test_enough_means_that_everything_is_known_and_fits(needs: list[Need], quota: RegionQuota) -> None:
    verdict = judged(Counter(needs), quota)
    for limit in verdict.limits:
        if limit.standing is ENOUGH:
            assert limit.free is not None
            assert limit.needed <= limit.free
            assert limit.carries == limit.machines
        if limit.standing is SHORT:
            assert limit.carries is not None
            assert limit.carries < limit.machines
    if verdict.standing is ENOUGH:
        assert not fit_in_order(needs, quota, RULES).left_out


@given(needs_strategy, needs_strategy, regions)
def test_machines_at_the_end_of_the_queue_push_nobody_out(
    some: list[Need], more: list[Need], quota: RegionQuota
) -> None:
    alone, with_more = fit_in_order(some, quota, RULES), fit_in_order(some + more, quota, RULES)
    assert with_more.fitting[: len(alone.fitting)] == alone.fitting
    carried = [limit.carries for limit in judged(Counter(some), quota).limits if limit.carries is not None]
    assert len(alone.fitting) <= min(carried, default=len(some))
