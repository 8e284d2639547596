"""Long-running operations and jobs: how they are answered, followed, and how they fail."""

from __future__ import annotations

import pytest

from tests.simulator.client import Client, Json


def test_an_accepted_operation_names_everything_by_one_guid() -> None:
    client = Client()
    accepted = client.begin(
        "PUT",
        f"{client.vault}/replicationPolicies/p",
        {"properties": {"providerSpecificInput": {"instanceType": "HyperVReplicaAzure"}}},
        x_ms_client_request_id="mine",
    )
    job = accepted.headers["x-ms-request-id"]
    name = job.rsplit("/", 1)[-1]

    assert accepted.body == b""
    assert accepted.headers["Content-Length"] == "0"
    assert accepted.headers["Retry-After"] == "30"
    assert accepted.headers["x-ms-client-request-id"] == "mine"
    assert job.startswith("/Subscriptions/")
    assert f"/replicationPolicies/p/operationresults/{name}?" in accepted.headers["Location"]
    assert f"/replicationOperationStatus/{name}?" in accepted.headers["Azure-AsyncOperation"]
    client.finish(accepted)
    assert client.job_of(accepted)["properties"]["activityId"].startswith("mine ActivityId: ")
    assert client.send("GET", accepted.headers["Location"]).json["name"] == "p"


def test_status_has_every_key_from_the_first_moment_to_the_last() -> None:
    client = Client()
    accepted = client.begin("POST", f"{client.vault}/replicationVaultHealth/default/refresh")
    first: Json = client.send("GET", accepted.headers["Azure-AsyncOperation"]).json
    assert first == {
        "error": None,
        "id": None,
        "name": accepted.headers["x-ms-request-id"].rsplit("/", 1)[-1],
        "properties": None,
        "status": "NotStarted",
        "startTime": None,
        "endTime": None,
        "percentComplete": None,
    }
    last = client.finish(accepted)
    assert last.keys() == first.keys()
    assert last["endTime"].endswith(".0000000Z")


def test_the_result_of_a_running_operation_is_asked_for_again() -> None:
    client = Client()
    _item, accepted = client.begin_enable("DC01", client.associate_policy())
    early = client.send("GET", accepted.headers["Location"])
    assert early.status == 202
    assert early.headers["Location"] == accepted.headers["Location"]
    client.finish(accepted)
    result = client.send("GET", accepted.headers["Location"])
    assert result.status == 200
    assert result.headers["Azure-AsyncOperation"] == accepted.headers["Azure-AsyncOperation"]


def test_a_fresh_job_has_no_name_yet() -> None:
    client = Client()
    accepted = client.begin("POST", f"{client.vault}/replicationVaultHealth/default/refresh")
    properties = client.job_of(accepted)["properties"]
    assert properties["state"] == "NotStarted"
    assert properties["scenarioName"] is properties["friendlyName"] is properties["targetObjectName"] is None


def test_steps_run_one_after_the_other_and_then_have_an_end() -> None:
    client = Client()
    _item, accepted = client.begin_enable("DC01", client.associate_policy())
    client.clock.advance(12)
    states = [task["state"] for task in client.job_of(accepted)["properties"]["tasks"]]
    assert states.count("InProgress") == 1
    assert states[-1] == "NotStarted"
    assert client.job_of(accepted)["properties"]["allowedActions"] == ["Cancel"]

    client.finish(accepted)
    properties = client.job_of(accepted)["properties"]
    assert {task["state"] for task in properties["tasks"]} == {"Succeeded"}
    assert properties["stateDescription"] == "Completed"
    assert properties["allowedActions"] == []


def test_lists_carry_no_steps_and_no_activity() -> None:
    client = Client()
    client.associate_policy()
    for job in client.values(f"{client.vault}/replicationJobs"):
        properties = job["properties"]
        assert (properties["tasks"], properties["errors"]) == ([], [])
        assert properties["activityId"] is properties["customDetails"] is None


def test_a_second_operation_on_a_busy_machine_is_accepted_and_fails_with_532() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    first = client.begin("POST", f"{item}/unplannedFailover", client.failover_body())
    second = client.begin("POST", f"{item}/testFailover", client.test_failover_body())
    status = client.finish(second)

    assert status["status"] == "Failed"
    assert status["error"]["code"] == "532"
    failed = client.job_of(second)["properties"]
    assert failed["errors"][0]["serviceErrorDetails"]["code"] == "532"
    assert failed["errors"][0]["taskId"] is None
    assert failed["allowedActions"] == []
    assert client.finish(first)["status"] == "Succeeded"


def test_enabling_twice_succeeds_with_a_remark() -> None:
    client = Client()
    policy = client.associate_policy()
    client.protect("LNX-PROXY", policy)
    _, again = client.begin_enable("LNX-PROXY", policy)
    status = client.finish(again)
    assert (status["status"], status["error"]["code"]) == ("Succeeded", "45031")
    assert client.job_of(again)["properties"]["state"] == "CompletedWithInformation"


@pytest.mark.parametrize(
    ("machine", "details", "code"),
    [
        ("APP-PAYROLL", {}, "506"),
        ("CLU-SQL-A", {}, "70094"),
        ("HIST-01", {}, "70002"),
        ("DC01", {"vhdId": "00000000-0000-4000-a000-000000000000"}, "70003"),
        (
            "DC01",
            {"targetStorageAccountId": "{group}/providers/Microsoft.Storage/storageAccounts/stcontosozrsweu"},
            "506",
        ),
        ("DC01", {"targetAzureV2ResourceGroupId": "/subscriptions/x/resourceGroups/none"}, "506"),
    ],
)
def test_a_machine_that_cannot_be_protected_is_a_failed_job_and_no_item(
    machine: str, details: dict[str, str], code: str
) -> None:
    client = Client()
    filled = {key: value.replace("{group}", client.group) for key, value in details.items()}
    item, accepted = client.begin_enable(machine, client.associate_policy(), **filled)
    status = client.finish(accepted)

    assert (status["status"], status["error"]["code"]) == ("Failed", code)
    assert client.job_of(accepted)["properties"]["allowedActions"] == ["Restart"]
    assert client.call("GET", item).status == 404


def test_an_unknown_operating_system_may_be_named() -> None:
    client = Client()
    item = client.protect("HIST-01", osType="Windows")
    assert client.properties(item)["providerSpecificDetails"]["oSDetails"]["osType"] == "Windows"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recoveryAzureVMName": "WEB 05"}, "70044"),
        ({"selectedRecoveryAzureNetworkId": "/subscriptions/x/nowhere"}, "28020"),
        ({"providerSpecificDetails": {"recoveryAzureV2ResourceGroupId": "/subscriptions/x/nowhere"}}, "28031"),
    ],
)
def test_a_failover_checks_its_target_first(change: Json, code: str) -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    client.carry_out("PATCH", item, {"properties": change})
    accepted = client.begin("POST", f"{item}/plannedFailover", client.failover_body())
    status = client.finish(accepted)
    assert (status["status"], status["error"]["code"]) == ("Failed", code)
    assert client.properties(item)["protectionState"] == "Protected"


def test_a_failover_before_the_first_copy_fails() -> None:
    client = Client()
    item, accepted = client.begin_enable("DC01", client.associate_policy())
    client.finish(accepted)
    status = client.finish(client.begin("POST", f"{item}/unplannedFailover", client.failover_body()))
    assert status["error"]["code"] == "25007"


def test_a_wrong_direction_is_refused_at_once() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    reply = client.call("POST", f"{item}/reProtect", {"properties": {"failoverDirection": "RecoveryToPrimary"}})
    assert reply.status == 400
    assert reply.json["error"]["details"][0]["code"] == "InvalidFailoverDirection"


def test_a_taken_name_gets_a_suffix_and_a_remark() -> None:
    client = Client()
    item = client.protect("LNX-PROXY", targetAzureVmName="same")
    other = client.protect("PRINT01", targetAzureVmName="same")
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    status = client.carry_out("POST", f"{other}/unplannedFailover", client.failover_body())
    assert status["error"]["code"] == "28175"
    names = {vm["name"] for vm in client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines")}
    assert names == {"same", f"same-{other.rsplit('/', 1)[-1]}"}


def test_a_cancelled_job_changes_nothing() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    accepted = client.begin("POST", f"{item}/testFailover", client.test_failover_body())
    client.clock.advance(60)
    client.begin("POST", f"{accepted.headers['x-ms-request-id']}/cancel")
    client.clock.advance(3600)

    properties = client.job_of(accepted)["properties"]
    assert properties["state"] == "Cancelled"
    assert "Cancelled" in {task["state"] for task in properties["tasks"]}
    assert client.properties(item)["testFailoverState"] == "None"
    assert "TestFailover" in client.properties(item)["allowedOperations"]


def test_every_ended_job_is_an_event() -> None:
    client = Client()
    _item, accepted = client.begin_enable("APP-PAYROLL", client.associate_policy())
    client.finish(accepted)
    event = client.values(f"{client.vault}/replicationEvents")[0]
    properties = event["properties"]
    assert properties["eventSpecificDetails"]["jobId"] == accepted.headers["x-ms-request-id"]
    assert properties["severity"] == "Critical"
    assert properties["healthErrors"][0]["errorCode"] == "506"
    alone = client.get(event["id"].replace(";", "%3B"))["properties"]
    assert (alone["eventType"], alone["eventSpecificDetails"]) == ("AgentHealth", None)


def test_a_policy_in_use_cannot_be_removed() -> None:
    client = Client()
    policy = client.associate_policy()
    status = client.finish(client.begin("DELETE", policy))
    assert status["status"] == "Failed"
    assert client.call("GET", policy).status == 200


def test_a_site_is_made_gets_its_hosts_and_goes_again() -> None:
    client = Client("empty")
    client.call("PUT", client.group, {"location": "westeurope"})
    vault = f"{client.group}/providers/Microsoft.RecoveryServices/vaults/v1"
    assert client.call("PUT", vault, {"location": "westeurope", "sku": {"name": "Standard"}}).status == 201
    client.clock.advance(10)
    site = f"{vault}/replicationFabrics/HQ"
    client.carry_out("PUT", site, {"properties": {"customDetails": {"instanceType": "FabricSpecificCreationInput"}}})
    assert client.properties(site)["customDetails"]["hyperVHosts"] == []
    assert client.values(f"{site}/replicationProtectionContainers") == []

    name = f"cloud_{client.properties(site)['internalIdentifier']}"
    container = {"id": f"{site}/replicationProtectionContainers/{name}"}
    for expected in (12, 24):
        assert client.send("POST", "/simulator/hosts", {"fabricId": site}).status == 202
        client.clock.advance(60)
        assert len(client.values(f"{container['id']}/replicationProtectableItems")) == expected
    container = client.values(f"{site}/replicationProtectionContainers")[0]
    assert container["name"] == name
    assert (container["properties"]["pairingStatus"], container["properties"]["role"]) == ("NotPaired", "")
    assert client.send("POST", "/simulator/hosts", {"fabricId": site}).status == 409
    providers = client.values(f"{site}/replicationRecoveryServicesProviders")
    assert [p["properties"]["connectionStatus"] for p in providers] == ["Connected", "Connected"]
    jobs = client.values(f"{vault}/replicationJobs?$filter=AffectedObjectTypes eq 'Server'")
    assert [job["properties"]["scenarioName"] for job in jobs] == ["RegisterDra", "RegisterDra", "CreateSite"]

    refused = client.finish(client.begin("POST", f"{site}/remove"))
    assert refused["status"] == "Failed"
    for provider in providers:
        client.carry_out("POST", f"{provider['id']}/remove")
    client.carry_out("POST", f"{site}/remove")
    assert client.values(f"{vault}/replicationFabrics") == []
