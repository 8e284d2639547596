"""The picture of a policy: its line of time, and what that means in words."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.policy_rules import PolicyFigures
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.card import Card
from ui.wizard.pages.policy_timeline import LegendLine, Mark, PolicyTimeline, timeline_words


class PolicyPictureCard(Card):
    """What one could go back to with the figures that are shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("What you could go back to", parent=parent)
        assert self.head is not None
        self.head.set_title(self.tr("What you could go back to"))
        self._timeline = PolicyTimeline(theme)
        self._words = [LegendLine(theme, mark) for mark in Mark]
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        for each in self._words:
            words.addWidget(each)
        self.body.addWidget(self._timeline)
        self.body.addLayout(words)

    def load(self, figures: PolicyFigures) -> None:
        """Show a policy with these."""
        shown = figures.copy_frequency_s, figures.retention_h, figures.app_consistent_frequency_h
        self._timeline.set_policy(*shown)
        for line, text in zip(self._words, timeline_words(*shown), strict=True):
            line.set_text(text)
