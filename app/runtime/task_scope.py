"""Owns background tasks, so that none is lost and all end with their owner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class TaskScope:
    """Keeps every task it starts alive until it ends; `close` cancels what still runs and waits for it.

    `on_failure` hears of a task that ended with an exception; without it the loop's exception handler does.
    """

    def __init__(self, on_failure: Callable[[BaseException], None] | None = None) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_failure = on_failure
        self._closed = False

    def start(self, coroutine: Coroutine[Any, Any, Any], *, name: str | None = None) -> asyncio.Task[Any]:
        if self._closed:
            coroutine.close()
            raise RuntimeError("this scope is closed")
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        failure = task.exception()
        if failure is None:
            return
        if self._on_failure is not None:
            self._on_failure(failure)
        else:
            context = {"message": f"background task {task.get_name()} failed", "exception": failure, "task": task}
            task.get_loop().call_exception_handler(context)

    async def close(self) -> None:
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
