"""How long the loop is held by the target page among 2,000 storage accounts and 500 networks.

The practice vault is in the same process, where its own work holds the same loop. The page is read again, opened,
filtered letter by letter, an account and a network are chosen, by the clicks and keys of a person.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Figure
from tests.bench.processes import in_own_process
from tests.bench.stall import Watch, figures_of

if TYPE_CHECKING:
    from ui.program import Program

SCENARIO = "large-target"
TYPED = "branch"
ACCOUNT, NETWORK = "stcontosogeoweu", "vnet-contoso-dr"


def measure() -> list[Figure]:
    found = in_own_process(__name__)
    return [figure for name, stalls in found.items() for figure in figures_of(name, stalls)]


def walk() -> dict[str, Any]:
    from tests.bench.window import run_program
    from ui.heartbeat import Heartbeat
    from ui.options import Options
    from ui.tour_driver import Driver

    async def drive(program: Program) -> dict[str, Any]:
        watch = Watch(program)
        do = Driver(program.window, Path(), Heartbeat(program))
        await do.until(lambda: do.shows("nav_set_up") or do.shows("page-vault"), "the connection opening")
        if not do.shows("page-vault"):
            await do.click("nav_set_up")
        await do.until(lambda: bool(do.rows("vault-table_rows")), "the vaults being read")
        await _next(do, "page-goal")
        for card in ("goal-source-on-premises", "goal-target-azure", "goal-hypervisor-hyper-v", "goal-uses-vmm-no"):
            if do.shows(card):
                await do.click(card)
        await _next(do, "page-source")

        async def read_again() -> None:
            await do.click("target-refresh")
            await do.until(lambda: do.is_enabled("target-refresh"), "the target being read")
            await do.settle(200)

        async def filter_by(field: str) -> None:
            for place in range(1, len(TYPED) + 1):
                await do.type_into(field, TYPED[:place])
            await do.type_into(field, "")

        await watch.during("target opened", _next(do, "page-target"))
        await watch.during("target read again", read_again())
        await watch.during("accounts filtered", filter_by("target-filter"))
        await watch.during("networks filtered", filter_by("target-network-filter"))
        await watch.during("account chosen", do.choose_row("target-storage-table_rows", ACCOUNT))
        await watch.during("network chosen", do.choose_row("target-network-table_rows", NETWORK))
        return watch.found

    return run_program(Options(practice=SCENARIO), drive)


async def _next(do: Any, page: str) -> None:
    await do.click("wizard-next")
    await do.appears(page)
    await do.settle(40)


if __name__ == "__main__":
    print(json.dumps(walk()))
