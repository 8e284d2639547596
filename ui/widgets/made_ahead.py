"""A widget that takes long to make, made before anybody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import delete, isValid

from ui.turns import Turns
from ui.widgets.painting import lay_out

W = TypeVar("W", bound=QWidget)


class MadeAhead(QObject, Generic[W]):
    """Has one ready, with its sizes, and hands it out; it stands in no window until then."""

    def __init__(self, parent: QObject, make: Callable[..., W]) -> None:
        super().__init__(parent)
        self._make = make
        self._turns = Turns(self)
        self._ready: list[tuple[tuple[object, ...], W]] = []
        ready = self._ready
        self.destroyed.connect(lambda: _forget(ready))

    def get_ready(self, *words: object) -> None:
        """Make one with these words in later turns of the loop, unless there is one."""
        if not self._ready or self._ready[0][0] != words:
            self._turns.begin(lambda: self._make_one(words), self._lay_out)

    def take(self, *words: object) -> W:
        """The one that is ready, if it has these words, else a new one."""
        self._turns.drop()
        if self._ready and self._ready[0][0] == words:
            return self._ready.pop()[1]
        return self._make(*words)

    def _make_one(self, words: tuple[object, ...]) -> None:
        _forget(self._ready)
        self._ready.append((words, self._make(*words)))

    def _lay_out(self) -> None:
        for _, widget in self._ready:
            lay_out(widget)


def _forget(ready: list[tuple[tuple[object, ...], W]]) -> None:
    while ready:
        widget = ready.pop()[1]
        if isValid(widget):
            delete(widget)
