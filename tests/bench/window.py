"""The whole program in this process, with something that drives it while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from app.paths import user_paths
from ui.first_frame import FirstFrame
from ui.heartbeat import Heartbeat
from ui.main import BootstrapDoors
from ui.options import Options
from ui.program import Program
from ui.theme.theme import STYLE_ARGUMENTS
from ui.vault_views import ITEMS, VaultViews

T = TypeVar("T")

LONGEST_WAIT_S = 60.0


def run_program(options: Options, drive: Callable[[Program], Awaitable[T]]) -> T:
    """Run the program as `ui.main` does until `drive` is through, and return what it found."""
    app = QApplication(["bench", *STYLE_ARGUMENTS])
    app.setQuitOnLastWindowClosed(False)

    async def run() -> T:
        frame = FirstFrame(app, user_paths())
        frame.window.show()
        program = Program(frame, options, BootstrapDoors())
        running = asyncio.get_running_loop().create_task(program.run())
        try:
            await until(lambda: program.findChild(Heartbeat) is not None, "the program to run")
            return await drive(program)
        finally:
            program._closing.set()
            await running

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(run())


async def until(holds: Callable[[], bool], what: str) -> None:
    end = perf_counter() + LONGEST_WAIT_S
    while not holds():
        if perf_counter() > end:
            raise TimeoutError(f"{what} did not happen within {LONGEST_WAIT_S:.0f} s")
        await asyncio.sleep(0.005)


async def open_items(program: Program, count: int) -> VaultViews:
    """Wait for the connection, go to the replicated items, and wait until all of them are there."""
    await until(lambda: program.desk is not None and program.desk.views is not None, "the vault opening")
    views = program.desk.views if program.desk else None
    assert views is not None
    program.window.room.show_view(ITEMS)
    await until(lambda: views.items.model.total_count == count, f"{count} items on screen")
    await NextPaint(views.items.table.grid.viewport()).wait()
    return views


async def refresh_items(views: VaultViews, count: int) -> None:
    """List all items anew and show them in the table, which is emptied before, until they are painted."""
    table = views.items.table
    paint = NextPaint(table.grid.viewport(), lambda: table.model.shown_count == count)
    await views.feeds.protected_items.refresh()
    await paint.wait()


class NextPaint(QObject):
    """Waits until a widget is painted while something holds."""

    def __init__(self, widget: QWidget, holds: Callable[[], bool] = lambda: True) -> None:
        super().__init__()
        self._widget = widget
        self._holds = holds
        self._painted = asyncio.Event()
        widget.installEventFilter(self)

    async def wait(self) -> None:
        self._widget.update()
        async with asyncio.timeout(LONGEST_WAIT_S):
            await self._painted.wait()
        self._widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._holds():
            self._painted.set()
        return False
