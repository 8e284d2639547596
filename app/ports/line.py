"""The line to an address: how it is gone, and how far one gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.line_trouble import LineTrouble
from app.network_settings import NetworkSettings
from app.ports.secrets import Secret


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What happened on the way to an address, as far as it came.

    Attributes:
        addresses: what the name stands for; empty where the proxy looks it up.
        proxy: the proxy that was used, as `name:port`; empty where none was.
        issuer, ends: of the certificate that was shown.
        status: of the answer; 0 where there was none.
        ahead_s: by how much this computer's clock is ahead of the answer's; None where that says nothing.
        pac: why the PAC file could not be used.
    """

    url: str
    addresses: tuple[str, ...] = ()
    proxy: str = ""
    issuer: str = ""
    ends: datetime | None = None
    status: int = 0
    ahead_s: float | None = None
    seconds: float = 0.0
    trouble: LineTrouble | None = None
    pac: str = ""


class LineProber(Protocol):
    async def try_address(self, url: str) -> LineFacts:
        """Go to an address as every call of the program does, ask it for one answer, and tell what happened.

        No token is sent. Cancelling gives up quietly.
        """
        ...

    def forget(self) -> None:
        """Ask everything anew: PAC file, what proxies asked for, passwords that were refused."""
        ...


class Line(Protocol):
    """Takes the settings that all calls follow from now on; those under way end as they began."""

    def use(self, settings: NetworkSettings, password: Secret | None) -> None: ...
