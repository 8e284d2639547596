"""The header: which connection this is, and what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Role, Space, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import IconLabel, Text
from ui.widgets.surface import lie_on_chrome

if TYPE_CHECKING:
    from ui.shell.activity_panel import Activity, ActivityPanel
    from ui.shell.connection_tabs import ConnectionTabs
    from ui.shell.room import Room


class Header(QFrame):
    """52 px. Before there is a connection it carries the name of the program, then a tab for each.

    Signals:
        jobs_requested: the user wants to see all jobs.
        room_requested: open this connection's room.
        home_requested: open the page from which connections are opened.
    """

    jobs_requested = Signal()
    room_requested = Signal(object)
    home_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._activities: tuple[Activity, ...] = ()
        self._panel: ActivityPanel | None = None
        self.setObjectName("header")
        lie_on_chrome(self)
        self.setFixedHeight(Height.HEADER)
        self._mark = IconLabel(theme, "replicated_items", Role.ACCENT, IconSize.NAV)
        self._name = Text(self.tr("Site Recovery Desk"), TextStyle.STRONG)
        self._tabs: ConnectionTabs | None = None
        self.running_button = Button(theme, "", icon="running", kind=Kind.QUIET)
        self.running_button.setObjectName("running_jobs")
        self.running_button.clicked.connect(self._on_running_clicked)
        self.running_button.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.M, 0, Space.M, 0)
        self._row.setSpacing(Space.S)
        self._row.addWidget(self._mark)
        self._row.addWidget(self._name)
        self._row.addStretch(1)
        self._row.addWidget(self.running_button, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def tabs(self) -> ConnectionTabs | None:
        """The tabs of the connections; None as long as there was none."""
        return self._tabs

    def show_rooms(self, rooms: Sequence[Room], current: Room) -> None:
        """Show a tab for each connection in place of the program's name, and the controls of the open one."""
        if self._tabs is None and rooms:
            from ui.shell.connection_tabs import ConnectionTabs

            self._tabs = ConnectionTabs(self._theme)
            self._tabs.room_requested.connect(self.room_requested)
            self._tabs.home_requested.connect(self.home_requested)
            self._row.insertWidget(self._row.indexOf(self._name) + 1, self._tabs)
        if self._tabs is not None:
            self._tabs.show_rooms(rooms, current)
            self._tabs.setVisible(bool(rooms))
        for room in rooms:
            for control in room.controls:
                if control.parentWidget() is not self:
                    self.add_control(control)
                control.setVisible(room is current)
        self._order_stops()
        self._mark.setVisible(not rooms)
        self._name.setVisible(not rooms)

    def _order_stops(self) -> None:
        """Let Tab go from left to right, whatever was made first."""
        if self._tabs is None:
            return
        controls = [self._row.itemAt(index).widget() for index in range(self._row.count())]
        stops = [*self._tabs.stops, *(each for each in controls if each is not None and each is not self._tabs)]
        for before, after in pairwise(stop for stop in stops if stop.focusPolicy() is not Qt.FocusPolicy.NoFocus):
            self.setTabOrder(before, after)

    def add_control(self, control: QWidget) -> None:
        """Put a control at the right, before what is under way."""
        self._row.insertWidget(self._row.count() - 1, control, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_activities(self, activities: Sequence[Activity]) -> None:
        """Count what is under way; the button is there only while something is."""
        self._activities = tuple(activities)
        self.running_button.setText(self.tr("{} running").format(len(self._activities)))
        self.running_button.setVisible(bool(self._activities))
        if self._panel is not None:
            self._panel.set_activities(self._activities)

    def _on_running_clicked(self) -> None:
        if self._panel is None:
            from ui.shell.activity_panel import ActivityPanel

            self._panel = ActivityPanel(self._theme, self.running_button)
            self._panel.jobs_requested.connect(self.jobs_requested)
            self._panel.set_activities(self._activities)
        if self._panel.is_open:
            self._panel.dismiss()
        else:
            self._panel.open()
