"""One host by its readiness file: how it stands, and unfolded, what to put right and how."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.flows.host_reports import HostFinding, HostStanding
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle, Width
from ui.widgets.buttons import Button, IconButton, Kind
from ui.widgets.chip import Chip, in_column
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.readiness_words import (
    STATUS_OF_CHECK,
    STATUS_OF_SUITABILITY,
    about_text,
    counts_text,
    is_stale,
)

_INDENT = IconSize.SMALL + Space.S


class ReadinessRow(QWidget):
    """A line with the host's name and how it stands; its findings are unfolded below it.

    Signals:
        forget_requested: the report of this host shall be removed; carries its name.
    """

    forget_requested = Signal(str)

    def __init__(self, theme: Theme, standing: HostStanding, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.standing = standing
        self.now = now
        name = standing.report.name
        self.setObjectName(f"readiness-{name.lower()}")
        verdict = standing.verdict
        self.chip = Chip(theme, STATUS_OF_SUITABILITY[verdict.status], verdict.word)
        self.head = Button(theme, name.replace("&", "&&"), icon="next", kind=Kind.LINK)
        self.head.setObjectName(f"readiness-open-{name.lower()}")
        self.head.setAccessibleDescription(f"{self.chip.word}, {counts_text(standing)}")
        self.remove = IconButton(theme, "remove", self.tr("Remove what {} told").format(name), small=True)
        self.remove.setObjectName(f"readiness-remove-{name.lower()}")
        self.details: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, Space.XS, 0, Space.XS)
        self._column.setSpacing(0)
        self._build()

    @property
    def about(self) -> str:
        """What stands beside the name."""
        return about_text(self.standing, self.now)

    @property
    def is_open(self) -> bool:
        return self.details is not None and not self.details.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Fold or unfold."""
        if self.details is None:
            if not is_open:
                return
            self.details = self._build_details()
            self._column.addWidget(self.details)
        self.details.setVisible(is_open)
        self.head.set_icon("unfold" if is_open else "next")

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self.head)
        line.addStretch(1)
        line.addWidget(in_column(self.chip, Width.PICKER))
        line.addWidget(self.remove)
        self._column.addLayout(line)
        role = Role.WARNING if is_stale(self.standing, self.now) else Role.TEXT2
        about = Text(self.about, TextStyle.CAPTION, role, wrap=True)
        about.setContentsMargins(_INDENT, 0, Width.PICKER, 0)
        self._column.addWidget(about)
        self.head.clicked.connect(lambda _checked: self.set_open(not self.is_open))
        self.remove.clicked.connect(lambda _checked: self.forget_requested.emit(self.standing.report.name))

    def _build_details(self) -> QWidget:
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(_INDENT, Space.S, 0, Space.S)
        column.setSpacing(Space.S)
        for finding in self.standing.findings:
            column.addWidget(self._build_finding(finding))
        for note in self.standing.report.notes:
            column.addWidget(StatusLine(self._theme, Status.INFO, note))
        report = self.standing.report
        counts = counts_text(self.standing) or self.tr("No check was made")
        words = self.tr("{counts}. {system} From {file}.")
        system = f"{report.system}." if report.system else ""
        last = " ".join(words.format(counts=counts, system=system, file=report.file_name or "–").split())
        column.addWidget(Text(last, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        return details

    def _build_finding(self, finding: HostFinding) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        sentence = f"{finding.title}: {finding.reason}."
        column.addWidget(StatusLine(self._theme, STATUS_OF_CHECK[finding.status], sentence))
        if finding.remedy:
            remedy = Text(finding.remedy, TextStyle.CAPTION, Role.TEXT2, wrap=True)
            remedy.setContentsMargins(_INDENT, 0, 0, 0)
            column.addWidget(remedy)
        return box
