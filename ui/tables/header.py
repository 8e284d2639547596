"""The head of a table: titles over their columns, the sort arrow, and the check box that stands for all rows.

It draws itself. The base class would ask for each section whether all of its rows are selected, row by row: a third of
a second with 10,000 rows.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.tables import drawing
from ui.tables.column import Align
from ui.tables.record_model import RecordTableModel
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Role, Space, Stroke, TextStyle


class Header(QHeaderView):
    """A horizontal header for a record table.

    Signals:
        check_clicked: the check box over all rows was clicked.
    """

    check_clicked = Signal()

    def __init__(self, theme: Theme, model: RecordTableModel[Any], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._records = model
        self._check_state = Qt.CheckState.Unchecked
        self._hovered = -1
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSortIndicatorShown(True)
        self.setMinimumSectionSize(Height.ROW)

    def set_check_state(self, state: Qt.CheckState) -> None:
        if state is not self._check_state:
            self._check_state = state
            self.viewport().update()

    def sizeHint(self) -> QSize:
        """Asked at each layout for its height alone: the base class would measure every title for a width besides."""
        return QSize(self.length(), Height.ROW + Stroke.HAIRLINE)

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self._theme.colors.card))
        self._draw_line(painter, self.viewport().rect())
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        column = self._records.column_at(logicalIndex)
        painter.fillRect(rect, QColor(self._theme.colors.card))
        self._draw_line(painter, rect)
        if column is None:
            drawing.draw_check(painter, rect, self._theme, self._check_state)
            return
        sorted_here = self._records.sorting is not None and self._records.sorting[0] == column.id
        role = Role.TEXT if sorted_here or logicalIndex == self._hovered else Role.TEXT2
        cell = rect.adjusted(Space.CELL, 0, -Space.CELL, 0)
        arrow = IconSize.CHIP + Space.XS if sorted_here else 0
        words = min(self._theme.width_of(column.title, TextStyle.TABLE_HEAD), cell.width() - arrow)
        left = cell.left() if column.align is Align.LEFT else cell.left() + cell.width() - words - arrow
        title = QRect(left, cell.top(), words + 1, cell.height())
        drawing.draw_text(painter, title, self._theme, column.title, TextStyle.TABLE_HEAD, self._theme.color(role))
        if sorted_here:
            place = QRect(left + words + Space.XS, cell.center().y() - arrow // 2 + 1, IconSize.CHIP, IconSize.CHIP)
            ascending = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            self._theme.paint_icon(painter, place, "fold" if ascending else "unfold", role)

    def _draw_line(self, painter: QPainter, rect: QRect) -> None:
        line = QRect(rect.left(), rect.bottom(), rect.width(), Stroke.HAIRLINE)
        painter.fillRect(line, QColor(self._theme.colors.border))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._is_check_at(event):
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_check_at(event):
            self.check_clicked.emit()
            return
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered(self.logicalIndexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(-1)
        super().leaveEvent(event)

    def _set_hovered(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()

    def _is_check_at(self, event: QMouseEvent) -> bool:
        section = self.logicalIndexAt(event.position().toPoint())
        left_button = event.button() is Qt.MouseButton.LeftButton
        return left_button and section >= 0 and self._records.column_at(section) is None
