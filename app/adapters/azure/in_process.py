"""The practice vault as an azure-core transport: the one door to the simulator.

The SDK's whole pipeline (authentication, retries, paging, errors) runs above it unchanged, and every wait of the SDK
comes through `sleep`. Nothing of azure-core's private modules is used: the response is written against the public base
class, and carries besides what older pipelines and the blob downloader look for (`load_body`, `stream_download`,
`body`).
"""

from __future__ import annotations

import asyncio
import codecs
import json
from collections.abc import AsyncIterator, Iterator, MutableMapping
from http import HTTPStatus
from types import TracebackType
from typing import Any

from azure.core.configuration import ConnectionConfiguration
from azure.core.exceptions import (
    HttpResponseError,
    IncompleteReadError,
    ResponseNotReadError,
    ServiceRequestError,
    ServiceResponseError,
    StreamClosedError,
    StreamConsumedError,
)
from azure.core.pipeline.transport import AsyncHttpTransport
from azure.core.rest import AsyncHttpResponse
from azure.core.utils import case_insensitive_dict

from app.adapters.azure.slices import Slices
from app.simulator.ahead import work_ahead
from app.simulator.messages import Headers, Request
from app.simulator.service import Simulator

ARM_BASE = "https://management.practice.invalid"
SHORTEST_WAIT_S = 0.2
"""No wait of the SDK is shorter in real time, so that a fast clock cannot turn polling into a busy loop."""


class InProcessResponse(AsyncHttpResponse):
    """A response of the simulator, for both of azure-core's pipelines."""

    def __init__(self, request: Any, status: int, headers: dict[str, str], body: bytes | Iterator[bytes]) -> None:
        self._request = request
        self._status = status
        self._headers: MutableMapping[str, str] = case_insensitive_dict(headers)
        self._chunks: Iterator[bytes] = iter((body,)) if isinstance(body, bytes) else body
        self._content: bytes | None = None
        self._encoding: str | None = None
        self._is_closed = False
        self._is_consumed = False
        self.block_size = 1 << 16

    @property
    def request(self) -> Any:
        return self._request

    @property
    def internal_response(self) -> InProcessResponse:
        return self

    @property
    def status_code(self) -> int:
        return self._status

    @property
    def headers(self) -> MutableMapping[str, str]:
        return self._headers

    @property
    def reason(self) -> str:
        return HTTPStatus(self._status).phrase

    @property
    def content_type(self) -> str | None:
        return self._headers.get("Content-Type")

    @property
    def url(self) -> str:
        return str(self._request.url)

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    @property
    def is_stream_consumed(self) -> bool:
        return self._is_consumed

    @property
    def encoding(self) -> str | None:
        return self._encoding or _charset(self.content_type)

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        self._encoding = value

    @property
    def content(self) -> bytes:
        if self._content is None:
            raise ResponseNotReadError(self)
        return self._content

    def body(self) -> bytes:
        return self.content

    def text(self, encoding: str | None = None) -> str:
        wanted = encoding or self.encoding
        return self.content.decode("utf-8-sig" if wanted in (None, "utf-8") else wanted)

    def json(self) -> Any:
        return json.loads(self.text())

    def raise_for_status(self) -> None:
        if self._status >= 400:
            raise HttpResponseError(response=self)

    async def read(self) -> bytes:
        if self._content is None:
            self._content = b"".join([chunk async for chunk in self._stream()])
        await self.close()
        return self._content

    async def load_body(self) -> None:
        await self.read()

    async def iter_raw(self, **kwargs: Any) -> AsyncIterator[bytes]:
        async for chunk in self._stream():
            yield chunk
        await self.close()

    async def iter_bytes(self, **kwargs: Any) -> AsyncIterator[bytes]:
        if self._content is not None:
            for start in range(0, len(self._content), self.block_size):
                yield self._content[start : start + self.block_size]
            return
        async for chunk in self.iter_raw():
            yield chunk

    def stream_download(self, pipeline: Any = None, *, decompress: bool = True, **kwargs: Any) -> BodyStream:
        return BodyStream(self)

    async def close(self) -> None:
        self._is_closed = True

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()

    async def _stream(self) -> AsyncIterator[bytes]:
        """The body as it is made, giving the loop its turn; a body shorter than promised was cut on the way."""
        if self._is_consumed:
            raise StreamConsumedError(self)
        if self._is_closed:
            raise StreamClosedError(self)
        self._is_consumed = True
        promised = self._headers.get("Content-Length")
        got = 0
        slices = Slices()
        for chunk in self._chunks:
            got += len(chunk)
            yield chunk
            if slices.is_due:
                await slices.pause()
        if promised is not None and got < int(promised) and self._request.method != "HEAD":
            raise IncompleteReadError(f"{got} of {promised} bytes arrived", response=self)


class BodyStream(AsyncIterator[bytes]):
    """An async iterator over a body, with what the blob downloader asks of it: its response and its length."""

    def __init__(self, response: InProcessResponse) -> None:
        self.response = response
        self.content_length = int(response.headers.get("Content-Length", 0))
        self._chunks = response.iter_bytes()

    def __len__(self) -> int:
        return self.content_length

    async def __anext__(self) -> bytes:
        return await self._chunks.__anext__()


class InProcessTransport(AsyncHttpTransport[Any, InProcessResponse]):
    """Hands requests to a simulator in this process."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.connection_config = ConnectionConfiguration()

    async def open(self) -> None:
        """Nothing to open; the simulator outlives the clients."""

    async def close(self) -> None:
        """Nothing to close; the simulator outlives the clients."""

    async def __aenter__(self) -> InProcessTransport:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()

    async def send(self, request: Any, *, stream: bool = False, **config: Any) -> InProcessResponse:
        received = Request(request.method, request.url, Headers(request.headers), await _body_of(request.data))
        if (work := work_ahead(received)) is not None:
            await asyncio.to_thread(work)
        slices = Slices()
        while not self._simulator.catch_up():
            if slices.is_due:
                await slices.pause()
        answer = self._simulator.handle(received)
        if answer.delay_s:
            await self._wait_for_line(answer.delay_s)
        if answer.lost == "request":
            raise ServiceRequestError("The line is cut: the request did not leave.")
        if answer.lost:
            raise ServiceResponseError("The line broke before the answer arrived.")
        response = InProcessResponse(request, answer.status, answer.headers, answer.body)
        await asyncio.sleep(0)
        if not stream:
            await response.read()
        return response

    async def sleep(self, duration: float) -> None:
        """Wait in virtual time: a manual clock is moved, any other is waited for."""
        clock = self._simulator.clock
        if clock.is_manual:
            await asyncio.sleep(0)
            clock.advance(duration)
        else:
            await asyncio.sleep(max(duration / clock.speed, SHORTEST_WAIT_S))

    async def _wait_for_line(self, seconds: float) -> None:
        """A slow line holds up whoever sits before the window, however fast the vault's clock runs."""
        clock = self._simulator.clock
        if clock.is_manual:
            await self.sleep(seconds)
        else:
            await asyncio.sleep(seconds)


async def _body_of(data: Any) -> bytes:
    """The request's body, whichever of azure-core's forms it has."""
    if data is None:
        return b""
    if isinstance(data, str):
        return data.encode()
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    if hasattr(data, "read"):
        content = data.read()
        return bytes(await content if hasattr(content, "__await__") else content)
    if hasattr(data, "__aiter__"):
        return b"".join([chunk async for chunk in data])
    return b"".join(data)


def _charset(content_type: str | None) -> str | None:
    for part in (content_type or "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.lower() == "charset":
            try:
                return codecs.lookup(value.strip('"')).name
            except LookupError:
                return None
    return None
