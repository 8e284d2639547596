"""What the wizard reads, from the practice vault."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace

import pytest

from app.domain.arm_id import vault_id
from app.errors import Conflict, InvalidInput, PermissionDenied
from app.runtime.progress import Progress
from tests.support.practice import GROUP, SITE, open_practice, refusal


async def test_an_estate_holds_everything_a_draft_is_checked_against() -> None:
    async with open_practice() as practice:
        told: list[Progress] = []
        estate = await practice.use.inventory.estate(
            practice.vault,
            practice.simulator.subscription_id,
            target_group=GROUP,
            location="westeurope",
            report=told.append,
        )
        assert estate.is_of(practice.vault)
        assert estate.has_read(practice.simulator.subscription_id)
        site = estate.site(SITE)
        assert site is not None
        assert len(estate.hosts(site)) == 2
        assert len(estate.protectable_at(site)) >= 20
        assert estate.storage_accounts
        assert estate.networks
        assert estate.compute_sizes
        assert estate.resource_groups
        assert [progress.done for progress in told if progress.total] == list(range(1, 17))


async def test_callers_at_the_same_time_share_one_reading() -> None:
    async with open_practice() as practice:
        first, second = await asyncio.gather(practice.estate(), practice.estate())
        assert first is second
        assert practice.wire.reads["storageAccounts"] == 1
        assert await practice.estate() is not first


async def test_without_a_vault_nothing_below_one_is_read() -> None:
    async with open_practice("empty") as practice:
        estate = await practice.use.inventory.estate(None, practice.simulator.subscription_id)
        assert estate.vault is None
        assert estate.subscriptions
        assert estate.locations
        assert practice.wire.reads["replicationFabrics"] == 0


async def test_a_vault_that_does_not_exist_yet_is_no_failure() -> None:
    async with open_practice() as practice:
        absent = vault_id(practice.simulator.subscription_id, "rg-new", "asr-new")
        estate = await practice.use.inventory.estate(absent, practice.simulator.subscription_id, target_group="rg-new")
        assert estate.vault is None
        assert estate.vaults
        assert estate.machines == ()


async def test_one_refused_part_is_told_as_it_is() -> None:
    async with open_practice() as practice:
        practice.wire.before = lambda request: (
            refusal(403, "AuthorizationFailed", "no") if "/storageAccounts" in request.url else None
        )
        with pytest.raises(PermissionDenied):
            await practice.estate()


async def test_a_taken_storage_name_is_told() -> None:
    async with open_practice() as practice:
        taken = (await practice.estate()).storage_accounts[0].name
        ask = practice.use.inventory.storage_name_is_free
        assert (await ask(practice.simulator.subscription_id, taken))[0] is False
        assert (await ask(practice.simulator.subscription_id, "freestoragename01"))[0] is True


async def test_addresses_of_no_subnet_are_left_out_of_the_answers() -> None:
    async with open_practice() as practice:
        network = (await practice.estate()).networks[0]
        inside = network.subnets[0].prefix.replace("0/24", "77")
        answers = await practice.use.inventory.addresses(network.id, (inside, "192.0.2.7"))
        assert {address: answer.is_free for address, answer in answers.items()} == {inside: True}


async def test_no_more_hosts_register_than_wait() -> None:
    async with open_practice() as practice:
        control = practice.use.practice
        assert control is not None
        site = (await practice.estate()).site(SITE)
        assert site is not None
        for _ in (await control.state()).waiting_hosts:
            await control.register_host(site.id)
        with pytest.raises(Conflict):
            await control.register_host(site.id)


@pytest.mark.slow
async def test_an_upload_is_measured_and_leaves_nothing() -> None:
    async with open_practice() as practice:
        accounts = {account.name: account for account in (await practice.estate()).storage_accounts}
        account = next(account for account in accounts.values() if account.blob_endpoint)
        probe = await practice.use.capacity_probe.measure_upload(account)
        assert probe.sent_bytes > 0
        assert probe.left_behind == ""


async def test_an_account_without_blobs_cannot_be_measured() -> None:
    async with open_practice() as practice:
        account = replace((await practice.estate()).storage_accounts[0], blob_endpoint="")
        with pytest.raises(InvalidInput):
            await practice.use.capacity_probe.measure_upload(account)


async def test_an_estate_that_is_asked_for_and_dropped_at_once_leaves_nothing_behind() -> None:
    async with open_practice() as practice:
        for turns in range(6):
            reading = asyncio.create_task(practice.estate())
            for _ in range(turns):
                await asyncio.sleep(0)
            reading.cancel()
            await asyncio.wait([reading])
            assert reading.cancelled()
        gc.collect()  # a coroutine that nobody awaited complains here
