"""The upload measurement, and the blob SDK over the practice vault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from azure.storage.blob.aio import BlobServiceClient

from app.errors import PermissionDenied, Unreachable
from app.runtime.progress import Progress
from app.simulator.messages import Headers, Request, Response
from tests.support.doors import DOORS, Door, open_door
from tests.support.practice import refusal
from tests.support.waiting import until

MIB = 1 << 20


@pytest.fixture(params=DOORS)
async def door(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    async with open_door(request.param) as opened:
        yield opened


async def endpoint_of(door: Door) -> str:
    accounts = await door.gateways.resources.list_storage_accounts(door.subscription)
    return next(account.blob_endpoint for account in accounts if account.tier == "Standard")


def containers_in(door: Door, endpoint: str) -> str:
    """The account's own list of containers, asked for without an SDK."""
    headers = Headers({"Authorization": "Bearer any", "x-ms-version": "2024-11-04"})
    request = Request("GET", f"{endpoint.rstrip('/')}/?comp=list", headers)
    return door.simulator.handle(request).read().decode()


async def test_a_measurement_sends_what_it_may_and_leaves_nothing(door: Door) -> None:
    endpoint = await endpoint_of(door)
    seen: list[Progress] = []

    probe = await door.gateways.blobs.measure_upload(
        endpoint, max_bytes=2 * MIB + 100, max_seconds=30, block_bytes=MIB // 2, report=seen.append
    )

    assert probe.sent_bytes == 2 * MIB + 100
    assert probe.megabits_per_s > 0
    assert probe.left_behind == ""
    assert seen[-1].done == probe.sent_bytes
    assert "srd-probe" not in containers_in(door, endpoint)


async def test_a_cancelled_measurement_leaves_nothing(door: Door) -> None:
    endpoint = await endpoint_of(door)
    seen: list[Progress] = []
    task = asyncio.ensure_future(  # noqa: TID251 - the test is the owner
        door.gateways.blobs.measure_upload(
            endpoint, max_bytes=1 << 40, max_seconds=30, block_bytes=1000, report=seen.append
        )
    )
    await until(lambda: seen)
    assert "srd-probe" in containers_in(door, endpoint)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert "srd-probe" not in containers_in(door, endpoint)


async def test_a_measurement_ends_with_its_time(door: Door) -> None:
    endpoint = await endpoint_of(door)

    probe = await door.gateways.blobs.measure_upload(endpoint, max_bytes=1 << 40, max_seconds=0.05, block_bytes=1000)

    assert probe.sent_bytes > 0
    assert 0.05 <= probe.seconds < 5
    assert "srd-probe" not in containers_in(door, endpoint)


async def test_a_refused_measurement_names_the_role(door: Door) -> None:
    endpoint = await endpoint_of(door)
    door.wire.before = lambda request: refusal(403, "AuthorizationPermissionMismatch")

    with pytest.raises(PermissionDenied, match="measure the upload") as caught:
        await door.gateways.blobs.measure_upload(endpoint, max_bytes=1000, max_seconds=5, block_bytes=1000)

    assert "Storage Blob Data Contributor" in caught.value.advice


async def test_a_container_that_stays_behind_is_told() -> None:
    async with open_door("in process") as door:
        endpoint = await endpoint_of(door)

        def keep(request: Request) -> Response | None:
            return refusal(403, "AuthorizationPermissionMismatch") if request.method == "DELETE" else None

        door.wire.before = keep

        probe = await door.gateways.blobs.measure_upload(endpoint, max_bytes=1000, max_seconds=5, block_bytes=1000)

        assert probe.left_behind.startswith("srd-probe-")


async def test_an_account_that_does_not_answer_is_unreachable() -> None:
    async with open_door("over the port") as door:
        with pytest.raises(Unreachable):
            await door.gateways.blobs.measure_upload(
                "http://127.0.0.1:9/blob/none", max_bytes=1000, max_seconds=5, block_bytes=1000
            )


async def test_the_blob_sdk_reads_back_what_it_wrote_in_this_process() -> None:
    """Downloading looks deep into the response: what the in-process door must therefore hold ready."""
    async with open_door("in process") as door:
        service = BlobServiceClient(
            await endpoint_of(door),
            credential=door.clients.endpoint.credential,
            transport=door.clients.transport,
            max_single_put_size=MIB,
            max_block_size=MIB // 4,
            max_single_get_size=MIB // 4,
            max_chunk_get_size=MIB // 4,
        )
        container = service.get_container_client("reports")
        await container.create_container()
        small, large = b"a small one", bytes(range(256)) * 2048

        await container.upload_blob("small", small)
        await container.upload_blob("large", large)

        assert await (await container.download_blob("small")).readall() == small
        assert await (await container.download_blob("large")).readall() == large
        assert sorted([blob.name async for blob in container.list_blobs()]) == ["large", "small"]
