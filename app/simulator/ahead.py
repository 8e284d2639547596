"""Work that an answer will need, takes long and touches no state: a door with a loop has it done in a thread before."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from app.simulator.messages import Request


def work_ahead(request: Request) -> Callable[[], None] | None:
    """What to do in a thread before `Simulator.handle`; None for nearly every request."""
    path, method = urlsplit(request.url).path.lower(), request.method.upper()
    if method == "PUT" and "/certificates/" in path:
        return _draw_key
    signs = (method == "POST" and path.endswith("/oauth2/v2.0/token")) or path.endswith("/discovery/v2.0/keys")
    return _draw_signing_key if signs else None


def _draw_key() -> None:
    from app.simulator import certificates  # loads OpenSSL

    certificates.draw_key()


def _draw_signing_key() -> None:
    from app.simulator.identity import jwt

    jwt.draw_key()
