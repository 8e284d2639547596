"""Watches feeds for a view, as long as the view is on show: a feed that nobody watches asks Azure for nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.live.feed import Feed

Watched = tuple[Feed[Any], Callable[[], None]]


class FeedWatch:
    """Call `start` when the view is shown and `stop` when it is hidden; both may be called twice.

    Starting tells every watcher at once what its feed read last, since the view may have slept through it.
    """

    def __init__(self, watched: Sequence[Watched]) -> None:
        self._watched = tuple(watched)
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self) -> None:
        if self._unsubscribe:
            return
        for feed, on_change in self._watched:
            self._unsubscribe.append(feed.subscribe(on_change))
            if feed.value is not None or feed.error is not None:
                on_change()

    def stop(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
