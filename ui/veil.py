"""A veil over a widget that waits and cannot show it by itself: words and a way to stop waiting."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.busy import Failure, Waiting
from ui.theme.tokens import Height, Radius, Space
from ui.widgets.labels import Text
from ui.widgets.surface import Ground, Surface

_BUTTON_LOOK = f"""
    QPushButton {{
        background: palette(base); color: palette(window-text); border: 1px solid palette(mid);
        border-radius: {Radius.CONTROL}px; padding: 0 {Space.M}px; min-height: {Height.SMALL_BUTTON - 2}px;
    }}
"""
"""A veil is laid by whoever makes a call, which knows no theme; what it says comes from the palette alone."""


class Veil(QFrame):
    """Lies over `covered` and keeps clicks from it; the keyboard focus stays where it was."""

    def __init__(self, covered: QWidget) -> None:
        super().__init__(covered)
        self._covered = covered
        self._text = Text("", wrap=True)
        self._stop = QPushButton(self.tr("Stop waiting"))
        self._stop.setStyleSheet(_BUTTON_LOOK)
        self._stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._words = Surface(Ground.RAISED)
        row = QHBoxLayout(self._words)
        row.setSpacing(Space.M)
        row.setContentsMargins(Space.CARD_X, Space.CARD_Y, Space.CARD_X, Space.CARD_Y)
        row.addWidget(self._text)
        row.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignCenter)
        self._words.hide()
        self.hide()

    def show_veil(self) -> None:
        """Lay the veil over the whole of what it covers, and follow its size."""
        self._covered.installEventFilter(self)
        self.setGeometry(self._covered.rect())
        self.show()
        self.raise_()

    def show_waiting(self, waiting: Waiting) -> None:
        """Say what is being done and offer to stop waiting."""
        if not self._words.isVisible():
            self._stop.clicked.connect(waiting.stop)
        count = f": {waiting.done:,} / {waiting.total:,}" if waiting.total else ""
        self._text.setText(f"{waiting.text}{count}, {waiting.elapsed_s:.0f} s")
        self._words.show()

    def clear_busy(self) -> None:
        """Go for good; the next wait makes a veil of its own."""
        self.hide()
        self.deleteLater()

    def show_failure(self, failure: Failure) -> bool:
        """A veil has gone by then; the notice says it."""
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._covered.rect())
        return False
