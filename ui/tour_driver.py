"""Hands and eyes of the tour: finds things by object name, clicks, types, reads what is shown, takes pictures.

It knows Qt and nothing of the program, so that what it can do, a user and a screen reader can do too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Protocol, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLabel, QLineEdit, QMenu, QWidget

W = TypeVar("W", bound=QWidget)

_LOOK_EVERY_S = 0.02
_LONGEST_WAIT_S = 120.0
_REFRESH_EVERY_S = 1.0
_THEMES = {"light": "L", "dark": "D"}


class TourError(Exception):
    """What the tour looked for and did not find."""


class Measure(Protocol):
    """The heartbeat; it rests while a picture is taken, because painting and packing it is not the program's work."""

    def rest(self) -> None: ...

    def go_on(self) -> None: ...


class Driver:
    """Drives one window."""

    def __init__(self, window: QWidget, folder: Path, measure: Measure) -> None:
        self.window = window
        self.pictures: list[dict[str, object]] = []
        self.look_changes_ms: list[float] = []
        self._folder = folder
        self._measure = measure

    # Looking. What takes the driver long is done in another turn of the loop than the press: a person does not do it.

    def find(self, name: str, kind: type[W] | None = None) -> W | None:
        """The visible widget of that object name; of several, the one that was made last."""
        found = self.window.findChildren(kind or QWidget, name)
        shown = [widget for widget in found if widget.isVisible()]
        return shown[-1] if shown else None  # type: ignore[return-value]

    def shows(self, name: str) -> bool:
        return self.find(name) is not None

    async def until(self, holds: Callable[[], bool], what: str, within_s: float = _LONGEST_WAIT_S) -> None:
        """Wait until `holds`. Raises TourError, saying `what` did not happen."""
        end = perf_counter() + within_s
        while not holds():
            if perf_counter() > end:
                raise TourError(f"{what} did not happen within {within_s:.0f} s")
            await asyncio.sleep(_LOOK_EVERY_S)

    def is_enabled(self, name: str) -> bool:
        """Whether it is on screen and can be used."""
        widget = self.find(name)
        return widget is not None and widget.isEnabled()

    def can_press(self, name: str) -> bool:
        """Whether it is on screen and does not refuse."""
        widget = self.find(name)
        return widget is not None and widget.isEnabled() and not widget.property("refused")

    def options(self, name: str) -> list[str]:
        """What a list offers."""
        box = self.find(name)
        return [box.itemText(row) for row in range(box.count())] if isinstance(box, QComboBox) else []

    def has_choice(self, table: str) -> bool:
        """Whether a row of the table is selected."""
        view = self.find(table, QAbstractItemView)
        return view is not None and view.selectionModel().hasSelection()

    def first(self, table: str) -> str:
        """The first word of the table's first row."""
        return next((text for text in self.rows(table)[0].values() if text), "")

    async def appears(self, name: str, within_s: float = _LONGEST_WAIT_S) -> QWidget:
        await self.until(lambda: self.shows(name), f"“{name}” on screen", within_s)
        widget = self.find(name)
        if widget is None:
            raise TourError(f"“{name}” went away again")
        return widget

    async def enabled(self, name: str, within_s: float = _LONGEST_WAIT_S) -> QWidget:
        """Wait until it can be pressed."""

        await self.until(lambda: self.can_press(name), f"“{name}” ready to be pressed", within_s)
        return await self.appears(name)

    def text(self, name: str) -> str:
        """What a label, field or button shows."""
        widget = self.find(name)
        if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
            return widget.text()
        if isinstance(widget, QComboBox):
            return widget.currentText()
        return widget.accessibleName() if widget is not None else ""

    def banner(self, name: str) -> str:
        """All that a banner says, as a screen reader does."""
        widget = self.find(name)
        return f"{widget.accessibleName()}. {widget.accessibleDescription()}" if widget is not None else ""

    def rows(self, table: str) -> list[dict[str, str]]:
        """What a table shows, by the words of its head; group heads are left out."""
        view = self.find(table, QAbstractItemView)
        if view is None:
            return []
        model = view.model()
        across = Qt.Orientation.Horizontal
        heads = [str(model.headerData(column, across) or "") for column in range(model.columnCount())]
        rows = [
            {head: _shown(model, row, column) for column, head in enumerate(heads)} for row in range(model.rowCount())
        ]
        return [row for row in rows if sum(bool(text) for text in row.values()) > 1]

    # Doing

    async def settle(self, turns: int = 4) -> None:
        """Give the loop a few turns, so that layouts and paints are done."""
        for _ in range(turns):
            await asyncio.sleep(0.005)

    async def click(self, name: str) -> None:
        """Click in the middle of a widget, once it can be pressed."""
        widget = await self.enabled(name)
        await asyncio.sleep(0)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        await self.settle()

    async def focus(self, name: str) -> None:
        """Lead the keyboard to a widget, as Tab does in the end."""
        widget = await self.enabled(name)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        await self.settle()

    async def press(self, keys: str) -> None:
        """Press a key, such as `Escape` or `F5`, where the focus is."""
        focused = self.window.focusWidget() or self.window
        QTest.keyClick(focused, getattr(Qt.Key, f"Key_{keys}"))
        await self.settle()

    async def type_into(self, name: str, text: str) -> None:
        """Replace what stands in a field, by keys."""
        field = await self.enabled(name)
        await asyncio.sleep(0)
        field.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for key in text or (Qt.Key.Key_Delete,):
            await asyncio.sleep(0)  # one key a turn of the loop, as a person does
            QTest.keyClick(field, key)
        await asyncio.sleep(0)
        QTest.keyClick(field, Qt.Key.Key_Tab)
        await self.settle()

    async def pick(self, name: str, wanted: str) -> str:
        """Choose the first option of a list that begins with `wanted`, by arrow keys; returns what was chosen."""
        box = await self.enabled(name)
        if not isinstance(box, QComboBox):
            raise TourError(f"“{name}” is no list to pick from")
        box.setFocus(Qt.FocusReason.TabFocusReason)
        fitting = [row for row in range(box.count()) if box.itemText(row).startswith(wanted)]
        if not fitting:
            raise TourError(f"“{name}” does not offer “{wanted}”")
        key = Qt.Key.Key_Down if box.currentIndex() < fitting[0] else Qt.Key.Key_Up
        for _ in range(box.count()):
            if box.currentIndex() == fitting[0]:
                break
            QTest.keyClick(box, key)
            await asyncio.sleep(0)
        await self.settle()
        return box.currentText()

    async def choose_row(self, table: str, word: str, *, opens: bool = False) -> None:
        """Click the first row in which `word` stands; `opens` double-clicks it."""
        view = await self._view(table)
        index = self._row_with(view, word)
        view.scrollTo(index)
        place: QPoint = view.visualRect(index).center()
        await asyncio.sleep(0)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        if opens:
            QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await self.settle()

    async def _view(self, table: str) -> QAbstractItemView:
        widget = await self.appears(table)
        if not isinstance(widget, QAbstractItemView):
            raise TourError(f"“{table}” is no table")
        return widget

    def _row_with(self, view: QAbstractItemView, word: str) -> QModelIndex:
        model = view.model()
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                if _shown(model, row, column) == word:
                    return model.index(row, column)
        raise TourError(f"“{view.objectName()}” has no row with “{word}”")

    async def again_until(self, refresh: str, holds: Callable[[], bool], what: str, within_s: float) -> None:
        """Press Refresh every second until `holds`."""
        end = perf_counter() + within_s
        while not holds():
            if perf_counter() > end:
                raise TourError(f"{what} did not happen within {within_s:.0f} s")
            if self.can_press(refresh):
                await self.click(refresh)
            await asyncio.sleep(_REFRESH_EVERY_S)

    async def set_pace(self, key: str, times: str) -> None:
        """Change the pace of the practice clock, where there is one, by the key of its menu."""
        if self.shows("practice-pace"):
            await self.click("practice-pace")
            await self._choose_in_menu(key)
            await self.until(
                lambda: self.text("practice-pace").startswith(times), f"the practice clock running {times} times"
            )

    async def _choose_in_menu(self, key: str) -> None:
        await self.until(lambda: bool(self._menus()), "the menu opening", within_s=5)
        QTest.keyClick(self._menus()[-1], key)
        await self.until(lambda: not self._menus(), "the menu closing", within_s=5)
        await self.settle()

    # Pictures

    async def picture(self, page: str) -> None:
        """Take the window in both looks, changed by its own button."""
        focused = self.window.focusWidget()
        for theme, key in _THEMES.items():
            await self.click("appearance")
            self._measure.rest()  # a new look repaints every widget there is; that, and taking a picture, is told apart
            try:
                began = perf_counter()
                await self._choose_in_menu(key)
                self.look_changes_ms.append(round((perf_counter() - began) * 1000, 1))
                if focused is not None and focused.isVisible():
                    focused.setFocus(Qt.FocusReason.OtherFocusReason)
                await self.settle()
                image = self.window.grab().toImage()
                name = f"{len(self.pictures) // 2 + 1:02d}-{page}-{theme}.png"
                await asyncio.to_thread(_save, image, self._folder / name)
            finally:
                self._measure.go_on()
            about = {"file": name, "page": page, "theme": theme, "width": image.width(), "height": image.height()}
            self.pictures.append(about)
        await self.settle()

    def _menus(self) -> list[QMenu]:
        return [menu for menu in self.window.findChildren(QMenu) if menu.isVisible()]


def _shown(model: QAbstractItemModel, row: int, column: int) -> str:
    text = model.index(row, column).data(Qt.ItemDataRole.DisplayRole)
    return "" if text is None else str(text)


def _save(image: QImage, file: Path) -> None:
    if not image.save(str(file)):
        raise TourError(f"{file} cannot be written")
