"""Buttons that put a request, or its commands alone, on the clipboard."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.flows.rights_request import RightsRequest
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.labels import Text


class CopyLine(QWidget):
    """Three buttons and what was copied last. Their object names begin with `name`; `about` says what they are for."""

    def __init__(self, theme: Theme, request: RightsRequest, about: str, name: str) -> None:
        super().__init__()
        self._news = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._news.setObjectName(f"{name}-news")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        for part, title, text in (
            ("request", self.tr("Copy request"), request.text),
            ("az", self.tr("Copy for Azure CLI"), request.az),
            ("powershell", self.tr("Copy for PowerShell"), request.powershell),
        ):
            button = Button(theme, title, icon="copy", small=True)
            button.setObjectName(f"{name}-{part}")
            button.setAccessibleName(self.tr("{0}: {1}").format(title, about))
            button.clicked.connect(lambda _checked, words=text: self._copy(words))
            line.addWidget(button)
        line.addWidget(self._news)
        line.addStretch(1)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._news.setText(self.tr("Copied"))
