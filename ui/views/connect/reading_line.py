"""How far the reading of all subscriptions is, and a way to leave it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.vault_catalogue import Catalogue
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.progress_line import ProgressBar


class ReadingLine(QWidget):
    """Below the rows, as long as some subscriptions have not answered.

    Signals:
        stop_requested: what has come is enough.
        go_on_requested: the rest shall be read too.
    """

    stop_requested = Signal()
    go_on_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("vaults-reading")
        self._bar = ProgressBar(theme)
        self._text = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.stop = Button(theme, self.tr("Stop reading"), small=True)
        self.stop.setObjectName("vaults-stop")
        self.go_on = Button(theme, self.tr("Read the rest"), small=True)
        self.go_on.setObjectName("vaults-go-on")
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._text, 1)
        line.addWidget(self.stop)
        line.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
        column.setSpacing(Space.S)
        column.addWidget(self._bar)
        column.addLayout(line)
        self.stop.clicked.connect(self.stop_requested)
        self.go_on.clicked.connect(self.go_on_requested)
        self.hide()

    @property
    def text(self) -> str:
        """How far it is, as shown."""
        return "" if self.isHidden() else self._text.text()

    def show_catalogue(self, catalogue: Catalogue, now: datetime) -> None:
        """Follow what is known."""
        done, total = catalogue.read_count, len(catalogue.subscriptions)
        is_stopped = not catalogue.is_reading and done < total
        self.setVisible(catalogue.is_reading or is_stopped)
        self.stop.setVisible(catalogue.is_reading)
        self.go_on.setVisible(is_stopped)
        self._bar.setVisible(bool(total))
        self._bar.set_fraction(done / total if total else 0)
        told = self.tr("{0} of {1} subscriptions read").format(f"{done:,}", f"{total:,}")
        if not total:
            told = self.tr("Asking which subscriptions there are")
        elif is_stopped:
            told = self.tr("Stopped: {}").format(told)
        elif catalogue.waits_until is not None:
            left = max((catalogue.waits_until - now).total_seconds(), 0)
            told = self.tr("{0}. Azure asks to wait {1} s").format(told, f"{left:.0f}")
        self._text.setText(told)
