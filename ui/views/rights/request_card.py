"""What to ask an owner for: the roles in a list, and the request with its commands ready to be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.flows.rights_request import Ask, RightsRequest
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, TextStyle
from ui.views.rights.words import breakable, purposes_line
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import IconLabel, Text


class RequestCard(Card):
    """Everything that is missing in one request, with the fewest and smallest roles."""

    def __init__(self, theme: Theme, request: RightsRequest) -> None:
        super().__init__()
        self.setObjectName("rights-request")
        self._theme = theme
        self.request = request
        self.copy_button = Button(theme, self.tr("&Copy the request"), icon="copy", kind=Kind.PRIMARY)
        self.copy_button.setObjectName("rights-copy-request")
        self._news = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._news.setObjectName("rights-news")
        self.words = Disclosure(
            theme, self.tr("The request with its commands, for the Azure CLI and PowerShell"), request.text
        )
        self.words.setObjectName("rights-request-words")
        self.words.copy_button.hide()
        self.az_button = Button(theme, self.tr("Azure C&LI"), icon="copy")
        self.az_button.setObjectName("rights-copy-az")
        self.az_button.setAccessibleName(self.tr("Copy the commands for the Azure CLI, in bash"))
        self.powershell_button = Button(theme, self.tr("&PowerShell"), icon="copy")
        self.powershell_button.setObjectName("rights-copy-powershell")
        self.powershell_button.setAccessibleName(self.tr("Copy the commands for PowerShell"))
        self._build()
        self.copy_button.clicked.connect(lambda _checked: self._copy(request.text))
        self.az_button.clicked.connect(lambda _checked: self._copy(request.az))
        self.powershell_button.clicked.connect(lambda _checked: self._copy(request.powershell))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(self.tr("Ask an owner for this"), TextStyle.SECTION))
        hint = self.tr("An owner runs the commands; a few minutes later the rights are there.")
        words.addWidget(Text(hint, TextStyle.BODY, Role.TEXT2, wrap=True))
        head.addLayout(words, 1)
        head.addWidget(self._news)
        for button in (self.powershell_button, self.az_button, self.copy_button):
            button.setToolTip(button.accessibleName())
            head.addWidget(button)
        self.body.addLayout(head)
        self.body.addSpacing(Space.XS)
        for ask in self.request.asks:
            self.body.addWidget(self._build_ask(ask))
        self.body.addSpacing(Space.XS)
        self.body.addWidget(self.words)

    def _build_ask(self, ask: Ask) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.M)
        icon = IconLabel(self._theme, "resource_group" if ask.instead else "rights", Role.TEXT2, IconSize.NAV)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(ask.title, TextStyle.STRONG, wrap=True))
        purposes = self.tr("For {}").format(purposes_line(ask.purposes))
        words.addWidget(Text(purposes, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        scope = Text(breakable(ask.scope.text), TextStyle.CAPTION, Role.TEXT2, wrap=True)
        scope.setAccessibleName(ask.scope.text)
        words.addWidget(scope)
        line.addLayout(words, 1)
        return row

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._news.setText(self.tr("Copied"))
