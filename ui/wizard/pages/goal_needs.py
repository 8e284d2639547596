"""What of the prerequisites is there already: one line each, and the way to those on the hosts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.domain.prerequisite_checks import Outcome
from app.flows.goal_needs import Need, met
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text

_STATUSES = {
    Outcome.OK: Status.OK,
    Outcome.CARE: Status.WARNING,
    Outcome.MISSING: Status.CRITICAL,
    Outcome.UNKNOWN: Status.NEUTRAL,
}


class GoalNeeds(Card):
    """Knows no service: whoever owns it says how things stand.

    Signals:
        prerequisites_requested: the page with all of them shall open.
    """

    prerequisites_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What is there already"), " ", parent=parent)
        self.setObjectName("goal-needs")
        self._theme = theme
        self._rows: list[tuple[Text, StatusLine]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self.link = Button(theme, self.tr("Show all &prerequisites"), icon="prerequisites", kind=Kind.LINK)
        self.link.setObjectName("goal-prerequisites")
        below = QHBoxLayout()
        below.setSpacing(Space.L)
        hosts = Text(
            self.tr("Hosts and machines are yours to look at: versions, addresses let through, disks, networks."),
            TextStyle.CAPTION,
            Role.TEXT2,
            wrap=True,
        )
        below.addWidget(hosts, 1)
        below.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self._grid)
        self.body.addLayout(below)
        self.link.clicked.connect(self.prerequisites_requested)

    def show_needs(self, needs: tuple[Need, ...]) -> None:
        """Show these lines; what stays keeps its place."""
        assert self.head is not None
        self.head.set_detail(self.tr("{0} of {1} things needed in Azure").format(met(needs), len(needs)))
        while len(self._rows) < len(needs):
            self._add_row()
        for place, (name, state) in enumerate(self._rows):
            is_used = place < len(needs)
            name.setVisible(is_used)
            state.setVisible(is_used)
            if is_used:
                need = needs[place]
                finding = need.finding
                name.setText(need.name)
                words = " ".join(part for part in (finding.text, finding.remedy) if part)
                is_said = words.lower().startswith(finding.word.lower())
                told = words if is_said else self.tr("{0}: {1}").format(finding.word, words)
                state.set_status(_STATUSES[finding.outcome], told)
                state.setObjectName(f"goal-need-{need.check.value}")
                state.setAccessibleName(f"{need.name}. {finding.word}. {words}")

    def _add_row(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        name, state = Text("", TextStyle.LABEL, wrap=True), StatusLine(self._theme, style=TextStyle.CAPTION)
        row = len(self._rows)
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(state, row, 1, top)
        self._rows.append((name, state))
