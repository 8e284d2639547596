"""Capacity planning and enabling with what hosts told: figures with their origin, reasons in the row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.host_report import HostReports, MachineReport, ReplicaReport
from app.domain.protection import OsType, ProtectableItem
from app.flows.checks_replication import check_capacity, check_enable
from app.flows.draft import SetUpDraft
from app.flows.step import Context
from tests.support import estates, told
from tests.support.wizard_page import OpenedPage
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.wizard.pages.capacity import CapacityPage
from ui.wizard.pages.enable import EnablePage
from ui.wizard.pages.enable_columns import status_of
from ui.wizard.pages.enable_rows import MachineRow

Show = Callable[[QWidget], Awaitable[None]]
WEEK = 7 * 24 * 60
WEB, SQL = estates.machine("WEB-01"), estates.machine("SQL-PROD-01", os_gib=127, data_gib=(500, 200))
UNKNOWN = replace(estates.machine("LNX-GIT", os_type=OsType.UNKNOWN), generation=0)


def context(reports: HostReports) -> Context:
    return replace(estates.context(), reports=reports)


# Capacity planning


@pytest.fixture
def capacity(theme: Theme, shown: Show) -> Callable[[HostReports], Awaitable[CapacityPage]]:
    async def open_page(reports: HostReports) -> CapacityPage:
        page = CapacityPage(theme)
        OpenedPage(page, check_capacity, estates.ready_draft(), context(reports))
        await shown(page)
        return page

    return open_page


Capacity = Callable[[HostReports], Awaitable[CapacityPage]]


async def test_without_a_report_changes_are_said_to_be_assumed(capacity: Capacity) -> None:
    page = await capacity(HostReports())
    assert page.basis.text == "Changes: assumed, 5 % of the disks a day."
    assert page.space.isHidden()


async def test_a_measurement_says_how_long_and_on_how_many(capacity: Capacity) -> None:
    page = await capacity(told.reports(minutes=WEEK))
    assert page.basis.text == (
        "Changes: measured for 7 days on 3 machines. First copy: what is used in the disks of 3 machines."
    )


async def test_a_smoke_test_is_called_one(capacity: Capacity) -> None:
    page = await capacity(told.reports(minutes=15))
    assert page.basis.text.startswith(
        "Changes: a smoke test of 15 min on 3 machines, which counts where it is above 5 % of the disks a day."
    )


async def test_machines_without_a_report_are_counted_apart(capacity: Capacity) -> None:
    web = told.machine(estates.protectable(estates.contoso(), "WEB-01"))
    page = await capacity(HostReports((told.host(web, churn=told.measured(WEEK, 0.1, web)),)))
    assert page.basis.text == (
        "Changes: measured for 7 days on 1 machine; assumed for 2 machines, 5 % of the disks a day. "
        "First copy: what is used in the disks of 1 machine, the full size of 2 machines."
    )


async def test_machines_that_write_too_much_are_named(capacity: Capacity) -> None:
    page = await capacity(told.reports(minutes=WEEK, mib_s=30))
    assert "5 to 20 MiB a second, by the size of its writes): WEB-01, SQL-PROD-01, DC01." in page.basis.text


async def test_the_space_on_the_hosts_is_told_volume_by_volume(capacity: Capacity) -> None:
    page = await capacity(told.reports(free_gib=900))
    assert not page.space.isHidden()
    assert page.space.texts == ("900 GiB free on HV-HQ-01 D:\\; 947 GiB may be needed, 47 GiB too little.",)
    page = await capacity(told.reports(free_gib=2048))
    assert page.space.texts == ("2 TiB free on HV-HQ-01 D:\\; 947 GiB may be needed.",)


async def test_many_volumes_are_cut_with_their_count(capacity: Capacity) -> None:
    web = told.machine(estates.protectable(estates.contoso(), "WEB-01"))
    disks = tuple(replace(web.disks[0], path=f"{letter}:\\WEB-01-os.vhdx") for letter in "EFGHIJKL")
    page = await capacity(HostReports((told.host(replace(web, disks=disks)),)))
    assert len(page.space.texts) == 5


# Enable replication


class Opened:
    def __init__(self, theme: Theme, machines: tuple[MachineReport, ...]) -> None:
        self.context = replace(
            estates.context(estates.contoso(protectable_items=(WEB, SQL, UNKNOWN))),
            reports=HostReports((told.host(*machines),)),
        )
        self.page = EnablePage(theme)
        self.draft: SetUpDraft = replace(estates.ready_draft(), machines=())
        self.page.draft_edited.connect(self.take)
        self.page.resize(1100, 780)
        self.page.load(self.draft, self.context)

    def take(self, draft: SetUpDraft) -> None:
        self.draft = draft
        self.page.show_issues(check_enable(draft, self.context), insist=False)

    def row(self, item: ProtectableItem) -> MachineRow:
        row = self.page.table.model.record(item.name)
        assert row is not None
        return row


@pytest.fixture
def enable(theme: Theme, shown: Show) -> Callable[..., Awaitable[Opened]]:
    async def open_page(*machines: MachineReport) -> Opened:
        opened = Opened(theme, machines)
        await shown(opened.page)
        return opened

    return open_page


Enable = Callable[..., Awaitable[Opened]]


async def test_a_reason_of_the_host_stands_in_the_row_and_in_the_strip(enable: Enable) -> None:
    opened = await enable(told.machine(WEB, replica=ReplicaReport("Primary", is_azure=False)))
    row = opened.row(WEB)
    assert (row.verdict.word, row.may_be_chosen, status_of(row)) == ("Hyper-V Replica", False, Status.CRITICAL)
    opened.page.table.grid.make_current(WEB.name, "machine")
    assert opened.page.strip.title == "WEB-01 can’t be protected as it is"
    assert "(told by HV-HQ-01 on 26 Aug)" in opened.page.strip.text
    assert "What to do: Remove that replication on the host first." in opened.page.strip.text


async def test_the_system_that_a_guest_names_is_chosen_for_it(enable: Enable) -> None:
    opened = await enable(told.machine(UNKNOWN, guest_os="Ubuntu 22.04.4 LTS", generation=2))
    row = opened.row(UNKNOWN)
    assert (row.choice.os_type, row.verdict.word) == ("Linux", "Ready")
    assert (await enable()).row(UNKNOWN).verdict.word == "Unknown system"


async def test_a_newly_imported_report_changes_the_rows_that_are_there(enable: Enable) -> None:
    opened = await enable()
    assert opened.row(SQL).may_be_chosen
    kept = opened.row(WEB)
    reports = HostReports((told.host(told.machine(SQL, fibre_channel=2)),))
    opened.page.load(opened.draft, replace(opened.context, reports=reports))
    assert not opened.row(SQL).may_be_chosen
    assert opened.row(WEB) is kept


async def test_a_machine_chosen_before_the_report_stops_the_step_with_its_reason(enable: Enable) -> None:
    opened = await enable(told.machine(SQL, fibre_channel=2))
    draft = replace(opened.draft, machines=(estates.choice(SQL),))
    opened.page.load(draft, opened.context)
    issues = check_enable(draft, opened.context)
    opened.page.show_issues(issues, insist=True)
    assert any(issue.is_blocking for issue in issues)
    assert "Fibre Channel" in opened.row(SQL).problem
