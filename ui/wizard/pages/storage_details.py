"""What is to be said of the selected storage account, below its table: every reason, what to do, and what it holds."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.issue import Suitability, Verdict
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.storage_rows import StorageRow, explained

_STATUS = {
    Suitability.BLOCKED: Status.CRITICAL,
    Suitability.WARNING: Status.WARNING,
    Suitability.OK: Status.INFO,
}


class StorageDetails(QWidget):
    """One line for each thing; gone where there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row: StorageRow | None = None
        self._issue: tuple[Status, str] = (Status.NEUTRAL, "")
        self._lines: list[StatusLine] = []
        self._name = Text("", TextStyle.STRONG)
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.M)
        self._column.setSpacing(Space.XS)
        self._column.addWidget(self._name)
        self.hide()

    @property
    def message(self) -> str:
        """All that is said."""
        return "" if self.isHidden() else " ".join(line.text for line in self._lines if not line.isHidden())

    def show_row(self, row: StorageRow | None) -> None:
        """Be about this account."""
        if row != self._row:
            self._row = row
            self._show()

    def show_issue(self, status: Status, text: str) -> None:
        """What stops the step, in case that is no reason of the account’s own; empty takes it away."""
        if (status, text) != self._issue:
            self._issue = (status, text)
            self._show()

    def _show(self) -> None:
        row, (status, issue) = self._row, self._issue
        told = [] if row is None else [_told(row, each) for each in row.verdicts if each.reason]
        if issue and not any(text == issue for _, text in told):
            told.insert(0, (status, issue))
        if row is not None and row.new is None:
            told.append((Status.NEUTRAL, row.contents))
        self._name.setVisible(row is not None)
        self._name.setText("" if row is None else row.name)
        for place, (status, text) in enumerate(told):
            line = self._line(place)
            icon = "storage" if status is Status.NEUTRAL else None
            line.set_status(status, text, icon=icon)
            line.show()
        for line in self._lines[len(told) :]:
            line.hide()
        self.setVisible(bool(told))

    def _line(self, place: int) -> StatusLine:
        while len(self._lines) <= place:
            line = StatusLine(self._theme, style=TextStyle.CAPTION, tinted=True)
            self._lines.append(line)
            self._column.addWidget(line)
        return self._lines[place]


def _told(row: StorageRow, verdict: Verdict) -> tuple[Status, str]:
    is_advised = row.is_advised and verdict is row.verdict and verdict.status is Suitability.OK
    return Status.OK if is_advised else _STATUS[verdict.status], explained(verdict)
