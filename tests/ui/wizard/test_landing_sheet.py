"""The sheet "What would land": another network, a test failover, what Azure says of addresses, a thousand machines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.address_answer import AddressAnswer
from app.domain.azure import AzureMachine, MachineNic
from app.domain.protected_item import ReplicationProtectedItem
from app.errors import Unreachable
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.landing_values import Way
from tests.support import estates
from tests.support.landings import TEST_NETWORK, card, item
from tests.support.waiting import until
from ui.tables.row_filter import RowFilter
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.wizard.pages.landing_door import LandingDoor
from ui.wizard.pages.landing_sheet import LandingSheet
from ui.wizard.pages.target import TargetPage
from ui.wizard.requests import CheckAddresses

Show = Callable[[QWidget], Awaitable[None]]
ITEMS = (item(card(address="10.60.3.20")), item(card("snet-core"), name="WEB-02"))


class Opened:
    """The sheet over a page that opened it."""

    def __init__(self, theme: Theme, items: Sequence[ReplicationProtectedItem], draft: SetUpDraft, **estate: object):
        self.draft = draft
        given = {"protected_items": items, "networks": (estates.network(), TEST_NETWORK)} | estate
        self.context = estates.context(estates.contoso(**given))
        self.page = TargetPage(theme)
        self.page.resize(1100, 760)
        self.requests: list[object] = []
        self.page.requested.connect(self.requests.append)
        self.page.sheet_opened.connect(lambda sheet: sheet.open_over(self.page))
        self.door = LandingDoor(self.page)

    @property
    def sheet(self) -> LandingSheet:
        assert self.door.sheet is not None
        return self.door.sheet

    async def settled(self) -> None:
        await until(lambda: not self.sheet.is_busy, what="all rows")

    def rows(self) -> dict[str, tuple[str, str, str]]:
        return {row.machine: (row.subnet, row.address, row.remark) for row in self.sheet.table.model.shown_records()}

    async def pick(self, name: str) -> None:
        picker = self.sheet.picker
        picker.setCurrentIndex([option.text for option in picker.options].index(name))
        picker.activated.emit(picker.currentIndex())
        await self.settled()

    async def look_at(self, way: Way) -> None:
        self.sheet.tabs.setCurrentIndex(list(Way).index(way))
        await self.settled()


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_it(*items: ReplicationProtectedItem, draft: SetUpDraft | None = None, **estate: object) -> Opened:
        nobody = replace(estates.ready_draft(), machines=(), site=SetUpDraft().site)
        opened = Opened(theme, items or ITEMS, draft or nobody, **estate)
        await shown(opened.page)
        opened.door.open(opened.draft, opened.context)
        await until(lambda: opened.door.sheet is not None, what="the sheet")
        await opened.settled()
        return opened

    return open_it


async def test_it_opens_on_the_chosen_network_with_what_lands_where(opened: Open) -> None:
    found = await opened()

    assert [option.text for option in found.sheet.picker.options] == ["vnet-dr-weu", "vnet-drill"]
    assert found.sheet.picker.currentText() == "vnet-dr-weu"
    assert found.rows() == {"WEB-01": ("snet-web", "10.60.3.20", ""), "WEB-02": ("snet-core", "Next free", "")}
    assert found.sheet.summary.text().endswith("Nothing stands against it.")
    assert not found.sheet.submit_button.isVisible()


async def test_without_a_network_nothing_is_counted_as_landing(opened: Open) -> None:
    draft = replace(estates.ready_draft(), machines=(), site=SetUpDraft().site)
    found = await opened(draft=replace(draft, target=replace(draft.target, network=NetworkChoice())), networks=())

    assert found.sheet.summary.text() == "2 machines, and no network to put them in."
    pills = [
        pill for pill in found.sheet.filter.findChildren(QAbstractButton) if pill.text().startswith(("Land", "Fail"))
    ]
    assert pills
    assert not any(pill.isVisible() for pill in pills)


async def test_a_test_failover_is_shown_in_a_network_for_tests_and_each_way_keeps_its_network(opened: Open) -> None:
    found = await opened()

    await found.look_at(Way.TEST)
    assert found.sheet.picker.currentText() == "vnet-drill"
    assert found.rows()["WEB-02"] == ("a-first", "Next free (.4)", "Another subnet")
    assert any("subnet of another name" in text for text in found.sheet.told)

    await found.pick("vnet-dr-weu")
    await found.look_at(Way.FAILOVER)
    await found.pick("vnet-drill")
    await found.look_at(Way.TEST)
    assert found.sheet.picker.currentText() == "vnet-dr-weu"


async def test_azure_is_asked_about_fixed_addresses_once_and_its_answer_changes_the_rows(opened: Open) -> None:
    found = await opened()

    asked = CheckAddresses(estates.network().id, ("10.60.3.20",))
    assert found.requests == [asked]

    found.door.finished(asked, {"10.60.3.20": AddressAnswer(False, others=("10.60.3.21",))})
    await found.settled()
    assert found.rows()["WEB-01"][2] == "Address is taken"
    await found.pick("vnet-drill")
    await found.pick("vnet-dr-weu")
    assert found.requests == [asked]
    assert found.rows()["WEB-01"][2] == "Address is taken"


async def test_an_address_that_a_machine_is_known_to_have_is_taken_before_azure_answers(opened: Open) -> None:
    there = estates.network()
    nic = MachineNic("nic", there.name, "snet-web", "10.60.3.20")
    old = AzureMachine(there.id, "old", there.location, "", "running", "Succeeded", (nic,))
    found = await opened(machines=(old,))

    assert found.rows()["WEB-01"][2] == "Address is taken"
    found.door.finished(found.requests[0], {"10.60.3.20": AddressAnswer(True)})
    await found.settled()
    assert found.rows()["WEB-01"][2] == ""


async def test_where_azure_cannot_be_asked_that_is_said_and_the_rest_stands(opened: Open) -> None:
    found = await opened()

    error = Unreachable("offline", "Azure can’t be reached.", "Check the line.")
    found.door.finished(found.requests[0], error)  # type: ignore[arg-type]

    assert "Check the line." in found.sheet.asking.text()
    assert len(found.rows()) == 2


async def test_the_row_is_explained_whole(opened: Open, qtbot: QtBot) -> None:
    found = await opened(item(card(address="10.60.3.3"), target_size=""))
    assert found.sheet.strip.title == "Nothing is sent: this only looks"

    found.sheet.table.grid.make_current(item().id.key, "machine")

    assert found.sheet.strip.title == "WEB-01"
    assert "Size: Azure chooses." in found.sheet.strip.text
    assert "Azure keeps 10.60.3.3" in found.sheet.strip.text


async def test_it_follows_the_draft_while_it_is_open_and_is_let_go_when_closed(opened: Open, qtbot: QtBot) -> None:
    found = await opened()
    draft = estates.ready_draft()

    found.door.load(draft, found.context)
    await found.settled()
    assert {"DC01", "SQL-PROD-01"} <= set(found.rows())

    qtbot.keyClick(found.sheet, Qt.Key.Key_Escape)
    assert found.door.sheet is None
    found.door.load(found.draft, found.context)


async def test_what_is_shown_can_be_copied_as_text_and_as_csv(opened: Open, qtbot: QtBot) -> None:
    found = await opened()

    for name, begins in (("landing-copy", "Failover to vnet-dr-weu\n"), ("landing-copy-csv", '"Machine","Name in')):
        button = found.sheet.findChild(Button, name)
        assert button is not None
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text().startswith(begins)


async def test_more_than_a_few_warnings_are_folded(opened: Open, qtbot: QtBot) -> None:
    items = (
        item(card(address="10.60.3.3"), name="A"),
        item(card(address="10.60.9.3"), name="B"),
        item(card("gone"), name="C"),
        item(name="D D"),
    )
    found = await opened(*items)
    more = found.sheet.findChild(Button, "landing-more")
    assert more is not None
    assert (len(found.sheet.told), more.text()) == (3, "Show 1 more")

    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert (len(found.sheet.told), more.text()) == (4, "Show fewer")


async def test_a_thousand_machines_come_in_turns_and_are_searched(opened: Open) -> None:
    machines = tuple(estates.machine(f"VM-{number:04}") for number in range(1000))
    draft = replace(estates.ready_draft(), machines=())

    found = await opened(draft=draft, protectable_items=machines, protected_items=())

    model = found.sheet.table.model
    assert (model.total_count, len(found.requests)) == (1000, 0)
    assert "759 network cards find no address" in found.sheet.summary.text()
    model.set_filter(RowFilter("vm-07"))
    assert model.shown_count == 100


async def test_without_machines_and_networks_it_says_so(opened: Open) -> None:
    found = await opened(draft=SetUpDraft(), protected_items=(), networks=())

    assert found.sheet.summary.text() == "There is no machine to look at yet."
    assert found.sheet.table.message is not None


async def test_pressing_twice_opens_one_sheet_that_follows_what_came_meanwhile(opened: Open) -> None:
    found = await opened()
    found.sheet.close_sheet()
    told: list[object] = []
    found.page.sheet_opened.connect(told.append)
    found.door.open(found.draft, found.context)
    found.door.open(found.draft, found.context)
    one = replace(found.context, estate=replace(found.context.estate, protected_items=ITEMS[:1]))
    found.door.load(found.draft, one)
    await until(lambda: found.door.sheet is not None, what="the sheet")
    await found.settled()
    assert told == [found.sheet]
    assert list(found.rows()) == ["WEB-01"]
