"""What is done around the machines: policies, associations, sites and servers; hosts that come, fall silent and return;
and the vault closed and opened again."""

from __future__ import annotations

from random import Random

from tests.walk.azure import Broken
from tests.walk.everything import check_same, read_everything
from tests.walk.machines import HYPER_V
from tests.walk.walk import HOSTS, Walk
from tests.walk.watch import fabric_of

POLICIES = ("every-5min", "policy-1", "policy-2")
OF_MACHINES = ("replication-paused", "snapshots-fail", "address-taken")
TROUBLES = (*OF_MACHINES, "storage-firewall", "network-deleted", "line-slow")
SITES = ("Branch", "Second")


async def policy(walk: Walk, random: Random) -> str:
    azure, client = walk.azure, walk.azure.client.replication_policies
    name, deed = random.choice(POLICIES), random.choice(["make", "change", "remove"])
    details = {
        "instanceType": HYPER_V,
        "recoveryPointHistoryDuration": random.choice([2, 24, 99]),
        "applicationConsistentSnapshotFrequencyInHours": random.choice([0, 1]),
        "replicationInterval": random.choice([30, 300, 900]),
    }
    if deed == "make":
        answer = await azure.begin(client.begin_create, name, {"properties": {"providerSpecificInput": details}})
    elif deed == "change":
        answer = await azure.begin(client.begin_update, name, {"properties": {"replicationProviderSettings": details}})
    else:
        answer = await azure.begin(client.begin_delete, name)
    return f"{deed} {name} {answer}"


async def association(walk: Walk, random: Random) -> str:
    azure, client = walk.azure, walk.azure.client.replication_protection_container_mappings
    containers = await azure.containers()
    if not containers:
        return "there is no container"
    container = random.choice(containers)["id"]
    where = (fabric_of(container), container.rsplit("/", 1)[1])
    name, deed = random.choice(POLICIES), random.choice(["make", "make", "remove", "purge"])
    if deed == "make":
        given = {
            "policyId": f"{azure.path}/replicationPolicies/{name}",
            "targetProtectionContainerId": "Microsoft Azure",
        }
        answer = await azure.begin(client.begin_create, *where, name, {"properties": given})
    elif deed == "remove":
        answer = await azure.begin(client.begin_delete, *where, name, {"properties": {}})
    else:
        answer = await azure.begin(client.begin_purge, *where, name)
    return f"{deed} {name} in {where[0]} {answer}"


async def site(walk: Walk, random: Random) -> str:
    azure, client = walk.azure, walk.azure.client.replication_fabrics
    name = random.choice(SITES)
    deed = random.choices(["make", "remove", "purge", "check"], [4, 3, 1, 2])[0]
    if deed == "make":
        answer = await azure.begin(client.begin_create, name, {"properties": {}})
    else:
        operation = {
            "remove": client.begin_delete,
            "purge": client.begin_purge,
            "check": client.begin_check_consistency,
        }[deed]
        answer = await azure.begin(operation, name)
    return f"{deed} {name} {answer}"


async def server(walk: Walk, random: Random) -> str:
    azure, client = walk.azure, walk.azure.client.replication_recovery_services_providers
    servers = await azure.all(client.list(azure.group, azure.vault))
    if not servers:
        return "there is no server"
    chosen = random.choice(servers)
    deed = random.choices(["refresh", "remove", "purge"], [5, 3, 1])[0]
    operation = {
        "refresh": client.begin_refresh_provider,
        "remove": client.begin_delete,
        "purge": client.begin_purge,
    }[deed]
    answer = await azure.begin(operation, fabric_of(chosen["id"]), chosen["name"])
    return f"{deed} {chosen['properties']['friendlyName']} {answer}"


async def host_comes(walk: Walk, random: Random) -> str:
    azure = walk.azure
    fabrics = await azure.all(azure.client.replication_fabrics.list(azure.group, azure.vault))
    if not fabrics:
        return "there is no site"
    chosen = random.choice(fabrics)
    answer = azure.practice("POST", "hosts", {"fabricId": chosen["id"]})
    return f"in {chosen['name']} {answer}"


async def silence(walk: Walk, random: Random) -> str:
    host, connected = random.choice(HOSTS), random.random() < 0.6
    answer = walk.azure.practice("PUT", f"hosts/{host}", {"connected": connected})
    return f"{host} {'returns' if connected else 'falls silent'} {answer}"


async def trouble(walk: Walk, random: Random) -> str:
    """Something goes wrong that the practice controls know, or all of it is put right."""
    if random.random() < 0.35:
        return f"all is put right {walk.azure.practice('DELETE', 'faults', {})}"
    kind, given = random.choice(TROUBLES), {"for": random.choice(["PT10M", "PT3H"])}
    if kind == "line-slow":
        given["delay"] = "0"  # two readings are to be of one moment
    if kind in OF_MACHINES:
        names = sorted(item["properties"]["friendlyName"] for item in walk.watch.items.values())
        if not names:
            return "no machine is protected"
        given["machine"] = random.choice(names)
    return f"{kind} {given.get('machine', '')} {walk.azure.practice('PUT', f'faults/{kind}', given)}"


async def reopen(walk: Walk, random: Random) -> str:
    before, then = read_everything(walk.azure), walk.azure.now
    walk.azure.reopen()
    if walk.azure.now != then:
        raise Broken("what was saved is there again", f"{walk.azure.now} is not {then}")
    check_same(before, read_everything(walk.azure))
    return f"{len(before)} readings are the same"
