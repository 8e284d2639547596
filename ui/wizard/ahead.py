"""Gets ready the page that Next leads to, while somebody reads the one before: a press then only has to show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from ui.turns import Turns
from ui.widgets.painting import lay_out
from ui.wizard.all_pages import Pages
from ui.wizard.page import WizardPage

_AFTER_MS = 100


class Ahead:
    """Makes the page, fills it with what is known, and lays it out, in turns of the loop."""

    def __init__(
        self,
        pages: Pages,
        stack: QStackedWidget,
        next_step: Callable[[], str],
        fill: Callable[[WizardPage], tuple[Callable[[], object], ...]],
    ) -> None:
        """`next_step` is empty where there is none; `fill` tells what is to be done to have a page show the draft."""
        self._pages = pages
        self._stack = stack
        self._next_step = next_step
        self._fill = fill
        self._turns = Turns(stack)
        self._timer = QTimer(stack)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_MS)
        self._timer.timeout.connect(lambda: self._turns.follow(self._get_ready()))

    def begin_soon(self) -> None:
        """As soon as nothing has happened for a moment."""
        self._turns.drop()
        self._timer.start()

    def _get_ready(self) -> Iterator[None]:
        following = self._next_step()
        if not following:
            return
        while not self._pages.make_piece(following):
            yield
        page = self._pages.page(following)
        for part in (*self._fill(page), lambda: self._lay_out(page)):
            yield
            part()

    def _lay_out(self, page: WizardPage) -> None:
        if not page.isVisible():
            page.resize(self._stack.size())
            lay_out(page)
