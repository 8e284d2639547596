"""Files dropped on a widget or on anything in it: a whole page is a larger target than the card that wants them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

_MOST = 200


class FileDrops(QObject):
    """Watches `target` as long as that lives.

    Signals:
        hovered: files are held over the target (true), or not any more.
        dropped: they were let go; carries a tuple of `Path`.
    """

    hovered = Signal(bool)
    dropped = Signal(object)

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.DragLeave:
            self.hovered.emit(False)
            return False
        if kind not in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            return False
        assert isinstance(event, QDropEvent)
        paths = local_files(event)
        if not paths:
            return False
        event.acceptProposedAction()
        self.hovered.emit(kind is not QEvent.Type.Drop)
        if kind is QEvent.Type.Drop:
            self.dropped.emit(paths)
        return True


def local_files(event: QDropEvent) -> tuple[Path, ...]:
    """The files of this computer that are being dragged; none where it is something else."""
    urls = [url for url in event.mimeData().urls()[:_MOST] if url.isLocalFile()]
    return tuple(Path(url.toLocalFile()) for url in urls if url.toLocalFile())
