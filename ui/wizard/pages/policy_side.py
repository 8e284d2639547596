"""Beside the figures of a policy: what they let one go back to, and what they cost."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.policy_rules import PolicyFigures
from app.flows.draft import PolicyChoice, SetUpDraft
from app.flows.first_copy_ahead import ahead_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.turns import Turns
from ui.widgets.card import Card
from ui.widgets.labels import isolated
from ui.wizard.pages.policy_cost_card import PolicyCostCard
from ui.wizard.pages.policy_timeline import LegendLine, Mark, PolicyTimeline, timeline_words


class PolicyPictureCard(Card):
    """What one could go back to with the figures that are shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("What you could go back to", parent=parent)
        assert self.head is not None
        self.head.set_title(self.tr("What you could go back to"))
        self.timeline = PolicyTimeline(theme)
        self._words = [LegendLine(theme, mark) for mark in Mark]
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        for each in self._words:
            words.addWidget(each)
        self.body.addWidget(self.timeline)
        self.body.addLayout(words)

    def load(self, figures: PolicyFigures) -> None:
        """Show a policy with these."""
        shown = figures.copy_frequency_s, figures.retention_h, figures.app_consistent_frequency_h
        self.timeline.set_policy(*shown)
        for line, text in zip(self._words, timeline_words(*shown), strict=True):
            line.set_text(text)


class PolicySide(QWidget):
    """Costs are held against those of the policy that the page was opened with, or that was chosen before."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: PolicyChoice | None = None
        self._before = PolicyChoice()
        self._context: Context | None = None
        self._turns = Turns(self)
        self.picture = PolicyPictureCard(theme)
        self.cost = PolicyCostCard(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self.picture)
        column.addWidget(self.cost)
        column.addStretch(1)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show the draft's policy."""
        policy, shown = draft.policy, self._shown
        if shown is None:
            self._before = policy
        elif _identity(shown) != _identity(policy):
            self._before = shown  # another policy was chosen
        self._shown = policy
        self.picture.load(_figures(policy))
        if context is self._context:
            self._turns.drop()
            self._show_costs(draft, context)
        else:  # judging a thousand machines for the first time takes as long as the rest of the page
            self._context = context
            self._turns.begin(lambda: self._show_costs(draft, context))

    def _show_costs(self, draft: SetUpDraft, context: Context) -> None:
        """And when the first copy runs, which the same estimate knows."""
        policy, before = draft.policy, self._before
        against = self.tr("the figures before")
        if _identity(before) != _identity(policy):
            against = isolated(before.name) or self.tr("the new policy")
        self.cost.load(draft, context, before=_figures(before), against=against)
        hours = self.cost.cost.first_copy_h if self.cost.cost is not None else None
        ahead = policy if policy.create else replace(policy, start_at="")
        self.picture.timeline.set_ahead(ahead_of(ahead, context.now, hours))


def _figures(policy: PolicyChoice) -> PolicyFigures:
    return PolicyFigures(policy.copy_frequency_s, policy.retention_h, policy.app_consistent_frequency_h)


def _identity(policy: PolicyChoice) -> tuple[bool, bool | str]:
    """What makes it another policy; a new one stays the same while its name is typed."""
    return policy.create, policy.create or policy.name
