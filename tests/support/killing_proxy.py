"""A loopback proxy before the practice vault that kills a program at a chosen moment of one request.

It stands in for the worst instant a machine can lose its power: the request has left and nobody took it, or Azure took
it and nobody heard the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto

import aiohttp
from aiohttp import web


class Moment(Enum):
    BEFORE_FORWARDING = auto()
    """The whole request is here; the practice vault never sees it."""
    BEFORE_ANSWERING = auto()
    """The practice vault has answered; the program never hears it."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A request that went through to the practice vault."""

    method: str
    path: str


Fits = Callable[[str, str, list[Passed]], bool]
"""Whether a request, by method and path, is the one; it is told what has passed before."""


@dataclass(slots=True)
class Trap:
    """Springs once, at the first request that `fits`."""

    moment: Moment
    fits: Fits
    kill: Callable[[], None]
    has_sprung: bool = False


class KillingProxy:
    """`arm` is the address to give to the program."""

    def __init__(self, target: str) -> None:
        self.arm = ""
        self.passed: list[Passed] = []
        self.trap: Trap | None = None
        self._target = target
        self._session: aiohttp.ClientSession | None = None
        self._handling: set[asyncio.Task[object]] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)
        return await self._pass_on(request)

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        trap = self.trap
        is_caught = trap is not None and not trap.has_sprung and trap.fits(request.method, request.path, self.passed)
        if is_caught and trap is not None and trap.moment is Moment.BEFORE_FORWARDING:
            return self._spring(trap, request)
        assert self._session is not None
        # The Host header goes along, so that the addresses in the answers lead through here again.
        async with self._session.request(
            request.method, self._target + request.raw_path, headers=request.headers, data=body, allow_redirects=False
        ) as answer:
            content = await answer.read()
            self.passed.append(Passed(request.method, request.path))
            if is_caught and trap is not None:
                return self._spring(trap, request)
            headers = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
            return web.Response(status=answer.status, headers=headers, body=content)

    def _spring(self, trap: Trap, request: web.Request) -> web.StreamResponse:
        trap.has_sprung = True
        trap.kill()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=502)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[KillingProxy]:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/{path:.*}", self.handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.arm = f"http://127.0.0.1:{port}"
        try:
            async with aiohttp.ClientSession(auto_decompress=False) as session:
                self._session = session
                yield self
                # What a killed program asked for goes on without it, and the server knows nothing of it any more.
                await asyncio.gather(*self._handling, return_exceptions=True)
        finally:
            await runner.cleanup()


_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade"})
