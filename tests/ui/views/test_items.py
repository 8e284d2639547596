"""Replicated items: rows and filters, what is greyed and why, details, and the five states."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import ArmId
from app.flows.failover import FailoverKind
from app.rules import load_rules
from app.simulator.messages import Request, Response
from app.simulator.replies import json_response
from tests.support.estates import machine, protected
from tests.support.practice import refusal
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.item_words import HEALTH, HOST
from ui.tables.table_view import TableState
from ui.theme.theme import Theme
from ui.views.protected_items.details_tabs import ComputeTab
from ui.views.protected_items.view import ProtectedItemsView
from ui.widgets.labels import Text

Show = Callable[[QWidget], Awaitable[None]]


class Opened:
    """The list of a vault, with what it asked for."""

    def __init__(self, theme: Theme, vault: OpenVault, width: int) -> None:
        self.view = ProtectedItemsView(theme, vault.feeds, vault.services, vault.notices, None)
        self.view.resize(width, 800)
        self.operations: list[tuple[FailoverKind, tuple[ArmId, ...]]] = []
        self.view.operation_requested.connect(lambda kind, ids: self.operations.append((kind, ids)))

    async def settled(self) -> None:
        await until(lambda: self.view.table.state is TableState.ROWS, what="rows")

    def names(self) -> list[str]:
        return [row.item.friendly_name for row in self.view.model.shown_records()]

    def id_of(self, name: str) -> ArmId:
        return next(row.item.id for row in self.view.model.records() if row.item.friendly_name == name)

    async def select(self, *names: str) -> None:
        self.view.table.select([self.id_of(name).key for name in names])
        count = f"{len(names)} selected" if names else "None selected"
        await until(lambda: self.says(count), what=count)

    def says(self, words: str) -> bool:
        return any(words in text.text() for text in self.view.window().findChildren(Text) if text.isVisible())


async def opened(vault: OpenVault, theme: Theme, shown: Show, *, width: int = 1300, waits: bool = True) -> Opened:
    items = Opened(theme, vault, width)
    await shown(items.view)
    if waits:
        await items.settled()
    return items


async def test_filter_counts_and_finds_by_words(theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        items = await opened(vault, theme, shown)
        items.view.filter.box.setText("rds")
        assert items.names() == ["RDS-00006", "RDS-00012"]
        assert items.says("2 of 12")


async def test_facet_of_the_overview_replaces_other_filters(theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        items = await opened(vault, theme, shown)
        items.view.filter.box.setText("web")
        items.view.show_facet(HEALTH, "Critical", "Warning")
        assert items.names() == ["APP-00008", "RDS-00012"]
        items.view.show_facet("")
        assert len(items.names()) == 12


async def test_machines_can_be_filtered_by_the_host_they_run_on(theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        items = await opened(vault, theme, shown)
        await until(lambda: items.view.model.records()[0].host, what="hosts in the rows")
        items.view.show_facet(HOST, items.view.model.records()[0].host)
        assert items.names()


async def test_nothing_selected_greys_every_operation_with_the_reason(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        for button in items.view.operations.buttons.values():
            assert button.refusal is not None
            assert button.refusal.title == "No machine is selected"


async def test_read_only_greys_every_operation_until_one_press_allows_changes(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        access = vault.services.access
        items = await opened(vault, theme, shown)
        await items.select("WEB-00001")
        button = items.view.operations.buttons[FailoverKind.TEST]
        assert button.refusal is None
        access.lock()
        assert {each.refusal.title for each in items.view.operations.buttons.values() if each.refusal} == {
            "This connection is read-only"
        }
        refused = button.refusal
        assert refused is not None
        refused.ways[0].run()
        assert button.refusal is None
        assert not access.is_read_only


async def test_operation_goes_to_all_selected(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        await items.select("WEB-00001", "APP-00002")
        button = items.view.operations.buttons[FailoverKind.TEST]
        await until(lambda: button.refusal is None)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert items.operations == [(FailoverKind.TEST, (items.id_of("WEB-00001"), items.id_of("APP-00002")))]


async def test_mixed_selection_names_who_cannot_and_goes_on_with_the_rest(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        await vault.carry_out(FailoverKind.TEST, (await vault.items())[0].id)
        items = await opened(vault, theme, shown)
        await items.select("WEB-00001", "APP-00002")
        refused = items.view.operations.buttons[FailoverKind.PLANNED].refusal
        assert refused is not None
        assert refused.reason == "The test machine of WEB-00001 still runs. Clean up first. APP-00002 is free to go."
        assert [way.label for way in refused.ways] == ["Go on with 1 of 2…", "Clean up…"]
        for way in refused.ways:
            way.run()
        assert items.operations == [
            (FailoverKind.PLANNED, (items.id_of("APP-00002"),)),
            (FailoverKind.CLEAN_UP, (items.id_of("WEB-00001"),)),
        ]


async def test_pressing_a_greyed_operation_shows_why_and_starts_nothing(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        await items.select("SQL-00003")
        button = items.view.operations.buttons[FailoverKind.CLEAN_UP]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert button.callout is not None
        assert items.says("SQL-00003 has no test machine in Azure.")
        assert items.operations == []


async def test_operations_that_find_no_room_stand_in_a_menu(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown, width=620)
        bar = items.view.operations
        assert bar.more_button.isVisible()
        folded = [button.text() for button in bar.buttons.values() if not button.isVisible()]
        assert folded
        labels = [action.text() for action in bar.build_menu(bar).actions()]
        assert set(folded) <= set(labels)


async def test_what_is_allowed_never_stands_in_the_menu_while_a_refusal_is_on_the_bar(
    theme: Theme, shown: Show
) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown, width=620)
        await items.select("WEB-00001")
        bar = items.view.operations
        folded = [button for button in bar.buttons.values() if not button.isVisible()]
        on_bar = [button for button in bar.buttons.values() if button.isVisible()]
        assert folded
        assert on_bar
        assert all(button.refusal is not None for button in folded) or all(button.refusal is None for button in on_bar)


def _nothing_is_there(request: Request) -> Response | None:
    """As after somebody deleted all accounts and networks."""
    path = request.url.partition("?")[0]
    if request.method != "GET" or not re.search("/(storageAccounts|virtualNetworks)(/|$)", path):
        return None
    is_list = path.endswith(("storageAccounts", "virtualNetworks"))
    return json_response(200, {"value": []}) if is_list else refusal(404, "ResourceNotFound", "gone")


async def test_details_tell_of_a_network_and_an_account_that_are_not_where_they_were(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        details, grid = items.view.details, items.view.table.grid
        vault.practice.wire.before = _nothing_is_there
        grid.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(grid, Qt.Key.Key_Return)
        await until(details.moved.isVisible, what="what was moved")
        first, second = items.names()[:2]
        assert f"{first} looks for it at the old place: replication stops" in details.moved.text
        assert f"{first} looks for it at the old place: a failover would fail" in details.moved.text

        qtbot.keyClick(grid, Qt.Key.Key_Down)
        await until(lambda: second in details.moved.text, what="the same of the next machine")
        vault.practice.wire.before = lambda request: None
        items.view.refresh()
        await until(details.moved.isHidden, what="the news that all is in place")


async def test_enter_opens_the_details_and_escape_closes_them(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        grid = items.view.table.grid
        grid.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(grid, Qt.Key.Key_Return)
        assert items.view.details.isVisible()
        assert items.says("Could it fail over now?")
        qtbot.keyClick(grid, Qt.Key.Key_Down)
        assert items.view.details.row is not None
        assert items.view.details.row.item.friendly_name == items.names()[1]
        qtbot.keyClick(grid, Qt.Key.Key_Escape)
        assert not items.view.details.isVisible()
        assert QApplication.focusWidget() is grid


async def test_network_is_told_to_come_with_the_first_recovery_point(theme: Theme, shown: Show) -> None:
    copied = protected(machine("WEB 05"))
    tab = ComputeTab(load_rules())
    page = QWidget()
    QVBoxLayout(page).addWidget(tab)
    page.layout().addWidget(QLineEdit())  # for the keyboard
    await shown(page)
    words = "Azure tells its network once there is a first recovery point."
    for item, is_told in (
        (copied, True),
        (structs.replace(copied, target_network_id="/x/vnet-dr"), False),
        (copied, True),
    ):
        tab.show_item(item)
        await until(lambda: any(text.isVisible() for text in tab.findChildren(Text)), what="the tab's new texts")
        assert any(text.text() == words for text in tab.findChildren(Text) if text.isVisible()) is is_told


async def test_recovery_points_are_read_when_they_are_looked_at(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        items.view.open_item(items.id_of("WEB-00001"))
        assert vault.practice.wire.reads["recoveryPoints"] == 0
        items.view.details.tabs.setCurrentIndex(3)
        await until(lambda: items.says("application-consistent. Oldest"), what="the points")
        assert vault.practice.wire.reads["recoveryPoints"] == 1


async def test_errors_say_cause_and_remedy_in_our_words_and_azures_folded(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    async with open_vault(count=12) as vault:
        items = await opened(vault, theme, shown)
        items.view.open_item(items.id_of("RDS-00012"))
        items.view.details.tabs.setCurrentIndex(4)
        known = vault.services.rules.error("70179")
        error = items.view.details.row.item.errors[0]  # type: ignore[union-attr]
        assert known is not None
        assert error.code == "70179"
        assert items.says(known.title)
        assert items.says(known.remedy)
        assert not items.says(error.message)
        fold = items.view.details.findChild(QWidget, "details-unfold")
        assert fold is not None
        await until(lambda: fold.height() > 0, what="the tab laid out")
        qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
        assert items.says(error.message)


async def test_test_machine_is_read_back_after_a_drill(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        first = (await vault.items())[0]
        await vault.carry_out(FailoverKind.TEST, first.id)
        items = await opened(vault, theme, shown)
        items.view.open_item(first.id)
        await until(lambda: items.says(f"{first.target_name}-test"), what="the test machine")
        assert items.says("Running")


async def test_item_asked_for_before_it_was_read_opens_as_soon_as_it_is(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        wanted = (await vault.items())[1]
        items = await opened(vault, theme, shown, waits=False)
        items.view.open_item(wanted.id)
        await until(items.view.details.isVisible, what="the details")
        assert items.says(wanted.friendly_name)


async def test_details_cover_the_page_where_the_window_is_narrow(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown, width=1000)
        items.view.open_item(items.id_of("WEB-00001"))
        assert items.view.page.width() == items.view.width()
        items.view.resize(1300, 800)
        await until(lambda: items.view.page.width() < items.view.width(), what="the page to make way")


async def test_empty_vault_offers_to_replicate(theme: Theme, shown: Show) -> None:
    async with open_vault("contoso") as vault:
        items = await opened(vault, theme, shown, waits=False)
        await until(lambda: items.view.table.state is TableState.EMPTY, what="the empty table")
        message = items.view.table.message
        assert message is not None
        assert message.title == "Nothing is protected yet"


async def test_failure_stands_where_the_rows_would(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        vault.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
        items = await opened(vault, theme, shown, waits=False)
        await until(lambda: items.view.table.state is TableState.FAILED, what="the failure")
        vault.practice.wire.before = lambda request: None
        items.view.refresh()
        await items.settled()


async def test_rows_stay_when_they_cannot_be_read_anew(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        await items.select("WEB-00001")
        vault.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
        items.view.refresh()
        await until(lambda: items.says("These rows are from"), what="the stale line")
        assert len(items.names()) == 3
        assert items.says("1 selected")


async def test_left_while_loading_reads_no_further(theme: Theme, shown: Show) -> None:
    async with open_vault(count=500) as vault:
        items = await opened(vault, theme, shown, waits=False)
        items.view.hide()
        await vault.feeds.aclose()
        assert items.names() == []


@pytest.mark.slow
async def test_ten_thousand_machines_are_shown(theme: Theme, shown: Show) -> None:
    async with open_vault(count=10_000) as vault:
        items = await opened(vault, theme, shown, waits=False)
        await until(lambda: items.view.model.total_count == 10_000, within_s=30, what="ten thousand rows")
        items.view.show_facet(HEALTH, "Critical")
        assert 0 < len(items.names()) < 10_000


async def test_details_lead_to_where_the_machine_would_land_by_its_own_settings(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    async with open_vault(count=3) as vault:
        items = await opened(vault, theme, shown)
        items.view.table.grid.setFocus()
        qtbot.keyClick(items.view.table.grid, Qt.Key.Key_Return)
        details = items.view.details
        items.view.sheet_opened.connect(lambda sheet: sheet.open_over(items.view))
        details.tabs.setCurrentIndex(1)
        await until(details.landing.isVisible, what="the door")
        qtbot.mouseClick(details.landing, Qt.MouseButton.LeftButton)
        await until(lambda: details.landing.sheet is not None and details.landing.sheet.preview is not None)
        sheet = details.landing.sheet
        assert sheet is not None
        assert details.row is not None
        item = details.row.item
        preview = sheet.preview
        assert preview is not None
        (landing,) = preview.landings
        assert landing.machine.name == item.friendly_name
        assert landing.machine.size == item.target_size
        network = preview.place.network
        assert network is not None
        assert network.id == ArmId(item.target_network_id)
        assert [card.subnet for card in landing.cards] == [nic.target_subnet for nic in item.nics]
        sheet.tabs.setCurrentIndex(1)
        await until(lambda: sheet.preview is not preview, what="the preview of a test")
        sheet.close_sheet()
