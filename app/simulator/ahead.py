"""Work that an answer will need, takes long and touches no state: a door with a loop has it done in a thread before."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from app.simulator.messages import Request


def work_ahead(request: Request) -> Callable[[], None] | None:
    """What to do in a thread before `Simulator.handle`; None for nearly every request."""
    path = urlsplit(request.url).path.lower()
    return _draw_key if request.method.upper() == "PUT" and "/certificates/" in path else None


def _draw_key() -> None:
    from app.simulator import certificates  # loads OpenSSL

    certificates.draw_key()
