"""Waiting for several things at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")

_GROUP = 8


async def together(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Results in the order given. The first failure is raised as it is, after the other calls were cancelled."""
    tasks = [asyncio.get_running_loop().create_task(call) for call in calls]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def in_groups(call: Callable[[S], Coroutine[Any, Any, T]], subjects: Sequence[S]) -> list[T]:
    """`call` for each subject, a few at a time, so that many of them do not crowd the line. Results in order."""
    results: list[T] = []
    for start in range(0, len(subjects), _GROUP):
        results += await together([call(subject) for subject in subjects[start : start + _GROUP]])
    return results
