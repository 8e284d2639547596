"""Listing 10,000 replicated items: how long it takes, and how long it holds the loop.

`python -m tests.bench.list_bench` prints a row for the practice vault in this process, one for its port in another
process, and one for the baseline: the same pages read by bare aiohttp and `json.loads`, each in a process of its own.
Best of five. A heartbeat as fast as the loop allows finds the longest stall.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

ITEMS = 10_000
ROUNDS = 5
BEAT_S = 0.001


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds for the best round, and the longest the loop was held in any of them."""

    items: int
    best_s: float
    stall_ms: float


async def bare_read(url: str, token: str) -> int:
    """The baseline: the same pages, nothing made of them."""
    import aiohttp

    count = 0
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        next_url: str | None = url
        while next_url:
            async with session.get(next_url) as response:
                page = json.loads(await response.read())
            count += len(page["value"])
            next_url = page["nextLink"]
    return count


async def measured(read: Callable[[], Awaitable[int]]) -> Figures:
    stalls = [0.0]
    best = float("inf")
    count = 0
    for _ in range(ROUNDS):
        beat = asyncio.create_task(_beat(stalls))
        await asyncio.sleep(0)
        started = perf_counter()
        count = await read()
        best = min(best, perf_counter() - started)
        beat.cancel()
    return Figures(count, best, max(stalls) * 1000)


async def _beat(stalls: list[float]) -> None:
    while True:
        before = perf_counter()
        await asyncio.sleep(BEAT_S)
        stalls.append(perf_counter() - before - BEAT_S)


async def through_the_program(connection: str | None) -> Figures:
    """Read with the gateways: from the server that `connection` describes, or in this process."""
    from app.bootstrap import open_connection
    from app.connection import PracticeSpec, read_connection

    spec = read_connection(Path(connection)) if connection else PracticeSpec("fleet", ITEMS, keeps_state=False)
    services = await open_connection(spec)
    vault = services.home_vault
    assert vault is not None

    async def read() -> int:
        return len(await services.gateways.site_recovery.list_protected_items(vault))

    try:
        return await measured(read)
    finally:
        await services.aclose()


async def baseline(said: dict[str, str]) -> Figures:
    vault = (
        f"{said['arm']}/subscriptions/{said['subscription']}/resourceGroups/{said['resource_group']}"
        f"/providers/Microsoft.RecoveryServices/vaults/{said['vault']}"
    )
    url = f"{vault}/replicationProtectedItems?api-version=2025-08-01"
    return await measured(lambda: bare_read(url, said["token"]))


def in_own_process(*arguments: str) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.list_bench", *arguments], check=True, capture_output=True, text=True
    )
    return Figures(**json.loads(done.stdout))


def compare() -> None:
    """Start the server, run each reader by itself, print the table."""
    import tempfile

    rows = {"in process": in_own_process("program")}
    command = [sys.executable, "-m", "app", "serve-simulator", "--port", "0", "--scenario", "fleet"]
    server = subprocess.Popen([*command, "--count", str(ITEMS)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "connection.json"
            file.write_text(server.stdout.readline())
            rows["bare aiohttp + json.loads"] = in_own_process("baseline", str(file))
            rows["over the port"] = in_own_process("program", str(file))
    finally:
        server.terminate()
        server.wait()
    bare = rows["bare aiohttp + json.loads"].best_s
    print(f"{'reader':28}{'items':>8}{'best':>10}{'x bare':>8}{'longest stall':>16}")
    for name, row in rows.items():
        print(f"{name:28}{row.items:>8}{row.best_s:>9.3f}s{row.best_s / bare:>8.2f}{row.stall_ms:>13.1f} ms")


def main(arguments: list[str]) -> None:
    if not arguments:
        compare()
        return
    reader, connection = arguments[0], (arguments[1] if len(arguments) > 1 else None)
    if reader == "baseline" and connection is not None:
        figures = asyncio.run(baseline(json.loads(Path(connection).read_text())))
    else:
        figures = asyncio.run(through_the_program(connection))
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main(sys.argv[1:])
