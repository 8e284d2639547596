"""The whole program with its window, driven by object names as the tour does: in this process, or in one to be killed.

python -m tests.support.drive_window ARGUMENTS OF THE WINDOW

opens the window, starts the run of the set-up that waits at its review, and follows it to its end.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from qasync import QEventLoop

from app.flows.draft import SetUpDraft
from app.paths import user_paths
from tests.support.waiting import until
from ui.doors import Doors
from ui.first_frame import FirstFrame
from ui.main import BootstrapDoors
from ui.options import read_options
from ui.program import Program
from ui.tour_driver import Driver
from ui.widgets.banner import Banner
from ui.wizard.window import SetUpWizard

_LONGEST_S = 60.0
_CLOSES_WITHIN_S = 10.0


class DrivenWindow:
    """The window of a program that runs in this process; looks, clicks and types as a user would."""

    def __init__(self, program: Program, running: asyncio.Task[int]) -> None:
        self.program = program
        self._running = running
        self._hands = Driver(program.window, Path(), _NothingMeasured())

    @property
    def widget(self) -> QWidget:
        return self.program.window

    @property
    def view(self) -> str:
        """Which view is open."""
        return self.program.window.room.current_view

    @property
    def is_open(self) -> bool:
        return not self._running.done()

    @property
    def wizard(self) -> SetUpWizard:
        desk = self.program.desk
        assert desk is not None
        assert desk.wizard is not None
        return desk.wizard

    @property
    def draft(self) -> SetUpDraft:
        return self.wizard.controller.flow.draft

    @property
    def folder(self) -> Path:
        """Where this connection keeps its drafts and its journal."""
        return self.wizard.controller.services.folder

    def shows(self, name: str) -> bool:
        return self._hands.shows(name)

    def text(self, name: str) -> str:
        return self._hands.text(name)

    def texts(self, name: str) -> str:
        """All words that a visible part shows, one after the other."""
        part = self._hands.find(name)
        if part is None:
            return ""
        labels = [each for each in part.findChildren(QWidget) if isinstance(each, QLabel | QAbstractButton)]
        return " ".join(each.text() for each in labels if each.isVisible())

    def rows(self, table: str) -> list[dict[str, str]]:
        return self._hands.rows(f"{table}_rows")

    def button(self, name: str) -> QAbstractButton:
        found = self._hands.find(name, QAbstractButton)
        assert found is not None, f"{name} is not on screen"
        return found

    def news(self, key: str) -> tuple[str, str]:
        """Title and text of a banner; empty while it is not on screen."""
        banner = self._hands.find(f"banner_{key}", Banner)
        return ("", "") if banner is None else (banner.accessibleName(), banner.accessibleDescription())

    async def until(self, holds: Callable[[], object], what: str, within_s: float = _LONGEST_S) -> None:
        """Wait for the window; that the program ended meanwhile is what went wrong."""
        await until(lambda: holds() or self._running.done(), within_s=within_s, what=what)
        if self._running.done():
            self._running.result()
            raise AssertionError(f"the program ended before {what}")

    async def appears(self, name: str) -> None:
        await self.until(lambda: self.shows(name), f"{name} on screen")

    async def enabled(self, name: str) -> None:
        """Wait until it can be pressed."""
        await self._hands.enabled(name)

    async def click(self, name: str) -> None:
        await self._hands.click(name)

    async def press(self, key: str) -> None:
        await self._hands.press(key)

    async def type_into(self, name: str, text: str) -> None:
        await self._hands.type_into(name, text)

    async def pick(self, name: str, wanted: str) -> None:
        await self._hands.pick(name, wanted)

    async def choose_row(self, table: str, word: str) -> None:
        await self._hands.choose_row(f"{table}_rows", word)

    async def open_set_up(self) -> None:
        """Go to the wizard, wherever the connection opened."""
        await self.until(lambda: self.shows("nav_set_up") or self.shows("wizard"), "the connection to open")
        if not self.shows("wizard"):
            await self.click("nav_set_up")
        await self.until(lambda: self.wizard.controller.is_open, "the set-up to open")

    async def close(self) -> None:
        """Press the window's own close button, and wait for the program to end."""
        self.program.window.close()
        await asyncio.wait_for(self._running, _CLOSES_WITHIN_S)


class _NothingMeasured:
    def rest(self) -> None:
        """Nothing is measured here."""

    def go_on(self) -> None:
        """Nothing is measured here."""


@asynccontextmanager
async def open_window(*arguments: str, doors: Doors | None = None) -> AsyncIterator[DrivenWindow]:
    """Start the program as the command line would, on the loop that runs already, and close it at the end."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    frame = FirstFrame(app, user_paths())
    frame.window.show()
    program = Program(frame, read_options(arguments), doors or BootstrapDoors())
    running = asyncio.get_running_loop().create_task(program.run(), name="program")
    window = DrivenWindow(program, running)
    try:
        yield window
    finally:
        if not running.done():
            await window.close()
        program.window.deleteLater()
        program.theme.deleteLater()
        program.deleteLater()


async def run_set_up(*arguments: str) -> None:
    """What a user does who presses Run on the review, and watches."""
    async with open_window(*arguments) as window:
        await window.open_set_up()
        await window.appears("page-review")
        await window.click("review-run")
        await window.appears("page-run")
        await window.until(lambda: window.shows("run-open-overview"), "the run to end")


def main() -> None:
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(run_set_up(*sys.argv[1:]))


if __name__ == "__main__":
    main()
