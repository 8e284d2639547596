"""The pages of the set-up, one for each step of the flow. Each is made when it is first wanted, and kept."""

from collections.abc import Generator
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from ui.theme.theme import Theme
from ui.wizard.page import WizardPage
from ui.wizard.pages.capacity import CapacityPage
from ui.wizard.pages.enable import EnablePage
from ui.wizard.pages.goal import GoalPage
from ui.wizard.pages.review import ReviewPage
from ui.wizard.pages.run import RunPage
from ui.wizard.pages.settings import SettingsPage
from ui.wizard.pages.source import SourcePage
from ui.wizard.pages.target import TargetPage
from ui.wizard.pages.vault import VaultPage

_PAGES = (VaultPage, GoalPage, SourcePage, TargetPage, SettingsPage, CapacityPage, EnablePage, ReviewPage, RunPage)
_BY_STEP: dict[str, type[WizardPage]] = {page.step_id: page for page in _PAGES}


class Pages(QObject):
    """The pages of one wizard, in its stack. To make all at once would hold the loop for a quarter of a second.

    Signals:
        made: a page is there from now on; carries the `WizardPage`.
    """

    made = Signal(object)

    def __init__(self, theme: Theme, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._pages: dict[str, WizardPage] = {}
        self._making: dict[str, Generator[None, None, WizardPage]] = {}
        self.destroyed.connect(partial(_end, self._making))

    def page(self, step_id: str) -> WizardPage:
        """The page of a step; what is not there of it yet is made now."""
        while not self.make_piece(step_id):
            pass
        return self._pages[step_id]

    def make_piece(self, step_id: str) -> bool:
        """Make one piece more of a page ahead of its use; whether the page is there."""
        if step_id in self._pages:
            return True
        making = self._making.setdefault(step_id, _BY_STEP[step_id].in_turns(self._theme))
        try:
            next(making)
        except StopIteration as end:
            del self._making[step_id]
            page = self._pages[step_id] = end.value
            self._stack.addWidget(page)
            self.made.emit(page)
            return True
        return False


def _end(making: dict[str, Generator[None, None, WizardPage]]) -> None:
    """Leave nothing behind of pages that were not made to their end."""
    for each in making.values():
        each.close()
    making.clear()
