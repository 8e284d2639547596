"""Columns of a table as a person left them: which are shown, how wide they are, how it is sorted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QMenu, QWidget

from ui.tables.column import Column
from ui.tables.grid_view import GridView
from ui.tables.record_model import RecordTableModel
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Space, TextStyle


class LayoutStore(Protocol):
    """Where layouts live between two starts. Values are plain JSON; `save` is called often and is quick."""

    def load(self, name: str) -> Mapping[str, Any] | None: ...

    def save(self, name: str, layout: Mapping[str, Any]) -> None: ...


class LayoutMemory(QObject):
    """Puts columns as they were left, follows what is changed, and gives spare width to the column that stretches."""

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
        self._restore()
        self._apply()
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
        self._apply()
        self._save()

    def build_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for column in self._model.columns:
            if column.optional:
                self._add_toggle(menu, column)
        menu.addSeparator()
        menu.addAction(self.tr("Back to the usual columns"), self._reset)
        return menu

    def _add_toggle(self, menu: QMenu, column: Column[Any]) -> None:
        action = QAction(column.title, menu)
        action.setCheckable(True)
        action.setChecked(column.id not in self._hidden)
        action.toggled.connect(lambda shown: self.set_shown(column.id, shown))
        menu.addAction(action)

    def fit(self) -> None:
        """Give every column its width, and what is left over to the one that stretches."""
        self._is_fitting = True
        header = self._grid.header
        wanted = {section: self._width(section) for section in self.visible_sections()}
        spare = max(self._grid.viewport().width() - sum(wanted.values()), 0)
        for section, width in wanted.items():
            column = self._model.column_at(section)
            header.resizeSection(section, width + (spare if column is not None and column.stretch else 0))
        self._is_fitting = False

    def _width(self, section: int) -> int:
        column = self._model.column_at(section)
        if column is None:
            return Height.CHECK + Space.XXL
        if column.id in self._widths:
            return self._widths[column.id]
        character = QFontMetrics(self._theme.font(TextStyle.BODY)).horizontalAdvance("n")
        title = QFontMetrics(self._theme.font(TextStyle.TABLE_HEAD)).horizontalAdvance(column.title)
        before = IconSize.SMALL + Space.S if column.icon or column.status else 0
        return max(column.width * character + before, title + IconSize.CHIP + Space.XS) + 2 * Space.CELL

    def _apply(self) -> None:
        for column in self._model.columns:
            self._grid.setColumnHidden(self._model.section_of(column.id), column.id in self._hidden)
        self.fit()

    def _reset(self) -> None:
        self._widths.clear()
        self._hidden = {column.id for column in self._model.columns if not column.shown}
        self._grid.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._apply()
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
        if isinstance(widths, Mapping):
            self._widths = {key: width for key, width in widths.items() if key in known and isinstance(width, int)}
        if isinstance(hidden, list):
            self._hidden = {key for key in hidden if key in known and known[key].optional}
        if isinstance(sorting, list) and len(sorting) == 2 and sorting[0] in known:
            order = Qt.SortOrder.AscendingOrder if sorting[1] == "up" else Qt.SortOrder.DescendingOrder
            self._grid.sortByColumn(self._model.section_of(sorting[0]), order)

    def _save(self) -> None:
        if self._store is None:
            return
        sorting = self._model.sorting
        sort = [sorting[0], "up" if sorting[1] is Qt.SortOrder.AscendingOrder else "down"] if sorting else None
        self._store.save(self._name, {"widths": dict(self._widths), "hidden": sorted(self._hidden), "sort": sort})
