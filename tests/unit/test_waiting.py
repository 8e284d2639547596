from __future__ import annotations

import asyncio
import threading

import pytest

from tests.support.waiting import until

pytestmark = pytest.mark.asyncio_debug


async def test_returns_what_became_true() -> None:
    found: list[str] = []
    asyncio.get_running_loop().call_soon(found.append, "vault")

    assert await until(lambda: found) == ["vault"]


async def test_sees_what_another_thread_does() -> None:
    arrived = threading.Event()
    thread = threading.Thread(target=arrived.set)
    thread.start()

    await until(arrived.is_set)
    thread.join()


async def test_gives_up_and_says_what_did_not_happen() -> None:
    with pytest.raises(AssertionError, match="in vain for the job to end"):
        await until(lambda: False, within_s=0, what="the job to end")


async def test_failure_in_the_predicate_is_not_waited_over() -> None:
    with pytest.raises(ZeroDivisionError):
        await until(lambda: 1 / 0)
