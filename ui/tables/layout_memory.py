"""Columns of a table as a person left them: which are shown, how wide they are, how it is sorted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ui.tables.column import Column
from ui.tables.grid_view import GridView
from ui.tables.record_model import RecordTableModel
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Space, TextStyle
from ui.widgets.menu import Menu


class LayoutStore(Protocol):
    """Where layouts live between two starts. Values are plain JSON; `save` is called often and is quick."""

    def load(self, name: str) -> Mapping[str, Any] | None: ...

    def save(self, name: str, layout: Mapping[str, Any]) -> None: ...


class LayoutMemory(QObject):
    """Puts columns as they were left, follows what is changed, and gives spare width to the columns that stretch.

    Where there is too little, columns that yield go, unless somebody asked for them by name.
    """

    def __init__(
        self, theme: Theme, model: RecordTableModel[Any], grid: GridView, name: str, store: LayoutStore | None
    ) -> None:
        super().__init__(grid)
        self._theme = theme
        self._model = model
        self._grid = grid
        self._name = name
        self._store = store
        self._is_fitting = False
        self._widths: dict[str, int] = {}
        self._hidden = {column.id for column in model.columns if not column.shown}
        self._asked_for: set[str] = set()
        self._idle: set[str] = set()
        self._restore()
        self.fit()
        grid.header.sectionResized.connect(self._on_header_section_resized)
        grid.header.sortIndicatorChanged.connect(self._save)
        theme.changed.connect(self.fit)

    def visible_sections(self) -> list[int]:
        """Sections as they stand on screen, from left to right."""
        header = self._grid.header
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [section for section in order if not header.isSectionHidden(section)]

    def set_shown(self, column_id: str, shown: bool) -> None:
        """Show or hide a column, unless it is the last one that is left."""
        if not shown and len(self._hidden) + 1 == len(self._model.columns):
            return
        (self._hidden.discard if shown else self._hidden.add)(column_id)
        (self._asked_for.add if shown else self._asked_for.discard)(column_id)
        self.fit()
        self._save()

    def set_idle(self, column_id: str, is_idle: bool) -> None:
        """Leave out a column that says the same in every row, as long as it does; nobody asked for that, so nothing of
        it is remembered."""
        before = set(self._idle)
        (self._idle.add if is_idle else self._idle.discard)(column_id)
        if before != self._idle:
            self.fit()

    def build_menu(self, parent: QWidget) -> QMenu:
        menu = Menu(self._theme, parent)
        for column in self._model.columns:
            if column.optional:
                self._add_toggle(menu, column)
        menu.addSeparator()
        menu.addAction(self.tr("Back to the usual columns"), self._reset)
        return menu

    def _add_toggle(self, menu: QMenu, column: Column[Any]) -> None:
        action = QAction(column.title, menu)
        action.setCheckable(True)
        action.setChecked(not self._grid.isColumnHidden(self._model.section_of(column.id)))
        action.toggled.connect(lambda shown: self.set_shown(column.id, shown))
        menu.addAction(action)

    def fit(self) -> None:
        """Show what there is room for, give every column its width, and share what is left over."""
        self._is_fitting = True
        wanted = self._wanted()
        for column in self._model.columns:
            section = self._model.section_of(column.id)
            self._grid.setColumnHidden(section, section not in wanted)
        spare = max(self._grid.viewport().width() - sum(wanted.values()), 0)
        stretching = [section for section in wanted if self._stretches(section)]
        room = sum(wanted[section] for section in stretching)
        for section, width in wanted.items():
            share = 0
            if section in stretching:
                share = spare * width // room
                spare, room = spare - share, room - width
            self._grid.header.resizeSection(section, width + share)
        self._is_fitting = False

    def _wanted(self) -> dict[int, int]:
        """The widths of the columns to show, by section as they stand on screen."""
        header, model = self._grid.header, self._model
        hidden = {model.section_of(column_id) for column_id in self._hidden | (self._idle - self._asked_for)}
        order = (header.logicalIndex(place) for place in range(header.count()))
        wanted = {section: self._width(section) for section in order if section not in hidden}
        for column in reversed(model.columns):
            if sum(wanted.values()) <= self._grid.viewport().width():
                break
            if column.yields and column.id not in self._asked_for:
                wanted.pop(model.section_of(column.id), None)
        return wanted

    def _stretches(self, section: int) -> bool:
        column = self._model.column_at(section)
        return column is not None and column.stretch

    def _width(self, section: int) -> int:
        column = self._model.column_at(section)
        if column is None:
            return Height.CHECK + Space.XXL
        if column.id in self._widths:
            return self._widths[column.id]
        character = self._theme.width_of("n", TextStyle.BODY)
        title = self._theme.width_of(column.title, TextStyle.TABLE_HEAD)
        before = IconSize.SMALL + Space.S if column.icon or column.status else 0
        return max(column.width * character + before, title + IconSize.CHIP + Space.XS) + 2 * Space.CELL

    def _reset(self) -> None:
        self._widths.clear()
        self._asked_for.clear()
        self._hidden = {column.id for column in self._model.columns if not column.shown}
        self._grid.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.fit()
        self._save()

    def _on_header_section_resized(self, section: int, _before: int, width: int) -> None:
        column = self._model.column_at(section)
        if not self._is_fitting and column is not None and width:
            self._widths[column.id] = width
            self._save()

    def _restore(self) -> None:
        """What names columns that are no more, or is no layout at all, is passed over."""
        layout = (self._store.load(self._name) if self._store else None) or {}
        known = {column.id: column for column in self._model.columns}
        widths, hidden, sorting = layout.get("widths"), layout.get("hidden"), layout.get("sort")
        asked_for = layout.get("asked_for")
        if isinstance(widths, Mapping):
            self._widths = {key: width for key, width in widths.items() if key in known and isinstance(width, int)}
        if isinstance(hidden, list):
            self._hidden = {key for key in hidden if key in known and known[key].optional}
        if isinstance(asked_for, list):
            self._asked_for = {key for key in asked_for if key in known}
        if isinstance(sorting, list) and len(sorting) == 2 and sorting[0] in known:
            order = Qt.SortOrder.AscendingOrder if sorting[1] == "up" else Qt.SortOrder.DescendingOrder
            self._grid.sortByColumn(self._model.section_of(sorting[0]), order)

    def _save(self) -> None:
        if self._store is None:
            return
        sorting = self._model.sorting
        sort = [sorting[0], "up" if sorting[1] is Qt.SortOrder.AscendingOrder else "down"] if sorting else None
        layout = {"widths": dict(self._widths), "hidden": sorted(self._hidden), "sort": sort}
        self._store.save(self._name, {**layout, "asked_for": sorted(self._asked_for)})
