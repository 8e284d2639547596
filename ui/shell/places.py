"""The navigation and, beside it, the views it leads to."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from ui.shell.content_frame import ContentFrame
from ui.shell.navigation import Navigation
from ui.theme.theme import Theme


class Places(QWidget):
    """One of its views is open. Banners stand above it, unless it takes them itself."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.navigation = Navigation(theme)
        self._frame = ContentFrame(theme)
        self._stack = QStackedWidget()
        self._frame.body.addWidget(self._stack, 1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.navigation)
        self._row.addWidget(self._frame, 1)

    def add(self, view: QWidget) -> None:
        """Take in a view."""
        self._stack.addWidget(view)

    def open(self, view: QWidget) -> None:
        """Open one that was taken in."""
        self._stack.setCurrentWidget(view)

    @property
    def room(self) -> QSize:
        """How large a view is when it is open."""
        return self._stack.size()

    def take_banners(self, banners: QWidget) -> None:
        """Stand `banners` above the view."""
        if self._frame.body.indexOf(banners) < 0:
            self._frame.body.insertWidget(0, banners)

    def fold(self, is_folded: bool) -> None:
        """Fold the navigation to icons, or unfold it, without a moment in between."""
        if is_folded != self.navigation.is_folded:
            self.navigation.set_folded(is_folded)
            self._row.activate()
