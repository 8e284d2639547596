"""Asking again while Azure does not answer, or until somebody has signed in again: neither is a failure of what was
asked about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from app.errors import ServiceFault, SignInRequired, Throttled, Unreachable
from app.ports.clock import Clock
from app.runtime.renewal import Renewal

T = TypeVar("T")

NO_ANSWER = (Unreachable, Throttled, ServiceFault)
"""Errors that say nothing about the thing asked for."""

_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
_WORTH_SAYING = timedelta(seconds=10)

OnSilence = Callable[[timedelta], None]
"""Hears how long Azure has not answered; zero when it does again."""


def unconcerned(silence: timedelta) -> None:
    """The listener of somebody who does not care."""


def sign_in_renewal() -> Renewal:
    """For a connection: its sign-in may end at any time."""
    return Renewal(SignInRequired)


class Patience:
    """How the services of one connection ask."""

    def __init__(self, clock: Clock, renewal: Renewal) -> None:
        self.renewal = renewal
        self._clock = clock

    async def ask(self, call: Callable[[], Awaitable[T]], on_silence: OnSilence = unconcerned) -> T:
        """Repeat a read until Azure answers it; every other error is the answer.

        There is no limit: the caller is cancelled when nobody wants to know any more.
        """
        return await self.renewal.go_on(lambda: self._until_answered(call, on_silence))

    async def _until_answered(self, call: Callable[[], Awaitable[T]], on_silence: OnSilence) -> T:
        asked = self._clock.now()
        pause = _FIRST_PAUSE_S
        was_silent = False
        while True:
            try:
                answer = await call()
            except NO_ANSWER as error:
                wait = max(pause, error.retry_after_s) if isinstance(error, Throttled) else pause
                silence = self._clock.now() - asked
                if silence >= _WORTH_SAYING:
                    on_silence(silence)
                    was_silent = True
                await self._clock.sleep(wait)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            else:
                if was_silent:
                    on_silence(timedelta(0))
                return answer


def silence_text(silence: timedelta, *, is_sent: bool = True) -> str:
    """In words; empty when there is no silence."""
    seconds = int(silence.total_seconds())
    if seconds <= 0:
        return ""
    duration = f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
    rest = "the work there goes on" if is_sent else "nothing was sent yet"
    return f"No answer from Azure for {duration}; {rest}"
