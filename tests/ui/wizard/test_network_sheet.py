"""The sheet for a new network: the subnet calculator, DNS servers, tags, and what would be sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft
from app.flows.planning_network import network_body
from tests.support import estates
from tests.support.mnemonics import mnemonic_of
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.wizard.footer import WizardFooter
from ui.wizard.pages.network_sheet import NetworkSheet

Show = Callable[[QWidget], Awaitable[None]]

WHOLE = NetworkChoice(
    name="vnet-new",
    subnet="snet-core",
    address_space="10.70.0.0/22",
    subnet_prefix="10.70.0.0/24",
    create=True,
    more_subnets=(NewSubnet("snet-web", "10.70.1.0/26"), NewSubnet("GatewaySubnet", "10.70.3.224/27")),
    dns_servers=("10.70.0.10",),
    tags=(("owner", "IT"),),
)


class Shown:
    def __init__(self, theme: Theme) -> None:
        self.sheet = NetworkSheet(theme, "New virtual network", "in rg-contoso-dr")
        self.sheet.resize(self.sheet.width(), 900)
        self.added: list[NetworkChoice] = []
        self.sheet.added.connect(self.added.append)

    def load(self, choice: NetworkChoice | None = None, draft: SetUpDraft | None = None) -> None:
        self.sheet.load(draft or estates.ready_draft(), estates.context(), choice)

    def edit(self, name: str) -> QLineEdit:
        found = self.sheet.findChild(QLineEdit, name)
        assert found is not None, name
        return found

    def type(self, name: str, text: str) -> None:
        edit = self.edit(name)
        edit.setText(text)
        edit.textEdited.emit(text)
        edit.editingFinished.emit()

    def press(self, name: str) -> None:
        found = self.sheet.findChild(QAbstractButton, name)
        assert found is not None, name
        found.click()

    def offer(self, place: int = 0) -> str:
        button = self.sheet.findChild(
            QAbstractButton, f"target-subnet-offer-{place}" if place else "target-subnet-offer"
        )
        return button.text() if button is not None and not button.isHidden() else ""

    def below(self, place: int = 0) -> str:
        return self.sheet.subnets.messages_of(place)


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Shown:
    sheet = Shown(theme)
    sheet.load()
    await shown(sheet.sheet)
    return sheet


async def test_what_was_typed_is_added_whole_and_shown_as_it_will_be_sent(opened: Shown) -> None:
    opened.type("target-network-name", "vnet-new")
    opened.type("target-network-range", "10.70.0.0/22")
    opened.type("target-subnet-name", "snet-core")
    opened.type("target-subnet-range", "10.70.0.0/24")
    assert dict(opened.sheet.sent.values)["Name"] == "vnet-new"
    opened.press("target-subnet-add")
    assert opened.sheet.sent.values == ()
    assert opened.sheet.sent.missing == "Shown once this is right: the subnets."
    opened.type("target-subnet-name-1", "snet-web")
    opened.type("target-subnet-range-1", "10.70.1.0/26")
    opened.press("target-subnet-add")
    opened.type("target-subnet-name-2", "GatewaySubnet")
    opened.type("target-subnet-range-2", "10.70.3.224/27")
    opened.press("target-dns-add")
    opened.type("target-dns-server", "10.70.0.10")
    opened.press("target-dns-add")
    opened.press("tag-add")
    opened.type("tag-name-0", "owner")
    opened.type("tag-value-0", "IT")
    told = " ".join(label.text() for label in opened.sheet.sent.findChildren(QLabel))
    for value in ("vnet-new", "westeurope", "10.70.0.0/22", "snet-web, 10.70.1.0/26", "10.70.0.10", "owner: IT"):
        assert value in told
    opened.press("target-add-network")
    assert opened.added == [WHOLE]
    assert network_body(WHOLE, "westeurope")["tags"] == {"owner": "IT"}


async def test_a_choice_is_edited_as_it_was_left(opened: Shown) -> None:
    opened.load(WHOLE)
    assert opened.sheet.subnets.rows == (
        ("snet-core", "10.70.0.0/24"),
        ("snet-web", "10.70.1.0/26"),
        ("GatewaySubnet", "10.70.3.224/27"),
    )
    opened.press("target-subnet-remove-1")
    opened.press("target-add-network")
    assert opened.added == [replace(WHOLE, more_subnets=WHOLE.more_subnets[1:])]


async def test_each_subnet_tells_how_many_machines_it_holds(opened: Shown) -> None:
    opened.load(WHOLE)
    assert opened.below(0) == "Holds 251 machines; Azure keeps 5 addresses. Room for 3 chosen machines."
    assert opened.below(1) == "Holds 59 machines; Azure keeps 5 addresses."
    assert opened.below(2) == "For VPN and ExpressRoute gateways; machines have no place there."
    opened.load(WHOLE, replace(estates.ready_draft(), machines=()))
    assert opened.below(0).endswith("Room for 5 machines of the site.")


async def test_a_subnet_too_small_names_what_would_do_and_takes_it_at_a_press(opened: Shown) -> None:
    crowd = tuple(replace(estates.ready_draft().machines[0], machine_id=f"m{n}") for n in range(12))
    opened.load(replace(WHOLE, subnet_prefix="10.70.0.0/29"), replace(estates.ready_draft(), machines=crowd))
    assert opened.below() == ("3 addresses are free in snet-core; 12 machines are chosen. A range /27 would be enough.")
    assert opened.offer() == "Take 10.70.0.0/24"
    opened.press("target-subnet-offer")
    assert opened.edit("target-subnet-range").text() == "10.70.0.0/24"
    assert opened.offer() == ""


@pytest.mark.parametrize(
    ("typed", "text", "offer"),
    [
        ("10.70.0.128/25", "10.70.0.128/25 overlaps the subnet 10.70.0.0/24.", "Take 10.70.1.0/24"),
        ("10.99.0.0/24", "10.99.0.0/24 lies outside the network, which has 10.70.0.0/22.", "Take 10.70.1.0/24"),
        ("10.70.2.1/24", "Bits right of the prefix are set. Did you mean 10.70.2.0/24?", "Take 10.70.1.0/24"),
        ("", "Type an address range. Write it such as 10.60.0.0/16.", "Take 10.70.1.0/24"),
    ],
)
async def test_a_range_that_cannot_be_is_told_with_one_that_can(
    opened: Shown, typed: str, text: str, offer: str
) -> None:
    opened.load(replace(WHOLE, more_subnets=WHOLE.more_subnets[:1]))
    opened.type("target-subnet-range-1", typed)
    assert opened.below(1) == text
    assert opened.offer(1) == offer
    opened.press("target-add-network")
    assert opened.added == []
    assert opened.sheet.first_focus().objectName() == "target-subnet-range-1"


async def test_a_further_subnet_begins_with_the_next_free_range(opened: Shown) -> None:
    opened.load(WHOLE)
    opened.press("target-subnet-add")
    assert opened.sheet.subnets.rows[3] == ("", "10.70.2.0/24")
    assert opened.edit("target-subnet-name-3").hasFocus()
    assert opened.below(3) == "Holds 251 machines; Azure keeps 5 addresses."


async def test_a_range_that_others_have_is_warned_of_and_a_free_one_offered(opened: Shown) -> None:
    opened.type("target-network-range", "10.60.0.0/16")
    assert "can’t be peered" in opened.sheet.message_of("address_space")
    opened.press("target-network-offer")
    assert opened.edit("target-network-range").text() == "10.0.0.0/16"
    assert opened.sheet.message_of("address_space") == ""


async def test_a_name_that_is_taken_is_refused_while_the_rest_is_checked(opened: Shown) -> None:
    opened.load(replace(WHOLE, name="vnet-dr-weu", dns_servers=("x",)))
    opened.press("target-add-network")
    assert opened.sheet.message_of("name").startswith("rg-contoso-dr has a network vnet-dr-weu already.")
    assert opened.sheet.servers.messages_of(0).startswith("This is not an IPv4 address.")
    assert opened.added == []


@pytest.mark.parametrize(
    ("changes", "focus"),
    [
        ({"dns_servers": ("", "127.0.0.1")}, "target-dns-server-1"),
        ({"dns_servers": ("10.70.0.10", "10.70.0.10")}, "target-dns-server-1"),
        ({"tags": (("windows", "x"),)}, "tag-name-0"),
        ({"address_space": "0.0.0.0/0"}, "target-network-range"),
        ({"subnet": "GatewaySubnet", "more_subnets": ()}, "target-subnet-name"),
    ],
)
async def test_the_button_leads_to_the_first_field_that_is_wrong_and_nothing_is_lost(
    opened: Shown, changes: dict[str, object], focus: str
) -> None:
    choice = replace(WHOLE, **changes)  # type: ignore[arg-type]
    opened.load(choice)
    opened.press("target-add-network")
    assert opened.added == []
    assert opened.sheet.first_focus().objectName() == focus
    assert opened.sheet.servers.rows == tuple((server,) for server in choice.dns_servers)
    assert opened.sheet.tags.tags == choice.tags


async def test_the_picture_tells_the_same_in_words(opened: Shown) -> None:
    opened.load(replace(WHOLE, address_space="10.70.0.0/22, 10.71.0.0/24"))
    first, second = opened.sheet.bars.bars
    assert first.free_text == "672 of 1,024 addresses free"
    assert second.free_text == "256 of 256 addresses free"
    assert first.picture.accessibleDescription().startswith(
        "snet-core: 10.70.0.0 to 10.70.0.255, 256 addresses; snet-web: 10.70.1.0 to 10.70.1.63, 64 addresses; free:"
    )
    boxes = first.picture.boxes()
    assert [stretch.name for stretch, _ in boxes] == ["snet-core", "snet-web", "", "GatewaySubnet"]
    assert boxes[-1][1].right() == pytest.approx(first.picture.width())
    assert min(box.width() for _, box in boxes) >= 4
    at = boxes[1][1].center().toPoint()
    QApplication.sendEvent(first.picture, QHelpEvent(QEvent.Type.ToolTip, at, first.picture.mapToGlobal(QPoint(at))))
    assert QToolTip.text() == "snet-web: 10.70.1.0 to 10.70.1.63, 64 addresses"
    QToolTip.hideText()


async def test_forty_subnets_are_all_shown(opened: Shown) -> None:
    many = tuple(NewSubnet(f"snet-{n:02}", f"10.70.{n}.0/24") for n in range(1, 40))
    choice = replace(WHOLE, address_space="10.70.0.0/16", more_subnets=many)
    opened.load(choice)
    await until(lambda: len(opened.sheet.subnets.rows) == 40, what="all rows")
    assert opened.sheet.subnets.isEnabled()
    opened.press("target-add-network")
    assert opened.added == [choice]


async def test_tab_goes_through_rows_that_were_added(opened: Shown, qtbot: QtBot) -> None:
    opened.load(WHOLE)
    opened.press("target-subnet-add")
    focused = []
    for _ in range(4):
        widget = opened.sheet.focusWidget()
        assert widget is not None
        focused.append(widget.objectName())
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert focused == ["target-subnet-name-3", "target-subnet-range-3", "target-subnet-remove-3", "target-dns-add"]


async def test_alt_letters_are_given_once(opened: Shown, theme: Theme) -> None:
    footer = WizardFooter(theme)
    opened.load(WHOLE)
    parts = [each for root in (opened.sheet, footer) for each in root.findChildren(QWidget)]
    letters = Counter(mnemonic_of(each) for each in parts if isinstance(each, QAbstractButton | QLabel))
    assert {letter: count for letter, count in letters.items() if letter and count > 1} == {}
    footer.deleteLater()


async def test_what_is_red_waits_until_the_row_was_left(opened: Shown) -> None:
    edit = opened.edit("target-subnet-name")
    edit.setText("-")
    edit.textEdited.emit("-")
    assert opened.sheet.message_of("subnet") == ""
    edit.editingFinished.emit()
    assert opened.sheet.message_of("subnet").startswith("Begin with a letter or digit")
    assert opened.sheet.subnets.field_of(0).property("state") == "invalid"


async def test_making_the_sheet_opens_no_window_that_would_take_the_keyboard(theme: Theme, qtbot: QtBot) -> None:
    before = {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    seen, app = _WindowsShown(), QApplication.instance()
    assert app is not None
    app.installEventFilter(seen)
    try:
        qtbot.addWidget(NetworkSheet(theme, "New virtual network", ""))
    finally:
        app.removeEventFilter(seen)
    assert seen.names == []
    assert {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()} == before


class _WindowsShown(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


async def test_that_azure_keeps_the_first_subnets_name_is_told_once(opened: Shown) -> None:
    opened.load(replace(WHOLE, subnet="GatewaySubnet", more_subnets=()))
    opened.press("target-add-network")
    assert opened.sheet.message_of("subnet").count("ExpressRoute") == 1
    assert opened.sheet.message_of("subnet_prefix") == ""
