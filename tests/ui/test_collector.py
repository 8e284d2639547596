"""Reference cycles end on the main thread, whoever made them."""

from __future__ import annotations

import asyncio
import gc
import threading

from tests.support.waiting import until
from ui.collector import Collector


class _Knot:
    """Refers to itself, and tells in which thread it ended."""

    def __init__(self, ends: list[int]) -> None:
        self.itself = self
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.get_ident())


def _make_knots(ends: list[int]) -> None:
    for _ in range(20_000):
        _Knot(ends)


async def test_cycles_made_in_a_worker_thread_are_collected_on_the_main_thread() -> None:
    ends: list[int] = []
    collector = Collector()
    collector.start()
    assert not gc.isenabled()
    await asyncio.to_thread(_make_knots, ends)
    await until(lambda: len(ends) == 20_000, what="the knots being collected")
    assert set(ends) == {threading.get_ident()}
