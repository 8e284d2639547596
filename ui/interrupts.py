"""Ctrl+C in the terminal and the system's wish that the program ends, told to the Qt loop.

Python notes a signal and handles it when it next runs a line of its own, which an idle Qt loop never does. So the
signal's number is written to a socket, and Qt, which watches the socket, wakes up for it.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

INTERRUPTED = 128
"""With the signal's number added: the exit status by which a shell knows of an interrupt."""
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Calls `on_interrupt` with the first signal's number; a second signal does what it did before this."""

    def __init__(self, parent: QObject, on_interrupt: Callable[[int], None]) -> None:
        self._on_interrupt = on_interrupt
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, parent)
        self._notifier.activated.connect(self._on_woken)
        self._fd_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _note) for number in _INTERRUPTS}

    def stop(self) -> None:
        """Leave signals as they were found. Can be called twice."""
        if not self._before:
            return
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
        signal.set_wakeup_fd(self._fd_before)
        self._notifier.setEnabled(False)
        self._notifier.deleteLater()
        self._reader.close()
        self._writer.close()

    def _on_woken(self) -> None:
        numbers = [number for number in self._reader.recv(64) if number in _INTERRUPTS]
        if numbers:
            self.stop()
            self._on_interrupt(numbers[0])


def _note(number: int, frame: object) -> None:
    """Python passes a signal on to the socket only if it has a handler."""
