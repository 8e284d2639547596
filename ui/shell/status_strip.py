"""The strip at the bottom: left what this connection is, right the clock and the next refresh."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Height, IconSize, Role, Space, TextStyle
from ui.widgets.labels import IconLabel, Text
from ui.widgets.surface import horizontal_line, lie_on_chrome


class StatusStrip(QFrame):
    """28 px with its line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_strip")
        lie_on_chrome(self)
        self.setFixedHeight(Height.STATUS_STRIP)
        self._icon = IconLabel(theme, "production", Role.TEXT2, IconSize.SMALL)
        self._what = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._what.setObjectName("status_what")
        self._when = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._when.setObjectName("status_when")
        row = QHBoxLayout()
        row.setContentsMargins(Space.L, 0, Space.L, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._icon)
        row.addWidget(self._what, 1)
        row.addWidget(self._when)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(horizontal_line())
        column.addLayout(row, 1)
        self._icon.hide()

    def show_room(self, connection: Connection | None, what: str, following: str, clock: str) -> None:
        """Say what the connection is, in its manner, when figures come anew, and its time; None is none."""
        is_practice = connection is Connection.PRACTICE
        role = Role.WAITING if is_practice else Role.TEXT2
        self._icon.set_icon("practice" if is_practice else "production", role)
        self._icon.setVisible(connection is not None)
        self._what.set_role(role)
        self._what.setText(what)
        self._when.setText(" · ".join(part for part in (clock, following) if part))
