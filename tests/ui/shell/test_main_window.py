"""The frame: navigation by key and mouse, folding, banners on the open page, sheets that name the connection."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.notices import Notice
from ui.shell.activity_panel import Activity, ActivityPanel
from ui.shell.main_window import MainWindow
from ui.theme.tokens import Connection, Status, Width
from ui.widgets.buttons import Button
from ui.widgets.line_edit import SearchBox
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.page import Page


class ListPage(Page):
    """A page with a filter box and a button that counts how often it was read anew."""

    def __init__(self, theme, title: str) -> None:
        super().__init__(title)
        self.reads = 0
        self.search = SearchBox(theme, "Name or host")
        self.button = Button(theme, "Open")
        self.body.addWidget(self.search)
        self.body.addWidget(self.button)
        self.body.addStretch(1)

    def refresh(self) -> None:
        self.reads += 1


@pytest.fixture
def window(theme) -> MainWindow:
    window = MainWindow(theme)
    for view_id, title in (("overview", "Overview"), ("items", "Replicated items"), ("jobs", "Jobs")):
        window.room.add_view(
            view_id, title, view_id if view_id != "items" else "replicated_items", ListPage(theme, title)
        )
    window.room.add_view("set_up", "Set up", "set_up", QWidget(), "bottom", full=True)
    window.room.show_view("overview")
    yield window
    window.allow_close()


async def test_ctrl_and_a_number_opens_the_place(window, shown, qtbot) -> None:
    await shown(window)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.room.current_view == "items"
    assert window.room.view("items").isVisible()
    assert window.room.navigation.item("items").is_current
    assert not window.room.navigation.item("overview").is_current


async def test_click_opens_the_place_and_alt_left_goes_back(window, shown, qtbot) -> None:
    await shown(window)
    seen = []
    window.room.view_shown.connect(seen.append)
    qtbot.mouseClick(window.room.navigation.item("jobs"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert seen == ["jobs", "overview", "jobs"]


async def test_arrows_move_inside_the_navigation(window, shown, qtbot) -> None:
    await shown(window)
    first = window.room.navigation.item("overview")
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(first, Qt.Key.Key_Down)
    second = window.room.navigation.item("items")
    assert second.hasFocus()
    assert window.room.current_view == "overview"
    qtbot.keyClick(second, Qt.Key.Key_Space)
    assert window.room.current_view == "items"


@pytest.mark.parametrize(("width", "is_folded"), [(Width.FOLD_NAV_BELOW - 1, True), (Width.FOLD_NAV_BELOW, False)])
async def test_navigation_folds_below_its_width(window, shown, width: int, is_folded: bool) -> None:
    await shown(window)
    window.resize(width, 760)
    assert window.room.navigation.is_folded is is_folded
    assert window.room.navigation.width() == (Width.NAV_FOLDED if is_folded else Width.NAV)
    assert window.room.navigation.item("items").toolTip() == ("Replicated items" if is_folded else "")


async def test_window_does_not_shrink_below_its_least_size(window, shown) -> None:
    await shown(window)
    window.resize(400, 300)
    assert (window.width(), window.height()) == (Width.WINDOW_LEAST, Width.WINDOW_LEAST_HEIGHT)


async def test_f5_reads_the_open_page_anew(window, shown, qtbot) -> None:
    await shown(window)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert window.room.view("overview").reads == 1
    assert window.room.view("items").reads == 0


async def test_ctrl_f_goes_to_the_filter_of_the_open_page(window, shown, qtbot) -> None:
    await shown(window)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.room.view("overview").search.hasFocus()


async def test_f6_goes_from_region_to_region(window, shown, qtbot) -> None:
    await shown(window)
    window.room.navigation.item("overview").setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert window.room.view("overview").isAncestorOf(window.focusWidget())
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert window.room.navigation.item("overview").hasFocus()


async def test_banners_stand_on_the_page_that_is_open(window, shown) -> None:
    await shown(window)
    window.room.notices.post(Notice("host", Status.WARNING, "HV-HQ-03 has been silent for 14 minutes"))
    banners = window.findChild(QWidget, "banners")
    assert window.room.view("overview").isAncestorOf(banners)
    window.room.show_view("items")
    assert window.room.view("items").isAncestorOf(banners)
    assert banners.isVisible()


async def test_full_view_takes_the_room_of_the_navigation(window, shown, qtbot) -> None:
    await shown(window)
    window.room.show_view("set_up")
    assert not window.room.navigation.isVisible()
    assert window.room.view("set_up").width() == window.width()
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.room.current_view == "set_up"


async def test_sheet_names_the_connection_and_keeps_keys_from_the_page(window, theme, shown, qtbot) -> None:
    window.room.set_sign("Practice vault", "contoso", Connection.PRACTICE)
    await shown(window)
    button = window.room.view("overview").button
    button.setFocus()
    sheet = ModalSheet(theme, "Test failover: WEB-01", submit="Start test failover")
    window.open_sheet(sheet)
    assert sheet.connection_chip.isVisible()
    assert sheet.connection_chip.accessibleName() == "Practice vault"
    qtbot.keyClick(sheet.cancel_button, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.room.current_view == "overview"
    qtbot.keyClick(sheet.cancel_button, Qt.Key.Key_Escape)
    assert window.sheet is None
    assert button.hasFocus()


async def test_running_jobs_show_only_while_there_are_some(window, shown, qtbot) -> None:
    await shown(window)
    button = window.header.running_button
    assert not button.isVisible()
    window.room.set_activities([Activity("job", "First copy of FS02", 0.43, "43 %")])
    assert button.isVisible()
    assert button.text() == "1 running"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel = window.findChild(ActivityPanel)
    assert panel.isVisible()
    qtbot.mouseClick(panel.link, Qt.MouseButton.LeftButton)
    assert window.room.current_view == "jobs"
    assert not panel.isVisible()
    window.room.set_activities([])
    assert not button.isVisible()


async def test_closing_asks_first(window, shown) -> None:
    await shown(window)
    asked = []
    window.close_requested.connect(lambda: asked.append(True))
    window.close()
    assert asked == [True]
    assert window.isVisible()
    window.allow_close()
    window.close()
    assert not window.isVisible()


async def test_count_that_needs_care_is_told_in_words(window, shown) -> None:
    await shown(window)
    window.room.set_count("jobs", 1, Status.CRITICAL)
    window.room.set_count("items", 24)
    assert window.room.navigation.item("jobs").accessibleDescription() == "1 critical"
    assert window.room.navigation.item("items").accessibleDescription() == "24"


async def test_tab_goes_through_the_header_from_left_to_right(window, theme, shown) -> None:
    look = Button(theme, "Light")  # made before there is a connection
    window.header.add_control(look)
    await shown(window)
    for name in ("Contoso", "Fabrikam"):
        window.add_room().set_sign(name, "vault", Connection.TEAL)
    window.show_room(window.rooms[0])
    pace = Button(theme, "Faster")
    window.room.add_control(pace)
    tabs = window.header.tabs
    assert tabs is not None
    first, second = tabs.tabs
    wanted = [first, first.close_button, second, second.close_button, tabs.more_button, look, pace]
    stop, met = first, []
    for _ in range(200):
        if stop in wanted and stop not in met:
            met.append(stop)
        stop = stop.nextInFocusChain()
    assert met == wanted
    assert [each.mapToGlobal(each.rect().topLeft()).x() for each in (tabs.more_button, look, pace)] == sorted(
        each.mapToGlobal(each.rect().topLeft()).x() for each in (tabs.more_button, look, pace)
    )
