"""Waiting for somebody to renew what has ended."""

from __future__ import annotations

import asyncio

import pytest

from app.runtime.renewal import Renewal


class Ended(Exception):
    """What is renewed counts no longer."""


class Call:
    """Meets the end so often, then answers."""

    def __init__(self, ends: int) -> None:
        self.ends = ends
        self.made = 0

    async def __call__(self) -> int:
        self.made += 1
        if self.made <= self.ends:
            raise Ended(f"the {self.made}.")
        return self.made


async def test_where_nobody_attends_the_end_is_raised() -> None:
    renewal = Renewal(Ended)
    with pytest.raises(Ended):
        await renewal.go_on(Call(1))
    assert not renewal.is_awaited


async def test_all_who_wait_go_on_at_one_renewal() -> None:
    renewal = Renewal(Ended)
    told: list[bool] = []
    leave = renewal.attend(lambda: told.append(renewal.is_awaited))
    going = [asyncio.create_task(renewal.go_on(call)) for call in (Call(1), Call(1), Call(0))]
    await asyncio.sleep(0)
    assert renewal.is_awaited
    renewal.renew()
    assert await asyncio.gather(*going) == [2, 2, 1]
    assert told == [True, True, False]
    leave()


async def test_an_end_from_before_the_renewal_is_no_news() -> None:
    renewal = Renewal(Ended)
    leave = renewal.attend(lambda: None)
    late = asyncio.Event()

    async def call() -> str:
        if not late.is_set():
            await late.wait()
            raise Ended("begun before")
        return "after"

    going = asyncio.create_task(renewal.go_on(call))
    await asyncio.sleep(0)
    renewal.renew()
    late.set()
    assert await going == "after"
    assert renewal.error is None
    leave()


async def test_other_errors_are_left_alone() -> None:
    renewal = Renewal(Ended)
    leave = renewal.attend(lambda: None)

    async def call() -> None:
        raise KeyError("else")

    with pytest.raises(KeyError):
        await renewal.go_on(call)
    leave()


async def test_whoever_waits_is_told_when_the_last_attendant_leaves() -> None:
    renewal = Renewal(Ended)
    leave, leave_too = renewal.attend(lambda: None), renewal.attend(lambda: None)
    going = asyncio.create_task(renewal.go_on(Call(1)))
    await asyncio.sleep(0)
    leave()
    await asyncio.sleep(0)
    assert not going.done()
    leave_too()
    with pytest.raises(Ended):
        await going


async def test_a_wait_that_is_cancelled_is_forgotten() -> None:
    renewal = Renewal(Ended)
    heard: list[int] = []
    stop = renewal.watch(lambda: heard.append(1))
    leave = renewal.attend(lambda: None)
    going = asyncio.create_task(renewal.go_on(Call(1)))
    await asyncio.sleep(0)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    stop()
    renewal.renew()
    assert heard == [1]
    leave()
