"""Tab goes round the whole window: header, step rail, the page from its header down, footer; and back the same way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from tests.support.drive_window import DrivenWindow, open_window
from tests.support.practice import contoso_draft
from ui.widgets.focus_ring import FocusRing

pytestmark = pytest.mark.slow

WALKED = ("source", "target", "settings", "enable")
FIRST_OF_PAGE = {
    "source": ["source-refresh", "source-site"],
    "target": ["target-refresh", "target-limits", "target-subscription"],
    "settings": ["settings-refresh", "settings-limits", "settings-new"],
    "enable": ["enable-what-would-land", "enable-check-again", "enable-limits"],
}
HEADER, RAIL, PAGE, FOOTER = range(4)
_MORE_THAN_ALL = 80


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "Tab lost the keyboard"
    return widget


def seen_part(widget: QWidget) -> QRect:
    """What of a widget, or of the current row of a view, is neither scrolled away nor cut off, in its coordinates."""
    part = widget.rect()
    if isinstance(widget, QAbstractItemView):
        part = widget.visualRect(widget.currentIndex()).intersected(widget.viewport().rect())
        widget = widget.viewport()
    parent = widget.parentWidget()
    while parent is not None:
        shown = QRect(widget.mapFrom(parent, QPoint(0, 0)), parent.size())
        part = part.intersected(shown)
        parent = parent.parentWidget()
    return part


async def round_trip(window: DrivenWindow, key: str) -> list[QWidget]:
    """Press `key` from Next until the focus is back there; each stop is seen, ringed and named."""
    start = window.button("wizard-next")
    start.setFocus()
    ring = window.widget.findChild(FocusRing)
    stops: list[QWidget] = []
    for _ in range(_MORE_THAN_ALL):
        await window.press(key)
        stop = focused()
        stops.append(stop)
        if stop is start:
            return stops
        name = stop.objectName()
        interface = QAccessible.queryAccessibleInterface(stop)
        assert interface.text(QAccessible.Text.Name), f"{name} has no name"
        if isinstance(stop, QAbstractItemView):
            assert seen_part(stop).height() > 0, f"the current row of {name} is out of sight"
        else:
            assert seen_part(stop) == stop.rect(), f"{name} is out of sight"
            assert ring.isVisible(), f"{name} has no ring"
            assert ring.target is stop, f"{name} has no ring"
    raise AssertionError(f"{key} does not come back to Next")


def region(window: DrivenWindow, stop: QWidget) -> int:
    if not window.wizard.isAncestorOf(stop):
        return HEADER
    if window.wizard.page.isAncestorOf(stop):
        return PAGE
    return RAIL if stop.objectName().startswith("step_") else FOOTER


async def test_tab_goes_round_the_pages_and_back() -> None:
    async with open_window("--practice", "contoso") as window:
        await window.open_set_up()
        window.widget.activateWindow()
        await window.until(lambda: QApplication.focusWidget() is not None, "the keyboard")
        controller = window.wizard.controller
        await window.until(lambda: controller.flow.context.estate.protectable_items, "the machines of the site")
        controller.edit(contoso_draft(controller.flow.context.estate, "WEB-01"))
        while (step := window.wizard.page.step_id) != "review":
            if step in WALKED:
                await window.until(lambda: not controller.calls.is_running("read"), "the reading to end")
                forth = await round_trip(window, "Tab")
                regions = [region(window, stop) for stop in forth]
                assert regions == sorted(regions), [stop.objectName() for stop in forth]
                assert set(regions) == {HEADER, RAIL, PAGE, FOOTER}
                page = [stop.objectName() for stop in forth if region(window, stop) == PAGE]
                expected = FIRST_OF_PAGE.get(step, [])
                assert page[: len(expected)] == expected
                back = await round_trip(window, "Backtab")
                assert back[:-1] == forth[-2::-1]
            await window.click("wizard-next")
            await window.until(lambda step=step: window.wizard.page.step_id != step, f"the way on from {step}")
