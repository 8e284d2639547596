"""The program is killed at the worst moments and started again; the practice vault's own log tells what it accepted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.killed import (
    ITEMS,
    MACHINES,
    killed_program,
    machine_to_test,
    protected_machines,
    save_contoso_draft,
    when_it_is_enabled,
    when_it_is_read_back,
    when_it_is_tested,
    when_the_drill_is_read_back,
    with_connection,
    worst_moments,
)
from tests.support.killing_proxy import Fits, Moment, Passed
from tests.support.served import Served, output_of, serve, start_program, start_python

pytestmark = pytest.mark.slow

MADE = ("storageAccounts", "virtualNetworks", "replicationPolicies", "replicationProtectionContainerMappings")


async def run_killed_then_again(served: Served, folder: Path, moment: Moment, fits: Fits, *command: str) -> str:
    """Run the command through the proxy until it is killed, then once more; returns what the second one said."""
    async with killed_program(served, folder, moment, fits, *command) as connection:
        again = await start_python(*with_connection(command, connection), home=folder / "home")
        said = await output_of(again)
        assert again.returncode == 0, said
        return said


@worst_moments(when_it_is_enabled, when_it_is_read_back)
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


def when_the_network_is_made(method: str, path: str, passed: list[Passed]) -> bool:
    """The account was accepted before, whether or not it is there already."""
    return method == "PUT" and "/virtualNetworks/" in path and any("/storageAccounts/" in each.path for each in passed)


def when_it_is_associated(method: str, path: str, passed: list[Passed]) -> bool:
    made = any(each.method == "PUT" and "/replicationPolicies/" in each.path for each in passed)
    return method == "PUT" and "/replicationProtectionContainerMappings/" in path and made


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(
    "fits",
    [
        pytest.param(when_the_network_is_made, id="between-account-and-network"),
        pytest.param(when_it_is_associated, id="between-policy-and-association"),
    ],
)
async def test_what_a_set_up_makes_is_made_once(tmp_path: Path, moment: Moment, fits: Fits) -> None:
    draft = await save_contoso_draft(tmp_path / "contoso.setup.json", makes_target=True)
    async with serve(tmp_path) as served:
        said = await run_killed_then_again(
            served, tmp_path, moment, fits, "-m", "app", "run-flow", str(draft), "--connection", "CONNECTION"
        )
        assert "Going on with an unfinished run" in said
        for kind in MADE:
            assert len(served.accepted("PUT", f"/{kind}/")) == 1, kind
        accepted = Counter(request.path for request in served.accepted("PUT", ITEMS))
        assert (len(accepted), set(accepted.values())) == (len(MACHINES), {1})
        assert await protected_machines(served, tmp_path) == set(MACHINES)


@worst_moments(when_it_is_tested, when_the_drill_is_read_back)
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
