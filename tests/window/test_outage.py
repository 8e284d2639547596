"""serve-simulator is killed while the window is connected, and comes back on the same port."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.drive_window import DrivenWindow, open_window
from tests.support.served import Served, serve

pytestmark = pytest.mark.slow

FLEET = ("--scenario", "fleet", "--count", "3")


@asynccontextmanager
async def connected(served: Served, folder: Path) -> AsyncIterator[DrivenWindow]:
    async with open_window("--connection", str(served.connection_file(folder / "connection.json"))) as window:
        await window.until(lambda: window.shows("nav_items") or window.shows("wizard"), "the connection to open")
        yield window


async def kill(served: Served) -> None:
    served.process.kill()
    await served.process.wait()


def on_the_same_port(served: Served) -> tuple[str, ...]:
    """As the connection file of before says: its port, and the token that it carries."""
    return "--port", served.arm.rpartition(":")[2], "--token", served.line["token"]


def machine_names(window: DrivenWindow) -> list[str]:
    return [row["Machine"] for row in window.rows("items-table")]


async def test_rows_stay_while_nobody_answers_and_are_fresh_again_afterwards(tmp_path: Path) -> None:
    options = (*FLEET, "--state", str(tmp_path / "state"))
    async with serve(tmp_path, *options) as served, connected(served, tmp_path) as window:
        await window.click("nav_items")
        await window.until(lambda: len(machine_names(window)) == 3, "the machines")
        before = machine_names(window)
        await kill(served)
        await window.click("items-refresh")
        await window.appears("table_stale")
        assert window.texts("table_stale").startswith("These rows are from ")
        assert window.texts("table_stale").endswith(" refuses the connection. Try now")
        assert machine_names(window) == before
        await window.click("nav_jobs")
        await window.press("F5")
        await window.appears("table_stale")
        await window.click("nav_items")
        assert window.shows("table_stale")
        async with serve(tmp_path, *options, *on_the_same_port(served)):
            await window.click("try_now")
            await window.until(lambda: not window.shows("table_stale"), "the line above old rows to go")
            assert machine_names(window) == before


async def test_a_drill_started_while_nobody_answers_says_so_and_is_started_once(tmp_path: Path) -> None:
    options = (*FLEET, "--state", str(tmp_path / "state"))
    async with serve(tmp_path, *options) as served, connected(served, tmp_path) as window:
        await window.click("nav_items")
        await window.until(lambda: len(machine_names(window)) == 3, "the machines")
        await window.choose_row("items-table", machine_names(window)[0])
        await window.click("items-test-failover")
        await window.enabled("sheet-run")
        await kill(served)
        await window.click("sheet-run")
        said = re.compile(r"WEB-00001: No answer from Azure for \d+ min; nothing was sent yet")
        await window.until(lambda: said.search(window.texts("failover-sheet")), "the sheet to say so")
        assert served.accepted("POST", "/testFailover") == []
        async with serve(tmp_path, *options, *on_the_same_port(served)) as again:
            await window.appears("sheet-done")
            assert len(again.accepted("POST", "/testFailover")) == 1


async def test_a_site_created_while_nobody_answers_says_so_in_its_sheet_and_is_created_once(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    async with serve(tmp_path, *state) as served, connected(served, tmp_path) as window:
        await window.open_set_up()
        await window.click("wizard-next")
        for card in ("source-on-premises", "target-azure", "hypervisor-hyper-v", "uses-vmm-no"):
            await window.click(f"goal-{card}")
        await window.click("wizard-next")
        await window.click("source-new-site")
        await window.type_into("source-site-name", "Branch")
        before = window.draft
        await kill(served)
        await window.click("source-create-site")
        said = re.compile(r"Create Hyper-V site Branch: No answer from Azure for \d+ min; nothing was sent yet")
        await window.until(lambda: said.search(window.texts("site-sheet")), "the sheet to say so")
        assert window.draft == before
        async with serve(tmp_path, *state, *on_the_same_port(served)) as again:
            await window.until(lambda: not window.shows("site-sheet"), "the site to be there")
            assert window.draft.site.name == "Branch"
            assert len(again.accepted("PUT", "/replicationFabrics/Branch")) == 1
