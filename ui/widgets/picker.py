"""The picker: a combo box whose options have a second text, and stay with a reason when they do not suit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from ui.theme.stylesheet import dress, list_rules, picker_rules
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Role, Space, Width

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionComboBox

_MOST_ROWS = 12


class Option(NamedTuple):
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
        dress(self, theme, picker_rules)
        self.setPlaceholderText(placeholder)
        self._options: tuple[Option, ...] = ()
        self._picked_key: str | None = None
        self._has_list = False
        self.setMaxVisibleItems(_MOST_ROWS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._on_activated)

    @property
    def current_key(self) -> str | None:
        """The key of what is picked; `None` if nothing is."""
        return self._picked_key

    @property
    def options(self) -> tuple[Option, ...]:
        """All options, unsuitable ones included."""
        return self._options

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer these. What is picked stays picked if it is still among them."""
        key, options = self._picked_key, tuple(options)
        if options == self._options:
            return
        self._options = options
        self.blockSignals(True)
        self.clear()
        for row, option in enumerate(options):
            words = (option.text, option.secondary, option.reason)
            self.addItem(option.text)
            self.setItemData(row, ", ".join(word for word in words if word), Qt.ItemDataRole.AccessibleTextRole)
            if option.reason:
                self.model().item(row).setEnabled(False)
        self.blockSignals(False)
        self.set_current(key)
        self.update()

    def set_current(self, key: str | None) -> None:
        """Show the option of `key` as picked, or none if it is not there."""
        keys = [option.key for option in self._options]
        self._picked_key = key if key in keys else None
        row = keys.index(key) if key in keys and key is not None else -1
        if row != self.currentIndex():
            self.setCurrentIndex(row)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(super().sizeHint().width(), Width.PICKER), Height.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return QSize(Width.PICKER_LEAST, Height.CONTROL)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel over a closed picker scrolls the page; it does not change an answer."""
        event.ignore()

    def showPopup(self) -> None:
        if not self._has_list:
            self._dress_list()
        metrics = QFontMetrics(self.font())
        texts = (f"{o.text}    {o.secondary}    {o.reason}" for o in self._options)
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        self.view().setMinimumWidth(max(self.width(), min(widest + 5 * Space.L, self.window().width() // 2)))
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Have Qt draw the frame alone."""
        super().initStyleOption(option)
        option.currentText = ""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.currentIndex() >= 0:
            super().paintEvent(event)
        else:
            self._paint_frame()
        painter = QPainter(self)
        side = IconSize.SMALL
        caret = QRect(self.width() - Space.CELL - side, (self.height() - side) // 2, side, side)
        enabled = self.isEnabled()
        self._theme.paint_icon(painter, caret, "unfold", Role.TEXT2 if enabled else Role.TEXT3)
        space = QRect(Space.CELL + 1, 0, caret.left() - Space.CELL - Space.S, self.height())
        if self.currentIndex() >= 0:
            picked = self._options[self.currentIndex()]
            paint_option(painter, self._theme, space, picked, Role.TEXT if enabled else Role.TEXT3)
        else:
            painter.setPen(self._theme.color(Role.TEXT2))
            painter.drawText(space, int(Qt.AlignmentFlag.AlignVCenter), self.placeholderText())
        painter.end()

    def _paint_frame(self) -> None:
        """While nothing is picked Qt would draw the placeholder as well, in the colour of an answer."""
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter  # slow to load: see `_dress_list`

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.end()

    def _dress_list(self) -> None:
        """Before it opens for the first time, not before the picker shows: what lists need of Qt is slow to load."""
        from ui.widgets.picker_list import OptionDelegate

        self._has_list = True
        dress(self.view(), self._theme, list_rules)
        self.view().setItemDelegate(OptionDelegate(self._theme, self))
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)

    def _on_activated(self, row: int) -> None:
        option = self._options[row]
        if option.key != self._picked_key:
            self._picked_key = option.key
            self.picked.emit(option.key)


def paint_option(painter: QPainter, theme: Theme, space: QRect, option: Option, role: Role) -> None:
    """Draw icon, text and second text of an option into `space`."""
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
