"""What could go wrong, on the page of the practice controls: switched by click and by key, and read again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.views.practice.trouble_panel import TroublePanel
from ui.views.practice.view import PracticeView
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.picker import Picker

Show = Callable[[QWidget], Awaitable[None]]
HOST = "HV-HQ-01.contoso.local"


@pytest.fixture
async def contoso() -> AsyncIterator[OpenVault]:
    async with open_vault("contoso") as vault:
        yield vault


_opened: list[PracticeView] = []


@pytest.fixture(autouse=True)
async def closed_in_time(shown: Show) -> AsyncIterator[None]:
    """Hide the page while the loop still runs: while there is trouble it reads again by itself."""
    yield
    while _opened:
        _opened.pop().hide()


async def opened(vault: OpenVault, theme: Theme, shown: Show) -> PracticeView:
    view = PracticeView(theme, vault.services, vault.notices)
    _opened.append(view)
    view.resize(1000, 800)
    await shown(view)
    await until(lambda: is_visible(view, "trouble-storage-firewall"), what="the troubles to be read")
    return view


def is_visible(view: QWidget, name: str) -> bool:
    found = view.findChild(QWidget, name)
    return found is not None and found.isVisible()


def button(view: QWidget, name: str) -> Button:
    found = view.findChild(Button, name)
    assert found is not None, name
    return found


def press(qtbot: QtBot, view: QWidget, name: str) -> None:
    qtbot.mouseClick(button(view, name), Qt.MouseButton.LeftButton)


def says(view: QWidget, words: str) -> bool:
    return any(words in text.text() for text in view.findChildren(Text) if text.isVisible())


def on(vault: OpenVault) -> list[tuple[str, str]]:
    return [(fault.kind, fault.about) for fault in vault.practice.simulator.faults.running]


async def test_every_trouble_stands_in_its_group_with_what_one_will_see(
    contoso: OpenVault, theme: Theme, shown: Show
) -> None:
    view = await opened(contoso, theme, shown)
    for title in ("What could go wrong", "Your site", "The line", "Azure", "Your rights", "The target"):
        assert says(view, title)
    assert says(view, "The host falls silent")
    assert says(view, "All is well.")
    assert not button(view, "trouble-end-all").isVisible()
    kinds = (await contoso.services.practice.troubles()).kinds  # type: ignore[union-attr]
    assert [view.troubles.row(kind.key).kind.title for kind in kinds] == [kind.title for kind in kinds]


async def test_click_starts_trouble_and_the_next_ends_it(
    qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show
) -> None:
    view = await opened(contoso, theme, shown)
    press(qtbot, view, "trouble-host-offline")
    await until(lambda: says(view, f"{HOST}: on since "), what="the trouble to be on")
    assert on(contoso) == [("host-offline", HOST)]
    assert says(view, "1 trouble is on.")
    assert button(view, "trouble-host-offline").text() == "End it"
    assert button(view, "trouble-host-offline").accessibleName() == "End it: A Hyper-V host goes offline"
    press(qtbot, view, "trouble-host-offline")
    await until(lambda: says(view, "All is well."), what="the trouble to be over")
    assert on(contoso) == []


async def test_choices_say_whom_it_befalls_and_for_how_long(
    qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show
) -> None:
    view = await opened(contoso, theme, shown)
    press(qtbot, view, "trouble-host-offline-how")
    await until(lambda: is_visible(view, "trouble-host-offline-host"), what="the choices")
    host = view.findChild(Picker, "trouble-host-offline-host")
    length = view.findChild(Picker, "trouble-host-offline-length")
    assert host is not None
    assert length is not None
    assert length.accessibleName() == "How long"
    host.set_current("HV-HQ-02.contoso.local")
    length.set_current("for:1800")
    press(qtbot, view, "trouble-host-offline")
    await until(lambda: says(view, "HV-HQ-02.contoso.local: on since "), what="the trouble to be on")
    assert says(view, ", until ")
    contoso.practice.simulator.clock.advance(1801)
    view.troubles.refresh()
    await until(lambda: says(view, "All is well."), what="the trouble to end by itself")


async def test_wrong_number_is_told_at_the_field(qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    press(qtbot, view, "trouble-throttling-how")
    await until(lambda: is_visible(view, "trouble-throttling-wait"), what="the choices")
    field = view.findChild(QLineEdit, "trouble-throttling-wait")
    assert field is not None
    field.clear()
    qtbot.keyClicks(field, "0")
    press(qtbot, view, "trouble-throttling")
    assert says(view, "Write 1 to 3,600.")
    assert field.isVisible()
    assert on(contoso) == []


async def test_trouble_without_anything_to_befall_says_why(
    qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show
) -> None:
    view = await opened(contoso, theme, shown)
    press(qtbot, view, "trouble-address-taken")
    await until(lambda: contoso.notices.notices, what="the reason")
    notice = contoso.notices.notices[-1]
    assert notice.title == "The trouble was not started"
    assert notice.text == "No machine with a network adapter replicates yet. Protect one first."
    assert button(view, "trouble-address-taken").text() == "Start trouble"


async def test_while_it_is_on_the_row_leads_on(qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    places: list[str] = []
    view.place_requested.connect(places.append)
    press(qtbot, view, "trouble-throttling")
    await until(lambda: says(view, "for the next "), what="the trouble to be on")
    press(qtbot, view, "trouble-throttling-look-jobs")
    assert places == ["jobs"]
    assert not is_visible(view, "trouble-throttling-lesson")
    press(qtbot, view, "trouble-throttling-what")
    await until(lambda: is_visible(view, "trouble-throttling-lesson"), what="the lesson")
    assert says(view, "Wait as long as Azure says")


async def test_one_press_ends_all_trouble(qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    for kind in ("line-cut", "expired-sign-in"):
        press(qtbot, view, f"trouble-{kind}")
        await until(lambda kind=kind: kind in dict(on(contoso)), what="the trouble to be on")  # type: ignore[misc]
    await until(lambda: says(view, "2 troubles are on."), what="both to be told")
    press(qtbot, view, "trouble-end-all")
    await until(lambda: says(view, "All is well."), what="all trouble to be over")
    assert on(contoso) == []


async def test_what_is_on_is_shown_after_reopening(contoso: OpenVault, theme: Theme, shown: Show) -> None:
    contoso.practice.simulator.faults.switch_on("network-deleted", network="vnet-contoso-dr")
    view = await opened(contoso, theme, shown)
    await until(lambda: says(view, "vnet-contoso-dr: on since "), what="the trouble that was on")
    assert button(view, "trouble-network-deleted").text() == "End it"


async def test_keyboard_starts_and_ends_trouble(qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    switch = button(view, "trouble-line-slow")
    switch.setFocus()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    await until(lambda: on(contoso) == [("line-slow", "")], what="the trouble to be on")
    await until(lambda: switch.text() == "End it")
    assert switch.hasFocus()
    contoso.practice.simulator.faults.end_all()
    qtbot.keyClick(switch, Qt.Key.Key_Tab)
    assert view.focusWidget() is button(view, "trouble-line-slow-look-overview")


async def test_panel_that_is_closed_while_reading_says_nothing(contoso: OpenVault, theme: Theme, shown: Show) -> None:
    panel = TroublePanel(theme, contoso.services, contoso.notices)
    await shown(panel)
    panel.refresh()
    panel.close()
    assert contoso.notices.notices == ()
