"""What is done to jobs: restarting and exporting them, and what may be done when."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator.client import Client, Json, Reply


def job_name(accepted: Reply) -> str:
    return accepted.headers["x-ms-request-id"].rsplit("/", 1)[-1]


def restart(client: Client, accepted: Reply) -> Reply:
    again = client.begin("POST", f"{accepted.headers['x-ms-request-id']}/restart")
    assert client.finish(again, step_s=0.2)["status"] == "Succeeded"
    return again


def test_a_failed_enabling_goes_on_when_the_cause_is_gone() -> None:
    client = Client()
    policy = client.associate_policy()
    mapping = f"{client.container}/replicationProtectionContainerMappings/standard"
    client.carry_out("POST", f"{mapping}/remove", {})
    item, accepted = client.begin_enable("DC01", policy)
    assert client.finish(accepted)["error"]["code"] == "506"
    first_end = client.job_of(accepted)["properties"]["endTime"]

    again = restart(client, accepted)
    assert client.finish(accepted)["status"] == "Failed"  # nothing has changed
    client.associate_policy()
    restart(client, accepted)
    running = client.job_of(accepted)["properties"]
    assert running["state"] == "InProgress"
    assert "endTime" not in running
    assert running["errors"] == []
    assert client.finish(accepted)["status"] == "Succeeded"
    ended = client.job_of(accepted)["properties"]
    assert ended["endTime"] > first_end
    assert {task["state"] for task in ended["tasks"]} == {"Succeeded"}
    client.until_settled(item)

    restarting = client.job_of(again)["properties"]
    assert (restarting["scenarioName"], restarting["targetObjectName"]) == ("RestartJob", "DC01")


def test_what_was_done_before_the_failure_is_not_done_again() -> None:
    client = Client()
    accepted = client.begin_enable("DC01", client.associate_policy())[1]
    client.clock.advance(14)
    client.begin("POST", f"{accepted.headers['x-ms-request-id']}/cancel")
    before = client.job_of(accepted)["properties"]
    assert before["state"] == "Cancelled"
    assert before["allowedActions"] == ["Restart"]
    done = [task for task in before["tasks"] if task["state"] == "Succeeded"]
    assert done

    client.clock.advance(3600)
    restart(client, accepted)
    assert client.finish(accepted)["status"] == "Succeeded"
    after = client.job_of(accepted)["properties"]["tasks"]
    assert after[: len(done)] == done
    assert after[len(done)]["startTime"] > before["endTime"]


def test_a_restarted_policy_removal_looks_again() -> None:
    client = Client()
    policy = client.associate_policy()
    accepted = client.begin("DELETE", policy)
    client.finish(accepted)
    assert client.job_of(accepted)["properties"]["allowedActions"] == ["Restart"]
    client.carry_out("POST", f"{client.container}/replicationProtectionContainerMappings/standard/remove", {})
    restart(client, accepted)
    assert client.finish(accepted)["status"] == "Succeeded"
    assert client.call("GET", policy).status == 404


def test_a_restart_in_the_middle_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    client = Client(state_file=path)
    accepted = client.begin_enable("DC01", client.associate_policy())[1]
    client.clock.advance(14)
    client.begin("POST", f"{accepted.headers['x-ms-request-id']}/cancel")
    client.clock.advance(60)
    restart(client, accepted)

    again = Client(state_file=path)
    assert again.job_of(accepted) == client.job_of(accepted)
    assert again.finish(accepted) == client.finish(accepted)
    assert again.job_of(accepted) == client.job_of(accepted)


@pytest.mark.parametrize("action", ["restart", "resume", "cancel"])
def test_what_a_job_does_not_allow_is_refused(action: str) -> None:
    client = Client()
    accepted = client.begin("POST", f"{client.vault}/replicationVaultHealth/default/refresh")
    client.finish(accepted)
    reply = client.call("POST", f"{accepted.headers['x-ms-request-id']}/{action}", {"properties": {}})
    assert (reply.status, reply.json["error"]["code"]) == (400, "BadRequest")
    assert client.call("POST", f"{client.vault}/replicationJobs/none/{action}").status == 404


def test_jobs_are_exported_as_a_file() -> None:
    client = Client()
    client.associate_policy()
    accepted = client.begin("POST", f"{client.vault}/replicationJobs/export", {"jobOutputType": "Json"})
    name = job_name(accepted)
    assert f"/replicationJobs/{name}/operationresults/{name}?" in accepted.headers["Location"]
    assert client.job_of(accepted)["properties"]["customDetails"] != {}
    client.finish(accepted)
    properties = client.job_of(accepted)["properties"]
    details = properties["customDetails"]
    assert (properties["scenarioName"], details["instanceType"]) == ("ExportJobs", "ExportJobDetails")
    client.headers = {}
    rows: list[Json] = client.send("GET", f"{details['blobUri']}?{details['sasToken']}").json
    assert [row["Name"] for row in rows] == ["Associate replication policy", "Create replication policy"]
    assert [row["Status"] for row in rows] == ["Succeeded", "Succeeded"]


def test_an_export_takes_a_period_and_states() -> None:
    client = Client()
    client.associate_policy()
    client.clock.advance(3600)
    for body in ({"startTime": "2026-03-02T08:00:00Z"}, {"jobStatus": "Failed"}):
        accepted = client.begin("POST", f"{client.vault}/replicationJobs/export", body)
        client.finish(accepted)
        details = client.job_of(accepted)["properties"]["customDetails"]
        rows = client.send("GET", f"{details['blobUri']}?{details['sasToken']}").json
        assert [row for row in rows if row["Name"] != "Export jobs"] == []
    assert client.call("POST", f"{client.vault}/replicationJobs/export", {"jobOutputType": "Excel"}).status == 501


def test_an_association_that_misses_a_host_succeeds_in_part() -> None:
    client = Client()
    provider = client.values(f"{client.site}/replicationRecoveryServicesProviders")[0]["properties"]
    host = f"/simulator/hosts/{provider['friendlyName']}"
    client.send("PUT", host, {"connected": False})
    policy = f"{client.vault}/replicationPolicies/p"
    given = {"instanceType": "HyperVReplicaAzure", "recoveryPointHistoryDuration": 2}
    client.carry_out("PUT", policy, {"properties": {"providerSpecificInput": given}})
    mapping = f"{client.container}/replicationProtectionContainerMappings/m"
    body = {"properties": {"policyId": policy, "targetProtectionContainerId": "Microsoft Azure"}}
    accepted = client.begin("PUT", mapping, body)
    assert client.finish(accepted)["status"] == "Succeeded"
    job = client.job_of(accepted)["properties"]
    assert (job["state"], job["allowedActions"]) == ("PartiallySucceeded", ["Restart"])
    assert job["errors"][0]["serviceErrorDetails"]["code"] == "25018"
    assert client.properties(mapping)["state"] == "Paired"
    counted = client.values(f"{client.vault}/replicationJobs?$filter=JobStatus eq 'Succeeded'")
    assert accepted.headers["x-ms-request-id"] in [entry["id"] for entry in counted]

    client.send("PUT", host, {"connected": True})
    restart(client, accepted)
    assert client.finish(accepted)["status"] == "Succeeded"
    assert client.job_of(accepted)["properties"]["state"] == "Succeeded"


def test_a_failover_cancelled_too_late_has_stopped_replication() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    for wait_s, health in ((5, "Normal"), (200, "Critical")):
        accepted = client.begin("POST", f"{item}/unplannedFailover", client.failover_body())
        client.clock.advance(wait_s)
        client.begin("POST", f"{accepted.headers['x-ms-request-id']}/cancel")
        client.clock.advance(60)
        assert client.properties(item)["replicationHealth"] == health
    client.carry_out("POST", f"{item}/repairReplication")
    assert client.properties(item)["replicationHealth"] == "Normal"
