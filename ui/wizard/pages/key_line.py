"""The registration key beside the site: until when it is good, and the way to a new one."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.key_words import key_status, key_text, time_left


class KeyLine(QWidget):
    """Only shows: a key is made in the sheet, where its action stands.

    Signals:
        open_requested: the sheet shall open at the key.
    """

    open_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = StatusLine(theme, Status.NEUTRAL, wrap=False)
        self._state.setObjectName("source-key")
        self._left = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._open = Button(theme, "")
        self._open.setObjectName("source-open-key")
        self._open.clicked.connect(self.open_requested)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self._state)
        line.addWidget(self._left)
        line.addWidget(self._open)
        line.addStretch(1)
        holder = QWidget()
        holder.setFixedHeight(Height.CONTROL)
        line.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(Text(self.tr("Registration key"), TextStyle.LABEL))
        column.addWidget(holder)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_key(self, valid_until: datetime | None, now: datetime) -> None:
        """None where this program has made no key for the site."""
        if valid_until is None:
            self._state.set_status(Status.NEUTRAL, self.tr("None made here"), icon="key")
            self._left.setText("")
            self._open.setText(self.tr("Ma&ke a key…"))
            return
        status = key_status(valid_until, now)
        self._state.set_status(status, key_text(valid_until, now), icon="key" if status is Status.OK else None)
        self._left.setText(time_left(valid_until, now))
        self._open.setText(self.tr("Rene&w…"))
