"""Whether a connection may be written through: as whoever works with it wishes, and as long as no other window does."""

from __future__ import annotations

from collections.abc import Callable


class WriteAccess:
    """One per connection. Who shows buttons that write listens for changes.

    Attributes:
        is_held_elsewhere: another program holds the connection; nothing can be written through it here, whatever is
            wished for.
    """

    def __init__(self, *, is_held_elsewhere: bool = False) -> None:
        self.is_held_elsewhere = is_held_elsewhere
        self._looks_only = False
        self._watchers: list[Callable[[], None]] = []

    @property
    def is_read_only(self) -> bool:
        return self.is_held_elsewhere or self._looks_only

    def unlock(self) -> None:
        """Allow changes."""
        self._set(looks_only=False)

    def lock(self) -> None:
        """Only look from now on; what was started goes on."""
        self._set(looks_only=True)

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Returns what ends the subscription."""
        self._watchers.append(on_change)
        return lambda: self._watchers.remove(on_change) if on_change in self._watchers else None

    def _set(self, *, looks_only: bool) -> None:
        if looks_only != self._looks_only:
            self._looks_only = looks_only
            for on_change in tuple(self._watchers):
                on_change()
