"""The grey line above rows that are older than they should be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Text
from ui.widgets.painting import painting


class StaleLine(QWidget):
    """How old the rows are, why, and Try now."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("table_stale")
        self._theme = theme
        self._try_again: Callable[[], object] | None = None
        self._text = Text("", wrap=True)
        self.button = Button(theme, self.tr("Try now"), small=True)
        self.button.setObjectName("try_now")
        self.button.clicked.connect(self._on_button_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CARD_X, Space.XS, Space.M, Space.XS)
        row.setSpacing(Space.S)
        row.addWidget(IconLabel(theme, "stale", Role.NEUTRAL, IconSize.SMALL))
        row.addWidget(self._text, 1)
        row.addWidget(self.button)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_text(self, text: str, try_again: Callable[[], object]) -> None:
        self._text.setText(text)
        self._try_again = try_again
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.colors.statuses[Status.NEUTRAL].ground))

    def _on_button_clicked(self) -> None:
        if self._try_again is not None:
            self._try_again()
