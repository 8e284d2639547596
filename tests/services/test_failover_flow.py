"""Why an operation has to wait, what is checked before it, and what it would send: all from values, without Azure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from app.domain.arm_id import ArmId
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.fabric import RecoveryServicesProvider
from app.domain.health import Health
from app.domain.issue import Suitability
from app.domain.protected_item import CurrentScenario, ReplicationProtectedItem, TargetNic
from app.domain.recovery import PointChoice, RecoveryPoint
from app.flows.failover import (
    CLEAN_UP,
    COMMIT,
    OPERATIONS,
    PLANNED,
    TEST,
    UNPLANNED,
    FailoverChoices,
    FailoverKind,
    FailoverOperation,
    FailoverPoints,
    button_text,
    failover_actions,
    happenings,
)
from app.flows.failover_checks import checks, is_blocked, worst
from app.flows.failover_facts import Check, FailoverFacts, Topic
from app.flows.failover_networks import expected_subnet
from app.flows.failover_refusals import why_not
from app.rules import load_rules

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VAULT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v"
CONTAINER = f"{VAULT}/replicationFabrics/hq/replicationProtectionContainers/c"
HOST = f"{VAULT}/replicationFabrics/hq/replicationRecoveryServicesProviders/h"
NETWORKS = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks"
SETTLED = ("PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover")


def machine(name: str = "WEB-01", **changes: Any) -> ReplicationProtectedItem:
    """A healthy machine, replicating, tested a month ago."""
    item = ReplicationProtectedItem(
        id=ArmId(f"{CONTAINER}/replicationProtectedItems/{name}"),
        name=name,
        friendly_name=name,
        protectable_item_id="",
        provider_id=HOST,
        fabric_friendly_name="hq",
        policy_id="",
        policy_name="",
        protection_state="Protected",
        protection_state_description="Protected",
        active_location="Primary",
        test_failover_state="None",
        test_failover_state_description="None",
        allowed_operations=SETTLED,
        replication_health=Health.NORMAL,
        failover_health=Health.NORMAL,
        rpo_s=240,
        last_test_failover=NOW - timedelta(days=31),
        target_name=name,
        target_network_id=f"{NETWORKS}/live",
        nics=(TargetNic("n", "LAN", "10.0.0.4", "web", "", "SelectedByUser"),),
    )
    return structs.replace(item, **changes)


FAILED_OVER = {
    "protection_state": "UnplannedFailoverCommitPendingStatesBegin",
    "active_location": "Recovery",
    "allowed_operations": ("CompleteMigration", "Commit", "DisableProtection", "ChangePit"),
}
COMMITTED = {
    "protection_state": "UnplannedFailoverCommitted",
    "active_location": "Recovery",
    "allowed_operations": ("CompleteMigration", "DisableProtection", "Failback"),
}
DRILLED = {
    "test_failover_state": "WaitingForCompletion",
    "allowed_operations": ("DisableProtection", "TestFailoverCleanup"),
}
COPYING = {
    "protection_state": "InitialReplicationInProgress",
    "protection_state_description": "Initial replication is in progress",
    "initial_replication_percent": 43,
    "allowed_operations": ("DisableProtection",),
}


@pytest.mark.parametrize(
    ("operation", "changes", "reason"),
    [
        (TEST, {}, ""),
        (PLANNED, {}, ""),
        (CLEAN_UP, DRILLED, ""),
        (COMMIT, FAILED_OVER, ""),
        (TEST, COPYING, "The first copy of WEB-01 is at 43 %."),
        (PLANNED, COPYING | {"initial_replication_percent": None}, "The first copy of WEB-01 has just begun."),
        (
            UNPLANNED,
            COPYING | {"protection_state": "InitialReplicationRecoveryCompletionPending"},
            "The first copy of WEB-01 is in Azure; its first recovery point is being made.",
        ),
        (
            TEST,
            {"allowed_operations": ()},
            "The first copy of WEB-01 is complete; Azure is finishing its settings.",
        ),
        (TEST, DRILLED, "The test machine of WEB-01 still runs. Clean up first."),
        (PLANNED, DRILLED, "The test machine of WEB-01 still runs. Clean up first."),
        (CLEAN_UP, {}, "WEB-01 has no test machine in Azure."),
        (TEST, FAILED_OVER, "WEB-01 has failed over and waits for its commit."),
        (PLANNED, COMMITTED, "WEB-01 runs in Azure. It must go back to its site first."),
        (COMMIT, COMMITTED, "The failover of WEB-01 is committed."),
        (COMMIT, {}, "WEB-01 runs on premises."),
        (
            TEST,
            {
                "allowed_operations": (),
                "current_scenario": CurrentScenario("PlannedFailover", f"{VAULT}/replicationJobs/j", NOW),
            },
            "A job is working on WEB-01. It can be started when that is over.",
        ),
        (
            TEST,
            {"is_hyper_v_to_azure": False, "allowed_operations": ()},
            "WEB-01 is not a Hyper-V machine that replicates to Azure.",
        ),
        (
            TEST,
            {
                "protection_state": "ResyncRequired",
                "protection_state_description": "Resynchronization required",
                "allowed_operations": ("DisableProtection",),
            },
            "Azure does not offer it for WEB-01 now: Resynchronization required.",
        ),
    ],
)
def test_a_refusal_says_why(operation: FailoverOperation, changes: dict[str, Any], reason: str) -> None:
    refusal = why_not(operation, machine(**changes))
    assert (refusal.reason if refusal else "") == reason


def test_a_refusal_shows_the_way_on() -> None:
    drilled = why_not(PLANNED, machine(**DRILLED))
    failed_over = why_not(TEST, machine(**FAILED_OVER))
    busy = why_not(
        TEST, machine(allowed_operations=(), current_scenario=CurrentScenario("TestFailover", "job-id", NOW))
    )
    assert drilled is not None
    assert failed_over is not None
    assert busy is not None
    assert (drilled.way_on, failed_over.way_on, busy.job_id) == (FailoverKind.CLEAN_UP, FailoverKind.COMMIT, "job-id")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("changes", [{}, COPYING, DRILLED, FAILED_OVER, COMMITTED])
def test_only_allowed_operations_rule(operation: FailoverOperation, changes: dict[str, Any]) -> None:
    item = machine(**changes)
    assert (why_not(operation, item) is None) == item.allows(operation.allowed_by)


def points(item: ReplicationProtectedItem, *minutes: int, application_consistent: int | None = None) -> FailoverPoints:
    return FailoverPoints(
        {
            item.id.key: tuple(
                RecoveryPoint(
                    ArmId(f"{item.id}/recoveryPoints/{age}"),
                    str(age),
                    NOW - timedelta(minutes=age),
                    "ApplicationConsistent" if age == application_consistent else "CrashConsistent",
                )
                for age in minutes
            )
        }
    )


def network(name: str, *subnets: str, prefix: str = "10.1.0.0/24") -> VirtualNetwork:
    return VirtualNetwork(
        ArmId(f"{NETWORKS}/{name}"), name, "westeurope", ("10.1.0.0/16",), tuple(Subnet(s, prefix) for s in subnets)
    )


def host(*, silent_min: int = 1) -> RecoveryServicesProvider:
    return RecoveryServicesProvider(ArmId(HOST), "h", "HV-HQ-01", last_heartbeat=NOW - timedelta(minutes=silent_min))


def facts(item: ReplicationProtectedItem, **changes: Any) -> FailoverFacts:
    found = FailoverFacts(
        now=NOW,
        points=points(item, 4, 9, 64, application_consistent=64),
        rules=load_rules(),
        networks=(network("drill", "web", "apps"), network("live", "web")),
        hosts=(host(),),
    )
    return replace(found, **changes)


DRILL = FailoverChoices(network_id=f"{NETWORKS}/drill")


def about(topic: Topic, found: tuple[Check, ...]) -> Check:
    return next(check for check in found if check.topic is topic)


@pytest.mark.parametrize("operation", [TEST, PLANNED, UNPLANNED])
def test_nothing_blocks_a_healthy_machine(operation: FailoverOperation) -> None:
    item = machine()
    assert not is_blocked(checks(operation, [item], DRILL, facts(item)))


def test_a_healthy_drill_passes_every_check() -> None:
    item = machine()
    found = checks(TEST, [item], DRILL, facts(item))
    assert worst(found) is None
    assert about(Topic.POINT, found).detail == "4 min old"
    assert about(Topic.SUBNET, found).detail == "web"
    assert about(Topic.NETWORK, found).detail == "drill"


def test_what_many_machines_pass_is_told_in_one_line() -> None:
    items = [machine(f"WEB-0{number}") for number in range(1, 6)]
    every = FailoverPoints({key: value for item in items for key, value in points(item, 4).by_item.items()})
    found = checks(TEST, items, DRILL, facts(items[0], points=every))
    assert worst(found) is None
    assert len(found) == len({check.topic for check in found})
    assert about(Topic.HEALTH, found).detail == "5 machines"


def test_a_machine_in_trouble_among_many_is_named() -> None:
    items = [machine("WEB-01"), machine("WEB-02", replication_health=Health.CRITICAL)]
    found = checks(PLANNED, items, DRILL, facts(items[0]))
    assert about(Topic.HEALTH, found).text == "Replication of WEB-02 is critical."
    assert found[0].status is Suitability.WARNING


def test_the_network_of_real_failovers_is_warned_of() -> None:
    item = machine()
    found = checks(TEST, [item], FailoverChoices(network_id=f"{NETWORKS}/LIVE"), facts(item))
    told = worst(found)
    assert told is not None
    assert told.text == "live is for real failovers: a test machine in it may answer in place of a running one."


def test_a_network_that_is_gone_blocks_a_drill() -> None:
    item = machine()
    assert is_blocked(checks(TEST, [item], FailoverChoices(network_id=f"{NETWORKS}/gone"), facts(item)))


def test_a_missing_subnet_shows_where_the_machine_lands() -> None:
    item = machine()
    found = checks(TEST, [item], DRILL, facts(item, networks=(network("drill", "snet-b", "snet-a"),)))
    assert about(Topic.SUBNET, found).text == "drill has no subnet web; WEB-01 goes into snet-a."


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [(("apps", "WEB"), "WEB"), (("b", "A"), "A"), ((), None)],
)
def test_azure_takes_the_subnet_of_the_same_name_else_the_first(subnets: tuple[str, ...], expected: str | None) -> None:
    found = expected_subnet(machine(), network("drill", *subnets))
    assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("operation", "status"),
    [(PLANNED, Suitability.BLOCKED), (UNPLANNED, Suitability.WARNING)],
)
def test_a_subnet_that_takes_no_machine_stands_against_a_real_failover(
    operation: FailoverOperation, status: Suitability
) -> None:
    nic = structs.replace(machine().nics[0], target_subnet="gatewaysubnet")
    item = machine(nics=(nic,))
    told = about(
        Topic.SUBNET, checks(operation, [item], DRILL, facts(item, networks=(network("live", "web", "GatewaySubnet"),)))
    )
    assert told.status is status
    assert told.text.startswith("WEB-01 can’t be connected in live. GatewaySubnet belongs to VPN")
    unused = machine(nics=(structs.replace(nic, selection="NotSelected"),))
    found = checks(operation, [unused], DRILL, facts(unused, networks=(network("live", "web", "GatewaySubnet"),)))
    assert Topic.SUBNET not in {check.topic for check in found}


@pytest.mark.parametrize("operation", [PLANNED, UNPLANNED])
def test_a_subnet_that_is_gone_stands_against_a_real_failover(operation: FailoverOperation) -> None:
    item = machine()
    told = about(Topic.SUBNET, checks(operation, [item], DRILL, facts(item, networks=(network("live", "apps"),))))
    assert told.text == "WEB-01 can’t be connected in live. live has no subnet web any more."
    there = about(Topic.SUBNET, checks(operation, [item], DRILL, facts(item)))
    assert (there.status, there.detail) == (Suitability.OK, "web")
    unread = checks(operation, [item], DRILL, facts(item, networks=()))
    assert Topic.SUBNET not in {check.topic for check in unread}


def test_a_subnet_that_takes_no_machine_blocks_a_drill() -> None:
    item = machine()
    kept = replace(network("drill", "web").subnets[0], delegations=("Microsoft.Web/serverFarms",))
    drill = replace(network("drill", "web"), subnets=(kept,))
    found = checks(TEST, [item], DRILL, facts(item, networks=(drill,)))
    assert is_blocked(found)
    told = about(Topic.SUBNET, found)
    assert told.text.startswith("WEB-01 would go into web of drill. web was given to Microsoft.Web/serverFarms")
    first = network("drill", "AzureBastionSubnet", "machines")
    assert is_blocked(checks(TEST, [item], DRILL, facts(item, networks=(first,))))


def test_too_few_free_addresses_block_a_drill() -> None:
    items = [machine(f"WEB-0{number}") for number in range(1, 6)]
    small = network("drill", "web", prefix="10.1.0.0/29")  # eight addresses, of which Azure keeps five
    found = checks(TEST, items, DRILL, facts(items[0], networks=(small,)))
    assert about(Topic.ADDRESSES, found).text == "web has 3 free addresses; 5 are needed."
    assert is_blocked(found)


def test_a_silent_host_blocks_a_planned_failover_and_shows_the_other_way() -> None:
    item = machine()
    found = checks(PLANNED, [item], DRILL, facts(item, hosts=(host(silent_min=40),)))
    told = about(Topic.HOST, found)
    assert told.status is Suitability.BLOCKED
    assert told.text == "HV-HQ-01, the host of WEB-01, has been silent for 40 min."
    assert "use Failover" in told.remedy


def test_an_emergency_is_only_warned() -> None:
    item = machine(target_name="WEB 01", replication_health=Health.CRITICAL, last_test_failover=None)
    found = checks(
        UNPLANNED, [item], FailoverChoices(), facts(item, hosts=(host(silent_min=4000),), points=FailoverPoints())
    )
    assert not is_blocked(found)
    assert {check.topic for check in found if check.status is Suitability.WARNING} >= {Topic.NAME, Topic.HOST}


def test_an_emergency_that_azure_refuses_is_blocked() -> None:
    item = machine(**COPYING)
    assert is_blocked(checks(UNPLANNED, [item], FailoverChoices(), facts(item)))


def test_a_name_that_azure_does_not_take_blocks_a_drill() -> None:
    item = machine(target_name="WEB 01")
    found = checks(TEST, [item], DRILL, facts(item))
    assert about(Topic.NAME, found).status is Suitability.BLOCKED
    assert about(Topic.NAME, found).text == "Azure does not take the name WEB 01 for WEB-01."


@pytest.mark.parametrize(
    ("choices", "text"),
    [
        (FailoverChoices(PointChoice.LATEST), "If WEB-01 cannot be shut down, about the last 4 min are lost."),
        (FailoverChoices(PointChoice.LATEST, shut_down=False), "WEB-01 loses the changes of about the last 4 min."),
        (
            FailoverChoices(PointChoice.LATEST_APPLICATION_CONSISTENT),
            "WEB-01 loses the changes of the last 64 min.",
        ),
    ],
)
def test_what_would_be_lost_is_told(choices: FailoverChoices, text: str) -> None:
    item = machine()
    assert about(Topic.LOSS, checks(UNPLANNED, [item], choices, facts(item))).text == text


@pytest.mark.parametrize(
    ("tested", "text"),
    [(None, "WEB-01 has never been tested."), (NOW - timedelta(days=200), "WEB-01 was tested 200 days ago.")],
)
def test_an_old_drill_or_none_is_warned_of(tested: datetime | None, text: str) -> None:
    item = machine(last_test_failover=tested)
    told = about(Topic.DRILL, checks(PLANNED, [item], DRILL, facts(item)))
    assert (told.status, told.text) == (Suitability.WARNING, text)


def test_a_machine_that_is_not_there_is_warned_of_before_its_commit() -> None:
    item = machine(**FAILED_OVER)
    told = about(Topic.MACHINE, checks(COMMIT, [item], FailoverChoices(), facts(item)))
    assert (told.status, told.text) == (Suitability.WARNING, "The machine of WEB-01 in Azure is not there.")


def test_bodies_are_as_azure_takes_them() -> None:
    item = machine()
    found = facts(item).points
    newest = found.of(item)[0].id.text

    def body(operation: FailoverOperation, choices: FailoverChoices) -> Any:
        (action,) = failover_actions(operation, [item], choices, found, occasion="o")
        return action.verb, action.body

    details = {"instanceType": "HyperVReplicaAzure"}
    assert body(TEST, DRILL) == (
        "testFailover",
        {
            "failoverDirection": "PrimaryToRecovery",
            "networkType": "VmNetworkAsInput",
            "networkId": f"{NETWORKS}/drill",
            "providerSpecificDetails": details | {"recoveryPointId": newest},
        },
    )
    assert body(TEST, FailoverChoices(PointChoice.LATEST))[1]["networkType"] == "NoNetworkAttachAsInput"
    assert body(CLEAN_UP, FailoverChoices(notes="fine")) == ("testFailoverCleanup", {"comments": "fine"})
    assert body(PLANNED, FailoverChoices()) == (
        "plannedFailover",
        {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details},
    )
    assert body(UNPLANNED, FailoverChoices(PointChoice.LATEST, shut_down=False)) == (
        "unplannedFailover",
        {
            "failoverDirection": "PrimaryToRecovery",
            "sourceSiteOperations": "NotRequired",
            "providerSpecificDetails": details,
        },
    )
    assert body(COMMIT, FailoverChoices()) == ("failoverCommit", None)


def test_one_opening_of_the_sheet_makes_the_same_actions_another_makes_new_ones() -> None:
    item = machine()
    first, again, other = (
        failover_actions(TEST, [item], DRILL, FailoverPoints(), occasion=occasion)[0].id for occasion in "aab"
    )
    assert first == again
    assert first != other


def test_shutting_down_is_told_as_part_of_what_will_happen() -> None:
    with_it = happenings(UNPLANNED, FailoverChoices(shut_down=True), 400)
    without = happenings(UNPLANNED, FailoverChoices(shut_down=False), 400)
    assert "The host shuts the machine down" in [line.text for line in with_it]
    assert "The host shuts the machine down" not in [line.text for line in without]
    assert sum(line.usual_s or 0 for line in with_it) == pytest.approx(400)


def test_the_button_says_how_many() -> None:
    items = [machine("A"), machine("B"), machine("C")]
    assert button_text(TEST, items[:1]) == "Start test failover"
    assert button_text(TEST, items) == "Start test failover of 3 machines"
