"""The upload measurement over the practice vault and over Azurite, and the blob SDK over the practice vault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import PipelineRequest
from azure.storage.blob import BlobBlock
from azure.storage.blob.aio import BlobServiceClient

from app.adapters.azure.blob_probe import AzureBlobProbe
from app.adapters.azure.clients import NetworkTransport
from app.adapters.azure.credentials import FixedToken
from app.adapters.network.ways import Ways
from app.errors import PermissionDenied, Unreachable
from app.ports.blobs import BlobProbe, UploadProbe
from app.ports.secrets import Secret
from app.runtime.progress import Progress
from app.simulator.messages import Headers, Request, Response
from tests.support.azurite import NoAzurite, installed_azurite, run_azurite
from tests.support.doors import DOORS, Door, open_door
from tests.support.practice import refusal
from tests.support.waiting import until

MIB = 1 << 20
SIZES = dict.fromkeys(("max_single_put_size", "max_block_size", "max_single_get_size", "max_chunk_get_size"), MIB // 4)
BUILD = Path(__file__).parents[2] / "build"


@dataclass(frozen=True, slots=True)
class Account:
    """A storage account, the probe that is tried on it, and the account's own list of containers.

    Attributes:
        soon_s: a time in which some blocks mostly arrive.
    """

    endpoint: str
    blobs: BlobProbe
    containers: Callable[[], Awaitable[str]]
    service: BlobServiceClient
    soon_s: float


@pytest.fixture(params=[*DOORS, pytest.param("azurite", marks=pytest.mark.slow)])
async def account(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Account]:
    if request.param == "azurite":
        async with open_azurite(tmp_path) as opened:
            yield opened
        return
    async with open_door(request.param) as door:
        endpoint = await endpoint_of(door)

        async def containers() -> str:
            headers = Headers({"Authorization": "Bearer any", "x-ms-version": "2024-11-04"})
            return door.simulator.handle(Request("GET", f"{endpoint.rstrip('/')}/?comp=list", headers)).read().decode()

        def sign(request: PipelineRequest[Any]) -> None:
            request.http_request.headers["Authorization"] = "Bearer any"

        options: dict[str, Any] = {"transport": door.clients.transport, "raw_request_hook": sign}
        service = BlobServiceClient(endpoint, **options, **SIZES)
        yield Account(endpoint, door.gateways.blobs, containers, service, soon_s=0.05)


@asynccontextmanager
async def open_azurite(folder: Path) -> AsyncIterator[Account]:
    """Azurite through the program's own transport: its TLS, its trust, its credential."""
    try:
        program = await asyncio.to_thread(installed_azurite, BUILD)
    except NoAzurite as reason:
        pytest.skip(str(reason))
    async with run_azurite(program, folder) as azurite:
        transport = NetworkTransport(Ways(), ca=azurite.ca)
        token = FixedToken(Secret(azurite.token))
        async with BlobServiceClient(azurite.endpoint, credential=token, transport=transport, **SIZES) as service:

            async def containers() -> str:
                return " ".join([container.name async for container in service.list_containers()])

            yield Account(azurite.endpoint, AzureBlobProbe(token, transport), containers, service, soon_s=2)
        await transport.close()


async def endpoint_of(door: Door) -> str:
    accounts = await door.gateways.resources.list_storage_accounts(door.subscription)
    return next(account.blob_endpoint for account in accounts if account.tier == "Standard")


async def test_a_measurement_sends_what_it_may_and_leaves_nothing(account: Account) -> None:
    seen: list[Progress] = []

    probe = await account.blobs.measure_upload(
        account.endpoint, max_bytes=2 * MIB + 100, max_seconds=30, block_bytes=MIB // 2, report=seen.append
    )

    assert probe.sent_bytes == 2 * MIB + 100
    assert probe.megabits_per_s > 0
    assert probe.left_behind == ""
    assert seen[-1].done == probe.sent_bytes
    assert "srd-probe" not in await account.containers()


async def test_a_cancelled_measurement_leaves_nothing(account: Account) -> None:
    seen: list[Progress] = []
    task = asyncio.ensure_future(  # noqa: TID251 - the test is the owner
        account.blobs.measure_upload(
            account.endpoint, max_bytes=1 << 40, max_seconds=30, block_bytes=1000, report=seen.append
        )
    )
    await until(lambda: seen)
    assert "srd-probe" in await account.containers()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert "srd-probe" not in await account.containers()


async def test_a_measurement_ends_with_its_time(account: Account) -> None:
    async def measured(seconds: float) -> UploadProbe:
        probe = await account.blobs.measure_upload(
            account.endpoint, max_bytes=1 << 40, max_seconds=seconds, block_bytes=1000
        )
        assert seconds <= probe.seconds < seconds + 5
        return probe

    seconds = account.soon_s
    while not (await measured(seconds)).sent_bytes:  # a busy machine may not send a block in that time
        seconds *= 2
    assert "srd-probe" not in await account.containers()


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


async def refused(coroutine: Awaitable[Any]) -> tuple[int | None, str]:
    """Status and error code of what is refused."""
    with pytest.raises(HttpResponseError) as caught:
        await coroutine
    code = str(getattr(caught.value, "error_code", ""))  # as the service says it, or the SDK's name for that
    return caught.value.status_code, code.rpartition(".")[2].replace("_", "").lower()


async def test_the_blob_sdk_reads_back_what_it_wrote(account: Account) -> None:
    """Downloading looks deep into the response: what the in-process door must therefore hold ready."""
    container = account.service.get_container_client("reports")
    await container.create_container()
    small, large = b"a small one", bytes(range(256)) * 3000

    await container.upload_blob("small", small, metadata={"made": "here"})
    await container.upload_blob("2026/large", large)

    assert await (await container.download_blob("small")).readall() == small
    assert await (await container.download_blob("2026/large")).readall() == large
    assert await (await container.download_blob("2026/large", offset=300, length=7)).readall() == large[300:307]
    assert sorted([blob.name async for blob in container.list_blobs()]) == ["2026/large", "small"]
    assert [blob.size async for blob in container.list_blobs(name_starts_with="2026/")] == [len(large)]
    properties = await container.get_blob_client("small").get_blob_properties()
    assert (properties.size, properties.metadata) == (len(small), {"made": "here"})
    await container.upload_blob("small", b"another", overwrite=True)
    assert await (await container.download_blob("small")).readall() == b"another"
    await container.delete_blob("small")
    assert not await container.get_blob_client("small").exists()
    await container.delete_container()
    assert "reports" not in await account.containers()


async def test_the_blob_sdk_is_refused_alike(account: Account) -> None:
    container = account.service.get_container_client("refused")
    assert await refused(container.upload_blob("a", b"1")) == (404, "containernotfound")
    await container.create_container()
    assert await refused(container.create_container()) == (409, "containeralreadyexists")
    await container.upload_blob("a", b"1")
    assert await refused(container.upload_blob("a", b"2")) == (409, "blobalreadyexists")
    assert await refused(container.download_blob("b")) == (404, "blobnotfound")
    assert await refused(container.delete_blob("b")) == (404, "blobnotfound")
    block = container.get_blob_client("c")
    await block.stage_block("AAAA", b"1")
    assert await refused(block.commit_block_list([BlobBlock("BBBB")])) == (400, "invalidblocklist")
    stale = await container.get_blob_client("a").get_blob_properties()
    await container.upload_blob("a", b"3", overwrite=True)
    unchanged = {"etag": stale.etag, "match_condition": MatchConditions.IfNotModified}
    assert await refused(container.delete_blob("a", **unchanged)) == (412, "conditionnotmet")
    await container.delete_container()
