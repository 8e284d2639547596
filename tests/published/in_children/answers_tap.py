"""Hears every answer of a practice vault, in whatever process it runs; knows nothing of tests or of schemas.

What passes is kept and looked at later: reading or judging it here would slow down the door it comes through. Of a long
page the first mebibyte is kept, every sixteenth chunk of the rest, and the end. Chunks are cut between entries, so what
is kept of them is a page again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

WHOLE_UP_TO = 1 << 20
EVERY = 16
PROVIDER = "/providers/microsoft.recoveryservices"

Sink = Callable[[str, str, int, bytes, bool], None]
"""Takes method, URL, status, body, and whether that is only a sample of the body."""


def tap(simulator: Any, sink: Sink) -> Callable[[], None]:
    """Have all simulators of a class heard from now on.

    Returns:
        What takes the tap off again.
    """
    original = simulator.handle

    @functools.wraps(original)
    def handle(self: Any, request: Any) -> Any:
        response = original(self, request)
        if PROVIDER not in request.url.lower() or response.lost or response.breaks_off:
            return response
        if isinstance(response.body, bytes):
            sink(request.method, request.url, response.status, response.body, False)
        else:
            response.body = _heard(response.body, functools.partial(sink, request.method, request.url, response.status))
        return response

    simulator.handle = handle

    def untap() -> None:
        simulator.handle = original

    return untap


def _heard(chunks: Iterator[bytes], sink: Callable[[bytes, bool], None]) -> Iterator[bytes]:
    """The chunks; they are sunk when all of them were read."""
    kept: list[bytes] = []
    size, number, left_out = 0, 0, False
    last = b""
    for number, chunk in enumerate(chunks):
        if last and chunk:  # an empty chunk only gives way to the loop
            if size < WHOLE_UP_TO or number % EVERY == 0:
                kept.append(last)
                size += len(last)
            else:
                left_out = True
        last = chunk or last
        yield chunk
    sink(b"".join((*kept, last)), left_out)
