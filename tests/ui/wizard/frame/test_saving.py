"""What was answered is saved as it is given, and reopened; what cannot be saved or read is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.flows.draft_file import load_draft
from tests.support.practice import Practice
from tests.support.waiting import until
from tests.support.wizard_window import NothingIsAsked, Open, Show
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.wizard.draft_store import DraftStore
from ui.wizard.window import SetUpWizard

pytestmark = pytest.mark.slow


async def test_answers_are_saved_as_they_are_given_and_reopened_at_the_same_place(
    contoso: Practice, open_wizard: Open
) -> None:
    opened = await open_wizard(contoso)
    await opened.press("wizard-next")
    await opened.press("goal-hypervisor-hyper-v")
    await until(lambda: opened.file.exists() and load_draft(opened.file).draft == opened.draft, what="the draft's file")
    before = opened.draft
    await opened.close()
    again = await open_wizard(contoso)
    assert again.step_id == "goal"
    assert again.draft == before
    assert again.button("goal-hypervisor-hyper-v").isChecked()


async def test_answer_given_just_before_closing_is_saved(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    await opened.press("wizard-next")
    await opened.press("goal-target-azure")
    await opened.close()
    assert load_draft(opened.file).draft == opened.draft


async def test_save_and_close_leaves_when_the_draft_is_on_disk(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    left: list[bool] = []
    opened.wizard.closed.connect(lambda: left.append(opened.file.exists()))
    await opened.press("wizard-save-and-close")
    await until(lambda: left)
    assert left == [True]


async def test_draft_that_cannot_be_saved_says_so_and_keeps_the_answers(
    contoso: Practice, open_wizard: Open, tmp_path: Path
) -> None:
    (tmp_path / "folder").write_text("a file where the folder should be")
    opened = await open_wizard(contoso, file="folder/a.setup.json")
    before = opened.draft
    left: list[bool] = []
    opened.wizard.closed.connect(lambda: left.append(True))
    await opened.press("wizard-save-and-close")
    await until(lambda: opened.notices.notices)
    assert opened.notices.notices[0].title.startswith("The draft can’t be saved:")
    assert opened.draft == before
    assert left == []


async def test_damaged_draft_is_told_and_left_as_it_is(
    contoso: Practice, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    file = tmp_path / "damaged.setup.json"
    file.write_text("{", "utf-8")
    notices, window = NoticeHub(), QWidget()
    wizard = SetUpWizard(theme, contoso.services, DraftStore(file), notices, Asking(theme, NothingIsAsked(), window))
    await shown(wizard)
    await until(lambda: notices.notices)
    assert notices.notices[0].title.startswith("damaged.setup.json can’t be opened:")
    await wizard.aclose()
    window.deleteLater()
    assert file.read_text("utf-8") == "{"
