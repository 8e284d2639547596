"""Lists: filters, pages, and what a large estate costs."""

from __future__ import annotations

import pytest

from app.simulator.messages import Request
from tests.simulator.client import Client


@pytest.fixture(scope="module")
def fleet() -> Client:
    return Client("fleet", count=1200)


def test_protected_items_come_in_pages_of_500(fleet: Client) -> None:
    first = fleet.get(f"{fleet.vault}/replicationProtectedItems")
    assert len(first["value"]) == 500
    assert "skipToken=" in first["nextLink"]
    names = [item["name"] for item in fleet.values(f"{fleet.vault}/replicationProtectedItems")]
    assert len(names) == len(set(names)) == 1200


def test_a_foreign_skip_token_is_refused(fleet: Client) -> None:
    reply = fleet.call("GET", f"{fleet.vault}/replicationProtectedItems?skipToken=no-such")
    assert reply.status == 400


def test_items_of_a_fleet_can_be_read_alone(fleet: Client) -> None:
    items = fleet.values(f"{fleet.vault}/replicationProtectedItems")
    assert fleet.get(items[777]["id"]) == items[777]


def test_a_change_to_one_of_a_fleet_stays(fleet: Client) -> None:
    item = fleet.values(f"{fleet.vault}/replicationProtectedItems")[5]["id"]
    fleet.carry_out("PATCH", item, {"properties": {"recoveryAzureVMSize": "Standard_E4s_v5"}})
    assert fleet.properties(item)["providerSpecificDetails"]["recoveryAzureVMSize"] == "Standard_E4s_v5"


def test_a_fleet_has_hosts_jobs_and_events(fleet: Client) -> None:
    providers = fleet.values(f"{fleet.vault}/replicationRecoveryServicesProviders")
    assert len(providers) == 1200 // 200 + 2
    assert sum(provider["properties"]["protectedItemCount"] for provider in providers) == 1200
    assert len(fleet.values(f"{fleet.vault}/replicationJobs")) > 100
    assert len(fleet.values(f"{fleet.vault}/replicationEvents?$filter=Severity eq 'Critical'")) > 2


def test_vault_health_agrees_with_the_items(fleet: Client) -> None:
    items = fleet.values(f"{fleet.vault}/replicationProtectedItems")
    health = fleet.properties(f"{fleet.vault}/replicationVaultHealth")["protectedItemsHealth"]
    counts = health["categorizedResourceCounts"]
    by_health = [item["properties"]["replicationHealth"] for item in items]

    assert health["resourceCount"] == len(items)
    assert counts["protectedItemsCriticalCount"] == by_health.count("Critical") > 0
    assert counts["protectedItemsWarningCount"] == by_health.count("Warning") > 0
    untested = [item for item in items if item["properties"]["failoverHealth"] == "Warning"]
    assert counts["protectedItemsTestFailoverWarningCount"] == len(untested)


def test_vault_health_follows_a_drill() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    untested = "protectedItemsTestFailoverWarningCount"

    def counts() -> dict[str, int]:
        health = client.properties(f"{client.vault}/replicationVaultHealth")["protectedItemsHealth"]
        found: dict[str, int] = health["categorizedResourceCounts"]
        return found

    assert counts()[untested] == 1
    client.carry_out("POST", f"{item}/testFailover", client.test_failover_body())
    assert counts()["testFailoverWaitingProtectedItemsCount"] == 1
    client.carry_out("POST", f"{item}/testFailoverCleanup", {"properties": {}})
    assert counts()[untested] == 0


def test_a_large_page_is_made_while_it_is_read() -> None:
    client = Client("fleet", count=10_000)
    request = Request("GET", f"{client.vault}/replicationProtectedItems?api-version=2025-08-01", client.headers)
    chunks = client.simulator.handle(request).body
    assert not isinstance(chunks, bytes)
    assert sum(1 for _ in chunks) >= 25


def test_the_first_page_of_machines_links_to_an_empty_one() -> None:
    client = Client()
    first = client.get(f"{client.container}/replicationProtectableItems")
    assert len(first["value"]) == 24
    assert first["nextLink"].endswith("$skipToken=ReplicationGroup%3ABegin")
    second = client.send("GET", first["nextLink"]).json
    assert second == {"value": [], "nextLink": None}


def test_machines_can_be_filtered_by_state() -> None:
    client = Client()
    client.protect("LNX-PROXY")
    path = f"{client.container}/replicationProtectableItems?$filter=state eq"
    assert [m["properties"]["friendlyName"] for m in client.values(f"{path} 'Protected'")] == ["LNX-PROXY"]
    assert len(client.values(f"{path} 'Unprotected'")) == 23


def test_what_azure_would_not_show_is_not_on_the_wire() -> None:
    client = Client()
    text = client.call("GET", f"{client.container}/replicationProtectableItems").body.decode().lower()
    assert "churn" not in text
    assert "used" not in text


POLICY_JOBS = {"AddProtectionProfile", "AssociateProtectionProfile"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("JobStatus eq 'Failed'", {"EnableDr"}),
        ("( JobStatus eq 'Failed' or JobStatus eq 'Succeeded' )", {"EnableDr", *POLICY_JOBS}),
        ("jobStatus  eq 'Succeeded' and AffectedObjectTypes eq 'ProtectionProfile'", POLICY_JOBS),
        ("StartTime eq '2026-03-02T07:30:30.0000000Z'", {"EnableDr"}),
        ("EndTime eq '2026-03-02T07:30:02.0000000Z'", {"AddProtectionProfile"}),
    ],
)
def test_jobs_are_filtered(condition: str, expected: set[str]) -> None:
    client = Client()
    client.finish(client.begin_enable("APP-PAYROLL", client.associate_policy())[1])
    jobs = client.values(f"{client.vault}/replicationJobs?$filter={condition}")
    assert {job["properties"]["scenarioName"] for job in jobs} == expected


@pytest.mark.parametrize(
    "condition",
    [
        "JobStatus",
        "JobStatus eq Failed",
        "JobStatus ne 'x'",
        "(JobStatus eq 'a'",
        "Colour eq 'red'",
        "JobStatus eq 'b' and",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(condition: str) -> None:
    client = Client()
    reply = client.call("GET", f"{client.vault}/replicationJobs?$filter={condition}")
    assert reply.status == 400
    assert reply.json["error"]["details"][0]["code"] == "InvalidFilter"


def test_items_are_filtered_by_recovery_plan() -> None:
    client = Client()
    policy = client.associate_policy()
    item = client.protect("LNX-PROXY", policy)
    client.protect("PRINT01", policy)
    plan = f"{client.vault}/replicationRecoveryPlans/plan"
    client.carry_out("PUT", plan, plan_body(client, item))
    found = client.values(f"{client.vault}/replicationProtectedItems?$filter=RecoveryPlanName eq 'plan'")
    assert [entry["id"] for entry in found] == [client.get(item)["id"]]


def plan_body(client: Client, *items: str) -> dict[str, object]:
    members = [{"id": item, "virtualMachineId": item} for item in items]
    return {
        "properties": {
            "primaryFabricId": client.site,
            "recoveryFabricId": "Microsoft Azure",
            "failoverDeploymentModel": "ResourceManager",
            "groups": [{"groupType": "Boot", "replicationProtectedItems": members}],
        }
    }


def test_a_plan_runs_one_job_for_each_machine() -> None:
    client = Client()
    policy = client.associate_policy()
    items = [client.protect(name, policy) for name in ("LNX-PROXY", "PRINT01")]
    plan = f"{client.vault}/replicationRecoveryPlans/plan"
    client.carry_out("PUT", plan, plan_body(client, *items))
    groups = client.properties(plan)["groups"]
    assert [group["groupType"] for group in groups] == ["Shutdown", "Failover", "Boot"]
    assert groups[2]["replicationProtectedItems"][0]["virtualMachineId"] == items[0].rsplit("/", 1)[-1]
    assert client.values(f"{client.vault}/replicationRecoveryPlans")[0]["properties"]["groups"] == []

    accepted = client.begin("POST", f"{plan}/testFailover", client.test_failover_body())
    assert client.finish(accepted)["status"] == "Succeeded"
    tasks = {task["taskId"]: task for task in client.job_of(accepted)["properties"]["tasks"]}
    children = tasks["FailoverAllActionGroup"]["groupTaskCustomDetails"]["childTasks"]
    states = {client.get(c["customDetails"]["jobTask"]["jobId"])["properties"]["state"] for c in children}
    assert (len(children), states) == (2, {"Succeeded"})
    assert client.properties(plan)["allowedOperations"] == ["TestFailoverCleanup"]
    assert client.properties(plan)["currentScenarioStatusDescription"] == "WaitingForStopTestFailover"

    client.carry_out("POST", f"{plan}/testFailoverCleanup", {"properties": {"comments": ""}})
    client.carry_out("POST", f"{plan}/unplannedFailover", client.failover_body(sourceSiteOperations="NotRequired"))
    assert "Commit" in client.properties(plan)["allowedOperations"]
    client.carry_out("POST", f"{plan}/failoverCommit")
    client.carry_out("DELETE", plan)
    assert client.values(f"{client.vault}/replicationRecoveryPlans") == []


def test_a_plan_fails_when_one_of_its_machines_does() -> None:
    client = Client()
    policy = client.associate_policy()
    items = [client.protect(name, policy) for name in ("LNX-PROXY", "PRINT01")]
    plan = f"{client.vault}/replicationRecoveryPlans/plan"
    client.carry_out("PUT", plan, plan_body(client, *items))
    client.begin("POST", f"{items[1]}/testFailover", client.test_failover_body())

    accepted = client.begin("POST", f"{plan}/plannedFailover", client.failover_body())
    status = client.finish(accepted)
    assert (status["status"], status["error"]["code"]) == ("Failed", "25014")
    assert "PRINT01" in client.job_of(accepted)["properties"]["errors"][0]["serviceErrorDetails"]["possibleCauses"]
