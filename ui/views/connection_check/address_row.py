"""One address of the check: what it is for, how it was reached, and what happened."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.connection_check import User
from app.domain.line_trouble import clock_words
from app.services.connection_check import Finding, Outcome
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_grid import breakable, columns

STRETCHES = (9, 9, 13)
_STATUSES = {
    Outcome.WAITING: Status.NEUTRAL,
    Outcome.NOT_TRIED: Status.NEUTRAL,
    Outcome.FINE: Status.OK,
    Outcome.CARE: Status.WARNING,
    Outcome.TROUBLE: Status.CRITICAL,
}
_LEAST_SKEW_S = 60.0


class AddressRow(QWidget):
    """Names, issuers and addresses come from outside: plain text."""

    def __init__(self, theme: Theme, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        address = finding.address
        self.setObjectName(f"connection-{address.id}")
        self.setAccessibleName(f"{address.purpose}, {address.address}")
        self.way = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self.state = StatusLine(theme, Status.NEUTRAL)
        self.remedy = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self._build()
        self.show_finding(finding)

    def show_finding(self, finding: Finding, *, is_running: bool = False) -> None:
        """Show how far it is with this address."""
        self.finding = finding
        text = finding.sentence
        if finding.outcome is Outcome.WAITING:
            text = self.tr("Being tried") if is_running else self.tr("Not tried yet")
            status = Status.INFO if is_running else Status.NEUTRAL
            self.state.set_status(status, text, icon="running" if is_running else None)
        else:
            self.state.set_status(_STATUSES[finding.outcome], breakable(text))
        self.remedy.setText(finding.remedy)
        self.remedy.setVisible(bool(finding.remedy))
        way = self._way_words()
        self.way.setText(breakable(way))
        self.way.setVisible(bool(way))
        self.setAccessibleDescription(" ".join(part for part in (text, finding.remedy, way) if part))

    def _build(self) -> None:
        address = self.finding.address
        grid = columns(self, STRETCHES)
        title = self.tr("{} (optional)").format(address.purpose) if address.is_optional else address.purpose
        where = Text(breakable(address.address), wrap=True)
        self.remedy.setContentsMargins(IconSize.SMALL + Space.S, 0, 0, 0)  # below the words, not the icon
        who = Text(self._user_words(), TextStyle.CAPTION, Role.TEXT2, wrap=True)
        stacks = (
            (Text(title, TextStyle.STRONG, wrap=True), Text(address.why, TextStyle.CAPTION, Role.TEXT2, wrap=True)),
            (where, who, self.way),
            (self.state, self.remedy),
        )
        for column, parts in enumerate(stacks):
            grid.addWidget(_stacked(*parts), 0, column, Qt.AlignmentFlag.AlignTop)

    def _user_words(self) -> str:
        return {
            User.COMPUTER: self.tr("For this computer"),
            User.HOSTS: self.tr("For the Hyper-V hosts"),
            User.BOTH: self.tr("For this computer and the Hyper-V hosts"),
        }[self.finding.address.user]

    def _way_words(self) -> str:
        facts = self.finding.facts
        if facts is None:
            return ""
        lines = [self.tr("Through {}").format(facts.proxy) if facts.proxy else self.tr("Directly")]
        if facts.addresses:
            lines.append(self.tr("Found at {}").format(", ".join(facts.addresses[:2])))
        if facts.issuer:
            lines.append(self.tr("Certificate by {}").format(facts.issuer))
        if facts.status:
            lines.append(self.tr("HTTP {0} after {1:.1f} s").format(facts.status, facts.seconds))
        if facts.ahead_s is not None and abs(facts.ahead_s) >= _LEAST_SKEW_S and facts.trouble is None:
            lines.append(self.tr("This computer’s clock is {}").format(clock_words(facts.ahead_s)))
        return "\n".join(lines)


def _stacked(*parts: QWidget) -> QWidget:
    stack = QWidget()
    column = QVBoxLayout(stack)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.XS // 2)
    for part in parts:
        column.addWidget(part)
    return stack
