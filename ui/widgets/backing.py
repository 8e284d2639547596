"""Keeps what lies below an open sheet from being painted where nobody can see it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from ui.theme import palette as places
from ui.theme.tokens import Radius

_INSET = Radius.CARD // 2
"""Px from the edge of a panel at which its round corners cover a square one."""
_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ZOrderChange)


class Backing(QWidget):
    """Lies right below `sheet`, as large as `panel` in it, which covers it whole.

    Qt leaves out what an opaque widget beside it covers, and the panel cannot be that widget: its corners are round,
    and it is not beside the page. Without this every letter typed in the sheet has the page below painted too.
    """

    def __init__(self, sheet: QWidget, panel: QWidget) -> None:
        super().__init__(sheet.parentWidget())
        self.setObjectName("sheet_backing")
        self.setBackgroundRole(places.RAISED)
        self.setAutoFillBackground(True)
        self._sheet, self._panel = sheet, panel
        for watched in (sheet, panel):
            watched.installEventFilter(self)
        sheet.destroyed.connect(self.deleteLater)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED:
            self._follow()
        return False

    def _follow(self) -> None:
        if self.parentWidget() is not self._sheet.parentWidget():
            self.setParent(self._sheet.parentWidget())
        box = self._panel.geometry().translated(self._sheet.pos())
        self.setGeometry(box.adjusted(_INSET, _INSET, -_INSET, -_INSET))
        self.stackUnder(self._sheet)
        self.setVisible(self._sheet.isVisible() and self._panel.isVisibleTo(self._sheet))
