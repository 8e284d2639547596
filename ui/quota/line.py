"""One line that says whether the quota carries all machines, and leads to the figures behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.quota import QuotaVerdict, Standing
from app.domain.rules import Rules
from ui.quota.words import STATUS, carries_text
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.buttons import Button
from ui.widgets.labels import StatusLine
from ui.widgets.surface import horizontal_line


class QuotaLine(QWidget):
    """Hidden while there is nothing to compare.

    Signals:
        opened: show the figures.
    """

    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("quota-line")
        self.verdict: QuotaVerdict | None = None
        self._words = StatusLine(theme, Status.OK)
        self.button = Button(theme, "", small=True)
        self.button.setObjectName("quota-open")
        self.button.clicked.connect(self.opened)
        row = QHBoxLayout()
        row.setContentsMargins(Space.CARD_X, Space.S, Space.M, Space.S)
        row.setSpacing(Space.M)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(horizontal_line())
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text

    def show_verdict(self, verdict: QuotaVerdict | None, rules: Rules) -> None:
        self.verdict = verdict
        self.setVisible(verdict is not None)
        if verdict is None:
            return
        together = self.tr("{} at once.")
        text = together.format(carries_text(verdict, rules))
        if verdict.standing is Standing.UNKNOWN and verdict.unknown:
            text = f"{text} {verdict.unknown[0].why}"
        self._words.set_status(STATUS[verdict.standing], text)
        self.button.setText(self.tr("Ask for &more…") if verdict.short else self.tr("Sho&w quota…"))
