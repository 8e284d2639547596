"""A feed keeps one kind of data fresh for all who watch it.

One request at a time; an interval of real seconds, longer while Azure does not answer; nothing is asked while nobody
watches. What was read last stays, with its age and with the error that keeps it from being newer. One that could not
read because the sign-in had ended reads at once when somebody has signed in again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Generic, TypeVar

from app.errors import AppError, SignInRequired, Throttled
from app.ports.clock import Clock
from app.runtime.renewal import Renewal
from app.runtime.single_flight import SingleFlight
from app.runtime.task_scope import TaskScope

T = TypeVar("T")

_LONGEST_PAUSE_S = 300.0

Wait = Callable[[float], Awaitable[None]]


class Feed(Generic[T]):
    """`load` reads the data as cheaply as it can; `load_whole`, where that differs, spares nothing. `wait` waits real
    seconds.

    Attributes:
        value: what was read last; None before the first time.
        error: why the last attempt failed; None when it did not.
        updated: the vault's time of `value`.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], Awaitable[T]],
        clock: Clock,
        scope: TaskScope,
        *,
        interval_s: float,
        load_whole: Callable[[], Awaitable[T]] | None = None,
        renewal: Renewal | None = None,
        wait: Wait = asyncio.sleep,
    ) -> None:
        self.name = name
        self.value: T | None = None
        self.error: AppError | None = None
        self.updated: datetime | None = None
        self._load = load
        self._load_whole = load_whole or load
        self._clock = clock
        self._scope = scope
        self._interval_s = interval_s
        self._renewal = renewal
        self._wait = wait
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._failures = 0
        self._watchers: list[Callable[[], None]] = []
        self._flight: SingleFlight[None] = SingleFlight()
        self._poll: asyncio.Task[None] | None = None
        self._stop_watching: Callable[[], None] = lambda: None

    @property
    def age_s(self) -> float | None:
        """Real seconds since `value` was read; None before the first time."""
        return None if self._read_at is None else time.monotonic() - self._read_at

    @property
    def is_stale(self) -> bool:
        """The last attempt failed, so that `value` is older than it should be."""
        return self.error is not None and self.value is not None

    @property
    def next_in_s(self) -> float:
        """How long until the next attempt is due."""
        return 0.0 if self._tried_at is None else max(self._tried_at + self._pause_s - time.monotonic(), 0.0)

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Hear of each attempt's end, good or bad; the first watcher starts the reading. Call the result to stop."""
        self._watchers.append(on_change)
        if self._poll is None:
            self._poll = self._scope.start(self._keep_fresh(), name=f"feed {self.name}")
            if self._renewal is not None:
                self._stop_watching = self._renewal.watch(self._on_renewal_changed)

        def unsubscribe() -> None:
            if on_change in self._watchers:
                self._watchers.remove(on_change)
            if not self._watchers and self._poll is not None:
                self._stop_watching()
                self._poll.cancel()
                self._poll = None

        return unsubscribe

    async def refresh(self) -> None:
        """Read everything now; joins a reading of the same kind under way. The outcome is in `value` and `error`."""
        await self._flight.run("whole", lambda: self._read(self._load_whole))

    async def _keep_fresh(self) -> None:
        while True:
            await self._wait(self.next_in_s)
            # Somebody may have pressed Refresh while we waited.
            if self.next_in_s <= 0:
                await self._flight.run("quiet", lambda: self._read(self._load))

    @property
    def _pause_s(self) -> float:
        pause: float = min(self._interval_s * 2**self._failures, max(_LONGEST_PAUSE_S, self._interval_s))
        if isinstance(self.error, Throttled):
            pause = max(pause, self.error.retry_after_s)
        return pause

    def _on_renewal_changed(self) -> None:
        """Begin the waiting anew, with nothing to wait for."""
        if self._poll is None or not isinstance(self.error, SignInRequired):
            return
        if self._renewal is not None and self._renewal.error is None:
            self._tried_at, self._failures = None, 0
            self._poll.cancel()
            self._poll = self._scope.start(self._keep_fresh(), name=f"feed {self.name}")

    async def _read(self, load: Callable[[], Awaitable[T]]) -> None:
        renewals = self._renewal.count if self._renewal is not None else 0
        try:
            value = await load()
        except AppError as error:
            if isinstance(error, SignInRequired) and self._renewal is not None:
                if self._renewal.count != renewals:  # signed in again while it was on its way
                    await self._read(load)
                    return
                self._renewal.end(error)
            self.error = error
            self._failures += 1
        else:
            self.value = value
            self.error = None
            self._failures = 0
            self.updated = self._clock.now()
            self._read_at = time.monotonic()
        self._tried_at = time.monotonic()
        for watcher in tuple(self._watchers):
            watcher()
