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
        self._clock = ""
        self._next = ""
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

    def clear(self) -> None:
        """Show nothing, as before there is a connection."""
        self._icon.hide()
        self._what.setText("")
        self._clock = self._next = ""
        self._show_when()

    def set_connection(self, connection: Connection) -> None:
        """Draw the left side in the manner of the connection."""
        is_practice = connection is Connection.PRACTICE
        role = Role.WAITING if is_practice else Role.TEXT2
        self._icon.set_icon("practice" if is_practice else "production", role)
        self._what.set_role(role)
        self._icon.show()

    def set_status(self, what: str, following: str = "") -> None:
        """Say what this connection is, and when figures come anew."""
        self._what.setText(what)
        self._next = following
        self._show_when()

    def set_clock(self, text: str) -> None:
        """Show the clock of the connection."""
        self._clock = text
        self._show_when()

    def _show_when(self) -> None:
        self._when.setText(" · ".join(part for part in (self._clock, self._next) if part))
