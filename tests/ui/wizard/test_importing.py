"""Readiness files through the wizard: read, kept with the connection, and used from then on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.readiness_file import Imported
from app.services.readiness_reports import ReadinessReports
from tests.support.practice import Practice, open_practice
from tests.support.waiting import until
from tests.support.wizard_window import let_end
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.wizard.draft_store import DraftStore
from ui.wizard.requests import ForgetReadiness, ImportReadiness, Request, StopImporting
from ui.wizard.window import SetUpWizard

pytestmark = pytest.mark.slow

Show = Callable[[QWidget], Awaitable[None]]


ABOUT_FILES = (ImportReadiness, ForgetReadiness, StopImporting)


class Opened:
    """A wizard on the practice vault, and what came of its errands about readiness files.

    Pages have others of their own, which end whenever the practice vault answers.
    """

    def __init__(self, wizard: SetUpWizard, window: MainWindow, reports: ReadinessReports, file: Path) -> None:
        self.wizard, self.window, self.reports, self.file = wizard, window, reports, file
        self.ended: list[tuple[Request, object]] = []
        wizard._errands.ended.connect(self._on_ended)

    def _on_ended(self, step_id: str, request: Request, outcome: object) -> None:
        if isinstance(request, ABOUT_FILES):
            self.ended.append((request, outcome))

    async def ask(self, request: Request) -> object:
        self.wizard._errands.carry_out("source", request)
        await until(lambda: self.ended, what="the errand to end")
        return self.ended.pop()[1]

    @property
    def hosts(self) -> list[str]:
        return [host.name for host in self.wizard.controller.flow.context.reports.hosts]


@pytest.fixture
async def practice() -> AsyncIterator[Practice]:
    async with open_practice() as opened:
        yield opened


@pytest.fixture
async def opened(practice: Practice, theme: Theme, shown: Show, tmp_path: Path) -> AsyncIterator[Opened]:
    window = MainWindow(theme)
    reports = ReadinessReports(tmp_path / "readiness")
    services = replace(practice.services, reports=reports)
    file = tmp_path / "practice.json"
    assert services.practice is not None
    await services.practice.readiness_file(file)
    wizard = SetUpWizard(
        theme, services, DraftStore(tmp_path / "a.setup.json"), NoticeHub(), Asking(theme, window, window)
    )
    await shown(window)
    await until(lambda: wizard.controller.is_open, what="the set-up to open")
    await wizard.controller.flush()  # else it is saved by a timer, perhaps when no loop runs any more
    yield Opened(wizard, window, reports, file)
    await wizard.aclose()
    await let_end()
    wizard.deleteLater()
    window.allow_close()


async def test_an_imported_file_is_in_the_context_of_every_page(opened: Opened) -> None:
    told: list[None] = []
    opened.wizard.controller.refreshed.connect(lambda: told.append(None))
    assert opened.hosts == []
    outcome = await opened.ask(ImportReadiness((opened.file,)))
    assert isinstance(outcome, Imported)
    assert opened.hosts == ["HV-HQ-01", "HV-HQ-02"]
    assert told
    assert (await ReadinessReports(opened.reports._folder).load()).hosts == opened.reports.all().hosts


async def test_a_host_is_removed_only_when_that_is_confirmed(opened: Opened) -> None:
    await opened.ask(ImportReadiness((opened.file,)))
    opened.wizard._errands.carry_out("source", ForgetReadiness("HV-HQ-01"))
    await until(lambda: opened.window.sheet, what="the question")
    opened.window.sheet.close_sheet()
    await until(lambda: opened.ended, what="the errand to end")
    assert (opened.ended.pop()[1], opened.hosts) == (None, ["HV-HQ-01", "HV-HQ-02"])
    opened.wizard._errands.carry_out("source", ForgetReadiness("HV-HQ-01"))
    await until(lambda: opened.window.sheet, what="the question")
    opened.window.sheet.submit_button.click()
    await until(lambda: opened.ended, what="the errand to end")
    assert (opened.ended.pop()[1], opened.hosts) == ("HV-HQ-01", ["HV-HQ-02"])


async def test_importing_can_be_stopped(opened: Opened) -> None:
    def stop(step_id: str, request: Request, progress: object) -> None:
        if isinstance(request, ImportReadiness):
            opened.wizard._errands.carry_out("source", StopImporting())

    opened.wizard._errands.progressed.connect(stop)
    assert await opened.ask(ImportReadiness((opened.file,) * 20)) is None
    await until(lambda: not any(is_reading(task) for task in asyncio.all_tasks()), what="the reading to stop")
    assert opened.ended == []


def is_reading(task: asyncio.Task[object]) -> bool:
    return task.get_name().endswith(".readiness")
