"""Measures how long the one loop is held: a beat every 5 ms, and where the program was when one came late.

Only the tour and the benchmarks run it. A second thread looks at the main thread's stack while a beat is overdue,
because afterwards nobody knows any more what held the loop.
"""

from __future__ import annotations

import faulthandler
import re
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5
_OVERDUE_MS = 16.0
_LOOK_EVERY_S = 0.004
_KEPT_FRAMES = 6
_CALL = re.compile(r'File "(.+?)", line (\d+) in (\S+)')


@dataclass(frozen=True, slots=True)
class Stalls:
    """How late the beats were, in milliseconds. `where` tells of the longest one, innermost call last."""

    p50: float
    p99: float
    max: float
    where: str
    beats: int


class Heartbeat(QObject):
    """Beats from `start` to `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._late_ms: list[float] = []
        self._last = 0.0
        self._longest_ms = 0.0
        self._where = ""
        self._seen: Sequence[str] = ()
        self._is_over = threading.Event()
        self._watcher: threading.Thread | None = None

    def start(self) -> None:
        self._last = perf_counter()
        self._timer.start()
        self._watcher = threading.Thread(target=self._watch, args=(threading.get_ident(),), daemon=True)
        self._watcher.start()

    def rest(self) -> None:
        """Stop counting for a while."""
        self._timer.stop()
        self._last = float("inf")

    def go_on(self) -> None:
        """Count again."""
        self._last = perf_counter()
        self._seen = ()
        self._timer.start()

    def stop(self) -> Stalls:
        """End the beat and tell how late it was."""
        self._timer.stop()
        self._is_over.set()
        if self._watcher is not None:
            self._watcher.join()
        late = sorted(self._late_ms) or [0.0]
        return Stalls(_share(late, 0.5), _share(late, 0.99), round(late[-1], 1), self._where, len(self._late_ms))

    def _on_beat(self) -> None:
        now = perf_counter()
        late = max((now - self._last) * 1000 - BEAT_MS, 0.0)
        self._last = now
        self._late_ms.append(late)
        if late > self._longest_ms:
            self._longest_ms = late
            self._where = " > ".join(self._seen[-_KEPT_FRAMES:])
        self._seen = ()

    def _watch(self, main_thread: int) -> None:
        """Look at the stack with `faulthandler`, which holds no frame, and keep the deepest look of each stall.

        The last look is often one between two calls, which names only the loop.

        A frame that is held here keeps its locals alive after its function has ended, and a painter among them would
        then end in this thread, which crashes.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as file:
            while not self._is_over.wait(_LOOK_EVERY_S):
                if (perf_counter() - self._last) * 1000 < _OVERDUE_MS:
                    continue
                file.seek(0)
                file.truncate()
                faulthandler.dump_traceback(file, all_threads=True)
                file.seek(0)
                calls = _calls_of(file.read(), main_thread)
                if len(calls) > len(self._seen):
                    self._seen = calls


def _calls_of(dump: str, thread: int) -> Sequence[str]:
    """The calls a thread was in, out of faulthandler's text, in the order they were made."""
    _, _, rest = dump.partition(f"hread 0x{thread:016x}")
    calls = _CALL.findall(rest.split("\n\n", 1)[0])
    return [f"{Path(file).name}:{line} {name}" for file, line, name in reversed(calls)]


def _share(late: list[float], share: float) -> float:
    return round(late[min(int(len(late) * share), len(late) - 1)], 1)
