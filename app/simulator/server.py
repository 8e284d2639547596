"""The practice vault on a loopback port, for any client and from any process."""

from __future__ import annotations

import asyncio
import signal
import ssl
from collections.abc import Callable

from aiohttp import web

from app.simulator.ahead import work_ahead
from app.simulator.messages import Headers, Request, Response
from app.simulator.service import Simulator

LOOPBACK = "127.0.0.1"
_MAX_BODY = 128 * 1024 * 1024


async def serve(
    simulator: Simulator,
    port: int,
    on_ready: Callable[[int], None],
    *,
    host: str = LOOPBACK,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Answer requests until SIGINT or SIGTERM, then let those under way end.

    Args:
        port: 0 for any free one.
        host: a loopback address.
        tls: serves https with it, and https alone.
        on_ready: called with the port once connections are accepted.

    Raises:
        OSError: the port is taken.
    """

    async def answer(incoming: web.BaseRequest) -> web.StreamResponse:
        return await _answer(simulator, incoming)

    server = web.Server(answer, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=2.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=tls)
        await site.start()
        on_ready(int(runner.addresses[0][1]))
        await _until_told_to_stop()
    finally:
        await runner.cleanup()


async def _answer(simulator: Simulator, incoming: web.BaseRequest) -> web.StreamResponse:
    if (incoming.content_length or 0) > _MAX_BODY:
        return web.Response(status=413)
    body = await incoming.content.read()  # read() of the request itself stops at 1 MiB
    url = f"{incoming.scheme}://{incoming.host}{incoming.path_qs}"
    request = Request(incoming.method, url, Headers(incoming.headers), body)
    if (work := work_ahead(request)) is not None:
        await asyncio.to_thread(work)
    while True:  # others get their turn between the slices
        if simulator.catch_up():
            break
        await asyncio.sleep(0)
    response = simulator.handle(request)
    if response.delay_s:
        await asyncio.sleep(response.delay_s)
    if response.lost:
        _hang_up(incoming)
        return web.Response(status=response.status)
    if isinstance(response.body, bytes) and not response.breaks_off:
        return web.Response(status=response.status, headers=_without_length(response), body=response.body)
    return await _stream(incoming, response)


async def _stream(incoming: web.BaseRequest, response: Response) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    await stream.prepare(incoming)
    for chunk in (response.body,) if isinstance(response.body, bytes) else response.body:
        assert isinstance(chunk, bytes), "a body that is not bytes yields them"
        await stream.write(chunk)
    if response.breaks_off:
        _hang_up(incoming)
    else:
        await stream.write_eof()
    return stream


def _hang_up(incoming: web.BaseRequest) -> None:
    """End the connection as a broken line does: what was written still leaves, and nothing follows."""
    if incoming.transport is not None:
        incoming.transport.close()


def _without_length(response: Response) -> dict[str, str]:
    """aiohttp counts the body itself, but for an answer to HEAD, whose length is that of the body left out."""
    if response.body:
        return {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.headers


async def _until_told_to_stop() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # Windows: the handler runs in the main thread, and the loop must be woken
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
    await stopped.wait()
