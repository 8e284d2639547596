"""Set-ups on the practice vault with the real SDK, each kept in one file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.flows.draft import SetUpDraft
from tests.support.practice import Practice, open_practice
from tests.support.waiting import until
from tests.support.wizard_window import NothingIsAsked, Open, Opened, Show, is_settled, let_end
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.wizard.draft_store import DraftStore
from ui.wizard.window import SetUpWizard


@pytest.fixture
async def contoso() -> AsyncIterator[Practice]:
    async with open_practice() as practice:
        yield practice


@pytest.fixture
async def open_wizard(theme: Theme, shown: Show, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a set-up that is kept in one file; what is still open at the end is closed."""
    wizards: list[SetUpWizard] = []
    window = QWidget()

    async def open_it(practice: Practice, draft: SetUpDraft | None = None, file: str = "a.setup.json") -> Opened:
        services = practice.services
        if practice.simulator.vault_name is None:
            services = replace(services, home_vault=None)
        notices, store = NoticeHub(), DraftStore(tmp_path / file)
        asking = Asking(theme, NothingIsAsked(), window)
        wizard = SetUpWizard(theme, services, store, notices, asking, draft=draft)
        wizards.append(wizard)
        wizard.resize(1360, 800)
        await shown(wizard)
        await until(lambda: is_settled(wizard), what="the set-up to open")
        return Opened(practice, wizard, notices, tmp_path / file)

    yield open_it
    for wizard in filter(isValid, wizards):
        wizard.controller.leave()
    await let_end()
    window.deleteLater()


@pytest.fixture(autouse=True)
def _quick_system() -> Iterator[None]:
    """A system whose double clicks are short, so that no test has to wait for the end of one."""
    before = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(1)
    QApplication.setQuitOnLastWindowClosed(False)
    yield
    QApplication.setQuitOnLastWindowClosed(True)
    QApplication.setDoubleClickInterval(before)
