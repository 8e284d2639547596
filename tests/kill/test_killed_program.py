"""The program is killed at the worst moments and started again; the practice vault's own log tells what it accepted."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.bootstrap import open_connection
from app.connection import read_connection
from app.domain.protected_item import Operation
from app.flows.draft_file import save_draft
from tests.support.killing_proxy import Fits, KillingProxy, Moment, Passed, Trap
from tests.support.practice import contoso_draft, open_practice
from tests.support.served import Served, output_of, serve, start_program, start_python

pytestmark = pytest.mark.slow

MACHINES = ("DC01", "WEB-01", "WEB-02")
ITEMS = "/replicationProtectedItems/"


def has_passed(method: str, path: str, passed: list[Passed]) -> bool:
    return any(before.method == method and before.path.lower() == path.lower() for before in passed)


def when_it_is_enabled(method: str, path: str, passed: list[Passed]) -> bool:
    return method == "PUT" and ITEMS in path


def when_it_is_read_back(method: str, path: str, passed: list[Passed]) -> bool:
    """Between its PUT and its read-back the item itself is not read."""
    return method == "GET" and ITEMS in path and has_passed("PUT", path, passed)


def when_it_is_tested(method: str, path: str, passed: list[Passed]) -> bool:
    return method == "POST" and path.endswith("/testFailover")


def when_the_drill_is_read_back(method: str, path: str, passed: list[Passed]) -> bool:
    return method == "GET" and ITEMS in path and has_passed("POST", f"{path}/testFailover", passed)


async def save_contoso_draft(path: Path) -> Path:
    async with open_practice() as practice:
        draft = contoso_draft(await practice.estate(), *MACHINES)
    save_draft(path, draft, saved_at=datetime(2026, 3, 2, tzinfo=UTC), steps_done=6)
    return path


async def run_killed_then_again(served: Served, folder: Path, trap_at: Moment, fits: Fits, *command: str) -> str:
    """Run the command through the proxy until it is killed, then once more; returns what the second one said."""
    proxy = KillingProxy(served.arm)
    async with proxy.serving():
        connection = served.connection_file(folder / "connection.json", arm=proxy.arm)
        arguments = [str(connection) if part == "CONNECTION" else part for part in command]
        victim = await start_python(*arguments, home=folder / "home")
        proxy.trap = Trap(trap_at, fits, lambda: os.kill(victim.pid, signal.SIGKILL))
        said = await output_of(victim)
        assert victim.returncode == -signal.SIGKILL, said
        assert proxy.trap.has_sprung

        again = await start_python(*arguments, home=folder / "home")
        said = await output_of(again)
        assert again.returncode == 0, said
        return said


@pytest.mark.parametrize(
    ("moment", "fits"),
    [
        pytest.param(Moment.BEFORE_FORWARDING, when_it_is_enabled, id="before-the-request"),
        pytest.param(Moment.BEFORE_ANSWERING, when_it_is_enabled, id="after-the-202"),
        pytest.param(Moment.BEFORE_FORWARDING, when_it_is_read_back, id="before-the-read-back"),
    ],
)
async def test_each_machine_is_enabled_once(tmp_path: Path, moment: Moment, fits: Fits) -> None:
    draft = await save_contoso_draft(tmp_path / "contoso.setup.json")
    async with serve(tmp_path) as served:
        said = await run_killed_then_again(
            served, tmp_path, moment, fits, "-m", "app", "run-flow", str(draft), "--connection", "CONNECTION"
        )
        assert "Going on with an unfinished run" in said
        accepted = Counter(request.path for request in served.accepted("PUT", ITEMS))
        assert len(accepted) == len(MACHINES)
        assert set(accepted.values()) == {1}
        assert len(served.accepted("PUT", "/replicationPolicies/")) == 1
        assert await protected_machines(served, tmp_path) == set(MACHINES)


@pytest.mark.parametrize(
    ("moment", "fits"),
    [
        pytest.param(Moment.BEFORE_FORWARDING, when_it_is_tested, id="before-the-request"),
        pytest.param(Moment.BEFORE_ANSWERING, when_it_is_tested, id="after-the-202"),
        pytest.param(Moment.BEFORE_FORWARDING, when_the_drill_is_read_back, id="before-the-read-back"),
    ],
)
async def test_a_drill_is_started_once(tmp_path: Path, moment: Moment, fits: Fits) -> None:
    async with serve(tmp_path, "--scenario", "fleet", "--count", "3") as served:
        machine = await machine_to_test(served, tmp_path)
        said = await run_killed_then_again(
            served, tmp_path, moment, fits, "-m", "tests.support.run_failover", "CONNECTION", machine
        )
        assert said.splitlines()[-1] == "confirmed"
        assert len(served.accepted("POST", "/testFailover")) == 1


async def test_a_program_that_is_not_killed_says_so_in_its_exit_status(tmp_path: Path) -> None:
    draft = await save_contoso_draft(tmp_path / "contoso.setup.json")
    async with serve(tmp_path) as served:
        connection = served.connection_file(tmp_path / "connection.json")
        program = await start_program("run-flow", str(draft), "--connection", str(connection), home=tmp_path / "home")
        said = await output_of(program)
        assert program.returncode == 0, said
        assert said.splitlines()[-1] == "5 of 5 actions done and confirmed."
        assert len(served.accepted("PUT", ITEMS)) == len(MACHINES)


async def protected_machines(served: Served, folder: Path) -> set[str]:
    """The machines of the vault whose first copy has begun or is complete."""
    return {name for name, _ in await read_items(served, folder)}


async def machine_to_test(served: Served, folder: Path) -> str:
    return next(name for name, may_be_tested in await read_items(served, folder) if may_be_tested)


async def read_items(served: Served, folder: Path) -> list[tuple[str, bool]]:
    services = await open_connection(read_connection(served.connection_file(folder / "direct.json")))
    try:
        assert services.home_vault is not None
        items = await services.gateways.site_recovery.list_protected_items(services.home_vault)
        return [(item.friendly_name, item.allows(Operation.TEST_FAILOVER)) for item in items]
    finally:
        await services.aclose()
