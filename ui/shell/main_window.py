"""The window: connection strip, header with a tab for each connection, the room that is open, status strip.

Rooms stand side by side, one for each connection and one for what there is before any. The window does not close by
itself: it asks, and the composition root, which has services to close first, lets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.shell.connection_strip import ConnectionStrip
from ui.shell.header import Header
from ui.shell.room import Room
from ui.shell.status_strip import StatusStrip
from ui.theme.theme import Theme
from ui.theme.tokens import Width
from ui.widgets.focus_ring import FocusRing
from ui.widgets.surface import lie_on_chrome

if TYPE_CHECKING:
    from ui.notices import NoticeHub
    from ui.widgets.modal_sheet import ModalSheet


class MainWindow(QWidget):
    """The frame.

    Attributes:
        home: the room from before there is a connection; it is always there.

    Signals:
        close_requested: the user wants to close the window, which stays until `allow_close`.
        room_shown: another room is open now.
    """

    close_requested = Signal()
    room_shown = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sheets: list[ModalSheet] = []
        self._news: NoticeHub | None = None
        self._may_close = False
        self.setObjectName("main_window")
        lie_on_chrome(self)
        self.setMinimumSize(Width.WINDOW_LEAST, Width.WINDOW_LEAST_HEIGHT)
        self.resize(Width.WINDOW, Width.WINDOW_HEIGHT)
        self._strip = ConnectionStrip(theme)
        self.header = Header(theme)
        self._rooms = QStackedWidget()
        self._status = StatusStrip(theme)
        self.home = Room(theme, self.open_sheet)
        self._build_shortcuts()
        self._build()
        self._add(self.home)
        self._ring = FocusRing(theme, self)
        self._show_frame()

    @property
    def room(self) -> Room:
        """The room that is open."""
        room = self._rooms.currentWidget()
        assert isinstance(room, Room)
        return room

    @property
    def rooms(self) -> tuple[Room, ...]:
        """Those of the connections, in the order of their tabs."""
        widgets = (self._rooms.widget(index) for index in range(self._rooms.count()))
        return tuple(room for room in widgets if isinstance(room, Room) and room is not self.home)

    @property
    def sheet(self) -> ModalSheet | None:
        """The modal sheet that is open, the upper one of two."""
        return self._sheets[-1] if self._sheets else None

    def add_room(self) -> Room:
        """A room for one more connection; `show_room` opens it."""
        room = Room(self._theme, self.open_sheet)
        self._add(room)
        return room

    def remove_room(self, room: Room) -> None:
        """Take a connection's room away; if it was open, its neighbour is, or else the home."""
        if room is self.room:
            others = [other for other in self.rooms if other is not room]
            before = [other for other in others if self._rooms.indexOf(other) < self._rooms.indexOf(room)]
            self.show_room(before[-1] if before else others[0] if others else self.home)
        for control in room.controls:
            control.hide()
            control.deleteLater()
        room.frame_changed.disconnect(self._on_frame_changed)
        self._rooms.removeWidget(room)
        room.hide()
        room.deleteLater()
        self._show_frame()

    def show_room(self, room: Room) -> None:
        """Open a room, as it was left."""
        if room is self.room:
            return
        self._rooms.setCurrentWidget(room)
        self._show_frame()
        self.room_shown.emit(room)

    def open_sheet(self, sheet: ModalSheet) -> None:
        """Open a modal sheet and say in it which connection it is about. Another one that is open is closed first,
        unless the new one stands over others. What is urgent of the room's news is shown in it as well.

        The window owns the sheet from now on and deletes it once it is closed. The connection cannot be changed
        meanwhile.
        """
        while self._sheets and not sheet.stands_over_others:
            self._sheets[-1].close_sheet()
        sign = self.room.sign
        if sign is not None:
            sheet.set_connection(sign.name, sign.connection)
        self._sheets.append(sheet)
        sheet.closed.connect(lambda: self._on_sheet_closed(sheet))
        if self._news is None:
            self._news = self.room.notices
            self._news.changed.connect(self._show_urgent)
        self._show_urgent()
        sheet.open_over(self)
        self._ring.raise_()

    def allow_close(self) -> None:
        """Let the next `close()` close the window."""
        self._may_close = True

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.close_requested.emit()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._strip, self.header):
            column.addWidget(part)
        column.addWidget(self._rooms, 1)
        column.addWidget(self._status)
        self.header.jobs_requested.connect(lambda: self.room.show_view("jobs"))
        self.header.room_requested.connect(self.show_room)
        self.header.home_requested.connect(lambda: self.show_room(self.home))

    def _build_shortcuts(self) -> None:
        for number in range(1, 10):
            self._on_key(f"Ctrl+{number}", lambda room, place=number - 1: room.open_place(place))
        self._on_key(QKeySequence.StandardKey.Refresh, Room.refresh)
        self._on_key("Ctrl+F", Room.focus_search)
        self._on_key("Ctrl+J", lambda room: room.show_view("jobs"))
        self._history_keys = self._on_key("Alt+Left", Room.go_back), self._on_key("Alt+Right", Room.go_forward)
        self._on_key("F6", lambda room: room.next_region(1))
        self._on_key("Shift+F6", lambda room: room.next_region(-1))
        self._on_key("Ctrl+Tab", lambda _: self._next_room(1))
        self._on_key("Ctrl+Shift+Tab", lambda _: self._next_room(-1))

    def _on_key(self, keys: str | QKeySequence.StandardKey, run: Callable[[Room], object]) -> QShortcut:
        def run_below_no_sheet() -> None:
            if not self._sheets:
                run(self.room)

        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(run_below_no_sheet)
        return shortcut

    def _next_room(self, step: int) -> None:
        rooms = self.rooms
        if rooms:
            here = rooms.index(self.room) if self.room in rooms else -1 if step > 0 else 0
            self.show_room(rooms[(here + step) % len(rooms)])

    def _add(self, room: Room) -> None:
        room.resize(self._rooms.size())
        room.frame_changed.connect(self._on_frame_changed)
        room.view_shown.connect(self._match_history_keys)
        self._rooms.addWidget(room)

    def _on_frame_changed(self) -> None:
        self._show_frame()

    def _show_frame(self) -> None:
        """What the frame says of the room that is open, and the tabs of all."""
        room = self.room
        self._strip.set_connection(room.sign.connection if room.sign is not None else None)
        self._status.show_room(room.sign.connection if room.sign is not None else None, *room.status, room.clock)
        self.header.show_rooms(self.rooms, room)
        self.header.set_activities(room.activities)
        title = self.tr("Site Recovery Desk")
        self.setWindowTitle(f"{room.sign.name} – {title}" if room.sign is not None else title)
        self._match_history_keys()

    def _match_history_keys(self) -> None:
        """A full view has its own meaning of them, and two would block each other."""
        for shortcut in self._history_keys:
            shortcut.setEnabled(not self.room.is_full)

    def _show_urgent(self) -> None:
        news = self._news
        if news is not None:
            urgent = [notice for notice in news.notices if notice.urgent]
            for sheet in self._sheets:
                sheet.show_notices([] if sheet.stands_over_others else urgent, news.withdraw)

    def _on_sheet_closed(self, sheet: ModalSheet) -> None:
        if sheet not in self._sheets:
            return
        self._sheets.remove(sheet)
        sheet.deleteLater()
        if not self._sheets and self._news is not None:
            self._news.changed.disconnect(self._show_urgent)
            self._news = None
