"""The card that says what a policy costs, and what it costs more than another one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

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
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(2, 1)
        self.body.addWidget(self._difference)
        self.body.addWidget(self._nothing)
        self.body.addLayout(self._grid)
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
        for place, line in enumerate(cost_lines(cost) if cost is not None else ()):
            if line.key not in self._rows:
                self._rows[line.key] = _Row(self._theme, self._grid, place)
            self._rows[line.key].show_line(line)
        for row in self._rows.values():
            row.set_visible(cost is not None)
        if cost is not None:
            self._basis.set_status(*changes_words(cost.basis, draft.capacity))
        other = policy_cost(draft, context, before) if before is not None and cost is not None else None
        has_other = other is not None and cost is not None and other.figures != cost.figures
        if has_other and other is not None and cost is not None:
            words = difference_words(difference(other, cost), against or tr("the policy as it is"))
            self._difference.set_status(Status.INFO, words)
        self._difference.setVisible(has_other)


class _Row:
    """Title, figure and note in one row of a grid."""

    def __init__(self, theme: Theme, grid: QGridLayout, place: int) -> None:
        self._title = Text("", TextStyle.LABEL, Role.TEXT2, wrap=True)
        self._figure = Text("", TextStyle.STRONG)
        self._note = StatusLine(theme, style=TextStyle.CAPTION)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._title, place, 0, top)
        grid.addWidget(self._figure, place, 1, top | Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._note, place, 2, top)

    @property
    def text(self) -> str:
        return f"{self._title.text()}: {self._figure.text()}. {self._note.text}"

    def show_line(self, line: CostLine) -> None:
        self._title.setText(line.title)
        self._figure.setText(line.figure)
        self._note.set_status(line.status, line.note)
        self._figure.setAccessibleName(f"{line.title}: {line.figure}")

    def set_visible(self, is_visible: bool) -> None:
        for part in (self._title, self._figure, self._note):
            part.setVisible(is_visible)
