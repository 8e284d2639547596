"""What replicated data can be written to, on each side of each limit, and what it is billed as."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.issue import Suitability
from app.domain.protection import SourceDisk
from app.domain.replica_judging import (
    account_disk_max_gib,
    disks_bill,
    judge_account_disk,
    managed_disks_problem,
    step_of,
)
from app.domain.rules import PROFILES
from app.rule_sense import nonsense_in
from app.rules import load_rules

RULES = load_rules()
SSD = RULES.prices.disk_steps[RULES.replica.managed_disk_type]


def disk(mib: float) -> SourceDisk:
    return SourceDisk("id", "archive", round(mib), "Data")


@pytest.mark.parametrize(("profile", "allows"), [("seed-2017", False), ("2026-05", True), ("2026-09", True)])
def test_managed_disks_are_for_profiles_that_know_them(profile: str, allows: bool) -> None:
    problem = managed_disks_problem(load_rules(profile))
    assert (problem == "") is allows
    assert allows or "February 2017" in problem


@pytest.mark.parametrize(("profile", "most"), [("seed-2017", 1023), ("2026-05", 4095), ("2026-09", 4095)])
@pytest.mark.parametrize("more_mib", [0, 1])
def test_a_storage_account_takes_disks_up_to_its_limit(profile: str, most: int, more_mib: int) -> None:
    rules = load_rules(profile)
    assert account_disk_max_gib(rules) == most
    verdict = judge_account_disk(disk(most * 1024 + more_mib), rules)
    assert verdict.status is (Suitability.BLOCKED if more_mib else Suitability.OK)
    if more_mib:
        assert f"{most:,} GiB" in verdict.reason
        assert "managed disks" in verdict.remedy


@pytest.mark.parametrize(
    ("gib", "name"),
    [
        (0.1, "E1"),
        (4, "E1"),
        (4.001, "E2"),
        (127, "E10"),
        (128, "E10"),
        (128.001, "E15"),
        (32767, "E80"),
        (40000, "E80"),
    ],
)
def test_a_disk_is_billed_as_the_smallest_step_that_holds_it(gib: float, name: str) -> None:
    assert step_of(gib, SSD).name == name


def test_a_bill_adds_up_whole_steps() -> None:
    bill = disks_bill({127 * 1024: 3, 500 * 1024: 1}, SSD)
    assert (bill.gib, bill.price) == (3 * 128 + 512, pytest.approx(3 * 9.60 + 38.40))
    assert disks_bill({}, SSD).price == 0


@pytest.mark.parametrize("profile", PROFILES)
def test_steps_rise_and_hold_every_disk_that_can_be_replicated(profile: str) -> None:
    rules = load_rules(profile)
    for steps in rules.prices.disk_steps.values():
        assert [step.gib for step in steps] == sorted({step.gib for step in steps})
        assert [step.price for step in steps] == sorted({step.price for step in steps})
    assert rules.prices.disk_steps[rules.replica.managed_disk_type][-1].gib >= rules.machines.data_disk_max_gib
    assert rules.prices.disk_steps["Premium_LRS"][-1].gib >= account_disk_max_gib(rules)


@pytest.mark.parametrize(("kind", "is_sound"), [("StandardSSD_LRS", True), ("UltraSSD_LRS", False)])
def test_a_file_that_asks_for_disks_without_a_price_makes_no_sense(kind: str, is_sound: bool) -> None:
    rules = replace(RULES, replica=replace(RULES.replica, managed_disk_type=kind))
    found = [place for place, _ in nonsense_in("replica", rules)]
    assert found == ([] if is_sound else ["managed_disk_type"])


def test_types_to_choose_from_that_have_no_price_make_no_sense() -> None:
    steps = {kind: found for kind, found in RULES.prices.disk_steps.items() if kind != "StandardSSD_LRS"}
    rules = replace(RULES, prices=replace(RULES.prices, disk_steps=steps))
    assert [text for _, text in nonsense_in("prices", rules)] == ["lacks StandardSSD_LRS."]
    assert [place for place, _ in nonsense_in("replica", rules)] == ["managed_disk_type", "managed_disk_types"]
    offered = {kind: name for kind, name in RULES.replica.managed_disk_types.items() if kind != "StandardSSD_LRS"}
    rules = replace(RULES, replica=replace(RULES.replica, managed_disk_types=offered))
    assert [text for _, text in nonsense_in("replica", rules)] == [
        "is StandardSSD_LRS, which managed_disk_types lacks."
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_type_to_choose_has_steps_for_every_disk_and_the_dearer_costs_more(profile: str) -> None:
    rules = load_rules(profile)
    found = [rules.prices.disk_steps[kind] for kind in rules.replica.managed_disk_types]
    assert all(steps[-1].gib >= rules.machines.data_disk_max_gib for steps in found)
    for gib in (60, 128, 500, 2048, 8192):
        prices = [step_of(gib, steps).price for steps in found]
        assert prices == sorted(prices)
