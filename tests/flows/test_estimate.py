"""Capacity by what hosts measured and told, before what is assumed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.host_report import HostReports
from app.flows.checks_replication import check_enable
from app.flows.draft import ReplicaKind, SetUpDraft
from app.flows.estimate import basis_of, candidates, disks_above, estimate, replica_bills
from app.flows.step import Context
from tests.support import estates, told

DRAFT = estates.ready_draft()
STORED_GIB = 60 + 60 + 127 + 500 + 200


def context(reports: HostReports | None = None) -> Context:
    return replace(estates.context(), reports=reports or HostReports())


def churn(reports: HostReports | None = None) -> float:
    figures = estimate(DRAFT, context(reports))
    assert figures is not None
    return figures.churn_gib_day


def test_without_a_file_changes_are_a_share_of_the_disks() -> None:
    assert churn() == pytest.approx(STORED_GIB * 0.05 * 1.3)
    basis = basis_of(DRAFT, context())
    assert (basis.machines, basis.measured, basis.assumed, basis.used_known, basis.volumes) == (3, 0, 3, 0, ())


def test_a_long_measurement_stands_in_for_the_assumption() -> None:
    reports = told.reports(minutes=7 * 1440, mib_s=0.1)
    assert churn(reports) == pytest.approx(3 * 0.1 * 86400 / 1024 * 1.3)
    basis = basis_of(DRAFT, context(reports))
    assert (basis.measured, basis.assumed, basis.minutes) == (3, 0, 7 * 1440)


@pytest.mark.parametrize(("mib_s", "is_above"), [(0.001, False), (50.0, True)])
def test_a_smoke_test_counts_only_where_it_is_above_the_assumption(mib_s: float, is_above: bool) -> None:
    reports = told.reports(minutes=15, mib_s=mib_s)
    assert (churn(reports) > churn()) is is_above
    if not is_above:
        assert churn(reports) == pytest.approx(churn())
    basis = basis_of(DRAFT, context(reports))
    assert (basis.measured, basis.smoke_tested, basis.minutes) == (0, 3, 15)


def test_machines_without_a_measurement_stay_assumed() -> None:
    web = told.machine(estates.protectable(estates.contoso(), "WEB-01"))
    reports = HostReports((told.host(web, churn=told.measured(1440, 0.1, web)),))
    assert churn(reports) == pytest.approx((0.1 * 86400 / 1024 + (STORED_GIB - 60) * 0.05) * 1.3)
    assert basis_of(DRAFT, context(reports)).assumed == 2


def test_the_first_copy_carries_what_is_used_and_the_hosts_need_the_full_size() -> None:
    figures = estimate(DRAFT, context(told.reports()))
    assert figures is not None
    assert (figures.copied_gib, figures.stored_gib, figures.source_space_gib) == (
        STORED_GIB / 2,
        STORED_GIB,
        STORED_GIB,
    )
    assert basis_of(DRAFT, context(told.reports())).used_known == 3


def test_a_disk_that_nobody_told_of_is_copied_in_full() -> None:
    item = estates.protectable(estates.contoso(), "WEB-01")
    machine = told.machine(item)
    stranger = replace(machine.disks[0], path="D:\\another.vhdx")
    figures = estimate(DRAFT, context(HostReports((told.host(replace(machine, disks=(stranger,))),))))
    assert figures is not None
    assert figures.copied_gib == STORED_GIB


def test_who_writes_too_much_is_named_with_growth_and_by_the_size_of_writes() -> None:
    assert basis_of(DRAFT, context(told.reports(minutes=60, mib_s=3))).too_busy == ()
    assert len(basis_of(DRAFT, context(told.reports(minutes=60, mib_s=16))).too_busy) == 3
    web = told.machine(estates.protectable(estates.contoso(), "WEB-01"))
    small = HostReports((told.host(web, churn=told.measured(60, 4.5, web, write_kib=8)),))
    assert basis_of(DRAFT, context(small)).too_busy == ("WEB-01",)


def test_volumes_that_lack_space_are_told() -> None:
    (need,) = basis_of(DRAFT, context(told.reports(free_gib=900))).volumes
    assert (need.owner, need.path, need.machines) == ("HV-HQ-01", "D:\\", 3)
    assert need.short_bytes == (STORED_GIB - 900) << 30


def test_a_machine_that_its_host_speaks_against_is_no_candidate_and_stops_the_step() -> None:
    web = told.machine(estates.protectable(estates.contoso(), "WEB-01"), fibre_channel=1)
    seen = context(HostReports((told.host(web),)))
    assert "WEB-01" not in [item.friendly_name for item in candidates(DRAFT, seen)]
    (issue,) = [issue for issue in check_enable(DRAFT, seen) if issue.is_blocking]
    assert issue.field == f"machines.{web.id}"
    assert issue.text.startswith("WEB-01: It has a virtual Fibre Channel adapter")


def of_replica(replica: ReplicaKind) -> SetUpDraft:
    return replace(DRAFT, target=replace(DRAFT.target, replica=replica))


def test_a_storage_account_bills_what_is_used_and_managed_disks_the_steps_that_hold_them() -> None:
    seen = context(told.reports())
    bills = replica_bills(DRAFT, seen)
    account, managed = bills[ReplicaKind.STORAGE_ACCOUNT], bills[ReplicaKind.MANAGED_DISK]
    assert account.disks_gib == STORED_GIB / 2
    assert managed.disks_gib == 64 + 64 + 128 + 512 + 256
    assert account.kept_gib == managed.kept_gib
    prices = seen.rules.prices.storage_per_gib
    assert account.price == pytest.approx(account.gib * prices["GRS"])
    assert managed.price == pytest.approx(4.80 * 2 + 9.60 + 38.40 + 19.20 + managed.kept_gib * prices["LRS"])


def test_a_premium_account_bills_steps_too() -> None:
    premium = estates.storage(tier="Premium", redundancy="LRS")
    seen = estates.context(estates.contoso(storage_accounts=(premium,)))
    assert replica_bills(DRAFT, seen)[ReplicaKind.STORAGE_ACCOUNT].disks_gib == 128 * 3 + 512 + 256


@pytest.mark.parametrize("replica", list(ReplicaKind))
def test_the_estimate_is_of_the_kind_that_was_chosen(replica: ReplicaKind) -> None:
    figures = estimate(of_replica(replica), context())
    assert figures is not None
    assert figures.bill == replica_bills(DRAFT, context())[replica]
    assert figures.cost.storage == figures.bill.price


def test_without_a_machine_nothing_is_billed() -> None:
    assert replica_bills(replace(DRAFT, machines=()), estates.context(estates.empty())) == {}


@pytest.mark.parametrize(("gib", "count"), [(499, 1), (500, 0), (59, 5)])
def test_larger_disks_are_counted(gib: int, count: int) -> None:
    assert disks_above(gib, DRAFT, context()) == count
