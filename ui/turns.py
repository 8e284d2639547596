"""Work that would hold the loop too long in one piece, done in several turns of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Does pieces of work in order, each in a turn of the loop of its own, so that paint and keys come in between."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: list[Callable[[], object]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._do_next)

    @property
    def is_busy(self) -> bool:
        """Whether something is left to do."""
        return bool(self._left)

    def begin(self, *pieces: Callable[[], object]) -> None:
        """Do these from the next turn on, in place of what is left of earlier ones."""
        self._left = list(pieces)
        self._timer.start()

    def drop(self) -> None:
        """Do nothing more."""
        self._left = []
        self._timer.stop()

    def _do_next(self) -> None:
        if self._left:
            piece = self._left.pop(0)
            if self._left:
                self._timer.start()
            piece()
