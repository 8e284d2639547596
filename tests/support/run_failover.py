"""Runs one test failover without a window: what a window does when its button is pressed, or when it is opened again.

python -m tests.support.run_failover CONNECTION MACHINE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from app.bootstrap import open_connection
from app.connection import read_connection
from app.flows.failover import FailoverKind
from app.live.services import Services


async def main(connection: Path, machine: str) -> int:
    services = await open_connection(read_connection(connection))
    try:
        unfinished = await services.runner.unfinished()
        run_id = unfinished[0].id if unfinished else await plan(services, machine)
        ended = await services.runner.carry_out(run_id, lambda run: print(run.actions[0].state, flush=True))
        print(ended.troubled or "confirmed", flush=True)
        return 0 if ended.is_done else 1
    finally:
        await services.aclose()


async def plan(services: Services, machine: str) -> str:
    vault = services.home_vault
    assert vault is not None
    items = await services.gateways.site_recovery.list_protected_items(vault)
    item = next(item for item in items if item.friendly_name == machine)
    sheet = await services.failover.prepare(FailoverKind.TEST, [item.id])
    return await services.failover.plan(sheet, sheet.suggested)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]), sys.argv[2])))
