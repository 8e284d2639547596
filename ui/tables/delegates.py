"""Draws rows and opens editors: grounds, dividers and accent bars, then each cell by what its column declares.

A row is drawn cell by cell, so whatever belongs to the whole row (a group's title, the ring around it) is the view's.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.tables import drawing
from ui.tables.cells import plain_tip
from ui.tables.column import ChoiceEdit, Column, R, StatusLook
from ui.tables.keyed_rows import Index
from ui.tables.record_model import Checks, RecordRole, RecordTableModel
from ui.theme.icons import status_icon
from ui.theme.stylesheet import dress, field_rules
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, Stroke, TextStyle
from ui.widgets.chip import paint_chip
from ui.widgets.painting import ink_of

FIGURE_CHARACTERS = 7
"""The room right of a bar or a curve that is kept for its figure."""

_STATUS_INK = (Status.WARNING, Status.CRITICAL, Status.WAITING)


class RecordDelegate(QStyledItemDelegate):
    """Paints the cells of a record table; the view tells it which row is hovered and how it marks the current one."""

    def __init__(self, theme: Theme, model: RecordTableModel[Any], *, marks_current: bool, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._marks_current = marks_current
        self.hovered: Hashable | None = None
        self.current_row = -1
        self.first_visible_section = 0

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        row = index.row()
        is_head = self._model.head_at(row) is not None
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and not is_head
        painter.fillRect(rect, self._ground(row, selected, is_head))
        self._paint_divider(painter, rect)
        if is_head:
            return
        if index.column() == self.first_visible_section and (selected or self._is_marked(row)):
            self._paint_accent_bar(painter, rect)
        column = self._model.column_at(index.column())
        if column is None:
            self._paint_check(painter, rect, row, selected)
        else:
            self._paint_cell(painter, rect, row, column, index.data(RecordRole), selected)

    def _is_marked(self, row: int) -> bool:
        return self._marks_current and row == self.current_row

    def _ground(self, row: int, selected: bool, is_head: bool) -> QColor:
        colors = self._theme.colors
        if is_head:
            return ink_of(colors.well)
        if selected and not self._is_marked(row):
            return ink_of(colors.selection)
        if self._is_marked(row):
            return ink_of(colors.current_row)
        return ink_of(colors.hover if self.hovered == self._model.key_at(row) else colors.card)

    def _paint_divider(self, painter: QPainter, rect: QRect) -> None:
        line = QRect(rect.left(), rect.bottom(), rect.width(), Stroke.HAIRLINE)
        painter.fillRect(line, ink_of(self._theme.colors.divider))

    def _paint_accent_bar(self, painter: QPainter, rect: QRect) -> None:
        colors = self._theme.colors
        color = colors.selection_text if colors.high_contrast else colors.accent
        bar = QRect(rect.left(), rect.top() + Space.XS, Stroke.ACCENT_BAR, rect.height() - 2 * Space.XS)
        painter.fillRect(bar, QColor(color))

    def _paint_check(self, painter: QPainter, rect: QRect, row: int, selected: bool) -> None:
        key = self._model.key_at(row)
        choice = self._model.checks is Checks.CHOICE
        checked = key in self._model.chosen_keys if choice else selected
        state = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        enabled = not choice or self._model.can_choose(key)
        highlighted = self._theme.colors.high_contrast and selected and not self._is_marked(row)
        drawing.draw_check(painter, rect, self._theme, state, enabled=enabled, highlighted=highlighted)

    def _paint_cell(
        self, painter: QPainter, rect: QRect, row: int, column: Column[R], record: R, selected: bool
    ) -> None:
        theme = self._theme
        cell = rect.adjusted(Space.CELL, 0, -Space.CELL, 0)
        text = column.shown_text(record)
        highlighted = selected and theme.colors.high_contrast and not self._is_marked(row)
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
        if column.icon:
            area = QRect(cell.left(), cell.center().y() - IconSize.SMALL // 2 + 1, IconSize.SMALL, IconSize.SMALL)
            self._theme.paint_icon(painter, area, column.icon(record), only or Role.TEXT2)
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

    # What does not fit, in a tooltip

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        tip = index.data(Qt.ItemDataRole.ToolTipRole)
        column = self._model.column_at(index.column()) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or tip or column is None:
            return super().helpEvent(event, view, option, index)
        text = str(index.data() or "")
        room = view.visualRect(index).width() - 2 * Space.CELL
        icon = IconSize.SMALL + Space.S if column.icon or column.status else 0
        if self._theme.width_of(text, TextStyle.BODY) + icon <= room:
            return False
        QToolTip.showText(event.globalPos(), plain_tip(text), view)
        return True

    # Editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._model.column_at(index.column())
        edit = column.edit if column else None
        if not isinstance(edit, ChoiceEdit):
            line = QLineEdit(parent)
            dress(line, self._theme, field_rules)
            line.setFrame(False)
            line.setAccessibleName(column.title if column else "")
            line.textEdited.connect(lambda text: self._show_refusal(line, QPersistentModelIndex(index), text))
            return line
        box = QComboBox(parent)
        dress(box, self._theme, field_rules)
        box.addItems(list(edit.choices(index.data(RecordRole))))
        box.setAccessibleName(column.title if column else "")
        box.activated.connect(lambda: self._take(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        text = editor.currentText() if isinstance(editor, QComboBox) else editor.text()  # type: ignore[attr-defined]
        model.setData(index, text.strip(), Qt.ItemDataRole.EditRole)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The view turns check boxes itself, so that both meanings of them follow one rule."""
        return False

    def _take(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)

    def _show_refusal(self, line: QLineEdit, index: QPersistentModelIndex, text: str) -> None:
        """Say beside the editor why a text would not be taken, and drop the words as soon as it would."""
        reason = self._model.refusal(index, text.strip()) if index.isValid() else ""
        line.setAccessibleDescription(reason)
        line.setProperty("state", "invalid" if reason else "")
        line.style().polish(line)
        QToolTip.showText(line.mapToGlobal(QPoint(0, line.height())), plain_tip(reason), line)
