"""Calls that may wait for a person, each in a daemon thread of its own: they hold up neither the loop nor the exit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(call: Callable[[], T], name: str) -> T:
    """The call's result. When this is cancelled the call goes on unheard, so it should be told to end besides."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not answer.done():  # whoever waited may have been cancelled
            set_it()

    def work() -> None:
        try:
            result = call()
        except BaseException as error:
            failure = error  # Python takes the name away when the clause ends
            tell_loop(loop, lambda: settle(lambda: answer.set_exception(failure)))
        else:
            tell_loop(loop, lambda: settle(lambda: answer.set_result(result)))

    threading.Thread(target=work, name=name, daemon=True).start()
    return await answer


def tell_loop(loop: asyncio.AbstractEventLoop, news: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(news)
    except RuntimeError:
        """The loop is closed: the program ended while the call waited."""
