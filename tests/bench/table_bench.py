"""How long a table of 10,000 rows holds the loop: first load, a refresh with 500 changes, filter, sort, select all.

`python tests/bench/table_bench.py` prints for each the time it took and the longest stall between two beats of the
loop, painting included.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.tables.column import Align, Column
from ui.tables.filter_bar import FilterBar
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.row_filter import Facet, RowFilter
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Appearance, Theme
from ui.theme.tokens import Status

ROWS = 10_000
CHANGED_OF_EACH = 20  # 500 of 10,000
SETTLE_BEATS = 20


@dataclass(frozen=True, slots=True)
class Machine:
    """A record about as wide as a replicated item."""

    id: str
    name: str
    health: str
    state: str
    rpo_min: int
    policy: str
    host: str
    drill_days: int


COLUMNS = (
    Column[Machine](id="name", title="Machine", text=lambda m: m.name, stretch=True),
    Column[Machine](
        id="health",
        title="Health",
        text=lambda m: m.health,
        status=lambda m: Status.OK if m.health == "Healthy" else Status.CRITICAL,
    ),
    Column[Machine](id="state", title="State", text=lambda m: m.state),
    Column[Machine](id="policy", title="Policy", text=lambda m: m.policy),
    Column[Machine](id="host", title="Host", text=lambda m: m.host),
    Column[Machine](
        id="rpo",
        title="RPO",
        text=lambda m: f"{m.rpo_min} min",
        sort_key=lambda m: m.rpo_min,
        align=Align.RIGHT,
        searchable=False,
    ),
    Column[Machine](id="drill", title="Last drill", text=lambda m: f"{m.drill_days} d ago", searchable=False),
)


def machine(number: int) -> Machine:
    health = "Healthy" if number % 9 else "Critical"
    name = f"VM-{number * 7919 % 10_007:05}"
    return Machine(f"/m/{number}", name, health, "Protected", number % 977, "HQ-5min", f"HV-{number % 7}", number % 400)


def next_read(machines: Sequence[Machine]) -> list[Machine]:
    """The same list read again: all records are new objects, 500 differ, a few went and a few came."""
    again = [
        replace(each, rpo_min=each.rpo_min + 1, name=f"{each.name}x") if not n % CHANGED_OF_EACH else replace(each)
        for n, each in enumerate(machines)
    ]
    return again[50:] + [machine(number) for number in range(len(machines), len(machines) + 50)]


class Heartbeat:
    """Feels how long the loop is held."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        last = perf_counter()
        while True:
            await asyncio.sleep(0)
            now = perf_counter()
            self.longest_s = max(self.longest_s, now - last)
            last = now

    def stop(self) -> None:
        self._task.cancel()


async def measure(heart: Heartbeat, name: str, work: Callable[[], Awaitable[None] | None]) -> None:
    heart.longest_s = 0.0
    started = perf_counter()
    awaited = work()
    if awaited is not None:
        await awaited
    took_s = perf_counter() - started
    for _ in range(SETTLE_BEATS):
        await asyncio.sleep(0)
    print(f"{name:36} {took_s * 1000:8.1f} ms   longest stall {heart.longest_s * 1000:6.1f} ms")


async def run() -> None:
    theme = Theme(QApplication.instance(), Appearance.LIGHT, motion=False)
    facet = Facet[Machine]("health", "Health", lambda m: m.health)
    model = RecordTableModel(COLUMNS, lambda m: m.id, facets=(facet,), checks=Checks.SELECTION)
    table = TableView(theme, model, name="bench", empty=Message("machine", "Nothing"))
    table.top.addWidget(FilterBar(theme, model, placeholder="Name"))
    table.grid.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    table.resize(1000, 700)
    table.show()
    heart = Heartbeat()
    await asyncio.sleep(0.2)
    machines = [machine(number) for number in range(ROWS)]
    again = next_read(machines)
    critical = RowFilter().with_facet("health", frozenset({"Critical"}))
    await measure(heart, "thirty rows, fonts and icons cold", lambda: table.set_records(machines[:30]))
    await measure(heart, "no rows", lambda: table.set_records([]))
    await measure(heart, "first load", lambda: table.apply_records(machines))
    await measure(heart, "refresh, 500 changed", lambda: table.apply_records(again))
    await measure(heart, "refresh in one go", lambda: table.set_records(machines))
    await measure(heart, "filter by a word", lambda: model.set_filter(RowFilter("vm-00")))
    await measure(heart, "filter by a facet", lambda: model.set_filter(critical))
    await measure(heart, "no filter", lambda: model.set_filter(RowFilter()))
    await measure(heart, "sort by figure", lambda: table.grid.sortByColumn(6, Qt.SortOrder.DescendingOrder))
    await measure(heart, "select all", table.grid.selectAll)
    await measure(heart, "refresh, all selected", lambda: table.apply_records(again))
    await measure(heart, "filter, all selected", lambda: model.set_filter(critical))
    await measure(heart, "no filter, all selected", lambda: model.set_filter(RowFilter()))
    await measure(heart, "sort, all selected", lambda: table.grid.sortByColumn(1, Qt.SortOrder.AscendingOrder))
    await measure(heart, "clear selection", table.grid.clear_selection)
    heart.stop()
    table.close()


def main() -> None:
    app = QApplication.instance() or QApplication([])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        runner.run(run())


if __name__ == "__main__":
    main()
