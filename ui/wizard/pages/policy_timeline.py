"""A replication policy as a picture of time: the points one can go back to, and what a disaster would cost."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.policy_rules import PolicyFigures
from app.flows.first_copy_ahead import Ahead
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.policy_canvas import PolicyCanvas
from ui.wizard.pages.policy_marks import LegendLine as LegendLine
from ui.wizard.pages.policy_marks import Mark as Mark
from ui.wizard.pages.policy_words import ahead_words, disaster_words, tr
from ui.wizard.pages.policy_words import timeline_words as timeline_words


class PolicyTimeline(QWidget):
    """The line of points with a marker to be moved by mouse or keys, what it means there, and the first copy."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = PolicyFigures(0, 0, 0)
        self._ahead: Ahead | None = None
        self._canvas = PolicyCanvas(theme)
        self._canvas.setObjectName("settings-timeline")
        self._canvas.marker_moved.connect(lambda minutes: self._tell())
        self._disaster = StatusLine(theme, Status.CRITICAL)
        self._disaster.setObjectName("settings-disaster")
        hint = tr("Click, drag, or use the arrow keys to move the disaster.")
        self._hint = Text(hint, TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._ahead_line = StatusLine(theme)
        self._ahead_line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self._canvas)
        column.addSpacing(Space.XS)  # for the ring of the focus
        for part in (self._disaster, self._hint, self._ahead_line):
            column.addWidget(part)

    @property
    def canvas(self) -> PolicyCanvas:
        return self._canvas

    @property
    def disaster_text(self) -> str:
        """What a disaster at the marker would cost, as shown."""
        return self._disaster.text

    @property
    def ahead_text(self) -> str:
        """What is said of the first copy and the quiet hours."""
        return "" if self._ahead_line.isHidden() else self._ahead_line.text

    def set_policy(self, copy_frequency_s: int, retention_h: int, app_consistent_h: int) -> None:
        """Show a policy with these figures."""
        self._figures = PolicyFigures(copy_frequency_s, retention_h, app_consistent_h)
        self._canvas.set_figures(self._figures)
        self._tell()

    def set_ahead(self, ahead: Ahead | None) -> None:
        """Show when the first copy starts, and the quiet hours; None where nothing of them is known."""
        self._ahead = ahead
        self._canvas.set_ahead(ahead)
        self._tell()

    def _tell(self) -> None:
        figures = self._figures
        self._disaster.set_status(Status.CRITICAL, disaster_words(figures, self._canvas.marker), icon="failover")
        ahead = self._ahead
        words = ahead_words(ahead) if ahead is not None else ""
        is_late = ahead is not None and (ahead.starts_quietly is False or ahead.ends_quietly is False)
        self._ahead_line.set_status(Status.WARNING if is_late else Status.INFO, words)
        self._ahead_line.setVisible(bool(words))
        kept = timeline_words(figures.copy_frequency_s, figures.retention_h, figures.app_consistent_frequency_h)
        self._canvas.setAccessibleName(" ".join((*kept, words)).strip())
        self._canvas.setAccessibleDescription(disaster_words(figures, self._canvas.marker))
