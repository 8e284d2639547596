"""The feeds of a vault over the practice vault: what they hold, and what a quiet round costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.domain.protected_item import Operation
from app.flows.failover import FailoverKind
from app.live.items_reader import WHOLE_EVERY, ItemsReader
from app.live.vault_feeds import VaultFeeds
from tests.support.practice import Practice, open_practice


@asynccontextmanager
async def feeds_of(practice: Practice) -> AsyncIterator[VaultFeeds]:
    feeds = VaultFeeds(practice.vault, practice.gateways.site_recovery, practice.clock)
    try:
        yield feeds
    finally:
        await feeds.aclose()


async def quiet_round(practice: Practice, feeds: VaultFeeds, reader: ItemsReader) -> Counter[str]:
    """What is read when every feed comes round and nothing has happened."""
    practice.wire.reads.clear()
    await reader.read()
    for feed in (feeds.jobs, feeds.events, feeds.health, feeds.hosts, feeds.policies):
        await feed.refresh()
    return Counter(practice.wire.reads)


async def test_every_feed_reads_its_family() -> None:
    async with open_practice("fleet", count=4) as practice, feeds_of(practice) as feeds:
        await feeds.refresh_all()
        assert len(feeds.protected_items.value or ()) == 4
        assert feeds.jobs.value is not None
        assert feeds.events.value is not None
        assert feeds.health.value is not None
        assert feeds.health.value.protected_items.count == 4
        assert feeds.hosts.value is not None
        assert feeds.hosts.value.providers
        assert feeds.policies.value is not None
        assert feeds.policies.value.policies
        assert feeds.policies.value.mappings
        assert {feed.error for feed in (feeds.protected_items, feeds.jobs, feeds.events)} == {None}


@pytest.mark.slow
async def test_a_quiet_round_costs_the_same_whatever_the_vault_holds() -> None:
    costs = []
    for count in (40, 2000):
        async with open_practice("fleet", count=count) as practice, feeds_of(practice) as feeds:
            reader = ItemsReader(practice.vault, practice.gateways.site_recovery, practice.clock)
            assert len(await reader.read_whole()) == count
            costs.append((await quiet_round(practice, feeds, reader)).total())
    small, large = costs
    assert large <= small + 2  # one page of the list against a look at jobs and events


@pytest.mark.slow
async def test_a_changed_machine_of_a_large_vault_is_read_alone() -> None:
    async with open_practice("fleet", count=700) as practice:
        reader = ItemsReader(practice.vault, practice.gateways.site_recovery, practice.clock)
        before = await reader.read_whole()
        item = next(item for item in before if item.allows(Operation.TEST_FAILOVER))
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, [item.id])
        run_id = await practice.use.failover.plan(sheet, sheet.suggested)
        assert (await practice.use.runner.carry_out(run_id)).is_done

        practice.wire.reads.clear()
        after = await reader.read()
        assert [each.id for each in after] == [each.id for each in before]
        assert next(each for each in after if each.id == item.id).awaits_clean_up
        assert practice.wire.reads["replicationProtectedItems"] == 0
        assert 1 <= practice.wire.reads["replicationProtectedItems/*"] <= 10


@pytest.mark.slow
async def test_a_large_vault_is_read_whole_now_and_then() -> None:
    async with open_practice("fleet", count=700) as practice:
        reader = ItemsReader(practice.vault, practice.gateways.site_recovery, practice.clock)
        await reader.read()
        await practice.wait(WHOLE_EVERY.total_seconds())
        practice.wire.reads.clear()
        await reader.read()
        assert practice.wire.reads["replicationProtectedItems"] == 2
