"""How long the loop of the window is held: opening, a refresh of 10,000 items on screen, every step of the wizard.

A heartbeat of 5 ms runs in the window from its first frame on. A refresh is measured with the practice vault behind a
port and with it in the same process, where the simulator's own work holds the same loop; the wizard with it in the same
process, driven by the tour's clicks and keys without its pictures.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Figure
from tests.bench.processes import in_own_process, served

if TYPE_CHECKING:
    from ui.program import Program

ITEMS = 10_000
ROUNDS = 3
TYPICAL_MS = 16.0
WORST_MS = 50.0
SHOWN_STEPS = 4
WHOLE_SET_UP = "whole set-up"


def measure() -> list[Figure]:
    with served("fleet", ITEMS) as file:
        found = in_own_process(__name__, "port", str(file))
    found |= in_own_process(__name__, "in_process")
    wizard = in_own_process(__name__, "wizard")
    found[WHOLE_SET_UP] = wizard.pop(WHOLE_SET_UP)
    slowest = sorted(wizard, key=lambda step: -wizard[step]["max"])[:SHOWN_STEPS]
    found |= {step: stalls for step, stalls in wizard.items() if step in slowest}
    return [figure for name, stalls in found.items() for figure in figures_of(name, stalls)]


def figures_of(name: str, stalls: dict[str, Any]) -> list[Figure]:
    return [
        Figure(f"stall p99, {name}", stalls["p99"], "ms", TYPICAL_MS),
        Figure(f"stall worst, {name}", stalls["max"], "ms", WORST_MS, note=stalls["where"]),
    ]


class Watch:
    """One heartbeat after the other; what each of them felt, by name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.found: dict[str, dict[str, Any]] = {}

    async def during(self, name: str, work: Awaitable[object]) -> None:
        from ui.heartbeat import Heartbeat

        heartbeat = Heartbeat(self._program)
        heartbeat.start()
        await work
        await asyncio.sleep(0.1)  # what the work has left for the next turns of the loop
        self.found[name] = asdict(heartbeat.stop())


def refresh(where: str, connection: str = "") -> dict[str, Any]:
    from tests.bench.window import open_items, refresh_items, run_program
    from ui.options import Options

    async def drive(program: Program) -> dict[str, Any]:
        watch = Watch(program)
        opened = []

        async def open_it() -> None:
            opened.append(await open_items(program, ITEMS))

        async def read_again() -> None:
            for _ in range(ROUNDS):
                await refresh_items(opened[0], ITEMS)

        await watch.during(f"opening {ITEMS:,} items, {where}", open_it())
        await watch.during(f"refresh of {ITEMS:,} items, {where}", read_again())
        return watch.found

    options = Options(connection=Path(connection)) if connection else Options(practice="fleet", count=ITEMS)
    return run_program(options, drive)


def wizard() -> dict[str, Any]:
    from tests.bench.window import run_program
    from ui.heartbeat import Heartbeat
    from ui.options import Options
    from ui.tour_driver import Driver
    from ui.tour_set_up import SetUpTour

    class Blind(Driver):
        async def picture(self, page: str) -> None:
            await self.settle()

    async def drive(program: Program) -> dict[str, Any]:
        watch = Watch(program)
        tour = SetUpTour(Blind(program.window, Path(), Heartbeat(program)), {})
        steps: dict[str, Callable[[], Awaitable[None]]] = dict(tour.steps)
        del steps["welcome"]  # the connection is opening already
        driver = tour._do
        await driver.until(lambda: driver.shows("page-vault"), "the set-up opening")

        async def walk() -> None:
            for name, step in steps.items():
                await watch.during(f"wizard step {name}", step())

        await watch.during(WHOLE_SET_UP, walk())
        return watch.found

    return run_program(Options(practice="empty"), drive)


def main(what: str, connection: str = "") -> None:
    if what == "wizard":
        found = wizard()
    else:
        found = refresh("port" if connection else "in process", connection)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
