"""The docked sheet that creates something in Azure at once: what will happen, then how far it is, or why it failed.

Other docked sheets only add to the set-up. Vault and site cannot wait for the review, since hosts register in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.flows.action import Action
from app.flows.sent import sent_text
from app.services.runs import RunSnapshot
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.disclosure import Disclosure
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.labels import StatusLine
from ui.wizard.action_states import ActionStates


class CreationSheet(DockedSheet):
    """Put the fields into `fields`. While it is busy, closing it stops nothing."""

    def __init__(self, theme: Theme, title: str, purpose: str, *, submit: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, submit=submit, parent=parent)
        self._is_busy = False
        self._form = QWidget()
        self.fields = QVBoxLayout(self._form)
        self.fields.setContentsMargins(0, 0, 0, 0)
        self.fields.setSpacing(Space.L)
        self._states = ActionStates(theme)
        self._sent = Disclosure(theme, self.tr("What will be sent"))
        self._sent.setObjectName("sheet-sent")
        self._sent.hide()
        self._failure = StatusLine(theme, tinted=True)
        self._failure.setObjectName("sheet-failure")
        self._failure.hide()
        for part in (self._form, self._states, self._sent, self._failure):
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
            self._states.show_actions(actions)
            self._sent.setVisible(bool(actions))
            self._sent.set_text("\n\n".join(map(sent_text, actions)))

    def show_busy(self) -> None:
        """It is under way: the answers stand, and Cancel only closes the sheet."""
        self._is_busy = True
        self._form.setEnabled(False)
        self.submit_button.setEnabled(False)
        self.cancel_button.setText(self.tr("Close"))
        self._failure.hide()
        self._states.show_begun()

    def show_run(self, run: RunSnapshot) -> None:
        """Tick off what is there."""
        self._states.show_run(run)

    def show_failure(self, error: AppError) -> None:
        """Say why, and take the answers again."""
        self._is_busy = False
        self._form.setEnabled(True)
        self.submit_button.setEnabled(True)
        self.cancel_button.setText(self.tr("Cancel"))
        self._states.show_stopped()
        self._failure.set_status(Status.CRITICAL, error.sentence)
        self._failure.show()
