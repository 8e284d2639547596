"""Scenarios as files: each opens, says what it promises, and lets everything go on from there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.scenarios import scenarios
from app.simulator.scenario_data import read_scenario, scenario_names
from app.simulator.service import Simulator
from tests.simulator.client import Client

ALL = (
    "contoso",
    "disaster",
    "drill",
    "empty",
    "failback",
    "failed-over",
    "fleet",
    "large-target",
    "many-subscriptions",
    "unhealthy",
)
LISTS = (
    "replicationFabrics",
    "replicationRecoveryServicesProviders",
    "replicationProtectionContainers",
    "replicationPolicies",
    "replicationProtectionContainerMappings",
    "replicationProtectedItems",
    "replicationRecoveryPlans",
    "replicationJobs",
    "replicationEvents",
)
BARE = """
title = "Mine"
about = "one machine"
start = 2026-03-02T07:30:00Z
subscription = "5a1b7c2e-0d34-4f6a-9b58-2c7e1f90d3a4"
tenant = "c0de7a11-3b5d-4e2f-8a61-7d9405b2c6e8"
resource_group = "rg-mine"
vault = "asr-mine"
site = "Mine-HQ"
upload_mib_s = 100.0
policy = { name = "p", history_hours = 24, app_consistent_hours = 4, interval_s = 300 }

[[groups]]
name = "rg-mine"
location = "westeurope"

[[accounts]]
group = "rg-mine"
name = "stmine"
location = "westeurope"
sku = "Standard_LRS"

[[hosts]]
name = "HV-01"
machines = ["A"]

[[machines]]
name = "A"
generation = 2
cores = 2
memory_gib = 4
os = "Windows"
disks = [[80, 30, 0.1]]
nics = [["Servers"]]

[[past]]
ago = "10d"
do = "protect"
machines = ["A"]
"""


def items_of(client: Client) -> dict[str, Any]:
    items = client.values(f"{client.vault}/replicationProtectedItems")
    return {item["properties"]["friendlyName"]: item for item in items}


def allowed(item: Any) -> set[str]:
    return set(item["properties"]["allowedOperations"])


def test_the_list_on_offer_comes_from_the_files() -> None:
    assert scenario_names() == sorted(ALL)
    offered = scenarios()
    assert [each.key for each in offered][:2] == ["contoso", "empty"]
    assert {each.key for each in offered} == set(ALL)
    for each in offered:
        data = read_scenario(each.key)
        assert (each.title, each.about) == (data.title, data.about)
        assert each.about


@pytest.mark.parametrize("scenario", [name for name in ALL if name != "empty"])
def test_every_scenario_opens_and_lists(scenario: str) -> None:
    client = Client(scenario)
    for name in LISTS:
        client.values(f"{client.vault}/{name}")
    health = client.properties(f"{client.vault}/replicationVaultHealth")
    assert health["protectedItemsHealth"]["resourceCount"] == len(items_of(client))


@pytest.mark.parametrize("scenario", [name for name in ALL if name not in ("empty", "fleet")])
def test_every_scenario_is_found_again_as_it_was(scenario: str, tmp_path: Path) -> None:
    first = Client(scenario, state_file=tmp_path / "state")
    before = {name: first.values(f"{first.vault}/{name}") for name in LISTS}
    first.simulator.close()
    again = Client(scenario, state_file=tmp_path / "state")
    assert {name: again.values(f"{again.vault}/{name}") for name in LISTS} == before


def test_nothing_that_has_ended_lies_in_the_future() -> None:
    for scenario in ALL[1:]:
        client = Client(scenario)
        if client.simulator.vault_name is None:
            continue
        now = client.get("/simulator")["now"]
        for job in client.values(f"{client.vault}/replicationJobs"):
            properties = job["properties"]
            assert properties["startTime"] <= now
            assert properties.get("endTime", "") <= now


def test_a_drill_waits_for_its_clean_up_and_can_be_cleaned_up() -> None:
    client = Client("drill")
    waiting = [item for item in items_of(client).values() if "TestFailoverCleanup" in allowed(item)]
    assert {item["properties"]["friendlyName"] for item in waiting} == {"DC01", "SQL-PROD-01", "WEB-01", "WEB-02"}
    machines = client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines")
    assert {machine["name"] for machine in machines} == {
        "DC01-test",
        "SQL-PROD-01-test",
        "WEB-01-test",
        "WEB-02-test",
    }
    for item in waiting:
        client.carry_out("POST", f"{item['id']}/testFailoverCleanup", {"properties": {"comments": "well"}})
    assert all("TestFailover" in allowed(item) for item in items_of(client).values())
    assert not client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines")


def test_in_a_disaster_what_is_protected_fails_over_though_no_host_answers() -> None:
    client = Client("disaster")
    items = items_of(client)
    providers = client.values(f"{client.vault}/replicationRecoveryServicesProviders")
    assert [provider["properties"]["connectionStatus"] for provider in providers] == ["NotConnected"] * 2
    first_copy = items["WSUS01"]["properties"]
    assert first_copy["protectionState"] == "InitialReplicationInProgress"
    progress = first_copy["providerSpecificDetails"]["initialReplicationDetails"]
    assert int(progress["initialReplicationProgressPercentage"]) in range(30, 42)
    assert items["DC01"]["properties"]["replicationHealth"] == "Critical"
    planned = client.begin("POST", f"{items['DC01']['id']}/plannedFailover", client.failover_body())
    assert client.finish(planned)["error"]["code"] == "25018"
    client.carry_out("POST", f"{items['DC01']['id']}/unplannedFailover", client.failover_body())
    assert "Commit" in allowed(items_of(client)["DC01"])


def test_after_a_failover_each_machine_can_do_what_its_station_says() -> None:
    client = Client("failed-over")
    items = items_of(client)
    for name in ("WEB-03", "APP-CRM", "APP-HR"):
        assert {"Commit", "ChangePit"} <= allowed(items[name]), name
    for name in ("DC01", "WEB-01", "DC02"):
        assert "Failback" in allowed(items[name]), name
    machines = {each["name"] for each in client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines")}
    assert {"DC01", "WEB-01", "WEB-03", "APP-CRM", "APP-HR", "DC02"} == machines
    client.carry_out("POST", f"{items['WEB-03']['id']}/failoverCommit")
    assert "Failback" in allowed(items_of(client)["WEB-03"])


def test_on_the_way_back_every_station_goes_on_to_the_end() -> None:
    client = Client("failback")
    items = items_of(client)
    assert "TestFailover" in allowed(items["DC01"])
    assert "ReverseReplicate" in allowed(items["DC02"])
    assert "FinalizeFailback" in allowed(items["WEB-01"])
    assert "FinalizeFailback" in allowed(items["WEB-03"])
    assert "Failback" in allowed(items["APP-CRM"])
    jobs = client.values(f"{client.vault}/replicationJobs")
    suspended = [job for job in jobs if job["properties"]["state"] == "Suspended"]
    assert [job["properties"]["targetObjectName"] for job in suspended] == ["WEB-02"]
    resumed = client.begin("POST", f"{suspended[0]['id']}/resume", {"properties": {"comments": "now"}})
    assert client.finish(resumed)["status"] == "Succeeded"
    client.clock.advance(4 * 3600)
    for name in ("WEB-01", "WEB-02", "FS02"):
        client.carry_out("POST", f"{items[name]['id']}/failoverCommit")
    client.carry_out(
        "POST", f"{items['DC02']['id']}/reProtect", {"properties": {"failoverDirection": "PrimaryToRecovery"}}
    )
    client.until_settled(items["DC02"]["id"])


def test_the_troubles_have_causes_and_go_when_those_do() -> None:
    client = Client("unhealthy")
    items = items_of(client)
    codes = {(name, error["errorCode"]) for name, item in items.items() for error in item["properties"]["healthErrors"]}
    assert {("FS01", "25018"), ("DC02", "25018"), ("SQL-PROD-01", "70179"), ("RDS-01", "70179")} <= codes
    assert ("APP-HR", "28020") in codes
    assert items["APP-HR"]["properties"]["failoverHealth"] == "Critical"
    health = client.properties(f"{client.vault}/replicationVaultHealth")["protectedItemsHealth"]
    assert health["categorizedResourceCounts"]["protectedItemsConfigurationCriticalCount"] == 2
    assert health["categorizedResourceCounts"]["protectedItemsConfigurationWarningCount"] == 1
    told = {issue["summaryCode"] for issue in health["issues"] if issue["category"] == "Configuration"}
    assert told == {"28020", "28092", "70038"}
    failed = [
        (job["properties"]["scenarioName"], job["properties"]["targetObjectName"])
        for job in client.values(f"{client.vault}/replicationJobs")
        if job["properties"]["state"] == "Failed"
    ]
    assert {scenario for scenario, _ in failed} == {
        "EnableDr",
        "TestFailover",
        "PlannedFailover",
        "UnplannedFailover",
        "RepairVMReplication",
    }
    assert client.call("PUT", "/simulator/hosts/HV-HQ-02.contoso.local", {"connected": True}).status == 200
    client.carry_out("POST", f"{items['FS01']['id']}/repairReplication")
    items = items_of(client)
    for name in ("DC02", "FS01"):
        assert items[name]["properties"]["replicationHealth"] == "Normal", name


def errors_of(client: Client, name: str) -> dict[str, Any]:
    return {error["errorCode"]: error for error in items_of(client)[name]["properties"]["healthErrors"]}


def put_fault_right(client: Client, kind: str) -> None:
    assert client.call("DELETE", f"/simulator/faults/{kind}").status == 200


def test_paused_replication_warns_and_stands_still_until_it_is_resumed() -> None:
    client = Client("unhealthy")
    paused = errors_of(client, "LNX-GIT")["539"]
    assert (paused["errorLevel"], paused["errorCategory"]) == ("Warning", "Replication")
    assert "Suspended" in paused["recoveryProviderErrorMessage"]
    item = items_of(client)["LNX-GIT"]
    assert item["properties"]["replicationHealth"] == "Warning"
    assert item["properties"]["providerSpecificDetails"]["rpoInSeconds"] > 8 * 3600 - 600
    newest = max(p["properties"]["recoveryPointTime"] for p in client.values(f"{item['id']}/recoveryPoints"))
    assert newest < "2026-05-18T01:20:00"

    put_fault_right(client, "replication-paused")
    client.clock.advance(1200)
    assert "539" not in errors_of(client, "LNX-GIT")
    assert items_of(client)["LNX-GIT"]["properties"]["providerSpecificDetails"]["rpoInSeconds"] < 1200


def test_points_that_are_not_application_consistent_are_told_of() -> None:
    client = Client("unhealthy")
    assert errors_of(client, "WEB-01")["0x800423F4"]["errorLevel"] == "Warning"
    items = items_of(client)

    def types(name: str) -> set[str]:
        points = client.values(f"{items[name]['id']}/recoveryPoints")
        return {point["properties"]["recoveryPointType"] for point in points}

    assert types("WEB-01") == {"CrashConsistent"}
    assert types("FS01") == {"CrashConsistent", "ApplicationConsistent"}
    put_fault_right(client, "snapshots-fail")
    client.clock.advance(5 * 3600)
    assert types("WEB-01") == {"CrashConsistent", "ApplicationConsistent"}
    assert items_of(client)["WEB-01"]["properties"]["replicationHealth"] == "Normal"


def test_an_address_that_a_test_machine_was_left_with_is_critical_until_it_is_cleaned_up() -> None:
    client = Client("unhealthy")
    items = items_of(client)
    taken = errors_of(client, "PRINT01")["28092"]
    assert (taken["errorLevel"], taken["errorCategory"]) == ("Critical", "Configuration")
    assert items["PRINT01"]["properties"]["failoverHealth"] == "Critical"
    refused = client.begin("POST", f"{items['PRINT01']['id']}/unplannedFailover", client.failover_body())
    assert client.finish(refused)["error"]["code"] == "28092"

    client.carry_out("POST", f"{items['APP-CRM']['id']}/testFailoverCleanup", {"properties": {}})
    assert "28092" not in errors_of(client, "PRINT01")
    assert items_of(client)["PRINT01"]["properties"]["failoverHealth"] == "Warning"  # it was never tested


def test_a_machine_without_a_network_warns_until_one_is_chosen() -> None:
    client = Client("unhealthy")
    lone = errors_of(client, "WEB-03")["70038"]
    assert (lone["errorLevel"], lone["errorCategory"]) == ("Warning", "Configuration")
    network = items_of(client)["DC01"]["properties"]["providerSpecificDetails"]["selectedRecoveryAzureNetworkId"]
    path = items_of(client)["WEB-03"]["id"]
    client.carry_out("PATCH", path, {"properties": {"selectedRecoveryAzureNetworkId": network}})
    assert "70038" not in errors_of(client, "WEB-03")


def test_a_missing_network_is_told_when_the_service_looks_for_the_first_time(tmp_path: Path) -> None:
    client = Client(state_file=tmp_path / "state.db")
    client.protect("DC01", targetAzureNetworkId=None, targetAzureSubnetId=None)
    assert "70038" not in errors_of(client, "DC01")
    client.clock.advance(13 * 3600)
    assert "70038" in errors_of(client, "DC01")
    assert "70038" in errors_of(Client(state_file=tmp_path / "state.db"), "DC01")


def test_a_scenario_goes_on_getting_worse_by_its_script() -> None:
    client = Client("unhealthy")

    def running() -> set[str]:
        kinds = client.get("/simulator/faults")["kinds"]
        return {kind["key"] for kind in kinds if kind["running"]}

    assert running() == {"replication-paused", "snapshots-fail"}
    client.clock.advance(31 * 60)
    assert running() == {"replication-paused", "snapshots-fail", "line-slow"}
    client.clock.advance(20 * 60)
    assert running() == {"replication-paused", "snapshots-fail"}


@pytest.mark.parametrize(("count", "hosts", "jobs"), [(10, 5, 0), (500, 3, 40)])
def test_a_fleet_is_as_large_as_it_is_asked_for(count: int, hosts: int, jobs: int, tmp_path: Path) -> None:
    state = tmp_path / "fleet"
    for _ in range(2):
        simulator = Simulator.open("fleet", count=count, hosts=hosts, jobs=jobs, state_file=state)
        client = Client("contoso")
        client.simulator = simulator
        client.group = f"/subscriptions/{simulator.subscription_id}/resourceGroups/{simulator.resource_group}"
        client.vault = f"{client.group}/providers/Microsoft.RecoveryServices/vaults/{simulator.vault_name}"
        assert len(client.values(f"{client.vault}/replicationProtectedItems")) == count
        providers = client.values(f"{client.vault}/replicationRecoveryServicesProviders")
        assert sum(1 for each in providers if each["properties"]["protectedItemCount"]) == hosts
        assert len(client.values(f"{client.vault}/replicationJobs")) == jobs
        simulator.close()


def test_a_fleet_of_fifty_thousand_is_the_largest() -> None:
    with pytest.raises(ValueError, match="50,000"):
        Simulator.open("fleet", count=50_001)


# Files of one's own


def test_a_file_dropped_into_a_folder_is_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(BARE, "utf-8")
    for place in (file, tmp_path):
        client = Client(f"{place}/" if place.is_dir() else str(place))
        assert list(items_of(client)) == ["A"]
        assert "TestFailover" in allowed(items_of(client)["A"])
        assert client.get("/simulator")["scenario"] == "mine"


def test_a_file_may_stand_on_another_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(BARE, "utf-8")
    (tmp_path / "later.toml").write_text(
        'based_on = "mine"\ntitle = "Later"\nabout = "nothing protected"\npast = []\n', "utf-8"
    )
    client = Client(str(tmp_path / "later.toml"))
    assert client.simulator.vault_name == "asr-mine"
    assert not items_of(client)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cores = 2", 'cores = "two"', r"mine\.toml: machines\[0\]\.cores: expected int, got str"),
        ("cores = 2", "kores = 2", r"there is no key machines\[0\]\.kores; there are name, generation, cores"),
        ("cores = 2\n", "", r"machines\[0\] lacks the key cores"),
        ("generation = 2", "generation = 3", r"machines\[0\]\.generation is 3; it is 1 or 2"),
        (
            'name = "HV-01"\nmachines = ["A"]',
            'name = "HV-01"\nmachines = ["B"]',
            "names 'B', which is no name of a machine",
        ),
        ("[[80, 30, 0.1]]", "[[80, 90, 0.1]]", "90 GiB of 80 used; give 1 to 80"),
        ('group = "rg-mine"', 'group = "rg-other"', "'rg-other', which is none of the groups: rg-mine"),
        ('ago = "10d"', 'ago = "lately"', "'lately'; write how long before the start"),
        ('do = "protect"', 'do = "hope"', r"past\[0\]\.do cannot be 'hope'; it is one of 'protect', 'test'"),
        ('do = "protect"', 'do = "commit"', r"past\[0\] \(commit\): A is not protected by then"),
        ('os = "Windows"\n', "", "Its operating system is not known"),
        ('title = "Mine"', "title = Mine", r"mine\.toml is not TOML: .*line 2"),
    ],
)
def test_a_broken_file_is_told_in_a_sentence(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in BARE
    file = tmp_path / "mine.toml"
    file.write_text(BARE.replace(old, new, 1), "utf-8")
    with pytest.raises(ValueError, match=told):
        Simulator.open(str(file))


def test_a_scenario_that_leads_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('based_on = "b"\n', "utf-8")
    (tmp_path / "b.toml").write_text('based_on = "a"\n', "utf-8")
    with pytest.raises(ValueError, match="circle"):
        Simulator.open(str(tmp_path / "a.toml"))


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there are contoso, disaster"):
        Simulator.open("nowhere")
    with pytest.raises(ValueError, match="there is no file"):
        Simulator.open(str(tmp_path / "nowhere.toml"))
    with pytest.raises(ValueError, match="must hold one scenario"):
        Simulator.open(f"{tmp_path}/")
