"""Capacity formulas against worked examples."""

from __future__ import annotations

import pytest

from app.domain.capacity import (
    churn_gib_day,
    copy_hours,
    copy_mbps,
    delta_mbps,
    kept_gib,
    monthly_cost,
    quick_estimate,
    storage_bill,
)
from app.domain.replica_judging import DisksBill
from app.rules import load_rules

RULES = load_rules()


@pytest.mark.parametrize(("gib", "mbps"), [(100, 9.48), (1024, 97.09), (250, 23.70), (0, 0)])
def test_changes_spread_over_a_day(gib: float, mbps: float) -> None:
    assert delta_mbps(gib) == pytest.approx(mbps, abs=0.005)


def test_churn_is_a_share_of_what_is_stored() -> None:
    assert churn_gib_day(50 * 100, 5) == 250


def test_bandwidth_for_a_wished_time() -> None:
    assert copy_mbps(10 * 100, 8) == pytest.approx(284.44, abs=0.005)


def test_time_on_a_given_line() -> None:
    assert copy_hours(500, 100) == pytest.approx(11.38, abs=0.005)


@pytest.mark.parametrize("nothing", [0, -1])
def test_no_line_and_no_time_are_refused(nothing: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        copy_hours(1, nothing)
    with pytest.raises(ValueError, match="above zero"):
        copy_mbps(1, nothing)


@pytest.mark.parametrize(("retention_h", "gib"), [(0, 1000), (24, 1100), (12, 1050)])
def test_storage_holds_the_changes_of_the_retention(retention_h: int, gib: float) -> None:
    assert 1000 + kept_gib(100, retention_h) == gib


def test_quick_estimate_of_fifty_machines() -> None:
    figures = quick_estimate(
        [100 * 1024] * 50,
        daily_change_percent=5,
        growth_percent=30,
        retention_h=24,
        first_copy_hours=48,
        bandwidth_mbps=200,
        redundancy="LRS",
        rules=RULES,
    )
    assert figures.machines == 50
    assert figures.stored_gib == 5000
    assert figures.churn_gib_day == pytest.approx(325)
    assert figures.delta_mbps == pytest.approx(30.81, abs=0.005)
    assert figures.wished_first_copy_mbps == pytest.approx(237.04, abs=0.005)
    assert figures.needed_mbps == figures.wished_first_copy_mbps
    assert figures.first_copy_h == pytest.approx(56.89, abs=0.005)
    assert figures.storage_gib == pytest.approx(5325)
    assert figures.source_space_gib == 5000
    assert figures.line_carries_changes(31)
    assert not figures.line_carries_changes(30)


def test_without_a_known_line_the_first_copy_has_no_time() -> None:
    figures = quick_estimate(
        [1024],
        daily_change_percent=0,
        growth_percent=0,
        retention_h=0,
        first_copy_hours=1,
        bandwidth_mbps=None,
        redundancy="GRS",
        rules=RULES,
    )
    assert figures.first_copy_h is None
    assert figures.storage_gib == 1


def test_cost_is_licence_and_storage_by_dated_prices() -> None:
    cost = monthly_cost(10, storage_bill(900, 100, "GRS", RULES.prices), RULES.prices)
    assert cost.licence == 10 * RULES.prices.licence_per_machine
    assert cost.storage == pytest.approx(1000 * RULES.prices.storage_per_gib["GRS"])
    assert cost.total == cost.licence + cost.storage
    assert (cost.currency, cost.prices_of) == ("USD", "January 2023")


def test_an_unknown_redundancy_costs_as_the_dearest() -> None:
    dearest = max(RULES.prices.storage_per_gib.values())
    assert storage_bill(1, 0, "ZRS", RULES.prices).price == dearest


def test_disks_billed_in_steps_cost_those_and_their_changes_by_what_is_used() -> None:
    bill = storage_bill(900, 100, "LRS", RULES.prices, DisksBill(1024, 76.80))
    assert (bill.disks_gib, bill.kept_gib, bill.gib) == (1024, 100, 1124)
    assert bill.price == pytest.approx(76.80 + 100 * RULES.prices.storage_per_gib["LRS"])
