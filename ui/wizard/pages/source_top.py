"""The head of the source page: which site, what can be done with sites, and the site's registration key."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Space, Width
from ui.widgets.form_field import FormField
from ui.widgets.picker import Picker
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.framed_page import below_label
from ui.wizard.pages.key_line import KeyLine

_BOTH_FIT = 1010
"""Px that site and key need beside each other."""

_MOST_OF_THE_ROOM = 100
"""The stretch beside it takes what the field may not have."""

_LEAST_PICKER = 200
"""Px that still show the beginning of a name."""


class SourceTop(QWidget):
    """Where both do not fit beside each other, the key stands below the site."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sites = Picker(theme, placeholder=self.tr("Choose a Hyper-V site"))
        self.sites.setObjectName("source-site")
        self.site = FormField(
            theme,
            self.tr("Hyper-V s&ite"),
            self.sites,
            hint=self.tr(
                "Azure can’t rename a site. For another name, create another site and register the hosts there."
            ),
        )
        self.new = ReasonedButton(theme, self.tr("New si&te…"), icon="create")
        self.new.setObjectName("source-new-site")
        self.remove = ReasonedButton(theme, self.tr("Rem&ove site…"), icon="remove")
        self.remove.setObjectName("source-remove-site")
        self.key = KeyLine(theme)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._build()

    def minimumSizeHint(self) -> QSize:
        """That of the narrow way: otherwise it could never become narrow."""
        buttons = self.new.sizeHint().width() + self.remove.sizeHint().width() + 2 * Space.S
        width = max(_LEAST_PICKER + buttons, self.key.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < _BOTH_FIT
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)

    def _build(self) -> None:
        self.sites.setMinimumWidth(_LEAST_PICKER)
        self.site.setMaximumWidth(Width.READING)
        site = QHBoxLayout()
        site.setSpacing(Space.S)
        site.addWidget(self.site, _MOST_OF_THE_ROOM)
        for button in (self.new, self.remove):
            site.addLayout(below_label(button))
        site.addStretch(1)
        site.setAlignment(self.site, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.M)
        self._row.addLayout(site, 1)
        self._row.addWidget(self.key, 0, Qt.AlignmentFlag.AlignTop)
