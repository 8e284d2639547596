"""Work that an answer will need, takes long and touches no state: a door with a loop has it done in a thread before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import msgspec

from app.simulator.messages import Request


class _KeyRequest(msgspec.Struct):
    credentials: str


def work_ahead(request: Request) -> Callable[[], None] | None:
    """What to do in a thread before `Simulator.handle`; None for nearly every request."""
    path, method = urlsplit(request.url).path.lower(), request.method.upper()
    if method == "POST" and path == "/simulator/hosts" and b"redentials" in request.body:
        return lambda: _open_key(request.body)
    if method == "PUT" and "/certificates/" in path:
        return _draw_key
    signs = (method == "POST" and path.endswith("/oauth2/v2.0/token")) or path.endswith("/discovery/v2.0/keys")
    return _draw_signing_key if signs else None


def _draw_key() -> None:
    from app.simulator import certificates  # loads OpenSSL

    certificates.draw_key()


def _open_key(body: bytes) -> None:
    from app.simulator import key_file

    with suppress(msgspec.MsgspecError):  # the answer will tell
        key_file.read_ahead(msgspec.json.decode(body, type=_KeyRequest).credentials)


def _draw_signing_key() -> None:
    from app.simulator.identity import jwt

    jwt.draw_key()
