"""Draws one row of a table: its ground, its dividers, and each cell by what its column declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from ui.tables import drawing
from ui.tables.arrangement import GroupHead
from ui.tables.column import Column, R, StatusLook
from ui.tables.record_model import Checks, RecordTableModel
from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, Stroke, TextStyle
from ui.widgets.chip import paint_chip
from ui.widgets.painting import ink_of

FIGURE_CHARACTERS = 7
"""The room right of a bar or a curve that is kept for its figure."""

_STATUS_INK = (Status.WARNING, Status.CRITICAL, Status.WAITING)


class Section(NamedTuple):
    """Where a column stands in a row, in pixels from the row's left edge."""

    number: int
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class RowLook:
    """What a row looks like besides what its record says; `marked` is the current row of a grid that is edited."""

    selected: bool = False
    marked: bool = False
    hovered: bool = False


class RowPainter:
    """Paints rows of a record model, each as if it stood at the top left."""

    def __init__(self, theme: Theme, model: RecordTableModel[Any]) -> None:
        self._theme = theme
        self._model = model

    def paint(self, painter: QPainter, row: int, look: RowLook, sections: Sequence[Section], area: QRect) -> None:
        """Paint a whole row into `area`; its sections may take less room than it has."""
        head = self._model.head_at(row)
        colors = self._theme.colors
        painter.fillRect(area, ink_of(colors.well if head is not None else self._ground(look)))
        line = QRect(area.left(), area.bottom(), area.width(), Stroke.HAIRLINE)
        painter.fillRect(line, ink_of(colors.divider))
        if head is not None:
            self._paint_head(painter, area, head)
            return
        record = self._model.record_at(row)
        for section in sections:
            rect = QRect(area.left() + section.left, area.top(), section.width, area.height())
            column = self._model.column_at(section.number)
            if column is None:
                self._paint_check(painter, rect, row, look)
            else:
                self._paint_cell(painter, rect, row, column, record, look)

    def _ground(self, look: RowLook) -> str:
        colors = self._theme.colors
        if look.marked:
            return colors.current_row
        if look.selected:
            return colors.selection
        return colors.hover if look.hovered else colors.card

    def paint_accent_bar(self, painter: QPainter, area: QRect) -> None:
        """Mark a row at the left edge of the view, however far its cells are scrolled away."""
        colors = self._theme.colors
        color = colors.selection_text if colors.high_contrast else colors.accent
        bar = QRect(area.left(), area.top() + Space.XS, Stroke.ACCENT_BAR, area.height() - 2 * Space.XS)
        painter.fillRect(bar, ink_of(color))

    def _is_highlighted(self, look: RowLook) -> bool:
        """Whether everything takes the colour of highlighted text."""
        return self._theme.colors.high_contrast and look.selected and not look.marked

    def _paint_head(self, painter: QPainter, rect: QRect, head: GroupHead) -> None:
        left = rect.left() + Space.CELL
        if head.group.icon:
            place = QRect(left, rect.center().y() - IconSize.SMALL // 2 + 1, IconSize.SMALL, IconSize.SMALL)
            ink = self._theme.status_color(head.group.status)
            self._theme.paint_icon(painter, place, head.group.icon, ink)
            left += IconSize.SMALL + Space.S
        title = QRect(left, rect.top(), rect.width(), rect.height())
        theme = self._theme
        drawing.draw_text(painter, title, theme, head.group.title, TextStyle.STRONG, theme.color(Role.TEXT))
        past = theme.width_of(head.group.title, TextStyle.STRONG) + Space.S
        counts = title.adjusted(past, 0, 0, 0)
        drawing.draw_text(painter, counts, theme, head.count_text, TextStyle.BODY, theme.color(Role.TEXT2))

    def _paint_check(self, painter: QPainter, rect: QRect, row: int, look: RowLook) -> None:
        key = self._model.key_at(row)
        choice = self._model.checks is Checks.CHOICE
        checked = self._model.is_chosen(key) if choice else look.selected
        state = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        enabled = not choice or self._model.can_choose(key)
        highlighted = self._is_highlighted(look)
        drawing.draw_check(painter, rect, self._theme, state, enabled=enabled, highlighted=highlighted)

    def _paint_cell(
        self, painter: QPainter, rect: QRect, row: int, column: Column[R], record: R, look: RowLook
    ) -> None:
        theme = self._theme
        cell = rect.adjusted(Space.CELL, 0, -Space.CELL, 0)
        text = column.shown_text(record)
        highlighted = self._is_highlighted(look)
        plain = theme.color(Role.HIGHLIGHTED if highlighted else Role.TEXT)
        status = column.status(record) if column.status else None
        if status is not None and column.status_look is not StatusLook.TINT:
            icon = column.icon(record) if column.icon else ""
            self._paint_status(painter, cell, column.status_look, status, text, icon, plain, highlighted)
            return
        ink = plain
        if status in _STATUS_INK and not highlighted:
            ink = theme.status_color(status)
        elif self._model.is_muted_at(row) and not highlighted:
            ink = theme.color(Role.TEXT2)
        style = TextStyle.STRONG if column.strong else TextStyle.BODY
        cell = self._paint_before_text(painter, cell, column, record, status, ink if highlighted else None)
        drawing.draw_text(painter, cell, theme, text, style, ink, column.align)

    def _paint_status(
        self,
        painter: QPainter,
        cell: QRect,
        look: StatusLook,
        status: Status,
        word: str,
        icon: str,
        plain: QColor,
        bare: bool,
    ) -> None:
        room = cell.width() - IconSize.CHIP - Space.CHIP_OVERHANG
        shown = self._theme.shortened(word, TextStyle.LABEL, room)
        if look is StatusLook.CHIP:
            paint_chip(painter, self._theme, cell, status, shown, icon=icon or None, highlighted=bare)
            return
        ink = plain if bare else self._theme.status_color(status)
        word_ink = ink if status in _STATUS_INK else plain
        drawing.draw_word(painter, cell, self._theme, icon or status_icon(status), shown, ink, word_ink)

    def _paint_before_text(
        self, painter: QPainter, cell: QRect, column: Column[R], record: R, status: Status | None, only: QColor | None
    ) -> QRect:
        """Draw an icon, a bar or a curve and return what room is left for the text."""
        colors = self._theme.colors
        icon = column.icon(record) if column.icon else ""
        if icon:
            area = QRect(cell.left(), cell.center().y() - IconSize.SMALL // 2 + 1, IconSize.SMALL, IconSize.SMALL)
            self._theme.paint_icon(painter, area, icon, only or Role.TEXT2)
            return cell.adjusted(IconSize.SMALL + Space.S, 0, 0, 0)
        if not column.fraction and not column.series:
            return cell
        figure = self._theme.width_of("0", TextStyle.BODY) * FIGURE_CHARACTERS
        picture = QRect(cell.left(), cell.top(), max(cell.width() - figure, 0), cell.height())
        ink = only or QColor(colors.statuses[status].fill if status in _STATUS_INK else colors.chart1)
        fraction = column.fraction(record) if column.fraction else None
        if fraction is not None:
            drawing.draw_bar(painter, picture, self._theme, fraction, ink)
        if column.series:
            curve = picture.adjusted(0, Space.S, 0, -Space.S)
            drawing.draw_curve(painter, curve, column.series(record), ink)
        return cell.adjusted(picture.width(), 0, 0, 0)
