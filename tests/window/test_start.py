"""How the program starts: what it loads, connection files that are no good, one's own set-up again, a second window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.flows.draft_file import list_drafts, load_draft
from tests.support.drive_window import DrivenWindow, open_window
from tests.support.killed import leave_at_review
from tests.support.served import serve
from tests.support.source import ROOT

pytestmark = pytest.mark.slow

FIRST_FRAME = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
import ui.main

class Ear(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.objectName() == "main_window" and "names" not in found:
            found["names"] = list(sys.modules)
            QTimer.singleShot(0, watched.close)
        return False

class Listening(QApplication):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.installEventFilter(ear)

found, ear = {}, Ear()
ui.main.QApplication = Listening
status = ui.main.main([])
print(*found["names"])
sys.exit(status)
"""


def test_nothing_of_azure_is_loaded_at_the_first_frame(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"ui.main", "ui.views.welcome.view"} <= loaded
    heavy = {"azure", "msal", "aiohttp", "keyring", "msgspec", "sqlite3"}
    assert {name.partition(".")[0] for name in loaded} & heavy == set()


NO_CONNECTIONS = [
    pytest.param(None, "No such file", id="missing"),
    pytest.param("", "Expecting value", id="empty"),
    pytest.param("[Unit]\nDescription=Something else\n", "Expecting value", id="foreign"),
    pytest.param('["arm"]', "it is not a JSON object", id="a_list"),
    pytest.param('{"subscription": "s"}', "it does not say: arm, token", id="incomplete"),
    pytest.param('{"arm": "ftp://x", "subscription": "s", "token": "t"}', "`arm` is not a web address", id="no_web"),
]


@pytest.mark.parametrize(("content", "reason"), NO_CONNECTIONS)
async def test_a_connection_file_that_cannot_be_used_is_told_on_the_welcome_page(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    file = tmp_path / "connection.json"
    if content is not None:
        file.write_text(content, "utf-8")
    async with open_window("--connection", str(file)) as window:
        await window.appears("banner_open")
        assert window.view == "welcome"
        title, text = window.news("open")
        assert title == "The connection file connection.json cannot be used"
        assert text.startswith("Start `python -m app serve-simulator` and save the line that it prints in this file")
        assert reason in text
        assert window.button("welcome-open-practice").isEnabled()


async def test_a_connection_where_nobody_answers_can_be_tried_again(tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state"))
    async with serve(tmp_path, *options) as served:
        file, port = served.connection_file(tmp_path / "connection.json"), served.arm.rpartition(":")[2]
    async with open_window("--connection", str(file)) as window:
        await window.appears("banner_open_action_0")
        assert window.news("open")[0].endswith(" refuses the connection")
        assert window.text("banner_open_action_0") == "Try again"
        async with serve(tmp_path, *options, "--port", port):
            await window.click("banner_open_action_0")
            await window.appears("page-overview")
            assert not window.shows("banner_open")


async def test_a_set_up_is_left_and_gone_on_with_from_the_welcome_page(tmp_path: Path) -> None:
    async with open_window() as window:
        await pick_scenario(window, "Empty")
        await window.appears("page-vault")
        await window.click("vault-new")
        await window.type_into("vault-name", "asr-first")
        await window.type_into("vault-new-resource-group", "rg-first")
        await window.pick("vault-region", "West Europe")
        await window.click("vault-create")
        await window.until(lambda: window.draft.vault.name, "the vault to be chosen")
        await window.click("wizard-next")
        await window.click("goal-source-on-premises")
        answers = window.draft
        await window.click("wizard-save-and-close")
        await window.until(lambda: not window.shows("wizard"), "the wizard to be left")
        first = window.view
    assert first in ("welcome", "overview")
    async with open_window() as window:
        await window.click("welcome-go-on-0")
        await window.appears("page-goal")
        assert window.draft == answers
        assert window.button("goal-source-on-premises").isChecked()


async def test_a_connection_that_was_left_leaves_nothing_in_the_window() -> None:
    async with open_window() as window:
        for _ in range(2):
            await pick_scenario(window, "Empty")
            await window.appears("page-vault")
            await window.click("wizard-save-and-close")
            await window.appears("welcome-go-on-0")
            await window.until(lambda: not places(window), "the places to go")
            assert not window.shows("connection_tab")
            assert not window.shows("practice-pace")
            assert window.text("status_what") == window.text("status_when") == ""
        await window.click("welcome-go-on-0")
        await window.appears("page-vault")
        assert sorted(places(window)) == ["nav_limits", "nav_practice", "nav_prerequisites", "nav_rights", "nav_set_up"]


def places(window: DrivenWindow) -> list[str]:
    names = [button.objectName() for button in window.widget.findChildren(QWidget)]
    return [name for name in names if name.startswith("nav_")]


async def pick_scenario(window: DrivenWindow, name: str) -> None:
    await window.pick("welcome-scenario", name)
    await window.click("welcome-open-practice")
    await window.until(lambda: window.view != "welcome", "the practice vault to open")


READ_ONLY = "Another window of the program works with this connection. Close it there, then open it here again."


async def test_a_second_window_on_the_same_practice_vault_is_read_only_and_says_so() -> None:
    async with open_window("--practice", "fleet", "--count", "3") as first:
        await first.appears("page-overview")
        async with open_window("--practice", "fleet", "--count", "3") as second:
            await second.appears("page-overview")
            assert "read-only" in second.text("connection_tab")
            assert "read-only" not in first.text("connection_tab")
            await second.click("nav_items")
            await second.until(lambda: len(second.rows("items-table")) == 3, "the machines")
            await second.choose_row("items-table", second.rows("items-table")[0]["Machine"])
            refused = refusal(second, "items-test-failover")
            assert refused == READ_ONLY
            await second.open_set_up()
            assert second.text("status_what").endswith(" · Read-only: another window works with this connection")


async def test_a_read_only_window_leaves_the_draft_to_the_other_one(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        file = served.connection_file(tmp_path / "connection.json")
        await leave_at_review(file)
        async with open_window("--connection", str(file)) as first:
            await first.open_set_up()
            async with open_window("--connection", str(file)) as second:
                await second.open_set_up()
                await second.appears("page-review")
                await second.until(lambda: refusal(second, "review-run"), "the run to be refused")
                assert refusal(second, "review-run") == READ_ONLY
                await second.click("step_goal")
                await second.click("goal-uses-vmm-yes")
                assert second.draft.goal != first.draft.goal
                await second.click("wizard-save-and-close")
                await second.appears("page-overview")
            (left,) = list_drafts(first.folder)
            assert load_draft(left.path).draft == first.draft


async def test_the_connection_check_is_left_by_keyboard() -> None:
    async with open_window() as window:
        await window.click("welcome-check")
        await window.appears("page-connection-check")
        back = window.button("check-back")
        back.setFocus()
        QTest.keyClick(back, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        await window.appears("page-welcome")


def refusal(window: DrivenWindow, name: str) -> str:
    return window.button(name).accessibleDescription()


SMALLEST = (1024, 680)


async def test_the_footer_is_whole_in_the_smallest_window(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        file = served.connection_file(tmp_path / "connection.json")
        await leave_at_review(file)
        async with open_window("--connection", str(file)) as window:
            window.widget.resize(*SMALLEST)
            await window.open_set_up()
            await window.appears("page-review")
            assert clipped(window, "wizard-save-and-close", "wizard-back", "review-run") == []
            for step in ("enable", "capacity", "settings", "target", "source", "goal"):
                await window.click(f"step_{step}")
                await window.appears(f"page-{step}")
                assert clipped(window, "wizard-save-and-close", "wizard-back", "wizard-next") == []


def clipped(window: DrivenWindow, *names: str) -> list[str]:
    """The buttons that do not stand whole in the window, or have less room than their words need."""
    whole = QRect(QPoint(0, 0), window.widget.size())

    def is_whole(button: QAbstractButton) -> bool:
        place = QRect(button.mapTo(window.widget, QPoint(0, 0)), button.size())
        return whole.contains(place) and button.width() >= button.minimumSizeHint().width()

    return [name for name in names if not is_whole(window.button(name))]


BEFORE_THE_LOOP = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
import ui.first_frame
import ui.main

def act(window):
    assert "asyncio" not in sys.modules, "it was to be before the loop"
    {act}

class Ear(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.objectName() == "main_window" and not found:
            found.append(watched)
            act(watched)
        return False

class Listening(QApplication):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.installEventFilter(ear)
        self.deadline = QTimer(self, interval=50)
        self.deadline.timeout.connect(self.look)
        self.deadline.start()

    def look(self):
        if found and {holds}:
            found[0].close()

found, ear = [], Ear()
ui.main.QApplication = Listening
status = ui.main.main([])
print("asyncio" in sys.modules)
sys.exit(status)
"""
"""A program that does something to the window in its first frame, and closes it once something holds."""


def start_and(act: str, holds: str) -> str:
    code = BEFORE_THE_LOOP.replace("{act}", act).replace("{holds}", holds)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_press_before_the_loop_runs_opens_what_was_chosen() -> None:
    press = 'window.findChild(QObject, "welcome-open-practice").click()'
    assert start_and(press, 'found[0].room.current_view not in ("", "welcome")') == "True"


def test_closing_before_the_loop_runs_ends_the_program() -> None:
    assert start_and("QTimer.singleShot(0, window.close)", "False") == "False"
