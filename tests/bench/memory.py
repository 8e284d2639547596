"""Memory of the program with 10,000 replicated items on screen, beside the same window on a vault without any.

Both are connected to a practice vault in another process, so that the simulated estate itself does not count.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from urllib.request import Request, urlopen

from tests.bench.figures import Baseline, Figure
from tests.bench.processes import in_own_process, read_said, served

ITEMS = 10_000
BUDGET = 1.5
SETTLE_S = 2.0
VAULT, GROUP = "asr-bench", "rg-bench"


def measure() -> list[Figure]:
    with served("empty") as file:
        _create_vault(file)
        idle = in_own_process(__name__, str(file), "0")
    with served("fleet", ITEMS) as file:
        full = in_own_process(__name__, str(file), str(ITEMS))
    settled = Baseline("the program on an empty vault, settled", idle["settled"], main)
    peak = Baseline("the program on an empty vault, peak", idle["peak"], main)
    return [
        Figure(f"memory with {ITEMS:,} items, settled", full["settled"], "MiB", BUDGET, settled),
        Figure(f"memory with {ITEMS:,} items, peak", full["peak"], "MiB", BUDGET, peak),
    ]


def _create_vault(file: Path) -> None:
    said = read_said(file)
    group = f"/subscriptions/{said['subscription']}/resourceGroups/{GROUP}"
    vault = f"{group}/providers/Microsoft.RecoveryServices/vaults/{VAULT}"
    _put(said, f"{group}?api-version=2024-03-01", {"location": "westeurope"})
    sku = {"name": "RS0", "tier": "Standard"}
    _put(said, f"{vault}?api-version=2024-04-01", {"location": "westeurope", "sku": sku, "properties": {}})
    file.write_text(json.dumps({**said, "resource_group": GROUP, "vault": VAULT}), encoding="utf-8")


def _put(said: dict[str, str], path: str, body: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {said['token']}", "Content-Type": "application/json"}
    request = Request(said["arm"] + path, json.dumps(body).encode(), headers, method="PUT")
    with urlopen(request) as answer:
        answer.read()


def main(file: str, count: str) -> None:
    """Show the items, read them once more, wait for the memory to settle, and tell it in MiB."""
    from tests.bench.window import open_items, run_program
    from ui.options import Options
    from ui.program import Program

    async def drive(program: Program) -> dict[str, float]:
        views = await open_items(program, int(count))
        await views.feeds.protected_items.refresh()
        await asyncio.sleep(SETTLE_S)
        return resident_mib()

    print(json.dumps(run_program(Options(connection=Path(file)), drive)))


def resident_mib() -> dict[str, float]:
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[key].split()[0]) / 1024 for name, key in (("settled", "VmRSS"), ("peak", "VmHWM"))}


if __name__ == "__main__":
    main(*sys.argv[1:])
