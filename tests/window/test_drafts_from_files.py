"""Set-ups from files: dropped on the first page or chosen, they open where they belong, or it is said where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.flows.draft import SetUpDraft, VaultChoice
from app.flows.draft_file import save_draft
from app.paths import user_paths
from app.ports.sign_in import SignInMethod
from app.saved_connections import SavedConnections
from tests.support.drive_window import open_window
from tests.support.estates import NOW
from tests.unit.test_saved_connections import PRODUCTION

pytestmark = pytest.mark.slow


def draft_file(folder: Path, subscription: str) -> Path:
    path = folder / "head-office.json"
    draft = replace(SetUpDraft(name="Head office"), vault=VaultChoice(subscription))
    save_draft(path, draft, saved_at=NOW, steps_done=0)
    return path


async def test_a_set_up_of_nobodys_subscription_says_so_and_opens_for_practice(tmp_path: Path) -> None:
    async with open_window() as window:
        await window.appears("page-welcome")
        window.program.welcome.draft_dropped.emit(draft_file(tmp_path, "6b1f0a52-0000-4000-8000-00000000000f"))
        await window.appears("banner_draft")
        assert window.news("draft")[0] == "No connection of yours reaches the subscription of “Head office”"
        await window.click("banner_draft_action_1")
        await window.until(lambda: window.program.window.rooms, "the practice vault to open")
        await window.open_set_up()
        assert window.draft.name == "Head office"
        (issue,) = window.wizard.controller.flow.issues("vault")
        assert issue.text == "This account can’t use that subscription any more. Choose another one."


async def test_a_file_that_is_no_set_up_is_told_and_nothing_opens(tmp_path: Path) -> None:
    file = tmp_path / "invoice.json"
    file.write_text('{"total": 12}', "utf-8")
    async with open_window() as window:
        await window.appears("page-welcome")
        window.program.welcome.draft_dropped.emit(file)
        await window.until(lambda: window.program.window.home.notices.notices, "the news")
        (told,) = window.program.window.home.notices.notices
        assert "invoice.json" in told.title
        assert not window.program.window.rooms


async def test_a_set_up_of_a_kept_connection_asks_for_its_sign_in(tmp_path: Path) -> None:
    by_browser = replace(PRODUCTION.spec, method=SignInMethod.BROWSER, certificate=None, ca=None)
    SavedConnections(user_paths().connections_file).put(replace(PRODUCTION, spec=by_browser))
    async with open_window() as window:
        await window.appears("connection-open-0")
        window.program.welcome.draft_dropped.emit(draft_file(tmp_path, PRODUCTION.spec.subscription))
        await window.appears("sign-in-sheet")
        assert not window.program.window.rooms
