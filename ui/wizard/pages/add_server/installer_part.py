"""The installer: downloaded here, or from where the hosts have Internet."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.errors import AppError
from ui.theme.theme import Theme
from ui.theme.tokens import Role, TextStyle
from ui.widgets.labels import Text
from ui.wizard.pages.add_server.part import Ground, Part
from ui.wizard.pages.provider_download import ProviderDownloadPanel
from ui.wizard.requests import Request


class InstallerPart(Part):
    """Says where the file has to lie; the panel does the rest."""

    id = "installer"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._panel = ProviderDownloadPanel(theme)
        self._panel.requested.connect(self.requested)
        text = self.tr(
            "It installs the Site Recovery Provider and the Recovery Services agent. Put it into one folder with the "
            "key file and the script: the script finds both there. It is the same file for every host and every site."
        )
        self.column.addWidget(Text(text, TextStyle.BODY, Role.TEXT2, wrap=True))
        self.column.addWidget(self._panel)
        self.column.addStretch(1)

    def load(self, ground: Ground) -> None:
        """The download is no answer of the draft."""

    def begin(self) -> None:
        self._panel.ask()

    def first_focus(self) -> QWidget:
        return self._panel.first_focus()

    def started(self, request: Request) -> None:
        self._panel.started(request)

    def progressed(self, request: Request, progress: object) -> None:
        self._panel.progressed(request, progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        self._panel.finished(request, outcome)
