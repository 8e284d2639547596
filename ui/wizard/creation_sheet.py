"""The docked sheet that creates something in Azure at once: what will happen, then how far it is, or why it failed.

Other docked sheets only add to the set-up. Vault and site cannot wait for the review, since hosts register in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.flows.action import Action
from app.runtime.journal import ActionState
from app.services.runs import ActionSnapshot, RunSnapshot
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.labels import StatusLine, Text
from ui.widgets.numbered_steps import NumberedStep, NumberedSteps


class CreationSheet(DockedSheet):
    """Put the fields into `fields`. While it is busy, closing it stops nothing."""

    def __init__(self, theme: Theme, title: str, purpose: str, *, submit: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, submit=submit, parent=parent)
        self._theme = theme
        self._is_busy = False
        self._form = QWidget()
        self.fields = QVBoxLayout(self._form)
        self.fields.setContentsMargins(0, 0, 0, 0)
        self.fields.setSpacing(Space.L)
        self._head = Text(self.tr("What will happen"), TextStyle.STRONG)
        self._steps = NumberedSteps()
        self._states = QWidget()
        self._states_column = QVBoxLayout(self._states)
        self._states_column.setContentsMargins(0, 0, 0, 0)
        self._states_column.setSpacing(Space.S)
        self._states.hide()
        self._lines: list[StatusLine] = []
        self._failure = StatusLine(theme, tinted=True)
        self._failure.setObjectName("sheet-failure")
        self._failure.hide()
        self.body.addWidget(self._form)
        for part in (self._head, self._steps, self._states, self._failure):
            self.body.addWidget(part)

    @property
    def is_busy(self) -> bool:
        """True from pressing the primary button until it is there, or has failed."""
        return self._is_busy

    @property
    def failure(self) -> str:
        """Why it failed, as shown; empty if it did not."""
        return "" if self._failure.isHidden() else self._failure.text

    def show_actions(self, actions: Sequence[Action]) -> None:
        """Show what the primary button would do; nothing as long as something is missing."""
        if not self._is_busy:
            self._head.setVisible(bool(actions))
            self._steps.set_steps(
                [NumberedStep(f"{each.label} {each.subject}".strip(), _usual_text(each.usual_s)) for each in actions]
            )

    def show_busy(self) -> None:
        """It is under way: the answers stand, and Cancel only closes the sheet."""
        self._is_busy = True
        self._form.setEnabled(False)
        self.submit_button.setEnabled(False)
        self.cancel_button.setText(self.tr("Close"))
        self._failure.hide()
        self._head.setText(self.tr("What happens"))

    def show_run(self, run: RunSnapshot) -> None:
        """Tick off what is there."""
        self._steps.hide()
        self._states.show()
        while len(self._lines) < len(run.actions):
            line = StatusLine(self._theme)
            self._lines.append(line)
            self._states_column.addWidget(line)
        for line, action in zip(self._lines, run.actions, strict=False):
            status, icon = _look(action)
            words = f"{action.action.label} {action.action.subject}"
            line.set_status(status, f"{words}: {action.text}" if action.text else words, icon=icon)

    def show_failure(self, error: AppError) -> None:
        """Say why, and take the answers again."""
        self._is_busy = False
        self._form.setEnabled(True)
        self.submit_button.setEnabled(True)
        self.cancel_button.setText(self.tr("Cancel"))
        self._head.setText(self.tr("What will happen"))
        self._states.hide()
        self._steps.show()
        self._failure.set_status(Status.CRITICAL, f"{error.title} {error.advice}".strip())
        self._failure.show()


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
