"""Hosts that fall silent, and what becomes of the machines on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator.client import Client, Json


def provider_of(client: Client, name: str) -> Json:
    provider = client.machine(name)["properties"]["recoveryServicesProviderId"]
    found: Json = client.get(provider)
    return found


def connect(client: Client, host: str, connected: bool) -> None:
    reply = client.send("PUT", f"/simulator/hosts/{host}", {"connected": connected})
    assert (reply.status, reply.json["connected"]) == (200, connected)


def host_of(client: Client, name: str) -> str:
    return str(provider_of(client, name)["properties"]["friendlyName"])


def test_a_silent_host_is_seen_everywhere_and_comes_back() -> None:
    client = Client()
    item = client.protect("DC01")
    host = host_of(client, "DC01")
    client.clock.advance(600)
    connect(client, host, False)
    client.clock.advance(3600)

    provider = provider_of(client, "DC01")["properties"]
    assert provider["connectionStatus"] == "NotConnected"
    assert [error["errorCode"] for error in provider["healthErrorDetails"]] == ["25018"]
    assert client.properties(client.site)["health"] == "Critical"
    health = client.properties(f"{client.vault}/replicationVaultHealth")
    assert health["fabricsHealth"]["issues"][0]["summaryCode"] == "25018"
    assert health["protectedItemsHealth"]["categorizedResourceCounts"]["protectedItemsCriticalCount"] == 1
    properties = client.properties(item)
    assert properties["replicationHealth"] == "Critical"
    assert properties["providerSpecificDetails"]["rpoInSeconds"] >= 3600
    event = client.values(f"{client.vault}/replicationEvents")[0]["properties"]
    assert (event["eventType"], event["severity"]) == ("AgentHealth", "Critical")
    assert client.get(f"{client.vault}/replicationUsages")["monitoringSummary"]["unHealthyProviderCount"] == 1

    beat = provider["lastHeartBeat"]
    client.clock.advance(600)
    assert provider_of(client, "DC01")["properties"]["lastHeartBeat"] == beat
    connect(client, host, True)
    client.clock.advance(600)
    assert provider_of(client, "DC01")["properties"]["lastHeartBeat"] > beat
    assert client.properties(item)["replicationHealth"] == "Normal"
    assert client.properties(item)["providerSpecificDetails"]["rpoInSeconds"] < 1200


@pytest.mark.parametrize("operation", ["plannedFailover", "repairReplication", "remove"])
def test_what_needs_the_host_fails_while_it_is_silent(operation: str) -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    connect(client, host_of(client, "LNX-PROXY"), False)
    body = client.failover_body() if operation == "plannedFailover" else {}
    accepted = client.begin("POST", f"{item}/{operation}", body)
    assert client.finish(accepted)["error"]["code"] == "25018"
    assert client.properties(item)["protectionState"] == "Protected"
    provider = provider_of(client, "LNX-PROXY")["id"]
    assert client.finish(client.begin("POST", f"{provider}/refreshProvider"))["status"] == "Failed"


def test_a_failover_goes_on_without_the_host() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    connect(client, host_of(client, "LNX-PROXY"), False)
    accepted = client.begin("POST", f"{item}/unplannedFailover", client.failover_body(sourceSiteOperations="Required"))
    assert client.finish(accepted)["status"] == "Succeeded"
    skipped = [t["taskId"] for t in client.job_of(accepted)["properties"]["tasks"] if t["state"] == "Other"]
    assert skipped == ["ShutdownVmOnPrimaryForUFO", "PrepareForUnPlannedFailoverTask"]


def test_a_first_copy_stops_with_the_host_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    def shown(client: Client, item: str) -> str:
        details = client.properties(item)["providerSpecificDetails"]["initialReplicationDetails"]
        return str(details["initialReplicationProgressPercentage"])

    client = Client(state_file=tmp_path / "state.db")
    item, accepted = client.begin_enable("SQL-PROD-02", client.associate_policy())
    client.finish(accepted)
    client.clock.advance(1800)
    before = shown(client, item)
    host = host_of(client, "SQL-PROD-02")
    connect(client, host, False)
    client.clock.advance(24 * 3600)
    assert shown(client, item) == before
    again = Client(state_file=tmp_path / "state.db")
    assert shown(again, item) == before
    connect(again, host, True)
    assert shown(again, item) == before
    again.until_settled(item)


def test_protection_is_not_enabled_on_a_silent_host() -> None:
    client = Client()
    policy = client.associate_policy()
    connect(client, host_of(client, "DC01"), False)
    _item, accepted = client.begin_enable("DC01", policy)
    assert client.finish(accepted)["error"]["code"] == "25018"


def test_versions_grow_old() -> None:
    client = Client()
    host = host_of(client, "DC01")
    assert provider_of(client, "DC01")["properties"]["providerVersionState"] == "Latest"
    client.send("PUT", f"/simulator/hosts/{host}", {"providerVersion": "5.1.3700.0", "agentVersion": "2.0.9214.0"})
    properties = provider_of(client, "DC01")["properties"]
    assert (properties["providerVersion"], properties["providerVersionState"]) == ("5.1.3700.0", "UpdateRequired")
    hosts = {h["name"]: h["marsAgentVersion"] for h in client.properties(client.site)["customDetails"]["hyperVHosts"]}
    assert hosts[host] == "2.0.9214.0"
    assert client.send("PUT", f"/simulator/hosts/{host}", {"agentVersion": "new"}).status == 400
    assert client.send("PUT", "/simulator/hosts/nobody", {}).status == 404


def test_machines_that_change_more_than_the_line_carries_fall_behind() -> None:
    client = Client()
    policy = client.associate_policy()
    quiet, busy = client.protect("DC01", policy), client.protect("SQL-PROD-02", policy)
    assert client.properties(quiet)["replicationHealth"] == "Normal"
    line = {"fabricId": client.site, "uploadMibPerSecond": 5}
    assert client.send("PUT", "/simulator/line", line).status == 200
    client.clock.advance(3 * 3600)
    for item in (quiet, busy):
        properties = client.properties(item)
        assert properties["replicationHealth"] == "Warning"
        assert properties["providerSpecificDetails"]["rpoInSeconds"] > 1800
    counts = client.properties(f"{client.vault}/replicationVaultHealth")["protectedItemsHealth"]
    assert counts["categorizedResourceCounts"]["protectedItemsWarningCount"] == 2

    client.carry_out("POST", f"{busy}/remove", {})
    client.clock.advance(900)
    assert client.properties(quiet)["replicationHealth"] == "Normal"
    assert client.properties(quiet)["providerSpecificDetails"]["rpoInSeconds"] < 900


def test_a_slower_line_makes_a_first_copy_longer() -> None:
    def hours(rate: float) -> float:
        client = Client()
        item, accepted = client.begin_enable("FS02", client.associate_policy())
        client.finish(accepted)
        client.clock.advance(600)
        client.send("PUT", "/simulator/line", {"fabricId": client.site, "uploadMibPerSecond": rate})
        started = client.clock.seconds()
        client.until_settled(item)
        return (client.clock.seconds() - started) / 3600

    assert hours(20) > 3 * hours(110)
    client = Client()
    assert client.send("PUT", "/simulator/line", {"fabricId": client.site, "uploadMibPerSecond": 0}).status == 400
    assert client.send("PUT", "/simulator/line", {"fabricId": "x", "uploadMibPerSecond": 1}).status == 404


def test_resynchronizing_takes_as_long_as_there_is_to_compare_and_to_send() -> None:
    client = Client("unhealthy")
    items = {
        item["properties"]["friendlyName"]: item for item in client.values(f"{client.vault}/replicationProtectedItems")
    }

    def minutes(name: str) -> float:
        accepted = client.begin("POST", f"{items[name]['id']}/repairReplication")
        begun = client.clock.seconds()
        assert client.finish(accepted, step_s=10)["status"] == "Succeeded"
        return (client.clock.seconds() - begun) / 60

    small = minutes("DC01")
    assert small < 3
    large_and_behind = minutes("FS01")  # it stood still for nine hours
    large = minutes("FS01")
    assert large_and_behind > large > 10 * small

    client.call("PUT", "/simulator/line", {"fabricId": client.site, "uploadMibPerSecond": 5})
    client.simulator.faults.switch_on("replication-paused", machine="DC01")
    client.clock.advance(86_400)
    assert minutes("DC01") > 4 * small
