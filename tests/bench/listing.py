"""Listing 10,000 replicated items from the simulator's port and showing them, beside a bare read of the same pages.

Server, program and baseline are processes of their own. Best of five. The program's figure is the whole way: a refresh
of the feed in the open window, from the first request until the table, empty before, is painted. The list alone is
measured besides, through the port and in process.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

from tests.bench.figures import Baseline, Figure
from tests.bench.processes import in_own_process, read_said, served

ITEMS = 10_000
ROUNDS = 5
BUDGET = 1.0


async def bare_read(url: str, token: str) -> int:
    """The same pages, read with bare aiohttp and `json.loads`; nothing is made of them."""
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


def measure() -> list[Figure]:
    with served("fleet", ITEMS) as file:
        bare = Baseline("bare aiohttp + json.loads", in_own_process(__name__, "bare", str(file)), bare_read)
        shown = in_own_process(__name__, "shown", str(file))
        listed = in_own_process(__name__, "listed", str(file))
    return [
        Figure(f"list and show {ITEMS:,} items, port", shown, "s", BUDGET, bare),
        Figure(f"list {ITEMS:,} items, port", listed, "s", BUDGET, bare),
        Figure(f"list {ITEMS:,} items, in process", in_own_process(__name__, "listed"), "s"),
    ]


async def best(read: Callable[[], Awaitable[int]]) -> float:
    """Seconds of the fastest round."""
    taken = []
    for _ in range(ROUNDS):
        started = perf_counter()
        count = await read()
        taken.append(perf_counter() - started)
        if count != ITEMS:
            raise RuntimeError(f"{count} items were read, not {ITEMS}")
    return min(taken)


async def read_bare(file: Path) -> float:
    said = read_said(file)
    vault = (
        f"{said['arm']}/subscriptions/{said['subscription']}/resourceGroups/{said['resource_group']}"
        f"/providers/Microsoft.RecoveryServices/vaults/{said['vault']}"
    )
    url = f"{vault}/replicationProtectedItems?api-version=2025-08-01"
    return await best(lambda: bare_read(url, said["token"]))


async def list_only(file: Path | None) -> float:
    """Through the gateways, without a window."""
    from app.bootstrap import open_connection
    from app.connection import PracticeSpec, read_connection

    services = await open_connection(read_connection(file) if file else PracticeSpec("fleet", ITEMS, keeps_state=False))
    vault = services.home_vault
    assert vault is not None

    async def read() -> int:
        return len(await services.gateways.site_recovery.list_protected_items(vault))

    try:
        return await best(read)
    finally:
        await services.aclose()


def list_and_show(file: Path) -> float:
    from tests.bench.window import open_items, refresh_items, run_program
    from ui.options import Options
    from ui.program import Program

    async def drive(program: Program) -> float:
        views = await open_items(program, ITEMS)
        taken = []
        for _ in range(ROUNDS):
            views.items.table.set_records(())
            await asyncio.sleep(0.1)
            started = perf_counter()
            await refresh_items(views, ITEMS)
            taken.append(perf_counter() - started)
        return min(taken)

    return run_program(Options(connection=file), drive)


def main(what: str, file: str = "") -> None:
    if what == "bare":
        seconds = asyncio.run(read_bare(Path(file)))
    elif what == "listed":
        seconds = asyncio.run(list_only(Path(file) if file else None))
    else:
        seconds = list_and_show(Path(file))
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
