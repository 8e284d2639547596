"""The grid inside a table: rows of a record model, their selection by key, their scroll, keys and mouse.

Qt forgets the selection of a row that is filtered away, and lets content slide when rows above the view go. Here the
selection is a set of keys that outlives both, and the row at the top stays at the top.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Set
from enum import Enum
from typing import Any, cast

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from ui.tables import drawing
from ui.tables.delegates import RecordDelegate
from ui.tables.header import Header
from ui.tables.keyed_rows import Index, spans
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.row_painter import RowLook, Section
from ui.tables.row_pictures import RowPictures, RowPlace
from ui.theme.theme import Theme
from ui.theme.tokens import Height
from ui.widgets.painting import paints_on_screen
from ui.widgets.scroll_bar import give_scroll_bars

_ROWS = QItemSelectionModel.SelectionFlag.Rows
_TOGGLE_ROWS = QItemSelectionModel.SelectionFlag.Toggle | _ROWS
_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Ring(Enum):
    """What the focus ring goes around: the row in lists, the cell in grids that are edited."""

    ROW = "row"
    CELL = "cell"


class GridView(QTableView):
    """A table view over records.

    Signals:
        selected_keys_changed: another set of keys is selected, shown or not.
        current_key_changed: the current row is another one.
        opened: a row was double clicked, or Enter pressed on it; its key.
        copied: the selected rows were asked for as text.
        fill_down_requested: the cell above, or the first selected, should be repeated downwards.
        menu_requested: a context menu is wanted at a place on the screen.
    """

    selected_keys_changed = Signal()
    current_key_changed = Signal()
    opened = Signal(object)
    copied = Signal()
    fill_down_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, theme: Theme, model: RecordTableModel[Any], ring: Ring, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._records = model
        self._ring = ring
        self._selected: dict[Hashable, None] = {}
        self._is_rearranging = False
        self._by_keyboard = False
        self._anchor: tuple[Hashable, int] | None = None
        self._hovered: Hashable | None = None
        self._pictures = RowPictures(theme, model)
        self._late = QTimer(self, interval=0, singleShot=True)
        self._late.timeout.connect(self.viewport().update)
        self.header = Header(theme, model, self)
        self._set_up()
        model.rearranging.connect(self._on_model_rearranging)
        model.rearranged.connect(self._on_model_rearranged)
        model.chosen_changed.connect(self._show_check_state)
        self.header.check_clicked.connect(self._on_header_check_clicked)
        theme.changed.connect(self._pictures.clear)
        theme.changed.connect(self.viewport().update)

    def _set_up(self) -> None:
        give_scroll_bars(self)
        self.setHorizontalHeader(self.header)
        self.setModel(self._records)
        self.setItemDelegate(RecordDelegate(self._theme, self._records, self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        rows.setMinimumSectionSize(Height.GROUP_HEAD)
        rows.setDefaultSectionSize(Height.ROW)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.DoubleClicked)
        self.header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    # Selection by key

    @property
    def selected_keys(self) -> list[Hashable]:
        """What is selected, in the order it was; rows that the filter hides keep their place in it."""
        return list(self._selected)

    @property
    def current_key(self) -> Hashable | None:
        index = self.currentIndex()
        if not index.isValid() or self._records.head_at(index.row()) is not None:
            return None
        return self._records.key_at(index.row())

    def select_keys(self, keys: Iterable[Hashable]) -> None:
        """Select exactly these; those that are not shown will be when they come."""
        self._selected = dict.fromkeys(self._records.held(keys))
        self._forget_rows()
        self._select_again()
        self._report_selection()

    def make_current(self, key: Hashable, column_id: str | None = None) -> None:
        """Move to a row and show it, without selecting it."""
        row = self._records.row_of(key)
        if row is None:
            return
        section = self._records.section_of(column_id) if column_id else self._records.first_section
        index = self._records.index(row, section)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if self._is_rearranging:
            return
        for key in self._keys_in(deselected):
            self._selected.pop(key, None)
        for key in self._keys_in(selected):
            self._selected[key] = None
        self._report_selection()

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """What starts a new selection also ends that of rows which the filter hides."""
        command = super().selectionCommand(index, event)
        if command & QItemSelectionModel.SelectionFlag.Clear:
            self._drop_hidden_selection()
        return command

    def clear_selection(self) -> None:
        """Select nothing, shown or hidden."""
        self.select_keys(())

    def _drop_hidden_selection(self) -> None:
        self._selected = {key: None for key in self._selected if self._records.row_of(key) is not None}

    def _report_selection(self) -> None:
        self._show_check_state()
        self.viewport().update()
        self.selected_keys_changed.emit()

    def _keys_in(self, selection: QItemSelection) -> list[Hashable]:
        parts = cast("Iterable[QItemSelectionRange]", selection)
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        return [self._records.key_at(row) for row in sorted(rows) if self._records.head_at(row) is None]

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if not self._is_rearranging:
            self.current_key_changed.emit()

    # Rows come, go and move

    def _on_model_rearranging(self) -> None:
        self._is_rearranging = True
        self._forget_rows()
        top = self.rowAt(0)
        self._anchor = None
        if top >= 0 and self.verticalScrollBar().value() > 0:
            offset = self.verticalScrollBar().value() - self.verticalHeader().sectionPosition(top)
            self._anchor = (self._records.key_at(top), offset)

    def _on_model_rearranged(self) -> None:
        self._is_rearranging = False
        for row in self._records.head_rows():
            self.verticalHeader().resizeSection(row, Height.GROUP_HEAD)
        before = len(self._selected)
        self._selected = dict.fromkeys(self._records.held(self._selected))
        self._select_again()
        self._restore_scroll()
        self._show_check_state()
        self.viewport().update()
        if len(self._selected) != before:
            self.selected_keys_changed.emit()

    def _forget_rows(self) -> None:
        """Clear what Qt has selected, but not the keys. Qt would follow each selected row with every move."""
        was_rearranging, self._is_rearranging = self._is_rearranging, True
        self.clearSelection()
        self._is_rearranging = was_rearranging

    def _select_again(self) -> None:
        """Have the selected keys that are shown selected, in as few ranges as they make."""
        rows = self._records.rows_of(self._selected)
        last = self._records.columnCount() - 1
        selection = QItemSelection()
        for first, end in spans(rows):
            selection.append(QItemSelectionRange(self._records.index(first, 0), self._records.index(end, last)))
        self._is_rearranging = True
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)
        self._is_rearranging = False

    def _restore_scroll(self) -> None:
        self.updateGeometries()  # at once: until then no row can be scrolled to that had no place before
        row = self._records.row_of(self._anchor[0]) if self._anchor else None
        if self._anchor is not None and row is not None:
            self.verticalScrollBar().setValue(self.verticalHeader().sectionPosition(row) + self._anchor[1])

    # The check box

    def _show_check_state(self) -> None:
        model = self._records
        if model.checks is Checks.NONE:
            return
        ticked: Set[Hashable] = model.chosen_keys if model.checks is Checks.CHOICE else self._selected.keys()
        shown = len(model.rows_of(ticked))
        state = Qt.CheckState.Unchecked
        if shown:
            state = Qt.CheckState.Checked if shown == self._tickable_count() else Qt.CheckState.PartiallyChecked
        self.header.set_check_state(state)
        self.viewport().update()

    def _tickable_count(self) -> int:
        model = self._records
        if model.checks is Checks.SELECTION:
            return model.shown_count
        return sum(model.can_choose(model.key_of(record)) for record in model.shown_records())

    def _on_header_check_clicked(self) -> None:
        model = self._records
        keys = [model.key_of(record) for record in model.shown_records()]
        if model.checks is Checks.CHOICE:
            model.choose(keys, not all(key in model.chosen_keys for key in keys if model.can_choose(key)))
        elif all(key in self._selected for key in keys):
            self.clear_selection()
        else:
            self.select_keys([*self._selected, *keys])

    def _turn_check(self, rows: Iterable[int]) -> None:
        keys = [self._records.key_at(row) for row in rows if self._records.head_at(row) is None]
        if self._records.checks is Checks.CHOICE:
            able = [key for key in keys if self._records.can_choose(key)]
            self._records.choose(able, not all(key in self._records.chosen_keys for key in able))
        else:
            for key in keys:
                row = self._records.row_of(key)
                if row is not None:
                    self.selectionModel().select(self._records.index(row, 0), _TOGGLE_ROWS)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        index = self.indexAt(event.position().toPoint())
        on_check = index.isValid() and self._records.column_at(index.column()) is None
        if on_check and event.button() is Qt.MouseButton.LeftButton:
            self._turn_check([index.row()])
            section = self._records.index(index.row(), self._records.first_section)
            self.selectionModel().setCurrentIndex(section, QItemSelectionModel.SelectionFlag.NoUpdate)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._records.column_at(index.column()) is None:
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)
        if index.isValid() and not self._records.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self._open(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        row = self.rowAt(round(event.position().y()))
        self._set_hovered(self._records.key_at(row) if row >= 0 else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(None)

    def _set_hovered(self, key: Hashable | None) -> None:
        if key != self._hovered:
            self._hovered = key
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if self.state() is not QAbstractItemView.State.EditingState:  # the editor's Enter comes by here as well
                self._open(index.row())
        elif event.key() == Qt.Key.Key_Space and index.isValid() and not event.modifiers():
            rows = [part.row() for part in self.selectionModel().selectedRows()] if self._is_choice() else []
            self._turn_check(rows or [index.row()])
        elif event.key() == Qt.Key.Key_D and control and self._ring is Ring.CELL:
            self.fill_down_requested.emit()
        else:
            super().keyPressEvent(event)

    def _is_choice(self) -> bool:
        return self._records.checks is Checks.CHOICE

    def _open(self, row: int) -> None:
        if self._records.head_at(row) is None:
            self.opened.emit(self._records.key_at(row))

    def contextMenuEvent(self, event: Any) -> None:
        """By mouse at the mouse; by key below the current row, where the eye is."""
        place = event.globalPos()
        if event.reason() is event.Reason.Keyboard and self.currentIndex().isValid():
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_requested.emit(place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in _KEYBOARD_REASONS:
            self._by_keyboard = True
        super().focusInEvent(event)  # makes the first row current by itself, which may be a head
        if self._by_keyboard and self.current_key is None and self._records.shown_count:
            self.make_current(self._records.key_of(self._records.shown_records()[0]))
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        rows = self._rows_in(event.rect().top(), event.rect().bottom())
        self._pictures.keep(self._rows_in(0, self.viewport().height()))
        self._pictures.fit(self._sections(), max(self.header.length(), 1), self.devicePixelRatioF())
        painter = QPainter(self.viewport())
        may_wait = paints_on_screen(painter, self.viewport())  # who takes a picture wants every row
        if not self._pictures.show(painter, [self._place(row) for row in rows], -self.header.offset(), may_wait):
            self._late.start()
        index = self.currentIndex()
        if self._by_keyboard and self.hasFocus() and index.isValid():
            area = self._row_rect(index.row()) if self._ring is Ring.ROW else self.visualRect(index)
            drawing.draw_ring(painter, area, self._theme)
        painter.end()

    def _place(self, row: int) -> RowPlace:
        first = self._records.index(row, self._records.first_section)
        look = RowLook(
            selected=self._records.head_at(row) is None and self.selectionModel().isSelected(first),
            marked=self._ring is Ring.CELL and row == self.currentIndex().row(),
            hovered=self._records.key_at(row) == self._hovered,
        )
        return RowPlace(row, look, self._row_rect(row))

    def _rows_in(self, top: int, bottom: int) -> range:
        first, last = self.rowAt(max(top, 0)), self.rowAt(bottom)
        end = last + 1 if last >= 0 else self._records.rowCount()
        return range(first, end) if first >= 0 else range(0)

    def _sections(self) -> list[Section]:
        """The columns that are shown, from left to right."""
        numbers = [self.header.logicalIndex(place) for place in range(self.header.count())]
        return [
            Section(number, self.header.sectionPosition(number), self.header.sectionSize(number))
            for number in numbers
            if not self.header.isSectionHidden(number)
        ]

    def _row_rect(self, row: int) -> QRect:
        width = min(self.viewport().width(), self.header.length())
        return QRect(0, self.rowViewportPosition(row), width, self.rowHeight(row))

    def hideEvent(self, event: QHideEvent) -> None:
        self._pictures.clear()  # a table that nobody sees needs no room for pictures
        super().hideEvent(event)
