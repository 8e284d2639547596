"""The card that says on which rules the profiles disagree; made when it is unfolded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.differing_rules import DifferingRule
from app.domain.profiles import PROFILE_MONTHS
from ui.theme.theme import Theme
from ui.theme.tokens import Role, TextStyle
from ui.turns import Turns
from ui.views.limits.rule_words import rule_title, value_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.line_grid import columns, divided

_STRETCHES = (12, 7, 7, 7)


class DifferencesCard(Card):
    """Folded at first: most people want to choose, and some to know why."""

    def __init__(self, theme: Theme, rules: Callable[[], tuple[DifferingRule, ...]]) -> None:
        """`rules` tells what to show as soon as it is unfolded."""
        super().__init__(" ", flush=True)
        self.setObjectName("limits-differences")
        self._rules = rules
        self._turns = Turns(self)
        self._body: QWidget | None = None
        self.head_button = Button(theme, self.tr("Show them"), kind=Kind.LINK)
        self.head_button.setObjectName("limits-show-differences")
        assert self.head is not None
        assert self.head_line is not None
        self._line = self.head_line
        self._line.hide()  # folded, it would double the border
        self.head.set_title(self.tr("Where they differ"))
        self.head.add_control(self.head_button)
        self.head_button.clicked.connect(lambda _checked: self.set_open(self._body is None))

    @property
    def is_open(self) -> bool:
        return self._body is not None

    def set_open(self, is_open: bool) -> None:
        """Unfold with what is in force now, or fold."""
        if self._body is not None:
            self._turns.drop()
            self._body.hide()
            self._body.deleteLater()
            self._body = None
        self._line.setVisible(is_open)
        self.head_button.setText(self.tr("Hide them") if is_open else self.tr("Show them"))
        if not is_open:
            return
        self._body = QWidget()
        lines = QVBoxLayout(self._body)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self._heads())
        self.body.addWidget(self._body)
        self._turns.begin(*(partial(self._add, lines, rule) for rule in self._rules()))

    def refresh(self) -> None:
        """What is in force may differ elsewhere now."""
        if self.is_open:
            self.set_open(True)

    def _heads(self) -> QWidget:
        row = QWidget()
        grid = columns(row, _STRETCHES)
        for column, title in enumerate((self.tr("Rule"), *PROFILE_MONTHS.values())):
            grid.addWidget(Text(title, TextStyle.TABLE_HEAD, Role.TEXT2), 0, column)
        return row

    def _add(self, lines: QVBoxLayout, rule: DifferingRule) -> None:
        row = QWidget()
        row.setAccessibleName(rule_title(rule.name))
        grid = columns(row, _STRETCHES)
        grid.addWidget(Text(rule_title(rule.name), wrap=True), 0, 0, Qt.AlignmentFlag.AlignTop)
        told = []
        for column, (value, source) in enumerate(zip(rule.values, rule.sources, strict=True), start=1):
            text = Text(value_text(rule.name, value), wrap=True)
            about = self.tr("{0}, {1}").format(source.document, source.as_of)
            text.setToolTip(about)
            grid.addWidget(text, 0, column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(source.as_of, TextStyle.CAPTION, Role.TEXT2), 1, column, Qt.AlignmentFlag.AlignTop)
            told.append(f"{text.text()} ({about})")
        row.setAccessibleDescription("; ".join(told))
        lines.addWidget(divided(row))
