"""The controls of the practice vault: its clock, the hosts that wait to register, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from app.domain.arm_id import ArmId
from app.domain.host_set_up import HostProxy, ProxyKind
from app.domain.practice import HostRun, PracticeState, Troubles
from app.ports.arm import PracticeGateway
from app.ports.secrets import Secret
from app.services.file_problems import cannot_read

SLOWEST = 1.0
FASTEST = 3600.0


_MOST_BYTES = 256 * 1024


class PracticeControl:
    """Only on a practice vault."""

    def __init__(self, gateway: PracticeGateway) -> None:
        self._gateway = gateway

    async def state(self) -> PracticeState:
        return await self._gateway.read()

    async def set_speed(self, speed: float) -> PracticeState:
        """Vault seconds per real second, held between 1 and 3600; a paused clock goes on."""
        return await self._gateway.set_clock(speed=min(max(speed, SLOWEST), FASTEST), paused=False)

    async def pause(self) -> PracticeState:
        return await self._gateway.set_clock(paused=True)

    async def resume(self) -> PracticeState:
        return await self._gateway.set_clock(paused=False)

    async def register_host(self, site: ArmId, name: str | None = None) -> str:
        """Let the next waiting host register in the site, as its Provider would; returns its name.

        Raises:
            Conflict: no host is waiting.
        """
        return await self._gateway.register_host(site, name)

    async def run_script(
        self, site: ArmId, key: Path | Secret, host: str, *, proxy: HostProxy | None = None
    ) -> HostRun:
        """Let a waiting host do what the script does with the key, from its file or its text.

        Raises:
            InvalidInput: the file cannot be read.
            Conflict: no such host is waiting.
        """
        text = key if isinstance(key, Secret) else await asyncio.to_thread(_read, key)
        return await self._gateway.run_script(site, host, text, proxy=_told(proxy))

    async def readiness_file(self, path: Path, host: str = "") -> None:
        """Write the file that the readiness script would write on a host, or one of all hosts where none is named.

        Raises:
            NotFound: there is no such host.
            OSError: the file cannot be written.
        """
        content = await self._gateway.read_readiness(host)
        await asyncio.to_thread(path.write_bytes, content)

    async def troubles(self) -> Troubles:
        return await self._gateway.read_troubles()

    async def start_trouble(
        self, kind: str, chosen: Mapping[str, str | int], *, lasts_s: float | None = None, count: int | None = None
    ) -> Troubles:
        """Let something go wrong, for vault seconds, for a number of requests or jobs, or until it is ended.

        Raises:
            InvalidInput: there is nothing that it could befall, or a choice cannot be meant.
        """
        return await self._gateway.start_trouble(kind, chosen, lasts_s=lasts_s, count=count)

    async def end_trouble(self, kind: str) -> Troubles:
        return await self._gateway.end_trouble(kind)

    async def end_all_trouble(self) -> Troubles:
        """End everything that is on, and what a script has still to do."""
        return await self._gateway.end_trouble()


def _told(proxy: HostProxy | None) -> str:
    """A practice host's own settings lead nowhere but straight out."""
    return f"{proxy.url}:{proxy.port}" if proxy is not None and proxy.kind is ProxyKind.CUSTOM else ""


def _read(path: Path) -> Secret:
    try:
        with path.open("rb") as stream:
            return Secret(stream.read(_MOST_BYTES).decode("utf-8-sig", errors="replace"))
    except OSError as error:
        raise cannot_read("The registration key", path, error) from error
