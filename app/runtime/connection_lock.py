"""One program at a time may write through a connection; a second one opens it read-only.

The lock is an open exclusive transaction on a small SQLite file of its own: it works alike on Windows, Linux and
macOS, and the system gives it back when the process dies, however it dies. A file that names a process id would not.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


class ConnectionLock:
    """Held until `release`, or until the process ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def take(cls, path: Path, *, wait_s: float = 0) -> ConnectionLock | None:
        """The lock at `path`, or None when another program holds it, still after `wait_s` seconds in this thread."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return None
        return cls(connection)

    def release(self) -> None:
        self._connection.close()
