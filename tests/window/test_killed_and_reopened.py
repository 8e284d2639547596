"""The program is killed at the worst moments and the window opened again; the practice vault's log tells the truth."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.drive_window import DrivenWindow, open_window
from tests.support.killed import (
    ITEMS,
    MACHINES,
    killed_program,
    leave_at_review,
    machine_to_test,
    protected_machines,
    save_contoso_draft,
    when_it_is_enabled,
    when_it_is_read_back,
    when_it_is_tested,
    when_the_drill_is_read_back,
    worst_moments,
)
from tests.support.killing_proxy import Fits, Moment
from tests.support.served import Served, serve

pytestmark = pytest.mark.slow

INTERRUPTED = "desk.interrupted"


async def go_on(window: DrivenWindow) -> None:
    """Read the banner, press its button, and wait for the news that it is done."""
    await window.appears(f"banner_{INTERRUPTED}")
    assert window.news(INTERRUPTED)[0].endswith(" was interrupted")
    assert window.text(f"banner_{INTERRUPTED}_action_0") == "Go on"
    await window.click(f"banner_{INTERRUPTED}_action_0")
    await window.until(lambda: window.news(INTERRUPTED)[0].endswith(" is done"), "the news that it is done")


def assert_enabled_once(served: Served) -> None:
    accepted = Counter(request.path for request in served.accepted("PUT", ITEMS))
    assert len(accepted) == len(MACHINES)
    assert set(accepted.values()) == {1}
    assert len(served.accepted("PUT", "/replicationPolicies/")) == 1


@worst_moments(when_it_is_enabled, when_it_is_read_back)
async def test_the_window_goes_on_with_a_killed_set_up(tmp_path: Path, moment: Moment, fits: Fits) -> None:
    draft = await save_contoso_draft(tmp_path / "contoso.setup.json")
    command = ("-m", "app", "run-flow", str(draft), "--connection", "CONNECTION")
    async with serve(tmp_path) as served, killed_program(served, tmp_path, moment, fits, *command) as connection:
        sent = len(served.accepted("PUT", ""))
        async with open_window("--connection", str(connection)) as window:
            await window.appears(f"banner_{INTERRUPTED}")
            title, text = window.news(INTERRUPTED)
            assert title == "“Protect contoso” was interrupted"
            assert text.endswith("Going on sends only what Azure does not have yet.")
            assert len(served.accepted("PUT", "")) == sent
            await go_on(window)
            assert window.news(INTERRUPTED) == (
                "“Protect contoso” is done",
                "All 5 actions are confirmed by Azure.",
            )
            await window.click("nav_items")
            await window.until(lambda: len(window.rows("items-table")) == len(MACHINES), "the machines in the list")
            shown = [set(row.values()) for row in window.rows("items-table")]
            assert all(any(machine in words for words in shown) for machine in MACHINES)
        assert_enabled_once(served)
        assert await protected_machines(served, tmp_path) == set(MACHINES)


@worst_moments(when_it_is_tested, when_the_drill_is_read_back)
async def test_the_window_goes_on_with_a_killed_drill(tmp_path: Path, moment: Moment, fits: Fits) -> None:
    async with serve(tmp_path, "--scenario", "fleet", "--count", "3") as served:
        machine = await machine_to_test(served, tmp_path)
        command = ("-m", "tests.support.run_failover", "CONNECTION", machine)
        async with (
            killed_program(served, tmp_path, moment, fits, *command) as connection,
            open_window("--connection", str(connection)) as window,
        ):
            await go_on(window)
        assert len(served.accepted("POST", "/testFailover")) == 1


@worst_moments(when_it_is_enabled, when_it_is_read_back)
async def test_a_killed_window_opens_at_its_run_and_goes_on(tmp_path: Path, moment: Moment, fits: Fits) -> None:
    command = ("-m", "tests.support.drive_window", "--connection", "CONNECTION")
    async with serve(tmp_path) as served:
        async with (
            killed_program(served, tmp_path, moment, fits, *command, prepare=leave_at_review) as connection,
            open_window("--connection", str(connection)) as window,
        ):
            await window.appears("page-run")
            assert not window.shows(f"banner_{INTERRUPTED}")
            await window.appears("run-open-overview")
            assert len(window.rows("run-table")) == 5
            await window.click("run-open-overview")
            await window.appears("page-overview")
        assert_enabled_once(served)
        assert await protected_machines(served, tmp_path) == set(MACHINES)
