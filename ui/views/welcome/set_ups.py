"""Set-ups that are not finished, as the first page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import IconLabel, StatusLine, Text


class UnfinishedSetUp(NamedTuple):
    """A draft on disk, and where it belongs: the scenario of a practice vault, or a saved connection's id."""

    path: Path
    name: str
    scenario: str
    detail: str
    problem: str = ""
    connection: str = ""


class SetUpsCard(Card):
    """A row for each.

    Signals:
        chosen: go on with this one; carries an `UnfinishedSetUp`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(_tr("Unfinished set-ups"))
        self._theme = theme
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)

    def show_set_ups(self, set_ups: Sequence[UnfinishedSetUp]) -> None:
        """Show these in place of those before."""
        while self._rows.count():
            row = self._rows.takeAt(0).widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for number, set_up in enumerate(set_ups):
            self._rows.addWidget(self._row(number, set_up))

    def _row(self, number: int, set_up: UnfinishedSetUp) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, Space.XS, 0, Space.XS)
        line.setSpacing(Space.M)
        line.addWidget(IconLabel(self._theme, "set_up", Role.TEXT2, IconSize.CARD))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(set_up.name, TextStyle.STRONG))
        if set_up.problem:
            words.addWidget(StatusLine(self._theme, Status.WARNING, set_up.problem))
        else:
            words.addWidget(Text(set_up.detail, TextStyle.CAPTION, Role.TEXT2))
        line.addLayout(words, 1)
        if not set_up.problem:
            button = Button(self._theme, _tr("Go on"))
            button.setObjectName(f"welcome-go-on-{number}")
            button.setAccessibleName(_tr("Go on with {}").format(set_up.name))
            button.clicked.connect(lambda: self.chosen.emit(set_up))
            line.addWidget(button)
        return row


def _tr(text: str) -> str:
    return QCoreApplication.translate("WelcomeView", text)
