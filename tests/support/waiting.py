"""Waiting for something to become true, without sleeping for a guessed time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

# The first turns cost nothing; after them the wait is for another thread or process, which needs the processor.
_TURNS_AT_ONCE = 50
_PAUSE_S = 0.005


async def until(predicate: Callable[[], Value], *, within_s: float = 10.0, what: str = "") -> Value:
    """Let the loop run until `predicate()` is true, and return what it said.

    Raises:
        AssertionError: `within_s` seconds have passed; `what` names what did not happen.
    """
    deadline = time.monotonic() + within_s
    turns = 0
    while not (value := predicate()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within_s:g} s in vain for {what or predicate}")
        await asyncio.sleep(0 if turns < _TURNS_AT_ONCE else _PAUSE_S)
        turns += 1
    return value
