"""What is asked for presets: names that exist are asked about, nothing is lost, and files are taken in whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.policy_presets import PolicyPreset
from app.errors import AppError
from app.runtime.progress import silent
from app.services.policy_preset_file import preset_bytes
from app.services.policy_presets import PolicyPresets
from tests.support.waiting import until
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.wizard.controller import SetUpController
from ui.wizard.preset_errands import PresetErrands
from ui.wizard.requests import DeletePreset, ExportPresets, ImportPresets, ReadAgain, RenamePreset, Request, SavePreset

Show = Callable[[QWidget], Awaitable[None]]

MINE = PolicyPreset("File servers", 300, 12, 4)
NEWER = PolicyPreset("FILE servers", 30, 6, 0)
OTHER = PolicyPreset("Databases", 30, 24, 2)


class PathAsking(Asking):
    """Asks in the window; the system's own dialogs for files answer with `path`."""

    path: Path | None = None
    suggested = ""

    async def save_file(self, title: str, suggested: str, kinds: str = "") -> Path | None:
        self.suggested = suggested
        return self.path

    async def open_file(self, title: str, kinds: str = "") -> Path | None:
        return self.path


class Opened:
    """The errands over a file of presets."""

    def __init__(self, theme: Theme, file: Path) -> None:
        self.window = MainWindow(theme)
        self.asking = PathAsking(theme, self.window, self.window)
        self.presets = PolicyPresets(file)
        self.notices = NoticeHub()
        self.looked = 0
        controller = SimpleNamespace(services=SimpleNamespace(presets=self.presets), look_anew=self._look)
        self.errands = PresetErrands(cast(SetUpController, controller), self.notices, self.asking)

    async def ask(self, request: Request, answer: bool | None = None) -> Any:
        found = self.errands.work_for(request, lambda how: None)
        assert found is not None
        work = asyncio.ensure_future(found[2](silent))  # noqa: TID251 - the test plays the part of `Calls`
        if answer is not None:
            await until(lambda: self.window.sheet, what="the question")
            self.words = "\n".join(label.text() for label in self.window.sheet.findChildren(QLabel))
            button = self.window.sheet.submit_button if answer else self.window.sheet.cancel_button
            button.click()
        return self.errands.settle(request, await work)

    def _look(self) -> None:
        self.looked += 1


@pytest.fixture
async def opened(theme: Theme, shown: Show, tmp_path: Path) -> AsyncIterator[Opened]:
    page = Opened(theme, tmp_path / "policy-presets.json")
    await shown(page.window)
    yield page
    page.window.allow_close()


async def test_a_new_name_is_saved_without_a_question(opened: Opened) -> None:
    assert await opened.ask(SavePreset(MINE)) == MINE
    assert (opened.presets.all(), opened.looked) == ((MINE,), 1)


@pytest.mark.parametrize("answer", [True, False])
async def test_a_name_that_exists_is_asked_about_with_both_figures(opened: Opened, *, answer: bool) -> None:
    await opened.presets.save(MINE)
    assert await opened.ask(SavePreset(NEWER), answer) == (NEWER if answer else None)
    assert opened.presets.all() == ((NEWER,) if answer else (MINE,))
    assert "now: every 5 min, keep 12 h, app-consistent every 4 h\nthen: every 30 s, keep 6 h" in opened.words


async def test_a_name_that_another_window_took_meanwhile_is_asked_about_too(opened: Opened, tmp_path: Path) -> None:
    await PolicyPresets(tmp_path / "policy-presets.json").save(MINE)
    await opened.ask(SavePreset(NEWER), answer=False)
    assert opened.presets.all() == (MINE,)


async def test_export_and_import(opened: Opened, tmp_path: Path) -> None:
    opened.asking.path = tmp_path / "x.policies.json"
    assert await opened.ask(ExportPresets((PolicyPreset('a/b\\c:"d"', 300, 2, 1),))) == opened.asking.path
    assert opened.asking.suggested == "a-b-c--d.policies.json"
    await opened.ask(ExportPresets((MINE, OTHER)))
    assert opened.asking.suggested == "Policy presets.policies.json"
    assert opened.looked == 0
    assert await opened.ask(ImportPresets()) == (MINE, OTHER)
    assert (opened.presets.all(), opened.looked) == ((OTHER, MINE), 1)


@pytest.mark.parametrize("answer", [True, False])
async def test_of_a_file_all_are_taken_in_or_none(opened: Opened, tmp_path: Path, *, answer: bool) -> None:
    await opened.presets.save(MINE)
    path = tmp_path / "x.json"
    path.write_bytes(preset_bytes((NEWER, OTHER)))
    assert await opened.ask(ImportPresets(path), answer) == ((NEWER, OTHER) if answer else None)
    assert opened.presets.all() == ((OTHER, NEWER) if answer else (MINE,))
    assert "takes in none of the file’s 2 presets" in opened.words


async def test_the_same_presets_again_are_no_question(opened: Opened, tmp_path: Path) -> None:
    await opened.presets.save(MINE)
    path = tmp_path / "x.json"
    path.write_bytes(preset_bytes((MINE,)))
    assert await opened.ask(ImportPresets(path)) == (MINE,)


async def test_a_closed_dialog_is_nothing(opened: Opened) -> None:
    assert await opened.ask(ImportPresets()) is None
    assert await opened.ask(ExportPresets((MINE,))) is None
    assert opened.looked == 0


async def test_a_bad_file_says_where_and_changes_nothing(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{\n nonsense", encoding="utf-8")
    with pytest.raises(AppError, match=r"x\.json, line 2"):
        await opened.ask(ImportPresets(path))
    assert opened.presets.all() == ()


async def test_renaming_and_deleting(opened: Opened) -> None:
    await opened.presets.save(MINE)
    assert await opened.ask(RenamePreset(MINE.name, "Shares")) == "Shares"
    assert await opened.ask(DeletePreset("Shares")) == "Shares"
    assert (opened.presets.all(), opened.looked) == ((), 2)


async def test_a_file_that_was_set_aside_is_told(theme: Theme, opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "policy-presets.json").write_text("{", encoding="utf-8")
    await opened.ask(SavePreset(MINE))
    assert [notice.title for notice in opened.notices.notices] == ["The file with your policy presets cannot be read"]


async def test_requests_of_others_are_left_to_them(opened: Opened) -> None:
    assert opened.errands.work_for(ReadAgain(), lambda how: None) is None
