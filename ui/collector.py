"""Collects reference cycles on the main thread, and on no other.

Python's collector runs in whichever thread happens to allocate. A timer or widget in a cycle that a worker thread
collects is destroyed by Qt in that thread, and the process ends. So automatic collecting is off from the import of `ui`
on, and a timer here does it, often enough that no single round is long. It is never switched on again: threads outlive
windows.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 100


class Collector(QObject):
    """Collects from `start` on, as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due by Python's own thresholds, if any is."""
        due = [
            generation
            for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > threshold > 0
        ]
        if due:
            gc.collect(due[-1])
