"""A view hears of its feeds while it is on show, and of what it slept through."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from app.live.feed import Feed
from app.runtime.task_scope import TaskScope
from tests.support.waiting import until
from ui.feed_watch import FeedWatch


class StillClock:
    speed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


async def test_view_on_show_hears_once_of_each_reading_and_none_after() -> None:
    scope = TaskScope()
    reads, heard = [], []

    async def load() -> int:
        reads.append(1)
        return len(reads)

    feed = Feed("numbers", load, StillClock(), scope, interval_s=3_600)
    watch = FeedWatch([(feed, lambda: heard.append(feed.value))])
    watch.start()
    watch.start()
    await until(lambda: heard, what="the first reading")
    assert heard == [1]
    watch.stop()
    await feed.refresh()
    assert heard == [1]
    watch.start()
    assert heard == [1, 2]
    watch.stop()
    await scope.close()
