"""The checks before an operation: passed in a line, the rest with what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.issue import Suitability
from app.flows.failover_facts import Check
from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import SectionHead
from ui.widgets.labels import IconLabel, Text

_MOST = 8
_STATUS = {
    Suitability.OK: Status.OK,
    Suitability.WARNING: Status.WARNING,
    Suitability.BLOCKED: Status.CRITICAL,
}


def check_status(check: Check) -> Status:
    return _STATUS[check.status]


class ChecksList(QWidget):
    """Head with a summary, then the checks, worst first; a long list is shortened until somebody asks for all.

    Signals:
        leave_out_requested: go on without this machine (its name).
        check_requested: read everything anew.
    """

    leave_out_requested = Signal(str)
    check_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._checks: tuple[Check, ...] = ()
        self._may_leave_out = False
        self._shows_all = False
        self.head = SectionHead(self.tr("Before"))
        again = Button(theme, self.tr("Check again"), kind=Kind.LINK)
        again.setObjectName("sheet-check-again")
        again.clicked.connect(self.check_requested)
        self.head.add_control(again)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.S)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.head)
        column.addLayout(self._lines)

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is shown."""
        return self._checks

    def set_checks(self, checks: Sequence[Check], *, may_leave_out: bool) -> None:
        """Show these; with `may_leave_out` a machine that is in the way can be left out."""
        checks = tuple(checks)
        if checks == self._checks and may_leave_out == self._may_leave_out:
            return
        self._checks, self._may_leave_out = checks, may_leave_out
        self.head.set_detail(summary(checks))
        self._show()

    def _show(self) -> None:
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown = self._checks if self._shows_all else self._checks[:_MOST]
        for check in shown:
            self._lines.addWidget(self._build_line(check))
        left = len(self._checks) - len(shown)
        if left:
            more = Button(self._theme, self.tr("Show {} more").format(left), kind=Kind.LINK)
            more.setObjectName("sheet-all-checks")
            more.clicked.connect(self._on_more_clicked)
            self._lines.addWidget(more)

    def _build_line(self, check: Check) -> QWidget:
        status = check_status(check)
        passed = status is Status.OK
        line = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        if passed or not check.detail:
            first.addWidget(
                Text(check.text, TextStyle.BODY if passed else TextStyle.STRONG, wrap=not passed), not passed
            )
            if check.detail:
                first.addWidget(Text(check.detail, TextStyle.BODY, Role.TEXT2), 1)
            elif passed:
                first.addStretch(1)
            words.addLayout(first)
        else:
            words.addWidget(Text(check.text, TextStyle.STRONG, wrap=True))
            words.addWidget(Text(check.detail, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        if check.remedy:
            words.addWidget(Text(check.remedy, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        icon = IconLabel(self._theme, status_icon(status), Role(status.value), IconSize.SMALL)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if self._may_leave_out and check.machine and status is Status.CRITICAL:
            button = Button(self._theme, self.tr("Leave out"), small=True)
            button.setObjectName(f"sheet-leave-out-{check.machine}")
            button.setAccessibleName(self.tr("Leave {} out").format(check.machine))
            button.clicked.connect(lambda _checked=False, machine=check.machine: self._leave_out(machine))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _leave_out(self, machine: str) -> None:
        self.leave_out_requested.emit(machine)

    def _on_more_clicked(self) -> None:
        self._shows_all = True
        self._show()


def summary(checks: Sequence[Check]) -> str:
    """`4 checks passed, 1 warning`."""
    counts = {status: sum(check_status(check) is status for check in checks) for status in Status}
    parts = [_count(counts[Status.OK], "1 check passed", "{} checks passed")]
    if counts[Status.WARNING]:
        parts.append(_count(counts[Status.WARNING], "1 warning", "{} warnings"))
    if counts[Status.CRITICAL]:
        parts.append(_count(counts[Status.CRITICAL], "1 in the way", "{} in the way"))
    return ", ".join(parts)


def _count(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count)
