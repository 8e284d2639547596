"""What is asked of machines: to protect them, to fail them over and back, to change and to end all that."""

from __future__ import annotations

from random import Random

from tests.walk.azure import Answer, Broken, Json
from tests.walk.tables import OPERATIONS
from tests.walk.walk import Walk
from tests.walk.watch import Asked, fabric_of, state_of, vm_of

POLICIES = ("every-5min", "policy-1", "policy-2")
MAPPINGS = "replicationProtectionContainerMappings"
HYPER_V, FAILBACK = "HyperVReplicaAzure", "HyperVReplicaAzureFailback"


def an_item(walk: Walk, random: Random) -> Json | None:
    items = sorted(walk.watch.items.values(), key=lambda item: str(item["id"]))
    return random.choice(items) if items else None


async def go_on(walk: Walk, random: Random) -> str:
    """Something that one of the machines offers; while none offers more than to end, another one is protected."""
    items = sorted(walk.watch.items.values(), key=lambda item: str(item["id"]))
    offers = [(item, fitting) for item in items if (fitting := operations_of(item)) not in ([], ["disable"])]
    if not offers or random.random() < 0.05:
        return await enable(walk, random)
    item, fitting = random.choice(offers)
    weights = [1 if name in ("disable", "complete migration") else 8 for name in fitting]
    return await _ask(walk, random, item, random.choices(fitting, weights)[0])


async def stray(walk: Walk, random: Random) -> str:
    """Anything at all, whether it is offered or not."""
    item = an_item(walk, random)
    if item is None:
        return "no machine is protected"
    return await _ask(walk, random, item, random.choice(sorted(OPERATIONS)))


async def _ask(walk: Walk, random: Random, item: Json, operation: str) -> str:
    azure, client = walk.azure, walk.azure.client.replication_protected_items
    path = item["id"].split("/")
    fabric, container, name = path[10], path[12], path[14]
    where = (fabric, container, name)
    before = await client.get(azure.group, azure.vault, *where)
    properties = before["properties"]
    is_permitted = bool(OPERATIONS[operation].words & set(properties["allowedOperations"]))
    details: Json = {"instanceType": HYPER_V}
    if random.random() < 0.3 and operation in ("test failover", "planned failover", "unplanned failover"):
        details |= await a_point(walk, random, where)
    body: Json = {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details}}
    if operation == "test failover":
        network = f"{azure.group_path}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-drill"
        body["properties"] |= {"networkType": "VmNetworkAsInput", "networkId": network}
        answer = await azure.begin(client.begin_test_failover, *where, body)
    elif operation == "clean-up":
        answer = await azure.begin(client.begin_test_failover_cleanup, *where, {"properties": {"comments": "x"}})
    elif operation == "planned failover":
        answer = await azure.begin(client.begin_planned_failover, *where, body)
    elif operation == "unplanned failover":
        body["properties"]["sourceSiteOperations"] = random.choice(["Required", "NotRequired"])
        answer = await azure.begin(client.begin_unplanned_failover, *where, body)
    elif operation == "change of point":
        point = (await a_point(walk, random, where)).get("recoveryPointId")
        given = {"properties": {"recoveryPointId": point, "providerSpecificDetails": details}}
        answer = await azure.begin(client.begin_apply_recovery_point, *where, given)
    elif operation == "commit":
        answer = await azure.begin(client.begin_failover_commit, *where)
    elif operation == "failback":
        answer = await azure.begin(client.begin_planned_failover, *where, failback_body(random))
    elif operation == "reverse replication":
        answer = await azure.begin(client.begin_reprotect, *where, {"properties": {}})
    elif operation == "cancel failover":
        answer = await azure.begin(client.begin_failover_cancel, *where)
    else:
        reason = {"complete migration": {"disableProtectionReason": "MigrationComplete"}}.get(operation, {})
        answer = await azure.begin(client.begin_delete, *where, {"properties": reason})
    told = f"{operation} of {properties['friendlyName']} ({state_of(before)}) {answer}"
    _note(walk, operation, before, answer, is_permitted=is_permitted, told=told)
    return told


def _note(walk: Walk, operation: str, before: Json, answer: Answer, *, is_permitted: bool, told: str) -> None:
    if answer.status >= 400:
        if is_permitted:
            raise Broken("what is in allowedOperations is accepted", told)
        return
    heard = is_heard(walk, before["properties"]["recoveryServicesProviderId"])
    walk.watch.asked[answer.job] = Asked(operation, before, is_permitted, heard)


def is_heard(walk: Walk, provider: str) -> bool:
    found = walk.azure.get(f"{walk.azure.path}/replicationRecoveryServicesProviders")["value"]
    return any(
        entry["id"].lower() == provider.lower() and entry["properties"]["connectionStatus"] == "Connected"
        for entry in found
    )


async def a_point(walk: Walk, random: Random, where: tuple[str, str, str]) -> Json:
    azure = walk.azure
    found = await azure.all(
        azure.client.recovery_points.list_by_replication_protected_items(azure.group, azure.vault, *where)
    )
    return {"recoveryPointId": random.choice(found)["id"]} if found else {}


async def enable(walk: Walk, random: Random) -> str:
    azure = walk.azure
    containers = await azure.containers()
    if not containers:
        return "there is no container"
    container = random.choice(containers)["id"]
    sources = await azure.protectable(container)
    if not sources:
        return "there is no machine"
    free = [machine for machine in sources if machine["properties"]["protectionStatus"] == "Unprotected"]
    source = random.choice(free if free and random.random() < 0.8 else sources)
    policies = [entry["properties"]["policyId"] for entry in azure.get(f"{container}/{MAPPINGS}")["value"]]
    if not policies and random.random() < 0.8:
        return await associate(walk, container)
    if not policies or random.random() < 0.1:
        policies = [f"{azure.path}/replicationPolicies/{name}" for name in POLICIES]
    is_free = source["properties"]["protectionStatus"] == "Unprotected"
    disks, details = source["properties"]["customDetails"]["diskDetails"], source["properties"]["customDetails"]
    name = source["name"] if random.random() < 0.8 else f"item-{random.randint(1, 2)}"
    network = f"{azure.group_path}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-dr"
    given = {
        "instanceType": HYPER_V,
        "osType": details["osDetails"]["osType"],
        "vhdId": disks[0]["vhdId"],
        "targetStorageAccountId": f"{azure.group_path}/providers/Microsoft.Storage/storageAccounts/stcontosoasrweu",
        "targetAzureNetworkId": network,
        "targetAzureSubnetId": f"{network}/subnets/servers",
        "targetAzureV2ResourceGroupId": azure.group_path,
        "targetAzureVmName": source["properties"]["friendlyName"],
        "useManagedDisks": random.choice(["true", "false"]),
    }
    properties = {
        "policyId": random.choice(policies),
        "protectableItemId": source["id"],
        "providerSpecificDetails": given,
    }
    client = azure.client.replication_protected_items
    where = (fabric_of(container), container.rsplit("/", 1)[1], name)
    answer = await azure.begin(client.begin_create, *where, {"properties": properties})
    is_under_way = any(vm_of(item) == source["name"] for item in walk.watch.items.values())
    told = f"{source['properties']['friendlyName']} as {name[:8]} {answer}"
    if not is_free or is_under_way:
        walk.watch.enabled_again[answer.job] = told
    return told


async def associate(walk: Walk, container: str) -> str:
    """Without a policy nothing can be protected there: make one, and bring it in when it is there."""
    azure = walk.azure
    policies = azure.get(f"{azure.path}/replicationPolicies")["value"]
    if not policies:
        details = {"instanceType": HYPER_V, "recoveryPointHistoryDuration": 24, "replicationInterval": 300}
        given: Json = {"properties": {"providerSpecificInput": details}}
        answer = await azure.begin(azure.client.replication_policies.begin_create, POLICIES[0], given)
        return f"make {POLICIES[0]} {answer}"
    where = (fabric_of(container), container.rsplit("/", 1)[1], policies[0]["name"])
    given = {"properties": {"policyId": policies[0]["id"], "targetProtectionContainerId": "Microsoft Azure"}}
    client = azure.client.replication_protection_container_mappings
    return f"associate {policies[0]['name']} {await azure.begin(client.begin_create, *where, given)}"


async def update(walk: Walk, random: Random) -> str:
    item = an_item(walk, random)
    if item is None:
        return "no machine is protected"
    path = item["id"].split("/")
    name = random.choices(["vm-one", "vm-two", "bad name", str(item["properties"]["friendlyName"])], [3, 3, 1, 3])[0]
    size = random.choices(["Standard_D2s_v3", "Standard_B2s", "Standard_Nowhere"], [3, 3, 1])[0]
    nics = item["properties"]["providerSpecificDetails"]["vmNics"]  # told from the first recovery point on
    address = {"recoveryStaticIPAddress": random.choice(["10.40.1.9", ""]), "recoverySubnetName": "servers"}
    possible: list[Json] = [{"recoveryAzureVMName": name}, {"recoveryAzureVMSize": size}]
    if nics:
        nic = {"nicId": nics[0]["nicId"], "selectionType": "SelectedByUser", "ipConfigs": [address]}
        possible.append({"vmNics": [nic]})
    changes = random.choice(possible)
    client = walk.azure.client.replication_protected_items
    answer = await walk.azure.begin(client.begin_update, path[10], path[12], path[14], {"properties": changes})
    return note_other(walk, "update", item, answer, str(changes))


async def resynchronize(walk: Walk, random: Random) -> str:
    item = an_item(walk, random)
    if item is None:
        return "no machine is protected"
    path = item["id"].split("/")
    client = walk.azure.client.replication_protected_items
    answer = await walk.azure.begin(client.begin_repair_replication, path[10], path[12], path[14])
    return note_other(walk, "resynchronization", item, answer, state_of(item))


async def purge(walk: Walk, random: Random) -> str:
    item = an_item(walk, random)
    if item is None:
        return "no machine is protected"
    path = item["id"].split("/")
    client = walk.azure.client.replication_protected_items
    answer = await walk.azure.begin(client.begin_purge, path[10], path[12], path[14])
    return note_other(walk, "purge", item, answer, state_of(item))


def note_other(walk: Walk, operation: str, item: Json, answer: Answer, told: str) -> str:
    """Expect it to go well unless a job works on the machine, or there is nothing yet to resynchronize."""
    properties = item["properties"]
    is_free = properties["currentScenario"]["scenarioName"] == "None"
    is_permitted = is_free and (operation != "resynchronization" or state_of(item) == "Protected")
    heard = is_heard(walk, properties["recoveryServicesProviderId"])
    if answer.status < 300:
        walk.watch.asked[answer.job] = Asked(operation, item, is_permitted, heard)
    return f"{properties['friendlyName']} {told} {answer}"


def operations_of(item: Json) -> list[str]:
    offered = set(item["properties"]["allowedOperations"])
    return sorted(name for name, operation in OPERATIONS.items() if operation.words & offered)


def failback_body(random: Random) -> Json:
    return {
        "properties": {
            "failoverDirection": "RecoveryToPrimary",
            "providerSpecificDetails": {
                "instanceType": FAILBACK,
                "dataSyncOption": random.choice(["ForDownTime", "ForSynchronization"]),
                "recoveryVmCreationOption": "NoAction",
            },
        }
    }
