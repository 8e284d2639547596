"""The tabs of the header: one for each connection, in its colour, with its vault, a lock and a way to close it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui.shell.room import Room, RoomSign
from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Height, IconSize, Radius, Role, Space, TextStyle
from ui.widgets.buttons import IconButton
from ui.widgets.painting import fill_box, outline_box, painting

_LEAST_NAME = 72
"""Pixels of a name that stay when there is no room for more."""


class ConnectionTab(QAbstractButton):
    """One connection. The one that is open wears its ground and border, the others only their icon's colour."""

    lock_requested = Signal()
    close_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sign = RoomSign("", "", Connection.TEAL)
        self._is_open = False
        self.setObjectName("connection_tab")
        self.setFixedHeight(Height.TAB)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.lock_button = IconButton(theme, "read_only", self.tr("Allow changes"), small=True)
        self.lock_button.setObjectName("connection_tab_lock")
        self.lock_button.clicked.connect(self.lock_requested)
        self.close_button = IconButton(theme, "close", "", small=True)
        self.close_button.setObjectName("connection_tab_close")
        self.close_button.clicked.connect(self.close_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, Space.XS, 0)
        row.setSpacing(0)
        row.addStretch(1)
        row.addWidget(self.lock_button)
        row.addWidget(self.close_button)

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def sign(self) -> RoomSign:
        return self._sign

    def show_sign(self, sign: RoomSign, *, is_open: bool) -> None:
        self._sign, self._is_open = sign, is_open
        words = [sign.name, sign.vault, self.tr("read-only") if sign.is_read_only else ""]
        self.setText(", ".join(word for word in words if word))
        self.setAccessibleDescription(self.tr("Open") if is_open else "")
        self.setToolTip(" · ".join(word for word in words if word))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lock_button.setVisible(sign.is_read_only)
        self.close_button.set_name(self.tr("Close {}").format(sign.name))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        name = self._theme.width_of(self._sign.name, self._name_style)
        vault = self._theme.width_of(self._sign.vault, TextStyle.CAPTION)
        return QSize(self._around + name + (vault + Space.M if self._sign.vault else 0) + 1, Height.TAB)

    def minimumSizeHint(self) -> QSize:
        name = self._theme.width_of(self._sign.name, self._name_style)
        return QSize(self._around + min(name, _LEAST_NAME), Height.TAB)

    @property
    def _around(self) -> int:
        """Everything but the words."""
        locks = Height.SMALL_BUTTON if self._sign.is_read_only else 0
        return Space.M + IconSize.SMALL + Space.S + Space.M + locks + Height.SMALL_BUTTON + Space.XS

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colors = self._theme, self._theme.colors.connections[self._sign.connection]
        with painting(self) as painter:
            if self._is_open:
                fill_box(painter, self.rect(), colors.ground, Radius.CONTROL)
                outline_box(painter, self.rect(), colors.border, Radius.CONTROL)
            elif self.underMouse() or self.isDown():
                fill_box(painter, self.rect(), theme.colors.press, Radius.CONTROL)
            icon = "practice" if self._sign.connection is Connection.PRACTICE else "production"
            theme.paint_icon(painter, QRect(Space.M, 0, IconSize.SMALL, self.height()), icon, QColor(colors.text))
            left = Space.M + IconSize.SMALL + Space.S
            room = self.width() - self._around
            painter.setFont(theme.font(self._name_style))
            painter.setPen(QColor(colors.text) if self._is_open else theme.color(Role.TEXT))
            style = self._name_style
            name = theme.shortened(self._sign.name, style, room)
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
            painter.drawText(QRect(left, 0, room, self.height()), flags, name)
            used = theme.width_of(name, style) + Space.M
            if not self._sign.vault or room - used < _LEAST_NAME // 2:
                return
            painter.setFont(theme.font(TextStyle.CAPTION))
            painter.setPen(theme.color(Role.TEXT2))
            vault = theme.shortened(self._sign.vault, TextStyle.CAPTION, room - used)
            painter.drawText(QRect(left + used, 0, room - used, self.height()), flags, vault)

    @property
    def _name_style(self) -> TextStyle:
        return TextStyle.STRONG if self._is_open else TextStyle.BODY


class ConnectionTabs(QWidget):
    """The tabs side by side, and a button for one more connection.

    Signals:
        room_requested: open this room.
        home_requested: open the page from which connections are opened.
    """

    room_requested = Signal(object)
    home_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tabs: dict[Room, ConnectionTab] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.more_button = IconButton(theme, "create", self.tr("Open another connection"))
        self.more_button.setObjectName("open_another")
        self.more_button.clicked.connect(self.home_requested)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.XS)
        self._row.addWidget(self.more_button)

    @property
    def tabs(self) -> tuple[ConnectionTab, ...]:
        return tuple(self._tabs.values())

    @property
    def stops(self) -> list[QWidget]:
        """What Tab stops at, from left to right."""
        in_row = [self._row.itemAt(index).widget() for index in range(self._row.count())]
        tabs = [tab for tab in in_row if isinstance(tab, ConnectionTab)]
        return [*(part for tab in tabs for part in (tab, tab.lock_button, tab.close_button)), self.more_button]

    def show_rooms(self, rooms: Sequence[Room], current: Room) -> None:
        for gone in [room for room in self._tabs if room not in rooms]:
            tab = self._tabs.pop(gone)
            tab.hide()
            tab.deleteLater()
        for place, room in enumerate(rooms):
            if room.sign is None:
                continue
            tab = self._tabs.get(room)
            if tab is None:
                tab = self._tabs[room] = self._new_tab(room)
                self._row.insertWidget(place, tab)
            if room.sign is not tab.sign or tab.is_open is not (room is current):
                tab.show_sign(room.sign, is_open=room is current)

    def _new_tab(self, room: Room) -> ConnectionTab:
        tab = ConnectionTab(self._theme)
        tab.clicked.connect(lambda: self.room_requested.emit(room))
        tab.lock_requested.connect(room.unlock_requested)
        tab.close_requested.connect(room.close_requested)
        return tab
