"""What is said before there is a log: kept, and written once there is one.

A module of its own, since the window's first frame waits for it and not for all that `app.logs` needs.
"""

from __future__ import annotations

import logging


class KeptLog(logging.Handler):
    """Keeps from the moment it is made until `hand_on`."""

    def __init__(self) -> None:
        super().__init__()
        self._records: list[logging.LogRecord] = []
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def hand_on(self, log: logging.Handler) -> None:
        """Have `log` take over."""
        logging.getLogger().removeHandler(self)
        for record in self._records:
            log.handle(record)
        self._records.clear()
