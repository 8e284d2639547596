"""The list that a picker opens."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, TextStyle
from ui.widgets.painting import fill_box
from ui.widgets.picker import Picker, paint_option


class OptionDelegate(QStyledItemDelegate):
    """Draws an option as the closed picker does, with its reason at the right."""

    def __init__(self, theme: Theme, picker: Picker) -> None:
        super().__init__(picker)
        self._theme = theme
        self._picker = picker

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), Height.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        data = self._picker.options[index.row()]
        colors = self._theme.colors
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = Role.TEXT2 if data.reason else Role.TEXT
        if chosen:
            fill_box(painter, option.rect, colors.selection, Radius.CONTROL)
            role = Role.HIGHLIGHTED
        space = option.rect.adjusted(Space.S, 0, -Space.S, 0)
        painter.setFont(self._theme.font(TextStyle.BODY))
        if data.reason:
            width = painter.fontMetrics().horizontalAdvance(data.reason)
            reason = QRect(space.right() - width, space.top(), width + 1, space.height())
            painter.setPen(self._theme.color(Role.HIGHLIGHTED if chosen else Role.TEXT))
            painter.drawText(reason, int(Qt.AlignmentFlag.AlignVCenter), data.reason)
            icon = QRect(reason.left() - IconSize.CHIP - Space.XS, space.top(), IconSize.CHIP, space.height())
            self._theme.paint_icon(painter, icon, "not_suitable", role)
            space.setRight(icon.left() - Space.S)
        paint_option(painter, self._theme, space, data, role)
        painter.restore()
