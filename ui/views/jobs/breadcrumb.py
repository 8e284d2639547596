"""The way back above a title: an arrow, the list's name, and where one is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space
from ui.widgets.buttons import Button, IconButton, Kind
from ui.widgets.labels import Text


class Breadcrumb(QWidget):
    """Two steps are all there are here.

    Signals:
        back_requested: to the list.
    """

    back_requested = Signal()

    def __init__(self, theme: Theme, above: str) -> None:
        super().__init__()
        self.back = IconButton(theme, "back", self.tr("Back to the list"), small=True)
        self.back.setObjectName("job-back")
        self.link = Button(theme, above, kind=Kind.LINK)
        self.link.setObjectName("job-back-link")
        self._here = Text("", role=Role.TEXT2)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.PAGE - Space.XS, Space.M, Space.PAGE, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.back)
        row.addWidget(self.link)
        row.addWidget(Text("/", role=Role.TEXT2))
        row.addWidget(self._here, 1)
        self.back.clicked.connect(self.back_requested)
        self.link.clicked.connect(self.back_requested)

    def set_here(self, text: str) -> None:
        """Name where one is."""
        self._here.setText(text)
