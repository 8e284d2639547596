"""Imports modules while the loop goes on: in a thread, one after the other.

The collector rests meanwhile and is told afterwards to leave what was loaded alone: a full collection with the SDKs in
memory holds the loop for 30 ms.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from app.runtime.progress import Progress, Report, silent

_MIDDLES_PER_FULL = 100
"""Python's 10 makes a full collection at every refresh of a long list, and each holds the loop for 50 ms: ten thousand
replicated items are a hundred thousand objects. They are freed by their counts; only cycles wait for the collector."""


async def load(modules: Sequence[str], text: str = "", report: Report = silent) -> None:
    """Import what is missing of `modules`, giving the loop its turn between them. `text` says what for."""
    missing = [module for module in modules if module not in sys.modules]
    if not missing:
        return
    with resting_collector():
        for done, module in enumerate(missing):
            report(Progress(text, done, len(missing)))
            await asyncio.to_thread(import_module, module)


@contextmanager
def resting_collector() -> Iterator[None]:
    """No collection while modules load, or much else that stays; afterwards it is kept out of all later ones.

    So is what is there before, else a round that is asked for meanwhile goes through all of the program's beginning.
    """
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.freeze()
        youngest, middle, _ = gc.get_threshold()
        gc.set_threshold(youngest, middle, _MIDDLES_PER_FULL)
        if was_on:
            gc.enable()
