"""Asking again while Azure does not answer: losing the line is not a failure of what was asked about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from app.errors import ServiceFault, Throttled, Unreachable
from app.ports.clock import Clock

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


async def ask_until_answered(call: Callable[[], Awaitable[T]], clock: Clock, on_silence: OnSilence = unconcerned) -> T:
    """Repeat a read until Azure answers it; every other error is the answer.

    There is no limit: the caller is cancelled when nobody wants to know any more.
    """
    asked = clock.now()
    pause = _FIRST_PAUSE_S
    was_silent = False
    while True:
        try:
            answer = await call()
        except NO_ANSWER as error:
            wait = max(pause, error.retry_after_s) if isinstance(error, Throttled) else pause
            silence = clock.now() - asked
            if silence >= _WORTH_SAYING:
                on_silence(silence)
                was_silent = True
            await clock.sleep(wait)
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
