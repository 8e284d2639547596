"""What a sheet's button will do, as numbered lines, and then how far each of them is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.flows.action import Action
from app.runtime.journal import ActionState
from app.services.job_problems import named
from app.services.runs import ActionSnapshot, RunSnapshot
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.labels import StatusLine, Text
from ui.widgets.numbered_steps import NumberedStep, NumberedSteps


class ActionStates(QWidget):
    """Actions to come, or a run of them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._head = Text(self.tr("What will happen"), TextStyle.STRONG)
        self._steps = NumberedSteps()
        self._states = QWidget()
        self._column = QVBoxLayout(self._states)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._lines: list[StatusLine] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for part in (self._head, self._steps, self._states):
            column.addWidget(part)
        self._states.hide()

    def show_actions(self, actions: Sequence[Action]) -> None:
        """Show what would be done; nothing as long as something is missing."""
        self._head.setText(self.tr("What will happen"))
        self._head.setVisible(bool(actions))
        self._states.hide()
        self._steps.show()
        self._steps.set_steps([NumberedStep(named(each).strip(), _usual_text(each.usual_s)) for each in actions])

    def show_begun(self) -> None:
        """It is under way from now on."""
        self._head.setText(self.tr("What happens"))

    def show_run(self, run: RunSnapshot) -> None:
        """Tick off what is done."""
        self._steps.hide()
        self._states.show()
        while len(self._lines) < len(run.actions):
            line = StatusLine(self._theme)
            self._lines.append(line)
            self._column.addWidget(line)
        for line, action in zip(self._lines, run.actions, strict=False):
            status, icon = _look(action)
            words = named(action.action)
            line.set_status(status, f"{words}: {action.text}" if action.text else words, icon=icon)

    def show_done(self) -> None:
        """It is over, and all of it is done."""
        self._head.setText(self.tr("What happened"))

    def show_stopped(self) -> None:
        """It failed: what would be done stands there again."""
        self._head.setText(self.tr("What will happen"))
        self._states.hide()
        self._steps.show()


def _look(action: ActionSnapshot) -> tuple[Status, str | None]:
    if action.state in (ActionState.CONFIRMED, ActionState.SKIPPED):
        return Status.OK, None
    if action.problem is not None:
        return Status.CRITICAL if action.state is ActionState.FAILED else Status.WARNING, None
    return (Status.NEUTRAL, "in_time") if action.state is ActionState.PLANNED else (Status.INFO, "running")


def _usual_text(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"
