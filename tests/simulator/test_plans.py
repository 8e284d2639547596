"""Recovery plans: changed, run there and back, and waiting for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.client import Client, Json, Reply


def group_of(*items: str, **actions: Any) -> Json:
    return {"groupType": "Boot", "replicationProtectedItems": [{"id": item} for item in items], **actions}


def plan_body(client: Client, *groups: Json) -> Json:
    return {
        "properties": {
            "primaryFabricId": client.site,
            "recoveryFabricId": "Microsoft Azure",
            "failoverDeploymentModel": "ResourceManager",
            "groups": list(groups),
        }
    }


@pytest.fixture
def client() -> Client:
    return Client()


def two_machines(client: Client) -> tuple[str, str, str]:
    policy = client.associate_policy()
    items = [client.protect(name, policy) for name in ("DC01", "LNX-PROXY")]
    plan = f"{client.vault}/replicationRecoveryPlans/p"
    client.carry_out("PUT", plan, plan_body(client, group_of(items[0]), group_of(items[1])))
    return plan, items[0], items[1]


def manual(kind: str = "PlannedFailover", direction: str = "PrimaryToRecovery") -> Json:
    return {
        "actionName": "Tell the users",
        "failoverTypes": [kind],
        "failoverDirections": [direction],
        "customDetails": {"instanceType": "ManualActionDetails", "description": "Write a mail to everybody."},
    }


def until_it_waits(client: Client, accepted: Reply) -> Json:
    for _ in range(1000):
        properties: Json = client.job_of(accepted)["properties"]
        if properties["state"] == "Suspended":
            return properties
        client.clock.advance(10)
    raise AssertionError("the job does not wait")


def resume(client: Client, accepted: Reply, comments: str = "done") -> None:
    path = f"{accepted.headers['x-ms-request-id']}/resume"
    client.begin("POST", path, {"properties": {"comments": comments}})


def test_the_groups_of_a_plan_are_changed(client: Client) -> None:
    plan, first, second = two_machines(client)
    accepted = client.begin("PATCH", plan, {"properties": {"groups": [group_of(second, first)]}})
    assert client.finish(accepted)["status"] == "Succeeded"
    assert client.job_of(accepted)["properties"]["scenarioName"] == "UpdateRecoveryPlan"
    groups = client.properties(plan)["groups"]
    assert [group["groupType"] for group in groups] == ["Shutdown", "Failover", "Boot"]
    assert [entry["id"].lower() for entry in groups[2]["replicationProtectedItems"]] == [
        second.replace("/subscriptions", "/Subscriptions").lower(),
        first.replace("/subscriptions", "/Subscriptions").lower(),
    ]


def test_a_plan_that_cannot_be_is_refused(client: Client) -> None:
    plan, first, _second = two_machines(client)
    too_many = [group_of() for _ in range(8)]
    for groups in ([group_of(first, first)], [group_of(first), group_of(first)], too_many, [{"groupType": "Nap"}]):
        reply = client.call("PATCH", plan, {"properties": {"groups": groups}})
        assert (reply.status, reply.json["error"]["code"]) == (400, "BadRequest")


def test_a_plan_leads_there_and_back(client: Client) -> None:
    plan, first, second = two_machines(client)
    client.carry_out("POST", f"{plan}/plannedFailover", client.failover_body())
    assert client.properties(plan)["lastPlannedFailoverTime"]
    assert "lastTestFailoverTime" not in client.properties(plan)
    client.carry_out("POST", f"{plan}/failoverCommit")

    details = [
        {
            "instanceType": "HyperVReplicaAzureFailback",
            "dataSyncOption": "ForSynchronization",
            "recoveryVmCreationOption": "NoAction",
        }
    ]
    back = {"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": details}}
    accepted = client.begin("POST", f"{plan}/plannedFailover", back)
    assert client.finish(accepted)["status"] == "Succeeded"
    job = client.job_of(accepted)["properties"]
    assert (job["scenarioName"], job["friendlyName"]) == ("Failback", "Planned failover")
    names = [(task["taskId"][:11], task["stateDescription"]) for task in job["tasks"]]
    assert ("DataSyncAll", "Skipped") in names
    assert ("ShutdownAll", "Completed") in names
    assert client.properties(plan)["currentScenario"]["scenarioName"] == "PlannedFailover"
    assert "Commit" in client.properties(plan)["allowedOperations"]
    assert client.properties(first)["protectionState"] == "FinalizeRestorePending"

    client.carry_out("POST", f"{plan}/failoverCommit")
    accepted = client.begin("POST", f"{plan}/reProtect")
    assert client.finish(accepted)["status"] == "Succeeded"
    job = client.job_of(accepted)["properties"]
    assert job["scenarioName"] == "ReverseReplication"
    group = job["tasks"][0]["groupTaskCustomDetails"]
    assert (job["tasks"][0]["friendlyName"], group["rpGroupType"]) == (
        "Group 1: Reverse replicate (1)",
        "ReverseReplicateGroup",
    )
    child = group["childTasks"][0]["customDetails"]["jobTask"]["jobId"]
    assert client.get(child)["properties"]["scenarioName"] == "ReprotectReplicationGroup"
    for item in (first, second):
        client.until_settled(item)


def test_a_failback_of_a_plan_waits_for_all_its_machines(client: Client) -> None:
    plan, first, second = two_machines(client)
    client.carry_out("POST", f"{plan}/unplannedFailover", client.failover_body())
    client.carry_out("POST", f"{plan}/failoverCommit")
    details = [{"instanceType": "HyperVReplicaAzureFailback", "dataSyncOption": "ForDownTime"}]
    accepted = client.begin("POST", f"{plan}/plannedFailover", {"properties": {"providerSpecificDetails": details}})
    waiting = until_it_waits(client, accepted)
    assert waiting["stateDescription"] == "WaitingForUserInputAfterDataSync"
    assert client.properties(plan)["currentScenarioStatusDescription"] == "WaitingForUserInputAfterDataSync"
    client.clock.advance(3600)
    resume(client, accepted)
    assert client.finish(accepted)["status"] == "Succeeded"
    for item in (first, second):
        assert client.properties(item)["protectionState"] == "FinalizeRestorePending"


def test_a_manual_action_is_waited_for_in_its_own_runs_alone(tmp_path: Path) -> None:
    client = Client(state_file=tmp_path / "state.db")
    plan, first, second = two_machines(client)
    groups = [group_of(first, endGroupActions=[manual()]), group_of(second)]
    client.carry_out("PATCH", plan, {"properties": {"groups": groups}})
    accepted = client.begin("POST", f"{plan}/plannedFailover", client.failover_body())
    waiting = until_it_waits(client, accepted)

    assert waiting["stateDescription"] == "WaitingForManualAction"
    task = next(task for task in waiting["tasks"] if task["taskType"] == "ManualActionTaskDetails")
    assert (task["friendlyName"], task["state"]) == ("Tell the users", "Suspended")
    assert task["customDetails"]["instructions"] == "Write a mail to everybody."
    after = [task["state"] for task in waiting["tasks"][waiting["tasks"].index(task) + 1 :]]
    assert set(after) == {"NotStarted"}
    again = Client(state_file=tmp_path / "state.db")
    again.clock.advance(client.clock.seconds() - again.clock.seconds())
    assert again.job_of(accepted) == client.job_of(accepted)
    resume(again, accepted, "all told")
    assert again.finish(accepted)["status"] == "Succeeded"
    tasks = again.job_of(accepted)["properties"]["tasks"]
    told = next(task for task in tasks if task["taskType"] == "ManualActionTaskDetails")
    assert told["customDetails"]["observation"] == "all told"

    other = Client()
    plan, first, second = two_machines(other)
    other.carry_out("PATCH", plan, {"properties": {"groups": [group_of(first, second, startGroupActions=[manual()])]}})
    other.carry_out("POST", f"{plan}/testFailover", other.test_failover_body())


def test_a_runbook_is_a_step_on_the_way_there(client: Client) -> None:
    plan, first, _second = two_machines(client)
    runbook = manual("TestFailover") | {
        "actionName": "Attach the balancer",
        "customDetails": {"instanceType": "AutomationRunbookActionDetails", "runbookId": "/x/runbooks/attach"},
    }
    client.carry_out("PATCH", plan, {"properties": {"groups": [group_of(first, endGroupActions=[runbook])]}})
    accepted = client.begin("POST", f"{plan}/testFailover", client.test_failover_body())
    assert client.finish(accepted)["status"] == "Succeeded"
    tasks = client.job_of(accepted)["properties"]["tasks"]
    task = next(task for task in tasks if task["taskType"] == "AutomationRunbookTaskDetails")
    assert task["customDetails"]["runbookName"] == "attach"


def test_a_second_run_of_a_busy_plan_fails_with_532(client: Client) -> None:
    plan, _first, _second = two_machines(client)
    running = client.begin("POST", f"{plan}/testFailover", client.test_failover_body())
    for method, path, body in (
        ("POST", f"{plan}/unplannedFailover", client.failover_body()),
        ("DELETE", plan, None),
        ("PATCH", plan, {"properties": {}}),
    ):
        second = client.begin(method, path, body)
        assert client.finish(second, step_s=0.5)["error"]["code"] == "532"
    assert client.finish(running)["status"] == "Succeeded"
    assert client.properties(plan)["allowedOperations"] == ["TestFailoverCleanup"]
    cancelled = client.begin("POST", f"{plan}/failoverCancel")
    assert client.finish(cancelled)["status"] == "Failed"
