"""Waiting for a person to renew what everything else stands on, as a sign-in is renewed that has ended.

Whoever meets the end tells it and waits here, so that the person is asked once whatever came to a stop, and all of it
goes on where it was. Where nobody attends there is nobody to wait for: the error is raised, as without all this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

OnChange = Callable[[], None]


class Renewal:
    """One for everything that ends together.

    Args:
        kind: the errors that say that it has ended.

    Attributes:
        error: why it has ended; None while it holds.
        count: how often it was renewed. An error of a call that began before the last time tells nothing new.
    """

    def __init__(self, kind: type[Exception]) -> None:
        self.error: Exception | None = None
        self.count = 0
        self._kind = kind
        self._attendants: list[OnChange] = []
        self._watchers: list[OnChange] = []
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def is_attended(self) -> bool:
        """Whether somebody is there who can renew it."""
        return bool(self._attendants)

    @property
    def is_awaited(self) -> bool:
        """It has ended, and somebody is there to renew it."""
        return self.error is not None and self.is_attended

    def attend(self, on_change: OnChange) -> Callable[[], None]:
        """Be there to renew it, and hear of each end and each renewal. Call the result to leave.

        When the last one leaves, whoever waits is told that it has ended.
        """
        self._attendants.append(on_change)

        def leave() -> None:
            if on_change in self._attendants:
                self._attendants.remove(on_change)
            if not self._attendants:
                self._release(self.error)

        return leave

    def watch(self, on_change: OnChange) -> Callable[[], None]:
        """Hear of each end and each renewal, without being able to do anything about it. Call the result to stop."""
        self._watchers.append(on_change)

        def stop() -> None:
            if on_change in self._watchers:
                self._watchers.remove(on_change)

        return stop

    def end(self, error: Exception) -> None:
        """It counts no longer. Told again, as each time that something needs it, the newest reason stands."""
        self.error = error
        self._tell()

    def renew(self) -> None:
        """It counts again: everything goes on."""
        self.count += 1
        self.error = None
        self._release(None)
        self._tell()

    async def go_on(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make the call, and again each time that it was renewed after the call had met its end.

        Raises:
            Exception: whatever the call raises; the end itself only where nobody attends.
        """
        while True:
            count = self.count
            try:
                return await call()
            except Exception as error:
                if not isinstance(error, self._kind):
                    raise
                if count == self.count:
                    await self.wait(error)

    async def wait(self, error: Exception) -> None:
        """Wait until it is renewed after this error.

        Raises:
            Exception: this error, where nobody attends.
        """
        if not self.is_attended:
            raise error
        self.end(error)
        renewed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(renewed)
        try:
            await renewed
        finally:
            if renewed in self._waiting:
                self._waiting.remove(renewed)

    def _release(self, error: Exception | None) -> None:
        waiting, self._waiting = self._waiting, []
        for renewed in waiting:
            if renewed.done():
                continue
            if error is None:
                renewed.set_result(None)
            else:
                renewed.set_exception(error)

    def _tell(self) -> None:
        for hear in (*self._attendants, *self._watchers):
            hear()
