"""From choosing machines to their replication in the wizard, on the practice vault with the real SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support.practice import Practice, contoso_draft, open_practice
from tests.support.waiting import until
from tests.support.wizard_window import VISITED, NothingIsAsked, Show
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import StatusLine
from ui.wizard.draft_store import DraftStore
from ui.wizard.pages.enable import EnablePage
from ui.wizard.pages.review import ReviewPage
from ui.wizard.pages.run import RunPage
from ui.wizard.window import SetUpWizard


@dataclass(frozen=True)
class Opened:
    practice: Practice
    wizard: SetUpWizard

    @property
    def step_id(self) -> str:
        return self.wizard.controller.flow.position.id

    @property
    def enable(self) -> EnablePage:
        assert isinstance(self.wizard.page, EnablePage)
        return self.wizard.page

    async def press(self, qtbot: QtBot, name: str) -> None:
        button = self.wizard.findChild(Button, name)
        assert button is not None, name
        await until(button.isEnabled, what=f"{name} to rest no more after a move")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def footer_says(self) -> str:
        line = self.wizard.findChild(StatusLine, "wizard-issue")
        assert line is not None
        return line.text if line.isVisible() else ""

    def type_name(self, machine: str, text: str) -> None:
        page = self.enable
        row = next(row for row in page.table.model.records() if row.name == machine)
        page.table.grid.make_current(row.key, "azure_name")
        page.table.model.setData(page.table.grid.currentIndex(), text)


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
async def practice() -> AsyncIterator[Practice]:
    async with open_practice() as practice:
        yield practice


@pytest.fixture
async def open_at_enable(practice: Practice, theme: Theme, shown: Show, qtbot: QtBot) -> AsyncIterator[Open]:
    wizards: list[SetUpWizard] = []

    async def open_wizard(*machines: str, without_data_disks: bool = False) -> Opened:
        draft = contoso_draft(await practice.estate(), *machines)
        if without_data_disks:
            chosen = tuple(replace(choice, disk_ids=choice.disk_ids[:1]) for choice in draft.machines)
            draft = replace(draft, machines=chosen)
        draft = replace(draft, position="enable", visited=VISITED)
        window = QWidget()
        qtbot.addWidget(window)
        asking = Asking(theme, NothingIsAsked(), window)
        wizard = SetUpWizard(theme, practice.services, DraftStore(None), NoticeHub(), asking, draft=draft)
        wizards.append(wizard)
        wizard.resize(1360, 800)
        await shown(wizard)
        await until(lambda: wizard.controller.is_open, what="the set-up to open")
        return Opened(practice, wizard)

    yield open_wizard
    for wizard in wizards:
        await wizard.aclose()


@pytest.mark.slow
async def test_a_wrong_azure_name_stops_next_and_the_right_one_goes_all_the_way(
    open_at_enable: Open, qtbot: QtBot
) -> None:
    opened = await open_at_enable("WEB-01", "WEB-02")
    before = opened.wizard.controller.flow.draft
    opened.type_name("WEB-01", "web 💥")
    await opened.press(qtbot, "wizard-next")
    assert opened.step_id == "enable"
    assert opened.wizard.controller.flow.draft == before
    assert opened.footer_says() == "WEB-01: A space can’t be used. Use 1 to 63 letters, digits and hyphens."
    assert opened.enable.table.grid.hasFocus()
    opened.type_name("WEB-01", "web-front-1")
    await opened.press(qtbot, "wizard-next")
    assert opened.step_id == "review"
    assert isinstance(opened.wizard.page, ReviewPage)
    labels = [row.action.label for row in opened.wizard.page.table.model.records()]
    assert labels[-2:] == ["Replicate WEB-01", "Replicate WEB-02"]
    await opened.press(qtbot, "review-run")
    await until(lambda: opened.step_id == "run", what="the run to begin")
    page = opened.wizard.page
    assert isinstance(page, RunPage)
    overview = page.findChild(Button, "run-open-overview")
    assert overview is not None
    await until(overview.isVisible, within_s=30, what="the run to end")
    assert [row.action.state.is_done for row in page.table.model.records()] == [True] * len(labels)
    puts = opened.practice.wire.accepted(containing="replicationProtectedItems")
    assert len(puts) == 2
    estate = await opened.practice.estate()
    assert sorted(item.friendly_name for item in estate.protected_items) == ["WEB-01", "WEB-02"]


@pytest.mark.slow
async def test_the_run_waits_until_what_stays_behind_was_agreed_to(open_at_enable: Open, qtbot: QtBot) -> None:
    opened = await open_at_enable("LNX-GIT", without_data_disks=True)
    await opened.press(qtbot, "wizard-next")
    page = opened.wizard.page
    assert isinstance(page, ReviewPage)
    await opened.press(qtbot, "review-run")
    assert opened.step_id == "review"
    assert opened.footer_says() == "1 of 1 statements still needs your agreement."
    box = page.summary.boxes[0]
    assert box.text() == "LNX-GIT leaves disks behind. To add one later means a new first copy."
    assert box.hasFocus()
    assert opened.practice.wire.writes == []
    qtbot.keyClick(box, Qt.Key.Key_Space)
    await opened.press(qtbot, "review-run")
    await until(lambda: opened.step_id == "run", what="the run to begin")
