"""The set-up's window on a practice vault, driven by names of its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.flows.draft import SetUpDraft
from app.runtime.journal import ActionState
from tests.support.practice import Practice
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import LineEdit
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.picker import Picker
from ui.widgets.step_rail import StepItem
from ui.wizard.pages.run import RunPage
from ui.wizard.window import SetUpWizard

Show = Callable[[QWidget], Awaitable[None]]
ITEMS = "replicationProtectedItems/"
VISITED = ("vault", "goal", "source", "target", "settings", "capacity", "enable")


_TURNS_TO_END = 20
"""What was cancelled has readings below it, and those others: each level ends in a turn of the loop of its own."""


class NothingIsAsked:
    def open_sheet(self, sheet: ModalSheet) -> None:
        raise AssertionError(f"{sheet.objectName()} was opened")


@dataclass(frozen=True)
class Opened:
    practice: Practice
    wizard: SetUpWizard
    notices: NoticeHub
    file: Path

    @property
    def step_id(self) -> str:
        return self.wizard.controller.flow.position.id

    @property
    def draft(self) -> SetUpDraft:
        return self.wizard.controller.flow.draft

    def button(self, name: str) -> QAbstractButton:
        found = self.wizard.findChild(QAbstractButton, name)
        assert found is not None, name
        return found

    async def press(self, name: str) -> None:
        button = self.button(name)
        await until(lambda: button.isVisible() and button.isEnabled(), what=f"{name} to take a press")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def footer_says(self) -> str:
        line = self.wizard.findChild(StatusLine, "wizard-issue")
        assert line is not None
        return line.text if line.isVisible() else ""

    def rail_says(self, step_id: str) -> str:
        item = self.wizard.findChild(StepItem, f"step_{step_id}")
        assert item is not None
        return item.accessibleDescription()

    def type(self, name: str, text: str) -> None:
        edit = self.wizard.findChild(LineEdit, name)
        assert edit is not None, name
        QTest.keyClicks(edit, text)

    def pick(self, name: str, key: str) -> None:
        picker = self.wizard.findChild(Picker, name)
        assert picker is not None, name
        picker.activated.emit([option.key for option in picker.options].index(key))

    def run_states(self) -> dict[str, ActionState]:
        """How the run stands that is on screen, by what its actions are about."""
        page = self.wizard.page
        assert isinstance(page, RunPage)
        return {row.action.action.subject: row.action.state for row in page.table.model.records()}

    async def have_read(self) -> None:
        """Until the reading that a move began is over: qasync runs what is left of a test without its loop."""
        await until(lambda: not self.wizard.controller.calls.is_running("read"), what="the reading to end")

    async def close(self) -> None:
        """What the desk does when the window goes."""
        await self.wizard.aclose()
        self.wizard.close()
        self.wizard.deleteLater()


Open = Callable[..., Awaitable[Opened]]


def is_settled(wizard: SetUpWizard) -> bool:
    """Whether it is open, and what opening found is written: no timer is left that would need a loop after the test."""
    controller = wizard.controller
    return controller.is_open and not controller._save_timer.isActive() and not controller.calls.is_running("save")


async def let_end() -> None:
    """Let what was cancelled come to its end, as long as there is a loop."""
    for _ in range(_TURNS_TO_END):
        await asyncio.sleep(0)
