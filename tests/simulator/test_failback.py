"""The way back from Azure: its two ways, another host, and what else ends a failover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.client import Client, Json, Reply


def committed(client: Client, name: str = "LNX-PROXY") -> str:
    item = client.protect(name)
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    client.carry_out("POST", f"{item}/failoverCommit")
    return item


def failback_body(option: str = "ForDownTime", **more: Any) -> Json:
    details = {
        "instanceType": "HyperVReplicaAzureFailback",
        "dataSyncOption": option,
        "recoveryVmCreationOption": "NoAction",
    }
    return {"properties": {"providerSpecificDetails": details | more}}


def until_it_waits(client: Client, accepted: Reply) -> Json:
    for _ in range(1000):
        properties: Json = client.job_of(accepted)["properties"]
        if properties["state"] == "Suspended":
            return properties
        client.clock.advance(10)
    raise AssertionError("the job does not wait")


def test_a_failback_for_little_downtime_copies_and_waits_for_the_user() -> None:
    client = Client()
    item = committed(client)
    vm = f"{client.group}/providers/Microsoft.Compute/virtualMachines/LNX-PROXY"
    accepted = client.begin("POST", f"{item}/plannedFailover", failback_body())
    waiting = until_it_waits(client, accepted)

    assert waiting["stateDescription"] == "WaitingForUserInputAfterDataSync"
    assert waiting["allowedActions"] == ["Cancel", "Resume"]
    assert waiting["scenarioName"] == "Failback"
    states = [(task["name"], task["state"]) for task in waiting["tasks"]]
    assert ("VmFailbackDataSync", "Succeeded") in states
    assert ("WaitForUserInputForFailback", "Suspended") in states
    assert client.call("GET", vm).status == 200
    client.clock.advance(24 * 3600)
    assert client.job_of(accepted)["properties"]["state"] == "Suspended"
    found = client.values(f"{client.vault}/replicationJobs?$filter=JobStatus eq 'Suspended'")
    assert [job["id"] for job in found] == [accepted.headers["x-ms-request-id"]]

    client.begin("POST", f"{accepted.headers['x-ms-request-id']}/resume", {"properties": {"comments": "go"}})
    assert client.finish(accepted)["status"] == "Succeeded"
    assert client.properties(item)["protectionState"] == "FinalizeRestorePending"


def test_a_failback_that_waits_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    client = Client(state_file=path)
    item = committed(client)
    accepted = client.begin("POST", f"{item}/plannedFailover", failback_body())
    until_it_waits(client, accepted)
    again = Client(state_file=path)
    again.clock.advance(client.clock.seconds() - again.clock.seconds())
    assert again.job_of(accepted) == client.job_of(accepted)
    for each in (client, again):
        each.begin("POST", f"{accepted.headers['x-ms-request-id']}/resume", {})
        assert each.finish(accepted)["status"] == "Succeeded"
    assert again.job_of(accepted)["properties"]["tasks"] == client.job_of(accepted)["properties"]["tasks"]


def test_a_failback_of_everything_does_not_wait() -> None:
    client = Client()
    item = committed(client)
    accepted = client.begin("POST", f"{item}/plannedFailover", failback_body("ForSynchronization"))
    assert client.finish(accepted)["status"] == "Succeeded"
    tasks = {task["name"]: task["stateDescription"] for task in client.job_of(accepted)["properties"]["tasks"]}
    assert tasks["VmFailbackDataSync"] == tasks["WaitForUserInputForFailback"] == "Skipped"


def test_a_failback_that_was_cancelled_can_be_begun_again() -> None:
    client = Client()
    item = committed(client)
    accepted = client.begin("POST", f"{item}/plannedFailover", failback_body())
    until_it_waits(client, accepted)
    client.begin("POST", f"{accepted.headers['x-ms-request-id']}/cancel")
    assert client.job_of(accepted)["properties"]["state"] == "Cancelled"
    assert "Failback" in client.properties(item)["allowedOperations"]
    client.carry_out("POST", f"{item}/plannedFailover", failback_body("ForSynchronization"))


def test_a_machine_can_come_back_to_another_host() -> None:
    client = Client()
    item = committed(client)
    before = client.properties(item)["recoveryServicesProviderId"]
    other = next(p for p in client.values(f"{client.site}/replicationRecoveryServicesProviders") if p["id"] != before)
    body = failback_body(
        "ForSynchronization",
        recoveryVmCreationOption="CreateVmIfNotFound",
        providerIdForAlternateRecovery=other["id"],
    )
    client.carry_out("POST", f"{item}/plannedFailover", body)
    assert client.properties(item)["recoveryServicesProviderId"] == other["id"]
    assert client.get(other["id"])["properties"]["protectedItemCount"] == 1
    assert client.get(before)["properties"]["protectedItemCount"] == 0
    machine = client.machine("LNX-PROXY")["properties"]
    assert machine["customDetails"]["hyperVHostId"] == other["properties"]["friendlyName"].lower()


@pytest.mark.parametrize(
    ("details", "status"),
    [
        ({"dataSyncOption": "Someday"}, 400),
        ({"recoveryVmCreationOption": "Perhaps"}, 400),
        ({"recoveryVmCreationOption": "CreateVmIfNotFound", "providerIdForAlternateRecovery": "/nowhere"}, 404),
    ],
)
def test_an_option_that_does_not_exist_is_refused(details: Json, status: int) -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    reply = client.call("POST", f"{item}/plannedFailover", failback_body(**details))
    assert reply.status == status


def test_a_failback_before_the_commit_fails() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    accepted = client.begin("POST", f"{item}/plannedFailover", failback_body())
    assert client.finish(accepted)["error"]["code"] == "25007"


def test_a_completed_migration_leaves_the_machine_in_azure() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    complete = {"properties": {"disableProtectionReason": "MigrationComplete"}}
    too_early = client.begin("POST", f"{item}/remove", complete)
    assert client.finish(too_early)["error"]["code"] == "25007"
    client.carry_out("POST", f"{item}/plannedFailover", client.failover_body())
    client.carry_out("POST", f"{item}/remove", complete)
    assert client.call("GET", item).status == 404
    vm = f"{client.group}/providers/Microsoft.Compute/virtualMachines/LNX-PROXY"
    assert client.call("GET", vm).status == 200
    assert client.call("POST", f"{item}/remove", {}).status == 404


def test_what_a_hyper_v_machine_never_offers_is_refused() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    assert client.call("POST", f"{item}/remove", {"properties": {"disableProtectionReason": "x"}}).status == 400
    body = {"properties": {"healthErrors": [{"healthErrorId": "6:8010"}]}}
    assert client.call("POST", f"{item}/resolveHealthErrors", body).status == 400
    cancelled = client.begin("POST", f"{item}/failoverCancel")
    assert client.finish(cancelled)["status"] == "Failed"
