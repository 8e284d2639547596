"""What the window says of a quota: in the set-up, in the sheet of a failover, on the overview."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.domain.protected_item import Operation
from app.domain.quota import OfferedSize, Part, QuotaUsage, RegionQuota
from app.flows.checks_replication import check_enable
from app.flows.draft import SetUpDraft
from app.flows.failover import FailoverKind
from app.flows.flow import Flow
from tests.support import estates
from tests.support.practice import refusal
from tests.support.quotas import limit_quota
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.dashboard.overview import OverviewView
from ui.failover.sheet import FailoverSheetView
from ui.quota.sheet import QuotaSheet
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.wizard.pages.enable import EnablePage
from ui.wizard.pages.review import ReviewPage

Show = Callable[[QWidget], Awaitable[None]]

SIZE = OfferedSize("Standard_D4s_v5", "standardDSv5Family", 4, 16384, 8, 2, (1, 2))


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, widget: QWidget, name: str) -> None:
    button = widget.findChild(Button, name)
    assert button is not None, name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


# The set-up


def estate(cores: int, *, unread: str = "") -> Estate:
    """The region of the estate with so many free cores."""
    compute = (
        QuotaUsage("cores", "Total Regional vCPUs", 2, cores + 2),
        QuotaUsage("virtualMachines", "Virtual Machines", 1, 100),
        QuotaUsage("standardDSv5Family", "Standard DSv5 Family vCPUs", 0, 100),
    )
    network = (QuotaUsage("NetworkInterfaces", "Network Interfaces", 1, 1000),)
    quota = RegionQuota(
        estates.SUBSCRIPTION,
        estates.LOCATION,
        () if unread else compute,
        network,
        (SIZE,),
        {Part.COMPUTE: unread} if unread else {},
    )
    return replace(estates.contoso(), quota=quota)


def sized_draft() -> SetUpDraft:
    """The ready draft with every machine in the same size."""
    draft = estates.ready_draft()
    return replace(draft, machines=tuple(replace(choice, size=SIZE.name) for choice in draft.machines))


class Enable:
    def __init__(self, theme: Theme, ground: Estate) -> None:
        self.context = estates.context(ground)
        self.draft = sized_draft()
        self.page = EnablePage(theme)
        self.page.resize(1100, 780)
        self.page.load(self.draft, self.context)
        self.page.show_issues(check_enable(self.draft, self.context), insist=False)


async def test_the_enable_step_says_how_many_machines_the_quota_carries(theme: Theme, shown: Show) -> None:
    opened = Enable(theme, estate(4))
    await shown(opened.page)
    count = len(opened.draft.machines)
    assert opened.page.quota_line.text == (f"Cores in West Europe carry at most 1 of {count} machines at once.")
    issues = [issue for issue in check_enable(opened.draft, opened.context) if issue.field == "machines"]
    assert issues
    assert not [issue for issue in issues if issue.is_blocking]


async def test_the_request_for_more_is_copied_from_a_sheet(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    opened = Enable(theme, estate(4))
    await shown(opened.page)
    press(qtbot, opened.page, "quota-open")
    sheet = opened.page.room.findChild(QWidget, "quota-sheet")
    assert sheet is not None
    assert "4 free of 6" in words(sheet)
    press(qtbot, sheet, "quota-copy-request")
    assert "az quota update --resource-name 'cores'" in QGuiApplication.clipboard().text()
    assert "Copied" in words(sheet)
    press(qtbot, sheet, "quota-copy-rest")
    assert QGuiApplication.clipboard().text().startswith("PUT /subscriptions/")


async def test_enough_is_said_too_and_asks_for_nothing(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    opened = Enable(theme, estate(90))
    await shown(opened.page)
    assert opened.page.quota_line.text.startswith("The quota in West Europe carries all ")
    press(qtbot, opened.page, "quota-open")
    assert opened.page.findChild(Button, "quota-copy-request") is None


async def test_what_could_not_be_read_is_not_known(theme: Theme, shown: Show) -> None:
    opened = Enable(theme, estate(0, unread="You lack the right to read it."))
    await shown(opened.page)
    text = opened.page.quota_line.text
    assert text.startswith("It is not known whether the quota in West Europe carries all ")
    assert text.endswith("You lack the right to read it.")


async def test_a_quota_that_was_not_read_or_machines_not_chosen_show_no_line(theme: Theme, shown: Show) -> None:
    unread = Enable(theme, estates.contoso())
    await shown(unread.page)
    assert unread.page.quota_line.isHidden()
    draft, context = unread.draft, estates.context(estate(4))
    unread.page.load(draft, context)
    unread.page.show_issues((), insist=False)
    assert not unread.page.quota_line.isHidden()
    unread.page.load(replace(draft, machines=()), context)
    unread.page.show_issues((), insist=False)
    assert unread.page.quota_line.isHidden()


async def test_the_review_has_the_quota_among_its_figures_and_asks_to_agree(theme: Theme, shown: Show) -> None:
    draft, context = sized_draft(), estates.context(estate(4))
    page = ReviewPage(theme)
    page.resize(1096, 780)
    page.load(draft, context)
    page.show_issues(Flow(draft, context).issues("review"), insist=False)
    await shown(page)
    await until(lambda: "too small" in words(page), what="the figures")
    sentences = [box.text() for box in page.summary.boxes]
    assert any(text.startswith("Cores in West Europe: a failover of all ") for text in sentences)


# The sheet of a failover


async def drillable(vault: OpenVault, count: int) -> tuple[ArmId, ...]:
    return tuple(item.id for item in await vault.items() if item.allows(Operation.TEST_FAILOVER))[:count]


async def open_sheet(
    vault: OpenVault, theme: Theme, shown: Show, kind: FailoverKind, count: int
) -> tuple[MainWindow, FailoverSheetView]:
    window = MainWindow(theme)
    await shown(window)
    sheet = FailoverSheetView(theme, kind, await drillable(vault, count), vault.services, window.room.notices)
    window.open_sheet(sheet)
    await until(lambda: sheet.form is not None, what="the machines to be read")
    return window, sheet


async def test_a_drill_that_does_not_fit_waits_until_machines_are_left_out(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    async with open_vault(count=4) as vault:
        limit_quota(vault.practice.simulator, regionalCores=2)
        window, sheet = await open_sheet(vault, theme, shown, FailoverKind.TEST, 2)
        assert "Not enough cores in West Europe" in words(sheet)
        assert sheet.submit_button.refusal is not None
        before = sheet.form
        left_out = next(b for b in sheet.findChildren(Button) if b.objectName().startswith("sheet-leave-out-"))
        qtbot.mouseClick(left_out, Qt.MouseButton.LeftButton)
        await until(lambda: sheet.form is not None and sheet.form is not before, what="the sheet without it")
        assert "The quota suffices" in words(sheet)
        assert sheet.submit_button.refusal is None
        sheet.close_sheet()
        window.allow_close()


async def test_check_again_sees_a_limit_that_was_raised(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        limit_quota(vault.practice.simulator, regionalCores=1)
        window, sheet = await open_sheet(vault, theme, shown, FailoverKind.TEST, 1)
        assert sheet.submit_button.refusal is not None
        limit_quota(vault.practice.simulator, regionalCores=100)
        before = sheet.form
        press(qtbot, sheet, "sheet-check-again")
        await until(lambda: sheet.form is not None and sheet.form is not before, what="the second look")
        assert "The quota suffices" in words(sheet)
        sheet.close_sheet()
        window.allow_close()


async def test_an_emergency_goes_on_with_a_warning(theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        limit_quota(vault.practice.simulator, regionalCores=1)
        window, sheet = await open_sheet(vault, theme, shown, FailoverKind.UNPLANNED, 1)
        assert sheet.form is not None
        assert "Not enough cores in West Europe" in sheet.footer.message.text
        assert sheet.form.blocked is None
        sheet.close_sheet()
        window.allow_close()


# The overview


async def test_the_overview_counts_no_machine_that_the_quota_does_not_carry(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    async with open_vault(count=12) as vault:
        limit_quota(vault.practice.simulator, regionalCores=10)
        view = OverviewView(theme, vault.feeds, vault.services, vault.notices)
        view.resize(1200, 900)
        await shown(view)
        await until(lambda: "Cores in West Europe carry at most" in words(view), what="the quota's line")
        carried = next(line for line in words(view).splitlines() if line.startswith("Cores in West Europe"))
        count = carried.split("at most ")[1].split(" ")[0]
        assert view.readiness.answer == f"Yes, for {count} of 12 machines"
        view.sheet_opened.connect(lambda sheet: sheet.open_over(view))
        press(qtbot, view, "overview-line-quota")
        (sheet,) = view.findChildren(QuotaSheet)
        assert "Ask for more" in words(sheet)
        press(qtbot, sheet, "quota-copy-az")
        assert QGuiApplication.clipboard().text().startswith("az provider register --namespace Microsoft.Quota")
        sheet.close_sheet()


async def test_an_overview_whose_quota_suffices_has_no_line_for_it(theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        view = OverviewView(theme, vault.feeds, vault.services, vault.notices)
        view.resize(1200, 900)
        await shown(view)
        await until(lambda: view.readiness.answer and vault.feeds.quotas.value, what="answer and quota")
        assert view.readiness.answer == "Yes, for 10 of 12 machines"
        assert view.findChild(Button, "overview-line-quota") is None


async def test_an_overview_that_may_not_read_the_quota_says_that_it_is_not_known(theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        vault.practice.wire.before = lambda request: (
            refusal(403, "AuthorizationFailed") if "/usages" in request.url else None
        )
        view = OverviewView(theme, vault.feeds, vault.services, vault.notices)
        view.resize(1200, 900)
        await shown(view)
        await until(lambda: "It is not known whether the quota" in words(view), what="the quota's line")
        assert view.readiness.answer == "Yes, for 10 of 12 machines"
