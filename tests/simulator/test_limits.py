"""Limits: requests within an hour, pages of machines, hours of a policy; and changes that are kept in part."""

from __future__ import annotations

import pytest

from tests.simulator.client import HYPER_V, Client, Json


@pytest.fixture
def client() -> Client:
    return Client()


def test_too_many_writes_within_an_hour_are_told_to_wait(client: Client) -> None:
    path = f"{client.vault}/replicationAlertSettings/defaultAlertSetting"
    for _ in range(1200):
        last = client.call("PUT", path, {"properties": {}})
    assert (last.status, last.headers["x-ms-ratelimit-remaining-subscription-writes"]) == (200, "0")
    refused = client.call("PUT", path, {"properties": {}})
    assert (refused.status, refused.json["error"]["code"]) == (429, "SubscriptionRequestsThrottled")
    assert client.call("GET", path).status == 200
    assert client.send("PUT", "/simulator/clock", {}).status == 200
    client.clock.advance(float(refused.headers["Retry-After"]))
    assert client.call("PUT", path, {"properties": {}}).status == 200


def test_machines_come_in_pages_when_asked_for(client: Client) -> None:
    path = f"{client.container}/replicationProtectableItems"
    everything = [machine["name"] for machine in client.values(path)]
    first = client.get(f"{path}?$take=10")
    assert len(first["value"]) == 10
    assert [machine["name"] for machine in client.values(f"{path}?$take=10")] == everything
    client.protect("DC01")
    unprotected = client.values(f"{path}?$take=7&$filter=state eq 'Unprotected'")
    assert len(unprotected) == len(everything) - 1
    for query in ("$take=none", "$take=0", "$skipToken=none"):
        assert client.call("GET", f"{path}?{query}").status == 400


def settings(**given: int) -> Json:
    return {"instanceType": HYPER_V, **given}


@pytest.mark.parametrize(
    "given", [{"recoveryPointHistoryDuration": 25}, {"applicationConsistentSnapshotFrequencyInHours": 13}]
)
def test_a_policy_outside_the_limits_is_a_failed_job(client: Client, given: dict[str, int]) -> None:
    policy = f"{client.vault}/replicationPolicies/p"
    accepted = client.begin("PUT", policy, {"properties": {"providerSpecificInput": settings(**given)}})
    assert client.finish(accepted, step_s=0.5)["error"]["code"] == "506"
    assert client.call("GET", policy).status == 404


def test_what_of_a_policy_is_not_sent_stays(client: Client) -> None:
    policy = client.associate_policy(history_hours=24, app_hours=4)
    sent = {"properties": {"replicationProviderSettings": settings(recoveryPointHistoryDuration=12)}}
    client.carry_out("PATCH", policy, sent)
    details = client.properties(policy)["providerSpecificDetails"]
    assert details["recoveryPointHistoryDurationInHours"] == 12
    assert details["applicationConsistentSnapshotFrequencyInHours"] == 4
    too_long = {"properties": {"replicationProviderSettings": settings(recoveryPointHistoryDuration=30)}}
    assert client.finish(client.begin("PATCH", policy, too_long), step_s=0.5)["status"] == "Failed"


def test_disks_get_names_and_adapters_can_be_left_out(client: Client) -> None:
    item = client.protect("DC01")
    details = client.properties(item)["providerSpecificDetails"]
    disk, nic = details["azureVmDiskDetails"][0]["diskId"], details["vmNics"][0]["nicId"]
    provider = {"instanceType": HYPER_V, "vmDisks": [{"diskId": disk, "targetDiskName": "dc01-system"}]}
    left_out = [{"nicId": nic, "ipConfigs": [{"isSeletedForFailover": False}]}]
    client.carry_out("PATCH", item, {"properties": {"providerSpecificDetails": provider, "vmNics": left_out}})
    shown = client.properties(item)["providerSpecificDetails"]
    assert shown["azureVmDiskDetails"][0]["customTargetDiskName"] == "dc01-system"
    assert shown["vmNics"][0]["ipConfigs"][0]["isSeletedForFailover"] is False
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    names = [d["name"] for d in client.values(f"{client.subscription}/providers/Microsoft.Compute/disks")]
    assert names == ["dc01-system"]
    assert client.values(f"{client.subscription}/providers/Microsoft.Network/networkInterfaces") == []

    unknown = {"providerSpecificDetails": {"vmDisks": [{"diskId": "none", "targetDiskName": "x"}]}}
    assert client.call("PATCH", item, {"properties": unknown}).status == 400


def test_sizes_say_what_keeps_them_from_being_chosen(client: Client) -> None:
    item = client.protect("SQL-PROD-01")
    sizes = {size["name"]: size["properties"]["errors"] for size in client.values(f"{item}/targetComputeSizes")}
    assert sizes["Standard_D4s_v5"] == []
    assert sizes["Standard_B1ms"][0]["severity"] == "Error"


def test_events_are_found_by_the_machine_they_are_about(client: Client) -> None:
    policy = client.associate_policy()
    item = client.protect("DC01", policy)
    client.protect("PRINT01", policy)
    correlation = client.properties(item)["eventCorrelationId"]
    path = f"{client.vault}/replicationEvents?$filter=AffectedObjectCorrelationId eq '{correlation}'"
    found = {event["properties"]["affectedObjectFriendlyName"] for event in client.values(path)}
    assert found == {"DC01"}
