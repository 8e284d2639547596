"""Presets through the wizard of a real connection: kept for the user, and known to every page from then on."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.bootstrap import open_connection
from app.connection import PracticeSpec
from app.domain.policy_presets import PolicyPreset
from app.paths import user_paths
from tests.support.waiting import until
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.wizard.draft_store import DraftStore
from ui.wizard.requests import SavePreset
from ui.wizard.window import SetUpWizard

pytestmark = pytest.mark.slow

Show = Callable[[QWidget], Awaitable[None]]

MINE = PolicyPreset("File servers", 300, 12, 4)


def kept() -> dict[str, object]:
    return json.loads(user_paths().presets_file.read_text(encoding="utf-8"))["content"]  # type: ignore[no-any-return]


async def test_a_saved_preset_is_in_the_users_file_and_in_the_context_of_every_page(
    theme: Theme, shown: Show, tmp_path: Path
) -> None:
    services = await open_connection(PracticeSpec())
    window = MainWindow(theme)
    asking = Asking(theme, window, window)
    wizard = SetUpWizard(theme, services, DraftStore(tmp_path / "a.setup.json"), NoticeHub(), asking)
    await shown(window)
    await until(lambda: wizard.controller.is_open, what="the set-up to open")
    ended: list[object] = []
    wizard._errands.ended.connect(lambda step, request, outcome: ended.append(outcome))
    wizard._errands.carry_out("settings", SavePreset(MINE))
    await until(lambda: ended, what="the errand to end")
    assert ended == [MINE]
    assert wizard.controller.flow.context.presets == (MINE,)
    assert list(kept()) == ["file servers"]
    await wizard.aclose()
    wizard.deleteLater()
    window.allow_close()
    await services.aclose()
