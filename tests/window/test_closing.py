"""The window's close button while something is under way: it closes at once, and what was begun goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.flows.draft_file import list_drafts, load_draft
from tests.support.drive_window import open_window
from tests.support.killed import ITEMS, MACHINES, leave_at_review, protected_machines
from tests.support.served import serve

pytestmark = pytest.mark.slow

SLOW = 60
"""At this speed an action of minutes takes seconds, so that the window can be closed during one."""


async def test_the_window_closed_during_a_running_action_closes_and_the_run_goes_on_when_reopened(
    tmp_path: Path,
) -> None:
    async with serve(tmp_path, speed=SLOW) as served:
        connection = served.connection_file(tmp_path / "connection.json")
        await leave_at_review(connection)
        async with open_window("--connection", str(connection)) as window:
            await window.open_set_up()
            await window.click("review-run")
            await window.until(lambda: served.accepted("PUT", ITEMS), "a machine to be sent")
            going_on = "Carrying out 5 actions 2 of 5 "
            await window.until(lambda: window.texts("run-progress").startswith(going_on), "the page to say so")
            answers = window.draft
            await window.close()
        assert not window.widget.isVisible()
        (left,) = list_drafts(window.folder)
        assert load_draft(left.path).draft == answers
        async with open_window("--connection", str(connection)) as window:
            await window.appears("page-run")
            assert window.draft == answers
            await window.until(lambda: window.texts("run-progress").startswith(going_on), "the run to go on")
            await window.appears("run-open-overview")
            assert window.texts("run-progress").startswith("3 machines are replicating: ")
            assert window.draft == answers
        assert len(served.accepted("PUT", ITEMS)) == len(MACHINES)
        assert await protected_machines(served, tmp_path) == set(MACHINES)


async def test_the_window_closed_during_a_drill_goes_on_with_it_when_reopened(tmp_path: Path) -> None:
    async with serve(tmp_path, "--scenario", "fleet", "--count", "3", speed=SLOW) as served:
        arguments = ("--connection", str(served.connection_file(tmp_path / "connection.json")))
        async with open_window(*arguments) as window:
            await window.appears("nav_items")
            await window.click("nav_items")
            await window.until(lambda: window.rows("items-table"), "the machines")
            await window.choose_row("items-table", window.rows("items-table")[0]["Machine"])
            await window.click("items-test-failover")
            await window.click("sheet-run")
            await window.until(lambda: served.accepted("POST", "/testFailover"), "the drill to be sent")
            await window.close()
        async with open_window(*arguments) as window:
            await window.appears("banner_desk.interrupted")
            title, text = window.news("desk.interrupted")
            assert title.startswith("“Test failover")
            assert title.endswith(" was interrupted")
            assert text.startswith("0 of 1 actions are confirmed.")
            await window.click("banner_desk.interrupted_action_0")
            await window.until(lambda: window.news("desk.interrupted")[0].endswith(" is done"), "the drill to end")
        assert len(served.accepted("POST", "/testFailover")) == 1
