"""The picker: a combo box whose options have a second text, and stay with a reason when they do not suit."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from ui.theme.stylesheet import dress, field_rules
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, TextStyle, Width
from ui.widgets.painting import fill_box

_OPTION_ROLE = Qt.ItemDataRole.UserRole + 1
_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick. With a `reason` it is shown and can't be picked."""

    key: str
    text: str
    secondary: str = ""
    icon: str | None = None
    reason: str = ""


class Picker(QComboBox):
    """Picks one of some options by key.

    Signals:
        picked: the user picked another option; carries its key. Not emitted by `set_current`.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        dress(self, theme, field_rules)
        self.setPlaceholderText(placeholder)
        self.setMaxVisibleItems(_MOST_ROWS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.view().setItemDelegate(_OptionDelegate(theme, self))
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.activated.connect(self._on_activated)
        self._picked_key: str | None = None

    @property
    def current_key(self) -> str | None:
        """The key of what is picked; `None` if nothing is."""
        return self._picked_key

    @property
    def options(self) -> list[Option]:
        """All options, unsuitable ones included."""
        return [self._items.item(row).data(_OPTION_ROLE) for row in range(self._items.rowCount())]

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer these. What is picked stays picked if it is still among them."""
        key = self._picked_key
        self.blockSignals(True)
        self._items.clear()
        for option in options:
            words = (option.text, option.secondary, option.reason)
            item = QStandardItem(option.text)
            item.setData(option, _OPTION_ROLE)
            item.setData(", ".join(word for word in words if word), Qt.ItemDataRole.AccessibleTextRole)
            item.setEnabled(not option.reason)
            self._items.appendRow(item)
        self.blockSignals(False)
        self.set_current(key)

    def set_current(self, key: str | None) -> None:
        """Show the option of `key` as picked, or none if it is not there."""
        keys = [option.key for option in self.options]
        self._picked_key = key if key in keys else None
        self.setCurrentIndex(keys.index(key) if key in keys and key is not None else -1)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(super().sizeHint().width(), Width.PICKER), Height.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return QSize(Width.PICKER_LEAST, Height.CONTROL)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel over a closed picker scrolls the page; it does not change an answer."""
        event.ignore()

    def showPopup(self) -> None:
        metrics = QFontMetrics(self.font())
        texts = (f"{o.text}    {o.secondary}    {o.reason}" for o in self.options)
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        self.view().setMinimumWidth(max(self.width(), min(widest + 5 * Space.L, self.window().width() // 2)))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        side = IconSize.SMALL
        caret = QRect(self.width() - Space.CELL - side, (self.height() - side) // 2, side, side)
        enabled = self.isEnabled()
        self._theme.paint_icon(painter, caret, "unfold", Role.TEXT2 if enabled else Role.TEXT3)
        space = QRect(Space.CELL + 1, 0, caret.left() - Space.CELL - Space.S, self.height())
        picked = self.currentData(_OPTION_ROLE)
        if picked is None:
            painter.setPen(self._theme.color(Role.TEXT2))
            painter.drawText(space, int(Qt.AlignmentFlag.AlignVCenter), self.placeholderText())
            return
        _paint_option(painter, self._theme, space, picked, Role.TEXT if enabled else Role.TEXT3)

    def _on_activated(self, row: int) -> None:
        option: Option = self._items.item(row).data(_OPTION_ROLE)
        if option.key != self._picked_key:
            self._picked_key = option.key
            self.picked.emit(option.key)


class _OptionDelegate(QStyledItemDelegate):
    """Draws an option as the closed picker does, with its reason at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), Height.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        data: Option = index.data(_OPTION_ROLE)
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
        _paint_option(painter, self._theme, space, data, role)
        painter.restore()


def _paint_option(painter: QPainter, theme: Theme, space: QRect, option: Option, role: Role) -> None:
    left = space.left()
    if option.icon:
        theme.paint_icon(painter, QRect(left, space.top(), IconSize.SMALL, space.height()), option.icon, role)
        left += IconSize.SMALL + Space.S
    metrics = painter.fontMetrics()
    place = QRect(left, space.top(), space.right() - left + 1, space.height())
    text = metrics.elidedText(option.text, Qt.TextElideMode.ElideRight, place.width())
    painter.setPen(theme.color(role))
    painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), text)
    place.setLeft(left + metrics.horizontalAdvance(text) + Space.S)
    if option.secondary and place.width() > Space.XXL:
        painter.setPen(theme.color(Role.TEXT2 if role is Role.TEXT else role))
        secondary = metrics.elidedText(option.secondary, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), secondary)
