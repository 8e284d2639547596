"""A protected item from the first request to the last, in the states that the service was recorded in."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from app.simulator.wire import second_text
from tests.simulator.client import HYPER_V, Client

SETTLED = ["PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover"]
FAILED_OVER = ["CompleteMigration", "Commit", "DisableProtection", "ChangePit"]
COMMITTED = ["CompleteMigration", "DisableProtection", "Failback"]


@pytest.fixture(scope="module")
def protected() -> tuple[Client, str]:
    """One protected machine for the tests that only look at it."""
    client = Client()
    return client, client.protect("DC01")


def where(client: Client, item: str) -> tuple[str, str, list[str]]:
    properties = client.properties(item)
    return properties["protectionState"], properties["activeLocation"], properties["allowedOperations"]


def test_enabling_goes_through_initial_replication_to_protected_and_settled() -> None:
    client = Client()
    item, _accepted = client.begin_enable("DC01", client.associate_policy())
    seen: list[tuple[str, str]] = []
    for _ in range(4000):
        properties = client.properties(item)
        state = (properties["protectionState"], properties["providerSpecificDetails"]["vmProtectionState"])
        if state not in seen:
            seen.append(state)
        if properties["allowedOperations"] == SETTLED:
            break
        client.clock.advance(5)

    assert seen == [
        ("UnprotectedStatesBegin", "UnprotectedStatesBegin"),
        ("InitialReplicationInProgress", "UnprotectedStatesBegin"),
        ("InitialReplicationRecoveryCompletionPending", "UnprotectedStatesBegin"),
        ("Protected", "ReplicaConfigurationInProgress"),
        ("Protected", "Protected"),
    ]


def test_its_network_and_its_age_are_told_from_the_first_recovery_point_on() -> None:
    client = Client()
    item, _accepted = client.begin_enable("DC01", client.associate_policy())
    told: dict[str, set[bool]] = {}
    while client.properties(item)["allowedOperations"] != SETTLED:
        properties = client.properties(item)
        details = properties["providerSpecificDetails"]
        network = ("selectedRecoveryAzureNetworkId", "selectedSourceNicId", "targetNicTags", "lastReplicatedTime")
        has = {details[name] is not None for name in network} | {details["vmNics"] != []}
        told.setdefault(properties["protectionState"], set()).update(has | {"lastRecoveryPointReceived" in details})
        (alone,) = client.values(f"{client.vault}/replicationProtectedItems")
        assert alone["properties"] == client.properties(item)
        client.clock.advance(5)

    assert told == {
        "UnprotectedStatesBegin": {False},
        "InitialReplicationInProgress": {False},
        "InitialReplicationRecoveryCompletionPending": {False},
        "Protected": {True},
    }
    assert client.values(f"{item}/recoveryPoints")


def test_its_network_stays_told_while_it_is_protected_anew() -> None:
    client = Client()
    item = client.protect("DC01")
    client.carry_out("POST", f"{item}/plannedFailover", client.failover_body())
    client.carry_out("POST", f"{item}/failoverCommit")
    details = {"instanceType": "HyperVReplicaAzureFailback", "dataSyncOption": "ForSynchronization"}
    details["recoveryVmCreationOption"] = "NoAction"
    client.carry_out("POST", f"{item}/plannedFailover", {"properties": {"providerSpecificDetails": details}})
    client.carry_out("POST", f"{item}/failoverCommit")
    client.carry_out("POST", f"{item}/reProtect", client.failover_body())
    assert client.properties(item)["protectionState"] == "InitialReplicationInProgress"
    assert len(client.properties(item)["providerSpecificDetails"]["vmNics"]) == 1


def test_enable_job_ends_when_replication_has_started_and_a_second_job_finishes_it() -> None:
    client = Client()
    item, accepted = client.begin_enable("DC01", client.associate_policy())
    client.finish(accepted)
    assert where(client, item) == ("InitialReplicationInProgress", "Primary", ["DisableProtection"])

    client.until_settled(item)
    scenarios = [job["properties"]["scenarioName"] for job in client.values(f"{client.vault}/replicationJobs")]
    assert scenarios[:2] == ["IrCompletion", "EnableDr"]


def test_initial_replication_progress_never_falls_and_moves_in_jumps() -> None:
    client = Client()
    item, accepted = client.begin_enable("SQL-PROD-02", client.associate_policy())
    client.finish(accepted)
    shown = []
    while client.properties(item)["protectionState"] == "InitialReplicationInProgress":
        details = client.properties(item)["providerSpecificDetails"]["initialReplicationDetails"]
        shown.append(int(details["initialReplicationProgressPercentage"]))
        client.clock.advance(60)

    assert shown == sorted(shown)
    steps = {later - earlier for earlier, later in itertools.pairwise(shown)}
    assert 0 in steps
    assert max(steps) >= 5


def test_the_first_copy_waits_for_the_time_of_its_policy() -> None:
    client = Client()
    policy = client.associate_policy()
    start = client.clock.seconds() + 2 * 3600
    settings = {"instanceType": "HyperVReplicaAzure", "onlineReplicationStartTime": second_text(int(start))[11:]}
    client.carry_out("PATCH", policy, {"properties": {"replicationProviderSettings": settings}})
    assert (
        client.properties(policy)["providerSpecificDetails"]["onlineReplicationStartTime"]
        == settings["onlineReplicationStartTime"]
    )
    item, accepted = client.begin_enable("SQL-PROD-02", policy)
    client.finish(accepted)

    def progress() -> int:
        shown = client.properties(item)["providerSpecificDetails"]["initialReplicationDetails"]
        return int(shown["initialReplicationProgressPercentage"])

    client.clock.advance(start - client.clock.seconds() - 60)
    assert (client.properties(item)["protectionState"], progress()) == ("InitialReplicationInProgress", 0)
    client.until_settled(item)
    assert client.properties(item)["protectionState"] == "Protected"
    assert client.clock.seconds() > start


def test_two_first_copies_share_the_line() -> None:
    def hours_alone() -> float:
        client = Client()
        started = client.clock.seconds()
        client.protect("FS02")
        return client.clock.seconds() - started

    client = Client()
    policy = client.associate_policy()
    started = client.clock.seconds()
    first, accepted = client.begin_enable("FS02", policy)
    client.finish(accepted)
    _second, accepted = client.begin_enable("SQL-PROD-02", policy)
    client.finish(accepted)
    client.until_settled(first)
    shared = client.clock.seconds() - started

    assert shared > 1.5 * hours_alone()


def test_a_drill_makes_a_machine_and_the_clean_up_removes_it() -> None:
    client = Client()
    item = client.protect("DC01")
    accepted = client.begin("POST", f"{item}/testFailover", client.test_failover_body())
    client.finish(accepted)

    assert where(client, item) == ("Protected", "Primary", ["DisableProtection", "TestFailoverCleanup"])
    assert client.properties(item)["testFailoverState"] == "WaitingForCompletion"
    vm = client.get(f"{client.group}/providers/Microsoft.Compute/virtualMachines/DC01-test?$expand=instanceView")
    assert vm["properties"]["hardwareProfile"]["vmSize"] == "Standard_B2s"
    codes = [status["code"] for status in vm["properties"]["instanceView"]["statuses"]]
    assert codes == ["ProvisioningState/succeeded", "PowerState/running"]
    nic = client.get(vm["properties"]["networkProfile"]["networkInterfaces"][0]["id"])
    address = nic["properties"]["ipConfigurations"][0]["properties"]
    assert address["privateIPAddress"] == "10.40.1.4"
    assert address["subnet"]["id"].startswith(client.drill_network)
    details = client.job_of(accepted)["properties"]["customDetails"]
    assert details["protectedItemDetails"][0]["testVmName"] == "DC01-test"

    client.carry_out("POST", f"{item}/testFailoverCleanup", {"properties": {"comments": "went well"}})
    assert where(client, item) == ("Protected", "Primary", SETTLED)
    assert client.properties(item)["testFailoverState"] == "MarkedForDeletion"
    assert client.properties(item)["failoverHealth"] == "Normal"
    for resource_type in ("virtualMachines", "disks"):
        assert client.values(f"{client.group}/providers/Microsoft.Compute/{resource_type}") == []
    assert client.values(f"{client.group}/providers/Microsoft.Network/networkInterfaces") == []


@pytest.mark.parametrize(
    ("operation", "pending", "committed"),
    [
        ("plannedFailover", "PlannedFailoverCommitRequired", "PlannedFailoverStatesBegin"),
        ("unplannedFailover", "UnplannedFailoverCommitPendingStatesBegin", "UnplannedFailoverCommitted"),
    ],
)
def test_failover_commit_and_the_way_back_in_three_calls(operation: str, pending: str, committed: str) -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    client.carry_out("POST", f"{item}/{operation}", client.failover_body())
    assert where(client, item) == (pending, "Recovery", FAILED_OVER)
    vm = f"{client.group}/providers/Microsoft.Compute/virtualMachines/LNX-PROXY"
    assert client.call("GET", vm).status == 200

    client.carry_out("POST", f"{item}/failoverCommit")
    assert where(client, item) == (committed, "Recovery", COMMITTED)
    assert client.values(f"{item}/recoveryPoints") == []

    back = {"instanceType": "HyperVReplicaAzureFailback", "dataSyncOption": "ForSynchronization"}
    client.carry_out("POST", f"{item}/plannedFailover", {"properties": {"providerSpecificDetails": back}})
    assert where(client, item) == ("FinalizeRestorePending", "Primary", ["DisableProtection", "FinalizeFailback"])

    client.carry_out("POST", f"{item}/failoverCommit")
    assert where(client, item) == ("RestoreFinalized", "Primary", ["ReverseReplicate", "DisableProtection"])
    assert client.call("GET", vm).status == 404

    client.carry_out("POST", f"{item}/reProtect", {"properties": {"failoverDirection": "PrimaryToRecovery"}})
    assert where(client, item) == ("InitialReplicationInProgress", "Primary", ["DisableProtection"])
    client.until_settled(item)


def test_the_recovery_point_can_be_changed_until_the_commit() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    client.clock.advance(6 * 3600)
    oldest = client.values(f"{item}/recoveryPoints")[0]
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    assert client.properties(item)["failoverRecoveryPointId"] != oldest["id"]

    body = {"properties": {"recoveryPointId": oldest["id"], "providerSpecificDetails": {"instanceType": HYPER_V}}}
    client.carry_out("POST", f"{item}/applyRecoveryPoint", body)
    assert client.properties(item)["failoverRecoveryPointId"] == oldest["id"]
    assert where(client, item)[2] == FAILED_OVER


def test_disable_gives_the_machine_back() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    accepted = client.begin("POST", f"{item}/remove", {"properties": {}})
    client.finish(accepted)

    assert client.call("GET", item).status == 404
    assert client.send("GET", accepted.headers["Location"]).status == 204
    assert client.machine("LNX-PROXY")["properties"]["protectionStatus"] == "Unprotected"


def test_purge_gives_the_machine_back_too() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    client.carry_out("DELETE", item)
    assert client.call("GET", item).status == 404


def test_patch_changes_what_is_sent_and_nothing_else() -> None:
    client = Client()
    item = client.protect("DC01")
    nic = client.properties(item)["providerSpecificDetails"]["vmNics"][0]
    address = {"recoverySubnetName": "data", "recoveryStaticIPAddress": "10.40.3.9"}
    sent = {
        "recoveryAzureVMSize": "Standard_D4s_v5",
        "vmNics": [{"nicId": nic["nicId"], "selectionType": "SelectedByUser", "ipConfigs": [address]}],
    }
    client.carry_out("PATCH", item, {"properties": sent})

    details = client.properties(item)["providerSpecificDetails"]
    assert details["recoveryAzureVMSize"] == "Standard_D4s_v5"
    assert details["recoveryAzureVmName"] == "DC01"
    config = details["vmNics"][0]["ipConfigs"][0]
    assert (config["recoverySubnetName"], config["recoveryStaticIPAddress"]) == ("data", "10.40.3.9")
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    nics = client.values(f"{client.group}/providers/Microsoft.Network/networkInterfaces")
    taken = nics[0]["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"]
    assert taken == "10.40.3.9"


def test_a_failover_without_shutdown_skips_the_last_changes() -> None:
    def states(source_site: str) -> dict[str, str]:
        client = Client()
        item = client.protect("LNX-PROXY")
        accepted = client.begin(
            "POST", f"{item}/unplannedFailover", client.failover_body(sourceSiteOperations=source_site)
        )
        client.finish(accepted)
        return {task["taskId"]: task["state"] for task in client.job_of(accepted)["properties"]["tasks"]}

    assert states("NotRequired")["PrepareForUnPlannedFailoverTask"] == "Other"
    assert states("Required")["PrepareForUnPlannedFailoverTask"] == "Succeeded"


def test_an_item_says_when_it_was_never_tested(protected: tuple[Client, str]) -> None:
    client, item = protected
    properties = client.properties(item)
    assert (properties["replicationHealth"], properties["failoverHealth"]) == ("Normal", "Warning")
    assert [error["errorCode"] for error in properties["healthErrors"]] == ["161011"]


def test_too_much_change_makes_a_machine_ill_and_tells_of_it() -> None:
    client = Client()
    item = client.protect("SQL-PROD-01")
    client.clock.advance(3600)
    properties = client.properties(item)
    assert properties["replicationHealth"] == "Warning"
    assert "70179" in [error["errorCode"] for error in properties["healthErrors"]]
    events = client.values(f"{client.vault}/replicationEvents?$filter=EventType eq 'VmHealth'")
    assert [event["properties"]["affectedObjectFriendlyName"] for event in events] == ["SQL-PROD-01"]


def test_rpo_moves_and_stays_within_the_copy_interval(protected: tuple[Client, str]) -> None:
    client, item = protected
    seen: set[Any] = set()
    for _ in range(30):
        client.clock.advance(60)
        seen.add(client.properties(item)["providerSpecificDetails"]["rpoInSeconds"])
    assert len(seen) > 3
    assert max(seen) <= 2 * 300


def test_recovery_points_follow_the_policys_clock(protected: tuple[Client, str]) -> None:
    client, item = protected
    client.clock.advance(30 * 3600)
    points = client.values(f"{item}/recoveryPoints")
    times = [point["properties"]["recoveryPointTime"] for point in points]
    types = [point["properties"]["recoveryPointType"] for point in points]

    assert times == sorted(times)
    assert 140 <= len(points) <= 145  # 24 hours, one every ten minutes
    assert types.count("ApplicationConsistent") == 6  # every four hours
    assert client.get(points[3]["id"])["name"] == points[3]["name"]
