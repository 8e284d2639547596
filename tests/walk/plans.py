"""What is done with recovery plans."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from tests.walk.azure import Broken, Json
from tests.walk.machines import FAILBACK, HYPER_V, is_heard
from tests.walk.tables import OPERATIONS
from tests.walk.walk import Walk
from tests.walk.watch import Asked, AskedOfPlan, fabric_of, vm_of

NAMES = ("plan-1", "plan-2")


class Run(NamedTuple):
    """Attributes:
    of_machines: the operation that each machine of the plan goes through.
    """

    of_machines: str
    words: frozenset[str] | None


RUNS = {
    "test failover": Run("test failover", frozenset({"TestFailover"})),
    "clean-up": Run("clean-up", frozenset({"TestFailoverCleanup"})),
    "planned failover": Run("planned failover", frozenset({"PlannedFailover"})),
    "unplanned failover": Run("unplanned failover", frozenset({"UnplannedFailover"})),
    "commit": Run("commit", frozenset({"Commit"})),
    "failback": Run("failback", None),
    "reverse replication": Run("reverse replication", None),
}
"""What a plan never offers by a word of its own is asked of it all the same, and judged by its machines."""


async def make(walk: Walk, random: Random) -> str:
    azure, client = walk.azure, walk.azure.client.replication_recovery_plans
    name, items = random.choice(NAMES), sorted(walk.watch.items.values(), key=lambda item: str(item["id"]))
    if random.random() < 0.15:
        return f"remove {name} {await azure.begin(client.begin_delete, name)}"
    if not items:
        return "no machine is protected"
    fabric = fabric_of(random.choice(items)["id"])
    members = [item for item in items if fabric_of(item["id"]) == fabric and random.random() < 0.5]
    groups: list[Json] = []
    for number in range(random.randint(1, 2)):
        mine = [
            {"id": item["id"], "virtualMachineId": vm_of(item)}
            for position, item in enumerate(members)
            if position % 2 == number or (number == 0 and len(groups) == 0 and position % 2 == 0)
        ]
        groups.append({"groupType": "Boot", "replicationProtectedItems": mine, "startGroupActions": []})
    if random.random() < 0.25:
        groups[0]["startGroupActions"] = [
            {
                "actionName": "Look",
                "failoverTypes": ["TestFailover", "PlannedFailover", "UnplannedFailover"],
                "failoverDirections": ["PrimaryToRecovery"],
                "customDetails": {"instanceType": "ManualActionDetails", "description": "Look around."},
            }
        ]
    given = {
        "primaryFabricId": f"{azure.path}/replicationFabrics/{fabric}",
        "recoveryFabricId": "Microsoft Azure",
        "failoverDeploymentModel": "ResourceManager",
        "groups": groups,
    }
    answer = await azure.begin(client.begin_create, name, {"properties": given})
    return f"{name} of {[len(group['replicationProtectedItems']) for group in groups]} {answer}"


async def run(walk: Walk, random: Random) -> str:
    azure, client = walk.azure, walk.azure.client.replication_recovery_plans
    plans = await azure.plans()
    if not plans:
        return await make(walk, random)
    name = random.choice(plans)["name"]
    plan = await client.get(azure.group, azure.vault, name)
    offered = set(plan["properties"]["allowedOperations"])
    members = _members(walk, plan)
    scenario = _chosen(random, members, offered)
    network = f"{azure.group_path}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-drill"
    body: Json = {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": []}}
    if scenario == "test failover":
        body["properties"] |= {"networkType": "VmNetworkAsInput", "networkId": network}
        answer = await azure.begin(client.begin_test_failover, name, body)
    elif scenario == "clean-up":
        answer = await azure.begin(client.begin_test_failover_cleanup, name, {"properties": {"comments": "x"}})
    elif scenario == "planned failover":
        body["properties"]["providerSpecificDetails"] = [{"instanceType": HYPER_V}]
        answer = await azure.begin(client.begin_planned_failover, name, body)
    elif scenario == "unplanned failover":
        body["properties"]["sourceSiteOperations"] = random.choice(["Required", "NotRequired"])
        answer = await azure.begin(client.begin_unplanned_failover, name, body)
    elif scenario == "commit":
        answer = await azure.begin(client.begin_failover_commit, name)
    elif scenario == "failback":
        sync = random.choice(["ForDownTime", "ForSynchronization"])
        details = {"instanceType": FAILBACK, "dataSyncOption": sync, "recoveryVmCreationOption": "NoAction"}
        body["properties"] |= {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": [details]}
        answer = await azure.begin(client.begin_planned_failover, name, body)
    else:
        answer = await azure.begin(client.begin_reprotect, name)
    told = f"{scenario} of {name} with {len(members)} {answer}"
    if answer.status >= 400:
        if members and offered:
            raise Broken("a plan with machines takes what it is asked", told)
        return told
    wanted, words = RUNS[scenario].of_machines, RUNS[scenario].words
    asked = {
        vm_of(item): Asked(
            wanted,
            item,
            bool(OPERATIONS[wanted].words & set(item["properties"]["allowedOperations"])),
            is_heard(walk, item["properties"]["recoveryServicesProviderId"]),
        )
        for item in members
    }
    may_succeed = bool(offered) and (words is None or bool(words & offered))
    walk.watch.asked_of_plans[answer.job] = AskedOfPlan(told, may_succeed, asked)
    return told


def _members(walk: Walk, plan: Json) -> list[Json]:
    entries = [entry for group in plan["properties"]["groups"] for entry in group["replicationProtectedItems"]]
    return [item for entry in entries if (item := walk.watch.items.get(entry["id"].lower())) is not None]


def _chosen(random: Random, members: list[Json], offered: set[str]) -> str:
    """Mostly something that the machines of the plan are ready for, else anything."""
    words = [set(item["properties"]["allowedOperations"]) for item in members]
    for all_of_them in (set.intersection(*words) if words else set(), set().union(*words) | offered):
        fitting = [name for name, run in RUNS.items() if OPERATIONS[run.of_machines].words & all_of_them]
        if fitting and random.random() < 0.85:
            return random.choice(fitting)
    return random.choice(sorted(RUNS))
