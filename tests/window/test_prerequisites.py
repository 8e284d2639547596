"""The prerequisites in the whole program: led to by the set-up, kept over a restart, and what was set aside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.config import KIND
from app.paths import user_paths
from tests.support.drive_window import DrivenWindow, open_window

pytestmark = pytest.mark.slow

LINE = "prerequisite-tick-hosts.switches"
STATE = "prerequisite-hosts.switches"


async def open_hosts(window: DrivenWindow) -> None:
    await window.until(lambda: window.shows("nav_prerequisites") or window.shows("wizard"), "the connection to open")
    await window.click("nav_prerequisites")
    await window.appears("page-prerequisites")
    tabs = window.program.window.room.view("prerequisites").tabs
    tabs.setCurrentIndex(1)
    await window.appears(LINE)


async def test_tick_and_note_are_there_after_a_restart() -> None:
    async with open_window("--practice", "contoso") as window:
        await open_hosts(window)
        await window.click(LINE)
        await window.until(lambda: "Done" in window.texts(STATE), "the tick to be kept")
        await window.click("prerequisite-add-note-hosts.switches")
        await window.type_into("prerequisite-note-hosts.switches", "vSwitch-DMZ was renamed")
        await window.close()
    async with open_window("--practice", "contoso") as again:
        await open_hosts(again)
        await again.until(lambda: "Done" in again.texts(STATE), "the tick")
        assert again.text("prerequisite-note-hosts.switches") == "vSwitch-DMZ was renamed"


async def test_source_step_leads_to_what_hosts_need() -> None:
    async with open_window("--practice", "contoso") as window:
        await window.open_set_up()
        await window.click("wizard-next")
        await window.appears("page-goal")
        for card in ("goal-source-on-premises", "goal-target-azure", "goal-hypervisor-hyper-v", "goal-uses-vmm-no"):
            if window.shows(card):
                await window.click(card)
        await window.click("wizard-next")
        await window.appears("page-source")
        await window.click("source-prerequisites")
        await window.appears(LINE)
        assert window.view == "prerequisites"


async def test_damaged_settings_are_told_and_kept() -> None:
    settings = user_paths().settings_file
    _write(settings, "{ half")
    async with open_window() as window:
        await window.until(lambda: window.program.window.room.notices.notices, "the news")
        notice = window.program.window.room.notices.notices[0]
        assert notice.title == "The file with your settings cannot be read"
        assert "settings.damaged.json" in notice.text
        await window.until(lambda: window.news(notice.key)[0], "the banner on screen")
        assert "settings.damaged.json" in window.news(notice.key)[1]


async def test_settings_and_layout_of_a_newer_program_are_kept_for_it() -> None:
    paths = user_paths()
    document = json.dumps({"kind": KIND.name, "version": 99, "content": {"theme": "dark"}})
    _write(paths.settings_file, document)
    _write(paths.window_state_file, document)
    async with open_window() as window:
        await window.until(lambda: len(window.program.window.room.notices.notices) == 2, "the news")
        titles = [notice.title for notice in window.program.window.room.notices.notices]
    assert titles == [
        "A newer version of this program saved your settings",
        "The file with the window’s layout cannot be read",
    ]
    assert _read(paths.settings_file.with_name("settings.newer.json")) == document
    assert _read(paths.window_state_file.with_name("window.foreign.json")) == document


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
