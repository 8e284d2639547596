"""The card of readiness files: which hosts told of themselves, how they stand, and the way to take in more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.readiness_file import Imported
from app.errors import AppError
from app.flows.host_reports import HostStanding, standings
from app.flows.step import Context
from app.runtime.progress import Progress
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, IconButton
from ui.widgets.callout import Refusal
from ui.widgets.card import Card
from ui.widgets.file_drops import FileDrops
from ui.widgets.labels import StatusLine, Text
from ui.widgets.progress_line import ProgressLine
from ui.widgets.reasoned_button import ReasonedButton
from ui.widgets.surface import horizontal_line
from ui.wizard.pages.readiness_row import ReadinessRow
from ui.wizard.pages.readiness_words import outcome_lines, tr
from ui.wizard.requests import ForgetReadiness, ImportReadiness, Request, StopImporting

_LINES_SHOWN = 6


class ReadinessReportsCard(Card):
    """Knows no page: whoever embeds it passes on its requests and tells it what came of them.

    Signals:
        requested: something shall be done; carries an `ImportReadiness`, `ForgetReadiness` or `StopImporting`.
    """

    requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Readiness files"), parent=parent)
        self.setObjectName("readiness-files")
        self._theme = theme
        self._rows: dict[str, ReadinessRow] = {}
        self.import_button = ReasonedButton(theme, self.tr("Im&port…"), icon="import", small=True)
        self.import_button.setObjectName("readiness-import")
        self._stop = Button(theme, self.tr("S&top"), icon="stop", small=True)
        self._stop.setObjectName("readiness-stop")
        self._progress = ProgressLine(theme)
        self._outcome = _Outcome(theme)
        self._empty = Text("", role=Role.TEXT2, wrap=True)
        self._empty.setObjectName("readiness-empty")
        self._hover = StatusLine(theme, Status.INFO, self.tr("Let go to import these files."))
        self._list = QVBoxLayout()
        self._build()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.take_drops_on(self)

    # What the page says

    def load(self, context: Context) -> None:
        """Show the hosts of the context's reports."""
        self.show_hosts(standings(context), context.now)

    def show_hosts(self, hosts: Sequence[HostStanding], now: datetime) -> None:
        """Show these; a row that says the same stays as it is, folded or not."""
        wanted = {(host.report.fqdn or host.report.name).casefold(): host for host in hosts}
        for key in [key for key, row in self._rows.items() if wanted.get(key) != row.standing]:
            row = self._rows.pop(key)
            row.hide()
            row.deleteLater()
        for place, (key, host) in enumerate(wanted.items()):
            if key not in self._rows:
                row = self._rows[key] = ReadinessRow(self._theme, host, now)
                row.forget_requested.connect(lambda name: self.requested.emit(ForgetReadiness(name)))
                self._list.insertWidget(place, row)
        self._empty.setVisible(not wanted)
        if self.head is not None:
            self.head.set_detail(self._count_text(len(wanted)) if wanted else "")

    def started(self, request: Request) -> None:
        if isinstance(request, ImportReadiness):
            self._stop.show()
            self._outcome.clear()
            self.import_button.refuse(
                Refusal(self.tr("Importing has to wait"), self.tr("Other files are being read just now."))
            )

    def progressed(self, request: Request, progress: object) -> None:
        if isinstance(request, ImportReadiness) and isinstance(progress, Progress) and not self._stop.isHidden():
            fraction = progress.done / progress.total if progress.total else None
            self._progress.set_progress(progress.text, fraction)
            self._progress.show()

    def finished(self, request: Request, outcome: object) -> None:
        """`outcome` is an `Imported`, the error that stopped it, or None: nothing was chosen, or it was stopped."""
        if not isinstance(request, ImportReadiness | ForgetReadiness | StopImporting):
            return
        self._stop.hide()
        self._progress.hide()
        self.import_button.allow()
        if isinstance(outcome, AppError):
            self._outcome.show_lines([(Status.CRITICAL, outcome.sentence)])
        elif isinstance(outcome, Imported):
            self._outcome.show_lines(list(outcome_lines(outcome)))
        elif isinstance(request, ForgetReadiness):
            self._outcome.clear()

    # What it says

    @property
    def rows(self) -> tuple[ReadinessRow, ...]:
        """The hosts shown, by name."""
        return tuple(sorted(self._rows.values(), key=self._list.indexOf))

    @property
    def messages(self) -> tuple[str, ...]:
        """What came of the last import, sentence by sentence."""
        return self._outcome.texts

    def take_drops_on(self, target: QWidget) -> None:
        """Take in files that are dropped anywhere on `target`, such as the whole page."""
        drops = FileDrops(target)
        drops.hovered.connect(self._hover.setVisible)
        drops.dropped.connect(self._on_files_dropped)

    def _build(self) -> None:
        assert self.head is not None
        self.head.add_control(self._stop)
        self.head.add_control(self.import_button)
        self._list.setSpacing(0)
        words = self.tr(
            "No host has told of itself yet. Run the readiness script on a host or a cluster node, and import its file "
            "or drop it here."
        )
        self._empty.setText(words)
        for part in (self._hover, self._progress, self._outcome, self._empty):
            self.body.addWidget(part)
        self.body.addLayout(self._list)
        for part in (self._stop, self._progress, self._hover):
            part.hide()
        self.import_button.activated.connect(lambda: self.requested.emit(ImportReadiness()))
        self._stop.clicked.connect(lambda _checked: self.requested.emit(StopImporting()))

    def _count_text(self, count: int) -> str:
        return self.tr("1 host") if count == 1 else self.tr("{} hosts").format(f"{count:,}")

    def _on_files_dropped(self, paths: tuple[Path, ...]) -> None:
        if self.import_button.refusal is None:
            self.requested.emit(ImportReadiness(paths))


class _Outcome(QWidget):
    """Sentences about the last import, and a cross to take them away."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._close = IconButton(theme, "close", self.tr("Close"), small=True)
        self._close.setObjectName("readiness-outcome-close")
        self._close.clicked.connect(lambda _checked: self.clear())
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addLayout(self._lines, 1)
        row.setAlignment(self._lines, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(horizontal_line())
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        found = [self._lines.itemAt(place).widget() for place in range(self._lines.count())]
        return tuple(line.text if isinstance(line, StatusLine) else "" for line in found)

    def show_lines(self, lines: list[tuple[Status, str]]) -> None:
        self.clear()
        for status, text in lines[:_LINES_SHOWN]:
            self._lines.addWidget(StatusLine(self._theme, status, text))
        if len(lines) > _LINES_SHOWN:
            more = self.tr("And {} more.").format(f"{len(lines) - _LINES_SHOWN:,}")
            self._lines.addWidget(StatusLine(self._theme, Status.INFO, more, style=TextStyle.CAPTION))
        self.setVisible(bool(lines))

    def clear(self) -> None:
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.hide()
