"""Sharing one request among those who ask at the same time."""

from __future__ import annotations

import asyncio

import pytest

from app.runtime.single_flight import SingleFlight
from app.runtime.together import together


class Counted:
    """A call that waits to be let go, and counts."""

    def __init__(self) -> None:
        self.calls = 0
        self.cancelled = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        self.calls += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.calls


async def test_two_callers_share_one_call() -> None:
    flight: SingleFlight[int] = SingleFlight()
    call = Counted()
    asked = [asyncio.create_task(flight.run("key", call)) for _ in range(2)]
    await asyncio.sleep(0)
    call.go.set()
    assert await asyncio.gather(*asked) == [1, 1]
    assert await flight.run("key", call) == 2


async def test_one_caller_that_leaves_does_not_stop_the_others() -> None:
    flight: SingleFlight[int] = SingleFlight()
    call = Counted()
    leaver, stayer = (asyncio.create_task(flight.run("key", call)) for _ in range(2))
    await asyncio.sleep(0)
    leaver.cancel()
    call.go.set()
    assert await stayer == 1
    assert leaver.cancelled()
    assert call.cancelled == 0


async def test_the_call_ends_when_the_last_caller_leaves() -> None:
    flight: SingleFlight[int] = SingleFlight()
    call = Counted()
    task = asyncio.create_task(flight.run("key", call))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert call.cancelled == 1


async def test_together_raises_the_first_failure_and_stops_the_rest() -> None:
    slow = Counted()

    async def fail() -> int:
        raise LookupError("gone")

    with pytest.raises(LookupError):
        await together([slow(), fail()])
    assert slow.cancelled == 1
