"""Why signing in did not work: cause and what to do, Azure's own words folded, and another way where there is one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError, NotSupported, Unreachable
from ui.sign_in.words import details_of
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.buttons import Button
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import StatusLine

_NO_FAULT = ("Declined", "TimedOut", "Cancelled")
"""Nobody has to correct anything after these."""


class RefusalLines(QWidget):
    """Takes no room while there is nothing to say.

    Signals:
        device_code_requested: no browser can be opened here; a code shall do.
    """

    device_code_requested = Signal()

    def __init__(self, theme: Theme, *, offers_code: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers_code = offers_code
        self.setObjectName("sign-in-refusal")
        self.line = StatusLine(theme)
        self.line.setObjectName("sign-in-refusal-line")
        self.details = Disclosure(theme, self.tr("What Azure says"))
        self.instead_button = Button(theme, self.tr("Use a device code"), small=True)
        self.instead_button.setObjectName("sign-in-refusal-instead")
        self.instead_button.clicked.connect(self.device_code_requested)
        buttons = QHBoxLayout()
        buttons.addWidget(self.instead_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.line)
        column.addLayout(buttons)
        column.addWidget(self.details)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; empty if nothing is."""
        return "" if self.isHidden() or self.line.isHidden() else self.line.text

    def show_error(self, error: AppError, *, is_at_field: bool = False) -> None:
        """With `is_at_field` the field says it already, and only the details stand here."""
        status = Status.INFO if error.code in _NO_FAULT else Status.CRITICAL
        self.line.set_status(status, error.sentence)
        self.line.setVisible(not is_at_field)
        has_no_browser = isinstance(error, NotSupported) and error.code == "NoBrowser"
        self.instead_button.setVisible(has_no_browser and self._offers_code)
        got_no_answer = isinstance(error, Unreachable)  # Azure said nothing: these are a proxy's words, or the system's
        self.details.set_title(self.tr("What stood in the way") if got_no_answer else self.tr("What Azure says"))
        details = details_of(error)
        self.details.set_text(details)
        self.details.set_open(False)
        self.details.setVisible(bool(details))
        self.setVisible(not is_at_field or bool(details))

    def clear(self) -> None:
        self.details.set_text("")
        self.hide()
