"""One waiting host of the practice vault: it runs the script when told to, and reports what the script found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.practice import HostCheckResult, HostRun, WaitingHost
from app.errors import AppError
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.surface import Ground, Surface

_STATUSES = {
    HostCheckResult.OK: Status.OK,
    HostCheckResult.WARNING: Status.WARNING,
    HostCheckResult.FAILED: Status.CRITICAL,
}


class PracticeHost(Surface):
    """Name, machines, the button, and the report of the last run.

    Signals:
        run_requested: it shall run the script.
    """

    run_requested = Signal()

    def __init__(self, theme: Theme, host: WaitingHost, parent: QWidget | None = None) -> None:
        super().__init__(Ground.WELL, parent)
        self._theme = theme
        self._host = host
        self._is_expected = True
        self._is_running = False
        self._state = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self.run = Button(theme, self.tr("Run the script"), icon="start")
        self.run.setObjectName(f"add-server-run-{host.name}")
        self.run.setAccessibleDescription(host.name)
        self.run.clicked.connect(self.run_requested)
        self._report = QWidget()
        self._lines = QVBoxLayout(self._report)
        self._lines.setContentsMargins(IconSize.NAV + Space.M, 0, 0, 0)
        self._lines.setSpacing(Space.XS)
        self._report.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(host.name, TextStyle.STRONG))
        words.addWidget(self._state)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(IconLabel(theme, "practice", Role.WAITING, IconSize.NAV), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(self.run, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        column.setSpacing(Space.S)
        column.addLayout(line)
        column.addWidget(self._report)

    def show_place(self, *, is_waiting: bool, is_expected: bool) -> None:
        """Whether it still waits, and whether the set-up names it."""
        self.run.setVisible(is_waiting)
        self._is_expected = is_expected
        if not is_waiting:
            self._state.setText(self.tr("Registered. Azure lists it after half a minute of the vault’s time."))
        elif self._is_running:
            self._state.setText(self.tr("It runs the script."))
        else:
            self._state.setText(self._machines_text())

    def _machines_text(self) -> str:
        machines = self._host.machine_count
        count = self.tr("1 machine") if machines == 1 else self.tr("{} machines").format(f"{machines:,}")
        return count if self._is_expected else self.tr("{}. The set-up does not name it yet.").format(count)

    def show_running(self) -> None:
        """The button takes no second press."""
        self._is_running = True
        self.run.setEnabled(False)
        self._state.setText(self.tr("It runs the script."))

    def show_outcome(self, outcome: object | AppError) -> None:
        """What the script found, or why it could not run."""
        self._is_running = False
        self.run.setEnabled(True)
        if not self.run.isHidden():
            self._state.setText(self._machines_text())
        self._clear()
        if isinstance(outcome, AppError):
            self._add(Status.CRITICAL, outcome.sentence)
        elif isinstance(outcome, HostRun):
            told = [check for check in outcome.checks if check.result is not HostCheckResult.OK]
            for check in told:
                self._add(_STATUSES[check.result], check.words)
            good = len(outcome.checks) - len(told)
            passed = self.tr("1 check passed.") if good == 1 else self.tr("{} checks passed.").format(good)
            self._add(Status.OK, passed)
            if not outcome.is_registered:
                self._add(
                    Status.INFO, self.tr("Nothing was installed or registered. Put it right, and run the script again.")
                )
        self._report.show()

    def _add(self, status: Status, text: str) -> None:
        self._lines.addWidget(StatusLine(self._theme, status, text, style=TextStyle.CAPTION))

    def _clear(self) -> None:
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
