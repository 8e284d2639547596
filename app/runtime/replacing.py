"""Putting a file in another's place."""

from __future__ import annotations

from pathlib import Path

_TRIES, _BETWEEN_TRIES_S = 20, 0.025


def put_in_place(new: Path, old: Path) -> None:
    """On Windows nothing can take the place of a file that somebody, such as a virus scanner, is reading just then.

    Raises:
        OSError: it cannot be done, or not within half a second.
    """
    import threading

    for _ in range(_TRIES - 1):
        try:
            new.replace(old)
        except PermissionError:
            threading.Event().wait(_BETWEEN_TRIES_S)
        else:
            return
    new.replace(old)
