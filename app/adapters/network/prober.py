"""Implements app.ports.line.LineProber with a walk in a thread."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from app.adapters.daemon import in_daemon_thread
from app.adapters.network.walk import Walk
from app.adapters.network.ways import Ways
from app.domain.addresses import host_of
from app.domain.line_trouble import LineTrouble, Trouble
from app.ports.line import LineFacts

WITHIN_S = 30.0
"""A name server that says nothing may keep a thread for longer than anybody waits."""


class WalkingProber:
    """
    Args:
        own_ca: one more CA file, of a connection.
    """

    def __init__(self, ways: Ways, *, own_ca: Path | None = None, within_s: float = WITHIN_S) -> None:
        self._ways = ways
        self._own_ca = own_ca
        self._within_s = within_s

    async def try_address(self, url: str) -> LineFacts:
        walk = Walk(url, self._ways, own_ca=self._own_ca)
        try:
            async with asyncio.timeout(self._within_s):
                return await in_daemon_thread(walk.go, "connection check")
        except TimeoutError:
            walk.give_up()
            facts = LineFacts(url, seconds=self._within_s)
            return replace(facts, trouble=LineTrouble(Trouble.TIMED_OUT, host_of(url)))
        except asyncio.CancelledError:
            walk.give_up()
            raise

    def forget(self) -> None:
        self._ways.forget()
