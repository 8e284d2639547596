"""One table of prerequisites: a card with its lines, made a few at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.prerequisite_checks import Finding
from app.domain.prerequisites import Check, Prerequisite, PrerequisiteRules, Table
from app.errors import AppError
from app.services.checklist import Mark, Marks
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.turns import Turns
from ui.views.prerequisites.line_row import LineHeads, LineRow
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_grid import divided
from ui.widgets.page import scrolling


class TablePage(QWidget):
    """Its lines are made when it is first shown.

    Signals:
        ticked: the id of a line, and whether it is done.
        noted: the id of a line, and its note.
        retry_requested: what could not be read shall be read again.
    """

    ticked = Signal(str, bool)
    noted = Signal(str, str)
    retry_requested = Signal()

    def __init__(self, theme: Theme, rules: PrerequisiteRules, table: Table, hint: str) -> None:
        super().__init__()
        self.setObjectName(f"prerequisites-{table.value}")
        self._theme = theme
        self._rules = rules
        self._table = table
        self.rows: dict[str, LineRow] = {}
        self._marks: Marks = {}
        self._findings: Mapping[Check, Finding] = {}
        self._now: datetime | None = None
        self._turns = Turns(self)
        self._is_begun = False
        self._hint = hint
        self._lines = QVBoxLayout()
        self._failed = QWidget(self)
        self._failed.hide()
        self.failure = StatusLine(theme, Status.CRITICAL, tinted=True, parent=self._failed)
        self.failure.setObjectName(f"prerequisites-failure-{table.value}")
        self.again = Button(theme, self.tr("Try again"), small=True, parent=self._failed)
        self.again.setObjectName(f"prerequisites-again-{table.value}")
        self.again.clicked.connect(self.retry_requested)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_begun:
            self._is_begun = True
            lines = self._rules.of(self._table)
            self._turns.begin(self._build, *(partial(self._add, line) for line in lines), self._add_sources)

    def show_marks(self, marks: Marks, now: datetime) -> None:
        """Show what is ticked and noted."""
        self._marks, self._now = marks, now
        for row in self.rows.values():
            row.show_mark(marks.get(row.line.id, Mark()), now)

    def show_findings(self, findings: Mapping[Check, Finding]) -> None:
        """Show what was found in Azure."""
        self._findings = findings
        self._failed.hide()
        for row in self.rows.values():
            self._show_finding(row)

    def show_failure(self, error: AppError) -> None:
        """Say why Azure could not be read; what was found before stays."""
        text = " ".join(part for part in (f"{error.title.rstrip('.')}.", error.advice) if part)
        self.failure.set_status(Status.CRITICAL, self.tr("{} Nothing was changed.").format(text))
        self._failed.show()
        if not self._findings:
            for row in self.rows.values():
                self._show_finding(row)

    def _build(self) -> None:
        card = Card(flush=True)
        self._lines = card.body
        failed = QVBoxLayout(self._failed)
        failed.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.M)
        failed.setSpacing(Space.S)
        failed.addWidget(self.failure)
        failed.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        hint = Text(self._hint, TextStyle.BODY, Role.TEXT2, wrap=True)
        hint.setContentsMargins(Space.CARD_X, Space.M, Space.CARD_X, 0)
        self._lines.addWidget(hint)
        self._lines.addWidget(self._failed)
        self._lines.addWidget(LineHeads())
        body = QVBoxLayout()
        body.setContentsMargins(Space.PAGE, 0, Space.PAGE, Space.L)
        body.addWidget(card)
        body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolling(body))

    def _add(self, line: Prerequisite) -> None:
        source = self._rules.source_of(line)
        row = LineRow(self._theme, line, f"{source.document}, {source.month}")
        row.ticked.connect(partial(self.ticked.emit, line.id))
        row.noted.connect(partial(self.noted.emit, line.id))
        self.rows[line.id] = row
        if self._now is not None:
            row.show_mark(self._marks.get(line.id, Mark()), self._now)
        self._show_finding(row)
        self._lines.addWidget(divided(row))

    def _add_sources(self) -> None:
        used = dict.fromkeys(self._rules.source_of(line) for line in self._rules.of(self._table))
        named = "; ".join(f"{source.document}, {source.month}" for source in used)
        article = self._rules.article
        text = self.tr("Today: {0}. In 2017: {1}, {2}.").format(named, article.document, article.month)
        sources = Text(text, TextStyle.CAPTION, Role.TEXT2, wrap=True)
        sources.setContentsMargins(Space.CARD_X, Space.M, Space.CARD_X, Space.M)
        self._lines.addWidget(divided(sources))

    def _show_finding(self, row: LineRow) -> None:
        check = row.line.check
        if check is None:
            return
        finding = self._findings.get(check)
        if finding is not None:
            row.show_finding(finding)
        elif self._failed.isHidden():
            row.state.set_status(Status.NEUTRAL, self.tr("Being looked at in Azure"), icon="in_time")
        else:
            row.state.set_status(Status.NEUTRAL, self.tr("Not read"))
