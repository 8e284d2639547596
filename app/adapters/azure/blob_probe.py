"""Measures how fast this computer can send to a storage account.

It uploads blocks that no line can compress into a container of its own, which it deletes whatever happens. The blocks
are never committed, so nothing is ever stored as a blob.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import secrets
import time
from typing import Any

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.transport import AsyncHttpTransport
from azure.storage.blob.aio import BlobClient, BlobServiceClient, ContainerClient

from app.adapters.azure.errors import BLOB_DATA_ROLE, azure_errors
from app.adapters.azure.pipeline import is_loopback_http
from app.errors import AppError
from app.ports.blobs import UploadProbe
from app.runtime.progress import Progress, Report, silent

_LOG = logging.getLogger(__name__)
STREAMS = 4
"""One connection seldom fills a long line; the agent on a host uses several too."""

CLEAN_UP_S = 30.0
DOING = "measure the upload"


class AzureBlobProbe:
    """Implements app.ports.blobs.BlobProbe."""

    def __init__(self, credential: AsyncTokenCredential, transport: AsyncHttpTransport[Any, Any]) -> None:
        self._credential = credential
        self._transport = transport

    async def measure_upload(
        self, blob_endpoint: str, *, max_bytes: int, max_seconds: float, block_bytes: int, report: Report = silent
    ) -> UploadProbe:
        with azure_errors(DOING, role=BLOB_DATA_ROLE):
            service = await self._service(blob_endpoint)
        container = service.get_container_client(f"srd-probe-{secrets.token_hex(8)}")
        run = _Run(max_bytes, max_seconds, block_bytes, report)
        left_behind = ""
        was_refused = False
        try:
            try:
                with azure_errors(DOING, role=BLOB_DATA_ROLE):
                    await container.create_container()
            except AppError as error:
                was_refused = not error.retryable  # else its fate is unknown, and it may be there
                raise
            with azure_errors(DOING, role=BLOB_DATA_ROLE):
                await run.upload(container.get_blob_client("probe"))
        finally:
            # Shielded: whoever gives up waiting must still leave the account as it was.
            if not was_refused and not await asyncio.shield(_remove(container)):
                left_behind = str(container.container_name)
        return UploadProbe(run.sent_bytes, run.seconds, left_behind)

    async def _service(self, endpoint: str) -> BlobServiceClient:
        # No retries: a figure that holds the pauses of a broken line would mislead, and trying again is one click.
        options: dict[str, Any] = {"transport": self._transport, "retry_total": 0}
        if not is_loopback_http(endpoint):
            return BlobServiceClient(endpoint, credential=self._credential, **options)
        # The SDK refuses a token without TLS. A practice vault on this computer may have one all the same.
        token = await self._credential.get_token("https://storage.azure.com/.default")

        def authorize(request: PipelineRequest[Any]) -> None:
            request.http_request.headers["Authorization"] = f"Bearer {token.token}"

        return BlobServiceClient(endpoint, raw_request_hook=authorize, **options)


class _Run:
    """One measurement: several streams take blocks from a common allowance until it or the time is used up."""

    def __init__(self, max_bytes: int, max_seconds: float, block_bytes: int, report: Report) -> None:
        self.sent_bytes = 0
        self.seconds = 0.0
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._block_bytes = block_bytes
        self._report = report
        self._handed_out = 0

    async def upload(self, blob: BlobClient) -> None:
        started = time.monotonic()
        streams = [asyncio.create_task(self._stream(blob, started)) for _ in range(STREAMS)]
        try:
            async with asyncio.timeout(self._max_seconds):
                await asyncio.gather(*streams)
        except TimeoutError:
            # The time is used up: what arrived until now counts.
            self.seconds = time.monotonic() - started
        finally:
            for stream in streams:
                stream.cancel()
            await asyncio.gather(*streams, return_exceptions=True)

    async def _stream(self, blob: BlobClient, started: float) -> None:
        while self._handed_out < self._max_bytes:
            size = min(self._block_bytes, self._max_bytes - self._handed_out)
            number = self._handed_out
            self._handed_out += size
            block = await asyncio.to_thread(os.urandom, size)
            await blob.stage_block(base64.b64encode(f"{number:020d}".encode()).decode(), block, length=size)
            self.sent_bytes += size
            self.seconds = time.monotonic() - started
            self._report(Progress("Measuring the upload", self.sent_bytes, self._max_bytes))


async def _remove(container: ContainerClient) -> bool:
    """Delete the probe's container; whether nothing is left behind."""
    try:
        async with asyncio.timeout(CLEAN_UP_S):
            with azure_errors("delete the measurement’s container", role=BLOB_DATA_ROLE):
                await container.delete_container()
    except AppError as error:
        if error.code in ("ContainerNotFound", "404"):
            return True
        _LOG.warning("the container %s could not be deleted: %s", container.container_name, error)
        return False
    except TimeoutError:
        return False
    return True
