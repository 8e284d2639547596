"""A feed: one request at a time, back-off, rest while nobody watches, and what was read stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.errors import AppError, Throttled, Unreachable
from app.live.feed import Feed
from app.runtime.task_scope import TaskScope
from tests.support.practice import manual_simulator
from tests.support.waiting import until


class Waits:
    """Real time in a test's hand: notes each wait, and lets go when told."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._go = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self._go.wait()
        self._go.clear()

    def let_go(self) -> None:
        self._go.set()


class Source:
    """What a feed reads: numbers that count up, or errors."""

    def __init__(self) -> None:
        self.reads = 0
        self.errors: list[AppError] = []
        self.gate: asyncio.Event | None = None

    async def __call__(self) -> int:
        self.reads += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        return self.reads


@pytest.fixture
async def scope() -> AsyncIterator[TaskScope]:
    scope = TaskScope()
    yield scope
    await scope.close()


def make(source: Source, scope: TaskScope, waits: Waits, *, interval_s: float = 30.0) -> Feed[int]:
    clock = manual_simulator("empty").clock
    return Feed("numbers", source, clock, scope, interval_s=interval_s, wait=waits)  # type: ignore[arg-type]


async def test_the_first_watcher_starts_the_reading_and_all_hear_of_it(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    heard: list[tuple[str, int | None]] = []
    feed.subscribe(lambda: heard.append(("a", feed.value)))
    feed.subscribe(lambda: heard.append(("b", feed.value)))
    waits.let_go()
    await until(lambda: len(heard) == 2)
    assert heard == [("a", 1), ("b", 1)]
    assert source.reads == 1
    assert feed.updated is not None
    assert feed.age_s is not None


async def test_nothing_is_read_while_nobody_watches(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    stop = feed.subscribe(lambda: None)
    waits.let_go()
    await until(lambda: source.reads == 1)
    stop()
    waits.let_go()
    for _ in range(20):
        await asyncio.sleep(0)
    assert source.reads == 1
    assert feed.value == 1


async def test_coming_back_soon_does_not_read_again_at_once(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    feed.subscribe(lambda: None)()
    await feed.refresh()
    feed.subscribe(lambda: None)
    await until(lambda: bool(waits.asked))
    assert waits.asked[-1] > 29
    assert source.reads == 1


async def test_refresh_joins_the_reading_under_way(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    source.gate = asyncio.Event()
    asked = [asyncio.create_task(feed.refresh()) for _ in range(3)]
    await until(lambda: source.reads == 1)
    source.gate.set()
    await asyncio.gather(*asked)
    assert source.reads == 1


async def test_what_was_read_stays_when_a_later_attempt_fails(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    await feed.refresh()
    source.errors = [Unreachable("no_answer", "No answer from Azure.")]
    await feed.refresh()
    assert feed.value == 1
    assert feed.is_stale
    assert feed.error is not None
    await feed.refresh()
    assert feed.value == 3
    assert not feed.is_stale
    assert feed.error is None


async def test_failures_make_the_pauses_longer_up_to_a_limit(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    source.errors = [Unreachable("no_answer", "No answer from Azure.") for _ in range(8)]
    pauses = []
    for _ in range(8):
        await feed.refresh()
        pauses.append(round(feed.next_in_s))
    assert pauses == [60, 120, 240, 300, 300, 300, 300, 300]
    await feed.refresh()
    assert round(feed.next_in_s) == 30


async def test_a_throttled_feed_comes_back_when_azure_says(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    source.errors = [Throttled("TooManyRequests", "Too many requests.", retry_after_s=500)]
    await feed.refresh()
    assert round(feed.next_in_s) == 500


async def test_a_watcher_that_leaves_while_it_is_told_disturbs_nobody(scope: TaskScope) -> None:
    source, waits = Source(), Waits()
    feed = make(source, scope, waits)
    heard: list[str] = []

    def leave() -> None:
        heard.append("leaver")
        stop()

    stop = feed.subscribe(leave)
    feed.subscribe(lambda: heard.append("stayer"))
    await feed.refresh()
    await feed.refresh()
    assert heard == ["leaver", "stayer", "stayer"]
