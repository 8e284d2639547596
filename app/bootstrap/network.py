"""The program's network settings, and the check of what they lead to."""

from __future__ import annotations

import asyncio
import platform
from pathlib import Path

from app.bootstrap.common import open_limits, ways_of
from app.checked_paths import checked_paths, time_url
from app.domain.cloud import Cloud
from app.network_settings import NetworkFile
from app.paths import user_paths
from app.runtime.loading import load
from app.runtime.progress import Report, silent
from app.services.connection_check import ConnectionCheck
from app.services.network import Network

_CHECK_PIECES = ("cryptography.x509", "requests", "app.adapters.network.prober", "app.adapters.azure.clouds")


async def open_network() -> Network:
    """The program's network settings as saved. Make it once, and hand it to everything that is opened here."""
    pieces = ("truststore", "app.adapters.network.ways", "app.adapters.keyring_store")
    await load(pieces, "Reading the network settings")
    from app.adapters.keyring_store import KeyringStore
    from app.adapters.memory_store import MemoryStore
    from app.adapters.network.ways import Ways

    ways = Ways(time_url=time_url())
    network = Network(NetworkFile(user_paths().network_file), KeyringStore(), MemoryStore(), ways)
    await network.load()
    return network


async def open_connection_check(
    network: Network, *, ca: Path | None = None, report: Report = silent
) -> ConnectionCheck:
    """Load what the connection check needs. `ca` is one more file to trust, of the connection that is open."""
    await load(_CHECK_PIECES, "Preparing the connection check", report)
    from app.adapters.azure import clouds
    from app.adapters.daemon import in_daemon_thread
    from app.adapters.network.heard import now
    from app.adapters.network.prober import WalkingProber

    ways = ways_of(network)

    async def ask_cloud(address: str) -> Cloud:
        return await in_daemon_thread(lambda: clouds.ask(address, ca, ways), "cloud")

    rules = (await open_limits()).rules
    return ConnectionCheck(
        WalkingProber(ways, own_ca=ca),
        ask_cloud,
        rules.prerequisites,
        checked_paths(),
        network,
        now=now,
        computer=await asyncio.to_thread(platform.node),
    )
