"""A state file: what was accepted is found again, in the middle of things too."""

from __future__ import annotations

import gc
import sqlite3
from pathlib import Path
from weakref import ref

import pytest

from app.simulator.item_pages import pages_of
from app.simulator.messages import Request
from app.simulator.records import Host
from app.simulator.service import Simulator
from app.simulator.store import StateFile, Table
from tests.simulator.client import Client


def everything(client: Client) -> dict[str, object]:
    """What can be read of a vault, as of now."""
    vault = client.vault
    lists = {
        name: client.values(f"{vault}/{name}")
        for name in (
            "replicationFabrics",
            "replicationRecoveryServicesProviders",
            "replicationProtectionContainers",
            "replicationPolicies",
            "replicationProtectionContainerMappings",
            "replicationProtectedItems",
            "replicationJobs",
            "replicationEvents",
            "replicationRecoveryPlans",
        )
    }
    lists["jobs"] = [client.get(job["id"]) for job in lists["replicationJobs"]]
    lists["resources"] = client.values(f"{client.subscription}/resources")
    lists["health"] = client.get(f"{vault}/replicationVaultHealth")
    return lists


def reopened(path: Path, scenario: str = "contoso") -> Client:
    """What a new process sees; the old one was not closed, as after a kill."""
    return Client(scenario, state_file=path)


def test_every_accepted_write_is_there_again_in_the_middle_of_a_failover(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    client = Client(state_file=path)
    policy = client.associate_policy()
    item = client.protect("LNX-PROXY", policy)
    client.begin_enable("FS01", policy)
    client.begin("POST", f"{item}/unplannedFailover", client.failover_body())
    before = everything(client)

    again = reopened(path)
    assert again.clock.seconds() == client.clock.seconds()
    assert everything(again) == before
    for each in (client, again):
        each.clock.advance(7200)
    assert everything(again) == everything(client)
    assert again.properties(item)["activeLocation"] == "Recovery"


def test_names_given_after_a_restart_are_new(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    client = Client(state_file=path)
    first = client.begin("POST", f"{client.vault}/replicationVaultHealth/default/refresh")
    again = reopened(path)
    second = again.begin("POST", f"{client.vault}/replicationVaultHealth/default/refresh")
    assert first.headers["x-ms-request-id"] != second.headers["x-ms-request-id"]
    assert len(again.values(f"{client.vault}/replicationJobs")) == 2


def test_what_a_reader_saw_ended_does_not_run_again_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    client = Client(state_file=path)
    accepted = client.begin("POST", f"{client.vault}/replicationVaultHealth/default/refresh")
    client.finish(accepted)
    assert reopened(path).job_of(accepted)["properties"]["state"] == "Succeeded"


@pytest.mark.slow
def test_a_fleet_saves_its_changes_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    client = Client("fleet", count=600, state_file=path)
    first, second = (item["id"] for item in client.values(f"{client.vault}/replicationProtectedItems")[:2])
    client.carry_out("POST", f"{first}/remove", {"properties": {}})
    client.carry_out("PATCH", second, {"properties": {"recoveryAzureVMSize": "Standard_E4s_v5"}})

    again = reopened(path, "contoso")  # the file knows better than the argument
    assert again.call("GET", first).status == 404
    assert again.properties(second)["providerSpecificDetails"]["recoveryAzureVMSize"] == "Standard_E4s_v5"
    assert len(again.values(f"{again.vault}/replicationProtectedItems")) == 599
    assert everything(again) == everything(client)


def test_the_pace_of_time_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    simulator = Simulator.open("empty", state_file=path)
    body = b'{"speed": 60, "paused": true}'
    assert simulator.handle(Request("PUT", "/simulator/clock", {}, body)).status == 200
    simulator.close()

    again = Simulator.open("empty", state_file=path)
    assert (again.clock.speed, again.clock.paused) == (60, True)
    again.close()


def test_a_state_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    client = Client("empty", state_file=path)
    client.simulator.close()
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE record SET body = replace(body, '\"format\":1', '\"format\":2') WHERE kind = 'settings'"
        )
    database.close()
    with pytest.raises(ValueError, match="newer version"):
        Client("empty", state_file=path)


def test_a_file_that_is_no_state_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(ValueError, match="not a state file"):
        Client("empty", state_file=path)
    assert path.read_text().startswith("Dear Sir")


def test_what_still_comes_after_closing_is_answered_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    file = StateFile(path)
    table: Table[Host] = Table("host", Host)
    table.put("kept", Host("kept", []))
    file.save({"host": table})
    file.close()
    table.put("late", Host("late", []))
    file.save({"host": table})
    again = StateFile(path)
    assert [key for _, key, _ in again.load()] == ["kept"]
    again.close()


@pytest.mark.parametrize("scenario", ["fleet", "many-subscriptions"])
def test_what_a_closed_vault_held_ends_without_the_collector(scenario: str) -> None:
    was_on = gc.isenabled()
    gc.disable()
    try:
        simulator = Simulator.open(scenario, count=10)
        world = ref(simulator._world)
        pages_of(simulator._world)
        simulator.close()
        del simulator
        assert world() is None
    finally:
        if was_on:
            gc.enable()
