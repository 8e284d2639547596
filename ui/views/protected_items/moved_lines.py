"""What a machine's details say above all else where its storage account or network is not where it was."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.flows.no_moves import MovedTarget
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.labels import StatusLine


class MovedLines(QWidget):
    """One line for each; hidden where all is in place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details-moved")
        self._theme = theme
        self._shown: tuple[MovedTarget, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, Space.M)
        self._column.setSpacing(Space.S)
        self.hide()

    @property
    def text(self) -> str:
        return " ".join(f"{moved.text} {moved.remedy}" for moved in self._shown)

    def show_moved(self, moved: Sequence[MovedTarget]) -> None:
        """Say it of these."""
        if tuple(moved) == self._shown:
            return
        self._shown = tuple(moved)
        while self._column.count():
            widget = self._column.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in self._shown:
            self._column.addWidget(StatusLine(self._theme, Status.CRITICAL, f"{each.text} {each.remedy}"))
        self.setVisible(bool(self._shown))
