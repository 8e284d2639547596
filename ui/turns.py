"""Work that would hold the loop too long in one piece, done in several turns of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from shiboken6 import isValid

SLICE_S = 0.006
"""How long small steps are done one after the other before the loop may breathe."""


class Turns(QObject):
    """Does pieces of work in order, each in a turn of the loop of its own, so that paint and keys come in between.

    All `Turns` of the program stand in one line: whoever else has something to do waits for another turn.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: list[Callable[[], object]] = []
        self._begun = 0
        self._line = _the_line()

    @property
    def is_busy(self) -> bool:
        """Whether something is left to do."""
        return bool(self._left)

    def begin(self, *pieces: Callable[[], object]) -> None:
        """Do these from the next turn on, in place of what is left of earlier ones."""
        self._begun += 1
        self._left = list(pieces)
        self._line.join(self)

    def follow(self, steps: Iterator[object]) -> None:
        """Do these steps in place of what is left, as many in a turn as fit into a slice: each should be short."""
        self.begin()
        self._left.append(partial(self._go_on, steps, self._begun))

    def drop(self) -> None:
        """Do nothing more."""
        self._begun += 1
        self._left = []

    def do_next(self) -> None:
        """Do one piece, or a slice of steps."""
        if self._left:
            self._left.pop(0)()

    def _go_on(self, steps: Iterator[object], begun: int) -> None:
        ends = perf_counter() + SLICE_S
        for _ in steps:
            if begun != self._begun:  # a step has begun something else
                return
            if perf_counter() >= ends:
                self._left.insert(0, partial(self._go_on, steps, begun))
                return


class _Line(QObject):
    """Lets one after the other do its next piece, one in each turn of the loop."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[Turns] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._do_next)

    def join(self, turns: Turns) -> None:
        if turns not in self._waiting:
            self._waiting.append(turns)
        if not self._timer.isActive():
            self._timer.start()

    def _do_next(self) -> None:
        while self._waiting:
            turns = self._waiting.popleft()
            if isValid(turns) and turns.is_busy:
                self._waiting.append(turns)
                self._timer.start()
                turns.do_next()
                return


def _the_line() -> _Line:
    app = QCoreApplication.instance()
    assert app is not None
    found = app.findChild(_Line, "", Qt.FindChildOption.FindDirectChildrenOnly)
    return found if found is not None else _Line(app)
