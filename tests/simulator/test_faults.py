"""Faults: each kind is seen, ends in its way, and outlives the process; those of requests can be narrowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.simulator.faults.kinds import FAULT_KINDS
from tests.simulator.client import Client, Json

HOST = "HV-HQ-01.contoso.local"


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture(scope="module")
def protected() -> tuple[Client, str]:
    """A machine that replicates; the tests that use it put right what they did."""
    client = Client()
    return client, client.protect("DC01")


@pytest.fixture
def item(protected: tuple[Client, str]) -> str:
    return protected[1]


@pytest.fixture
def vault(protected: tuple[Client, str]) -> Any:
    client = protected[0]
    yield client
    client.simulator.faults.end_all()


def code_of(reply: Any) -> str:
    return str(reply.json["error"]["code"])


def failure(client: Client, method: str, path: str, body: Json | None = None) -> tuple[Json, Json]:
    """Begin, wait for the failure; the job and its error."""
    accepted = client.begin(method, path, body)
    assert client.finish(accepted)["status"] == "Failed"
    job = client.job_of(accepted)["properties"]
    return job, job["errors"][0]["serviceErrorDetails"]


def drill(client: Client, item: str) -> Json:
    """Run a test failover and clean it up."""
    job = client.begin("POST", f"{item}/testFailover", client.test_failover_body())
    status = client.finish(job)
    if client.properties(item)["testFailoverState"] == "WaitingForCompletion":
        client.carry_out("POST", f"{item}/testFailoverCleanup", {"properties": {}})
    return status


# Requests


def test_throttled_requests_are_told_how_long_to_wait(client: Client) -> None:
    client.simulator.faults.switch_on("throttling", count=2, wait=45)
    replies = [client.call("GET", client.vault) for _ in range(3)]
    assert [reply.status for reply in replies] == [429, 429, 200]
    assert replies[0].headers["Retry-After"] == "45"
    assert client.simulator.faults.running == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_error_has_the_status_that_was_chosen(client: Client, status: int) -> None:
    client.simulator.faults.switch_on("server-error", status=str(status), count=1)
    assert [client.call("GET", client.vault).status for _ in range(2)] == [status, 200]


def test_expired_sign_in_is_a_challenge(client: Client) -> None:
    client.simulator.faults.switch_on("expired-sign-in")
    reply = client.call("GET", client.vault)
    assert (reply.status, code_of(reply)) == (401, "ExpiredAuthenticationToken")
    assert "invalid_token" in reply.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("PUT", "/replicationFabrics/Branch", "Microsoft.RecoveryServices/vaults/replicationFabrics/write"),
        ("DELETE", "", "Microsoft.RecoveryServices/vaults/delete"),
        (
            "POST",
            "/replicationFabrics/Contoso-HQ/checkConsistency",
            "Microsoft.RecoveryServices/vaults/replicationFabrics/checkConsistency/action",
        ),
    ],
)
def test_missing_permission_names_the_action(client: Client, method: str, path: str, action: str) -> None:
    client.simulator.faults.switch_on("missing-permission")
    reply = client.call(method, client.vault + path, {})
    assert (reply.status, code_of(reply)) == (403, "AuthorizationFailed")
    assert f"perform action '{action}'" in reply.json["error"]["message"]
    assert client.call("GET", client.vault).status == 200


def test_cut_line_brings_no_answer_and_silences_the_hosts(client: Client) -> None:
    client.simulator.faults.switch_on("line-cut", lasts="PT10M")
    response = client.raw("GET", client.vault)
    assert response.lost == "request"
    client.clock.advance(601)
    assert client.raw("GET", client.vault).lost == ""
    connections = [host["properties"]["connectionStatus"] for host in providers(client)]
    assert connections == ["Connected", "Connected"]


def test_slow_line_delays_answers_and_slows_first_copies(client: Client) -> None:
    item, accepted = client.begin_enable("FS01", client.associate_policy())
    client.finish(accepted)
    client.clock.advance(60)
    begun = first_copy(client, item)
    client.simulator.faults.switch_on("line-slow", delay=4, percent=1, lasts="PT12H")
    assert client.raw("GET", f"{item}?api-version=2025-08-01").delay_s == 4
    client.clock.advance(6 * 3600)
    assert first_copy(client, item) < begun + 50
    client.clock.advance(18 * 3600)
    client.until_settled(item)
    assert client.raw("GET", client.vault).delay_s == 0


def first_copy(client: Client, item: str) -> int:
    details = client.properties(item)["providerSpecificDetails"]["initialReplicationDetails"]
    return int(details["initialReplicationProgressPercentage"])


def test_reset_breaks_a_list_off_and_loses_the_answer_to_a_change(client: Client) -> None:
    machines = f"{client.container}/replicationProtectableItems"
    whole = client.call("GET", machines).body
    client.simulator.faults.switch_on("connection-reset", operation="")
    broken = client.raw("GET", f"{machines}?api-version=2025-08-01")
    assert broken.breaks_off
    assert int(broken.headers["Content-Length"]) == len(whole) > len(broken.read())
    assert client.raw("PUT", f"{client.vault}/replicationFabrics/Branch?api-version=2025-08-01").lost == "answer"
    client.simulator.faults.end_all()
    client.clock.advance(60)
    assert client.call("GET", f"{client.vault}/replicationFabrics/Branch").status == 200


@pytest.mark.parametrize(
    ("operation", "hits"),
    [
        ("reads", "GET"),
        ("changes", "PATCH"),
        ("PATCH", "PATCH"),
        ("GET vaults/", "GET"),
        ("PUT", ""),
        ("elsewhere", ""),
    ],
)
def test_narrowed_fault_hits_only_what_it_means(client: Client, operation: str, hits: str) -> None:
    client.simulator.faults.switch_on("server-error", operation=operation, status="500")
    assert (client.call("GET", client.vault).status == 500) == (hits == "GET")
    assert (client.call("PATCH", client.vault, {}).status == 500) == (hits == "PATCH")


@pytest.mark.parametrize("kind", ["line-cut", "line-slow", "expired-sign-in", "throttling", "server-error"])
def test_practice_controls_are_never_hit(client: Client, kind: str) -> None:
    client.simulator.faults.switch_on(kind)
    response = client.raw("GET", "/simulator/faults")
    assert (response.status, response.lost, response.delay_s) == (200, "", 0)


# What is to be made

ACCOUNT_BODY: Json = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_GRS"}}
NETWORK_BODY: Json = {
    "location": "westeurope",
    "properties": {"addressSpace": {"addressPrefixes": ["10.8.0.0/16"]}, "subnets": []},
}


def account(client: Client, name: str) -> str:
    return f"{client.group}/providers/Microsoft.Storage/storageAccounts/{name}"


def is_free(client: Client, name: str) -> bool:
    path = f"{client.subscription}/providers/Microsoft.Storage/checkNameAvailability"
    asked: Json = {"name": name, "type": "Microsoft.Storage/storageAccounts"}
    return bool(client.call("POST", path, asked).json["nameAvailable"])


def test_a_name_that_is_taken_between_check_and_creation_is_gone_for_good(client: Client) -> None:
    listed = client.values(f"{client.subscription}/providers/Microsoft.Storage/storageAccounts")
    client.simulator.faults.switch_on("name-taken", count=1)
    assert is_free(client, "stquick")
    assert client.call("PUT", account(client, "stcontosoasrweu"), ACCOUNT_BODY).status == 200
    reply = client.call("PUT", account(client, "stquick"), ACCOUNT_BODY)
    assert (reply.status, code_of(reply)) == (409, "StorageAccountAlreadyTaken")
    assert client.simulator.faults.running == []
    assert not is_free(client, "stquick")
    assert client.call("PUT", account(client, "stquick"), ACCOUNT_BODY).status == 409
    assert client.call("PUT", account(client, "stquick2"), ACCOUNT_BODY).status == 202
    assert len(client.values(f"{client.subscription}/providers/Microsoft.Storage/storageAccounts")) == len(listed)
    kinds = client.send("GET", "/simulator/faults").json["kinds"]
    firewall = next(kind for kind in kinds if kind["key"] == "storage-firewall")
    assert "stquick" not in [choice["key"] for choice in firewall["parameters"][0]["choices"]]


@pytest.mark.parametrize(
    ("given", "account_answer", "network_answer"),
    [
        ({}, (409, "SkuNotAvailable"), (409, "SkuNotAvailable")),
        ({"what": "virtualNetworks"}, (202, ""), (409, "SkuNotAvailable")),
        ({"what": "storageAccounts", "code": "RequestDisallowedByAzure"}, (403, "RequestDisallowedByAzure"), (201, "")),
    ],
)
def test_a_full_region_refuses_what_is_new(
    client: Client, given: Json, account_answer: tuple[int, str], network_answer: tuple[int, str]
) -> None:
    def answer(path: str, body: Json) -> tuple[int, str]:
        reply = client.call("PUT", path, body)
        return reply.status, code_of(reply) if reply.status >= 400 else ""

    network = f"{client.group}/providers/Microsoft.Network/virtualNetworks/vnet-new"
    client.simulator.faults.switch_on("region-full", **given)
    assert answer(account(client, "stnew"), ACCOUNT_BODY) == account_answer
    assert answer(network, NETWORK_BODY) == network_answer
    assert answer(account(client, "stcontosoasrweu"), ACCOUNT_BODY) == (200, "")
    client.simulator.faults.switch_off("region-full")
    assert answer(account(client, "stnewer"), ACCOUNT_BODY) == (202, "")
    assert answer(network, NETWORK_BODY)[0] in (200, 201)


@pytest.mark.parametrize(
    ("what", "path"),
    [
        ("storageAccounts", "/providers/Microsoft.Storage/storageAccounts/stnew"),
        ("virtualNetworks", "/providers/Microsoft.Network/virtualNetworks/vnet-new"),
        ("vaults", "/providers/Microsoft.RecoveryServices/vaults/asr-new"),
        ("resourceGroups", ""),
    ],
)
def test_a_policy_forbids_what_it_is_for_as_often_as_was_said(client: Client, what: str, path: str) -> None:
    body = ACCOUNT_BODY | NETWORK_BODY | {"sku": {"name": "Standard" if what == "vaults" else "Standard_GRS"}}
    client.simulator.faults.switch_on("policy-forbids", what=what, policy="Allowed locations", count=2)
    replies = [client.call("PUT", client.group + path, body) for _ in range(3)]
    assert [code_of(reply) for reply in replies[:2]] == ["RequestDisallowedByPolicy"] * 2
    assert "'Allowed locations'" in replies[0].json["error"]["message"]
    assert replies[2].status < 300
    assert client.simulator.faults.running == []


# Hosts and the target


def providers(client: Client) -> list[Json]:
    return client.values(f"{client.site}/replicationRecoveryServicesProviders")


def test_offline_host_stops_its_heartbeat_and_its_machines(vault: Client, item: str) -> None:
    vault.simulator.faults.switch_on("host-offline", host="HV-HQ-01", lasts="PT1H")
    vault.clock.advance(1800)
    shown = next(host["properties"] for host in providers(vault) if host["properties"]["friendlyName"] == HOST)
    assert shown["connectionStatus"] == "NotConnected"
    assert vault.properties(item)["replicationHealth"] == "Critical"
    vault.clock.advance(1801)
    assert vault.properties(item)["replicationHealth"] == "Normal"


def test_host_stays_silent_while_another_fault_holds_it(client: Client) -> None:
    faults = client.simulator.faults
    faults.switch_on("line-cut")
    faults.switch_on("host-offline", host=HOST)
    faults.switch_off("line-cut")
    assert {h["properties"]["friendlyName"]: h["properties"]["connectionStatus"] for h in providers(client)} == {
        HOST: "NotConnected",
        "HV-HQ-02.contoso.local": "Connected",
    }
    faults.switch_off("host-offline")
    assert all(h["properties"]["connectionStatus"] == "Connected" for h in providers(client))


def test_quota_used_up_fails_the_drill(vault: Client, item: str) -> None:
    vault.simulator.faults.switch_on("quota-reached")
    usage = vault.get(f"{vault.subscription}/providers/Microsoft.Compute/locations/westeurope/usages")["value"]
    cores = next(entry for entry in usage if entry["name"]["value"] == "cores")
    assert cores["currentValue"] == cores["limit"]
    _, error = failure(vault, "POST", f"{item}/testFailover", vault.test_failover_body())
    assert error["code"] == "28031"
    vault.carry_out("POST", f"{item}/testFailoverCleanup", {"properties": {}})
    vault.simulator.faults.switch_off("quota-reached")
    assert drill(vault, item)["status"] == "Succeeded"


def test_taken_address_fails_the_drill(vault: Client, item: str) -> None:
    nics = f"{vault.group}/providers/Microsoft.Network/networkInterfaces"
    before = vault.properties(item)["providerSpecificDetails"]["vmNics"], len(vault.values(nics))
    vault.simulator.faults.switch_on("address-taken", machine="DC01")
    assert len(vault.values(nics)) > before[1]
    _, error = failure(vault, "POST", f"{item}/testFailover", vault.test_failover_body())
    assert error["code"] == "28092"
    vault.simulator.faults.switch_off("address-taken")
    after = vault.properties(item)["providerSpecificDetails"]["vmNics"], len(vault.values(nics))
    assert after == before


def test_deleted_network_is_gone_and_comes_back(vault: Client, item: str) -> None:
    vault.simulator.faults.switch_on("network-deleted")
    assert vault.call("GET", vault.network).status == 404
    body = vault.failover_body(sourceSiteOperations="NotRequired")
    _, error = failure(vault, "POST", f"{item}/unplannedFailover", body)
    assert error["code"] == "28020"
    vault.simulator.faults.switch_off("network-deleted")
    assert vault.call("GET", vault.network).status == 200


def test_shut_account_refuses_blobs_and_stops_replication(vault: Client, item: str) -> None:
    account = "https://stcontosoasrweu.blob.practice.invalid/probe?restype=container"
    vault.simulator.faults.switch_on("storage-firewall", account="stcontosoasrweu")
    refused = vault.send("PUT", account)
    assert (refused.status, refused.headers["x-ms-error-code"]) == (403, "AuthorizationFailure")
    vault.clock.advance(1800)
    shown = vault.properties(item)
    assert shown["replicationHealth"] == "Critical"
    assert shown["providerSpecificDetails"]["rpoInSeconds"] > 1800
    vault.simulator.faults.switch_off("storage-firewall")
    assert vault.send("PUT", account).status == 201
    assert vault.properties(item)["replicationHealth"] == "Normal"


def test_shut_account_pauses_a_first_copy(client: Client) -> None:
    item, accepted = client.begin_enable("DC02", client.associate_policy())
    client.finish(accepted)
    assert client.properties(item)["protectionState"] == "InitialReplicationInProgress"
    client.simulator.faults.switch_on("storage-firewall")
    client.clock.advance(30 * 86400)
    assert client.properties(item)["protectionState"] == "InitialReplicationInProgress"
    client.simulator.faults.switch_off("storage-firewall")
    client.until_settled(item)


# Jobs


@pytest.mark.parametrize(("task", "failed"), [(1, 0), ("VmTfoPrepareTestVm", 2), (0, -1)])
def test_job_fails_at_the_step_with_the_code(vault: Client, item: str, task: int | str, failed: int) -> None:
    vault.simulator.faults.switch_on("job-fails", scenario="TestFailover", task=task, code="170010", count=1)
    job, error = failure(vault, "POST", f"{item}/testFailover", vault.test_failover_body())
    assert error["code"] == "170010"
    assert job["tasks"][failed]["state"] == "Failed"
    if vault.properties(item)["testFailoverState"] == "WaitingForCompletion":
        vault.carry_out("POST", f"{item}/testFailoverCleanup", {"properties": {}})
    assert drill(vault, item)["status"] == "Succeeded"


def test_job_that_does_nothing_reports_success(vault: Client, item: str) -> None:
    vault.simulator.faults.switch_on("job-does-nothing", scenario="TestFailover", count=1)
    state = vault.properties(item)["testFailoverState"]
    vault.carry_out("POST", f"{item}/testFailover", vault.test_failover_body())
    shown = vault.properties(item)
    assert shown["testFailoverState"] == state
    assert "TestFailover" in shown["allowedOperations"]


def test_job_of_another_kind_or_machine_is_spared(vault: Client, item: str) -> None:
    vault.simulator.faults.switch_on("job-fails", scenario="PlannedFailover")
    vault.simulator.faults.switch_on("job-fails", scenario="TestFailover", machine="FS01")
    assert drill(vault, item)["status"] == "Succeeded"


# Switching


def _resources(vault: Client) -> list[Json]:
    """What the group holds; what went and came back stands last in the service's list."""
    return sorted(vault.values(f"{vault.group}/resources"), key=lambda resource: resource["id"])


@pytest.mark.parametrize("kind", FAULT_KINDS)
def test_every_kind_begins_and_ends_by_itself(vault: Client, item: str, kind: str) -> None:
    before = vault.get(item), _resources(vault)
    given: dict[str, Any] = {"lasts": 60} if "for" in FAULT_KINDS[kind].limits else {"count": 1}
    vault.simulator.faults.switch_on(kind, **given)
    assert [fault.kind for fault in vault.simulator.faults.running] == [kind]
    vault.clock.advance(61)
    assert vault.simulator.faults.running == []
    after = vault.get(item), _resources(vault)
    assert after[1] == before[1]
    assert after[0]["properties"]["healthErrors"] == before[0]["properties"]["healthErrors"]


@pytest.mark.parametrize(
    ("kind", "given", "says"),
    [
        ("earthquake", {}, "There is no fault named 'earthquake'"),
        ("host-offline", {"host": "HV-9"}, "No host is named 'HV-9'."),
        ("host-offline", {"count": 2}, "give it a time"),
        ("throttling", {"wait": 0}, "Wait = 0 is no whole number from 1 to 3600."),
        ("throttling", {"speed": 3}, "has no parameter named 'speed'"),
        ("throttling", {"count": 0}, "A count is a whole number, 1 or more."),
        ("server-error", {"status": "418"}, "is none of 500, 502, 503, 504"),
        ("job-fails", {"machine": "NOBODY"}, "No machine is named 'NOBODY'."),
        ("line-cut", {"lasts": "ten minutes"}, "is no period such as PT10M"),
        ("address-taken", {}, "Protect one first."),
    ],
)
def test_switching_on_says_what_is_wrong(client: Client, kind: str, given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        client.simulator.faults.switch_on(kind, **given)
    assert client.simulator.faults.running == []


def test_faults_are_saved_and_end_after_reopening(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    client = Client(state_file=state)
    client.simulator.faults.switch_on("host-offline", host=HOST, lasts="PT1H")
    client.simulator.faults.switch_on("network-deleted", network="vnet-contoso-dr")
    client.simulator.faults.switch_on("throttling", operation="nothing", count=3)
    client.simulator.close()
    again = Client(state_file=state)
    assert [(f.kind, f.about, f.left) for f in again.simulator.faults.running] == [
        ("host-offline", HOST, None),
        ("network-deleted", "vnet-contoso-dr", None),
        ("throttling", "", 3),
    ]
    again.clock.advance(3601)
    again.simulator.faults.switch_off("network-deleted")
    assert all(host["properties"]["connectionStatus"] == "Connected" for host in providers(again))
    assert again.call("GET", again.network).status == 200


# The practice controls


def test_controls_list_kinds_and_switch_them(client: Client) -> None:
    def running(reply: Any) -> dict[str, list[Json]]:
        return {kind["key"]: kind["running"] for kind in reply.json["kinds"] if kind["running"]}

    listed = client.send("GET", "/simulator/faults")
    assert [kind["key"] for kind in listed.json["kinds"]] == list(FAULT_KINDS)
    assert running(listed) == {}
    on = client.send("PUT", "/simulator/faults/host-offline", {"host": HOST, "for": "PT10M"})
    assert on.status == 200
    assert running(on)["host-offline"][0]["about"] == HOST
    assert running(on)["host-offline"][0]["until"] == "2026-03-02T07:40:00.0000000Z"
    client.send("PUT", "/simulator/faults/throttling", {"count": 3})
    assert list(running(client.send("DELETE", "/simulator/faults/host-offline"))) == ["throttling"]
    assert running(client.send("DELETE", "/simulator/faults")) == {}


def test_controls_refuse_with_a_sentence(client: Client) -> None:
    reply = client.send("PUT", "/simulator/faults/host-offline", {"host": "HV-9"})
    assert (reply.status, reply.json["error"]["message"]) == (400, "No host is named 'HV-9'.")
