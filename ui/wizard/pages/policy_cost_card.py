"""The card that says what a policy costs, and what it costs more than another one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.policy_rules import PolicyFigures
from app.flows.draft import SetUpDraft
from app.flows.policy_cost import PolicyCost, difference, policy_cost
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.capacity_basis import changes_words
from ui.wizard.pages.policy_cost_words import CostLine, cost_lines, difference_words, tr

_NARROW_BELOW = 560
"""Px below which a note stands under its figure."""


class PolicyCostCard(Card):
    """Figures with their basis, one below the other, for the machines of the set-up."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it costs"), tr("estimate"), parent=parent)
        self.setObjectName("policy-cost")
        self._rows: dict[str, _Row] = {}
        self._cost: PolicyCost | None = None
        self._theme = theme
        self._difference = StatusLine(theme, Status.INFO)
        self._difference.setObjectName("policy-cost-difference")
        self._nothing = Text(
            tr("No machine that could be protected is known at the site yet, or a figure of Capacity is missing."),
            role=Role.TEXT2,
            wrap=True,
        )
        self._basis = StatusLine(theme, style=TextStyle.CAPTION)
        self._basis.setObjectName("policy-cost-basis")
        self._figures = QWidget()
        self._grid = QGridLayout(self._figures)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(0)
        self._is_narrow: bool | None = None
        self.body.addWidget(self._difference)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self._figures)
        self.body.addWidget(self._basis)
        self._difference.hide()

    @property
    def cost(self) -> PolicyCost | None:
        """What is shown; None while there is nothing to reckon with."""
        return self._cost

    @property
    def difference_text(self) -> str:
        return "" if self._difference.isHidden() else self._difference.text

    @property
    def texts(self) -> tuple[str, ...]:
        """Each line as a screen reader says it."""
        return tuple(row.text for row in self._rows.values())

    def load(
        self, draft: SetUpDraft, context: Context, *, before: PolicyFigures | None = None, against: str = ""
    ) -> None:
        """Show what the draft's policy costs, and against `before`, which is called `against`, how much more."""
        self._cost = cost = policy_cost(draft, context)
        self._nothing.setVisible(cost is None)
        self._basis.setVisible(cost is not None)
        for line in cost_lines(cost) if cost is not None else ():
            if line.key not in self._rows:
                self._rows[line.key] = _Row(self._theme)
                self._is_narrow = None
            self._rows[line.key].show_line(line)
        self._place()
        self._figures.setVisible(cost is not None)
        if cost is not None:
            self._basis.set_status(*changes_words(cost.basis, draft.capacity))
        other = policy_cost(draft, context, before) if before is not None and cost is not None else None
        has_other = other is not None and cost is not None and other.figures != cost.figures
        if has_other and other is not None and cost is not None:
            words = difference_words(difference(other, cost), against or tr("the policy as it is"))
            self._difference.set_status(Status.INFO, words)
        self._difference.setVisible(has_other)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """In a narrow card what a figure stands on goes below it."""
        is_narrow = self.width() < _NARROW_BELOW
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        self._grid.setColumnStretch(0, 1 if is_narrow else 0)
        self._grid.setColumnStretch(2, 0 if is_narrow else 1)
        for place, row in enumerate(self._rows.values()):
            row.place(self._grid, place, is_narrow=is_narrow)


class _Row:
    """Title, figure and note of one line."""

    def __init__(self, theme: Theme) -> None:
        self._title = Text("", TextStyle.LABEL, Role.TEXT2)
        self._figure = Text("", TextStyle.STRONG)
        self._plain = Text("", TextStyle.CAPTION, wrap=True)
        self._marked = StatusLine(theme, style=TextStyle.CAPTION)
        self._is_marked = False
        self._note = QWidget()
        column = QVBoxLayout(self._note)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plain)
        column.addWidget(self._marked)

    @property
    def text(self) -> str:
        note = self._marked.text if self._is_marked else self._plain.text()
        return f"{self._title.text()}: {self._figure.text()}. {note}"

    def place(self, grid: QGridLayout, place: int, *, is_narrow: bool) -> None:
        top = Qt.AlignmentFlag.AlignTop
        row = 3 * place
        grid.addWidget(self._title, row, 0, top)
        grid.addWidget(self._figure, row, 1, top | Qt.AlignmentFlag.AlignRight)
        grid.setRowMinimumHeight(row + 2, Space.S)
        if is_narrow:
            grid.addWidget(self._note, row + 1, 0, 1, 2)
        else:
            grid.addWidget(self._note, row, 2, top)

    def show_line(self, line: CostLine) -> None:
        """Only what is good, or wants care, gets a mark."""
        self._is_marked = line.status is not Status.NEUTRAL
        self._title.setText(line.title)
        self._figure.setText(line.figure)
        self._figure.setAccessibleName(f"{line.title}: {line.figure}")
        self._plain.setText(line.note)
        self._marked.set_status(line.status, line.note)
        self._plain.setVisible(not self._is_marked)
        self._marked.setVisible(self._is_marked)
