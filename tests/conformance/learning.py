"""What an answer tells of the estate: the values that a scenario needs to show the same thing again.

Only answers to reads of things that nothing in the session has written before are learned from. A body is taken apart
into what the practice vault keeps; it is never kept itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conformance.arm import Target, dig, is_arm_id, target_of
from tests.conformance.estate_seen import Estate, Json, vault_name

MIB_PER_GIB = 1024


def learn(estate: Estate, record: Json) -> None:
    """Take one shown thing apart; what is not known by its type tells nothing but that it is there."""
    target = target_of(record["id"])
    if target.type in _OF_TYPE:
        _OF_TYPE[target.type](estate, target, record)
    else:
        estate.meet(target)


def moment(text: Any) -> datetime | None:
    """A time as the service writes it; None for none, and for the times that stand for never."""
    if not isinstance(text, str) or text[:4] in ("", "0001", "1753"):
        return None
    head, dot, tail = text.strip().replace(" ", "+").partition(".")
    digits = tail[: next((i for i, c in enumerate(tail) if not c.isdigit()), len(tail))]
    try:
        found = datetime.fromisoformat(f"{head}{dot}{digits[:6]}{tail[len(digits) :]}")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# Around the vault


def _group(estate: Estate, target: Target, body: Json) -> None:
    group = estate.group(target)
    group["name"] = body.get("name") or group["name"]
    group["location"] = body.get("location") or group["location"]
    if body.get("tags") is not None:
        group["tags"] = body["tags"]


def _vault(estate: Estate, target: Target, body: Json) -> None:
    vault = estate.vault(target)
    for key in ("location", "sku", "tags"):
        if body.get(key) is not None:
            vault[key] = body[key]


def _network(estate: Estate, target: Target, body: Json) -> None:
    network = estate.network(target)
    if body.get("tags") is not None:
        network["tags"] = body["tags"]
    network["location"] = body.get("location") or network["location"]
    network["prefixes"] = dig(body, "properties.addressSpace.addressPrefixes") or network["prefixes"]
    network["subnets"] = [
        {"name": subnet["name"], "prefix": prefix}
        for subnet in dig(body, "properties.subnets") or []
        if (prefix := dig(subnet, "properties.addressPrefix"))
    ]


def _account(estate: Estate, target: Target, body: Json) -> None:
    account = estate.account(target)
    properties = body.get("properties") or {}
    account |= {
        "location": body.get("location") or account["location"],
        "sku": dig(body, "sku.name") or account["sku"],
        "kind": body.get("kind") or "StorageV2",
        "tier": properties.get("accessTier"),
        "properties": {
            key: properties[key]
            for key in (
                "allowBlobPublicAccess",
                "allowCrossTenantReplication",
                "minimumTlsVersion",
                "networkAcls",
                "supportsHttpsTrafficOnly",
            )
            if key in properties
        },
    }


def _alerts(estate: Estate, target: Target, body: Json) -> None:
    estate.vault(target)["alerts"] = body["properties"]


# Sites, hosts, machines


def _site(estate: Estate, target: Target, body: Json) -> None:
    site = estate.site(target)
    site["identifier"] = dig(body, "properties.internalIdentifier") or site.get("identifier", "")
    known = [host for key, host in estate.hosts.items() if key.startswith(target.fabric + "/")]
    for place, told in enumerate(dig(body, "properties.customDetails.hyperVHosts") or []):
        if place >= len(known):
            estate.host(target_of(f"{target.fabric}/replicationRecoveryServicesProviders/host-{place}"))
            known = [host for key, host in estate.hosts.items() if key.startswith(target.fabric + "/")]
            known[place]["provider"] = ""
        known[place]["name"] = told.get("name") or known[place]["name"]
        known[place]["agent_version"] = told.get("marsAgentVersion")


def _container(estate: Estate, target: Target, body: Json) -> None:
    estate.site(target)["has_container"] = True
    if dig(body, "properties.pairingStatus") == "Paired":
        estate.paired.add(target.fabric)


def _host(estate: Estate, target: Target, body: Json) -> None:
    host = estate.host(target)
    host["name"] = dig(body, "properties.friendlyName") or host["name"]
    host["provider_version"] = dig(body, "properties.providerVersion")
    host["server_version"] = dig(body, "properties.serverVersion")


def _machine(estate: Estate, target: Target, body: Json) -> None:
    properties = body["properties"]
    details = properties.get("customDetails") or {}
    machine = estate.machine(target)
    machine["name"] = properties.get("friendlyName") or machine["name"]
    machine["generation"] = int(details.get("generation") or 1)
    machine["os"] = dig(details, "osDetails.osType")
    machine["edition"] = dig(details, "osDetails.osEdition")
    machine["disks"] = [_disk(disk) for disk in details.get("diskDetails") or []]
    devices = ("hasPhysicalDisk", "hasFibreChannelAdapter", "hasSharedVhd")
    machine["devices"] = {key: details[key] for key in devices if details.get(key)}
    _stands_on(estate, target, machine, properties.get("recoveryServicesProviderId"), details.get("hyperVHostId"))
    protected_as = properties.get("replicationProtectedItemId")
    if is_arm_id(protected_as):
        item = estate.item(target_of(protected_as))
        item["machine"] = machine["id"]


def _disk(disk: Json) -> Json:
    size = int(disk.get("maxSizeMB") or MIB_PER_GIB)
    return {
        "id": disk["vhdId"],
        "name": disk.get("vhdName") or "disk",
        "size_mib": size,
        "used_mib": max(size // 4, 1),
    }


def _stands_on(estate: Estate, target: Target, machine: Json, provider_id: Any, host_id: Any = None) -> None:
    """Put a machine on the host of its Provider."""
    if is_arm_id(provider_id):
        host = estate.host(target_of(provider_id))
        if host_id and host["name"].startswith("host-"):
            host["name"] = host_id
    else:
        host = estate.any_host(target)
    machine["host"] = host


# Policies and associations


def _policy(estate: Estate, target: Target, body: Json) -> None:
    details = dig(body, "properties.providerSpecificDetails") or {}
    estate.policy(target).update(
        history_hours=details.get("recoveryPointHistoryDurationInHours") or 0,
        app_consistent_hours=details.get("applicationConsistentSnapshotFrequencyInHours") or 0,
        interval_s=details.get("replicationInterval") or 0,
        account=details.get("activeStorageAccountId"),
    )


def _mapping(estate: Estate, target: Target, body: Json) -> None:
    mapping = estate.mapping(target)
    policy_id = dig(body, "properties.policyId")
    if is_arm_id(policy_id):
        mapping["policy"] = estate.policy(target_of(policy_id))["name"]


# Protected machines

_TARGET = {
    "recoveryAzureVmName": "vm_name",
    "recoveryAzureVMSize": "size",
    "recoveryAzureResourceGroupId": "group",
    "recoveryAzureStorageAccount": "account",
    "recoveryAzureLogStorageAccountId": "log_account",
    "selectedRecoveryAzureNetworkId": "network",
    "useManagedDisks": "use_managed_disks",
    "licenseType": "license",
    "sqlServerLicenseType": "sql_license",
    "enableRdpOnTargetOption": "rdp",
    "recoveryAvailabilitySetId": "availability_set",
    "targetAvailabilityZone": "availability_zone",
    "targetProximityPlacementGroupId": "placement_group",
    "targetVmTags": "vm_tags",
    "targetNicTags": "nic_tags",
    "seedManagedDiskTags": "seed_disk_tags",
    "targetManagedDiskTags": "disk_tags",
}
_TIMES = {"lastSuccessfulTestFailoverTime": "last_test", "lastSuccessfulFailoverTime": "last_failover"}


def _item(estate: Estate, target: Target, body: Json) -> None:
    properties = body["properties"]
    details = properties.get("providerSpecificDetails") or {}
    item = estate.item(target)
    if item.get("is_read"):
        return  # what was read first is what was there first
    item["is_read"] = True
    machine = estate.machine_called(target, details.get("vmId") or item["machine"] or item["name"])
    machine["name"] = properties.get("friendlyName") or machine["name"]
    machine["cores"] = details.get("sourceVmCpuCount") or machine["cores"]
    machine["memory_gib"] = (details.get("sourceVmRamSizeInMB") or MIB_PER_GIB) / MIB_PER_GIB
    _stands_on(estate, target, machine, properties.get("recoveryServicesProviderId"))
    disks = details.get("azureVmDiskDetails") or []
    machine["disks"] = machine["disks"] or [_disk(disk) for disk in disks]
    policy_id = properties.get("policyId")
    item |= {
        "machine": machine["id"],
        "policy": estate.policy(target_of(policy_id))["name"] if is_arm_id(policy_id) else "",
        "state": properties["protectionState"],
        "vm_state": details.get("vmProtectionState") or "",
        "test_state": properties.get("testFailoverState") or "None",
        "os_type": dig(details, "oSDetails.osType"),
        "failover_point": properties.get("failoverRecoveryPointId"),
        "target": {ours: details[told] for told, ours in _TARGET.items() if details.get(told) is not None},
        "nics": [_item_nic(nic) for nic in details.get("vmNics") or []],
        "disks": [_item_disk(place, disk) for place, disk in enumerate(disks)],
        **{ours: moment(properties[told]) for told, ours in _TIMES.items() if told in properties},
    }
    _health(item, properties)
    replicated = moment(details.get("lastReplicatedTime"))
    item["tells_age"] = replicated is not None
    item["replicating_since"] = min(replicated or estate.start, estate.start) - timedelta(hours=6)
    if properties.get("activeLocation") == "Recovery":
        item["stopped"] = replicated
    network = details.get("selectedRecoveryAzureNetworkId")
    if is_arm_id(network):
        subnets = [nic["subnet"] for nic in item["nics"] if nic.get("subnet")]
        add_subnets(estate.network(target_of(network)), subnets)


_TROUBLES = {"70179": "churn", "25018": "stuck"}


def _health(item: Json, properties: Mapping[str, Any]) -> None:
    codes = {error.get("errorCode") for error in properties.get("healthErrors") or []}
    item["warns"] = "161011" in codes
    item["trouble"] = next((trouble for code, trouble in _TROUBLES.items() if code in codes), None)


def _item_nic(nic: Json) -> Json:
    address = (nic.get("ipConfigs") or [{}])[0]
    return {
        "id": nic["nicId"],
        "switch": nic.get("vMNetworkName") or "",
        "source_ip": address.get("staticIPAddress"),
        "subnet": address.get("recoverySubnetName"),
        "static_ip": address.get("recoveryStaticIPAddress") or None,
        "test_subnet": address.get("tfoSubnetName"),
        "test_ip": address.get("tfoStaticIPAddress"),
        "selection": nic.get("selectionType") or "SelectedByUser",
        "target_name": nic.get("targetNicName") or "",
        "accelerated": nic.get("enableAcceleratedNetworkingOnRecovery"),
        "test_accelerated": nic.get("enableAcceleratedNetworkingOnTfo"),
        "security_group": nic.get("recoveryNetworkSecurityGroupId"),
        "test_security_group": nic.get("tfoNetworkSecurityGroupId"),
    }


def _item_disk(place: int, disk: Json) -> Json:
    return {
        "vhd_id": disk["vhdId"],
        "disk_id": disk.get("diskId") or f"{disk['vhdId']}_0_{place}".upper(),
        "name": disk.get("vhdName") or "disk",
        "size_mib": int(disk.get("maxSizeMB") or MIB_PER_GIB),
        "is_os": disk.get("vhdType") == "OperatingSystem",
        "lun": int(disk.get("lunId") or place),
        "target_name": disk.get("targetDiskName"),
        "location": disk.get("targetDiskLocation"),
    }


def add_subnets(network: Json, names: list[str]) -> None:
    """Give a network the subnets that something is said to be in."""
    known = {subnet["name"].lower() for subnet in network["subnets"]}
    for name in names:
        if name.lower() not in known:
            known.add(name.lower())
            network["subnets"].append({"name": name, "prefix": f"10.0.{len(known)}.0/24"})


def _point(estate: Estate, target: Target, body: Json) -> None:
    item = estate.item(target)
    at = moment(dig(body, "properties.recoveryPointTime"))
    points = item.setdefault("points", [])
    if at is not None and all(point["name"] != target.name for point in points):
        points.append({"name": target.name, "at": at, "type": dig(body, "properties.recoveryPointType")})


# Plans, jobs, events


def _plan(estate: Estate, target: Target, body: Json) -> None:
    properties = body["properties"]
    plan = estate.plan(target)
    primary = properties.get("primaryFabricId")
    if is_arm_id(primary):
        plan["site"] = estate.site(target_of(primary))["name"]
    plan["deployment_model"] = properties.get("failoverDeploymentModel") or "ResourceManager"
    plan["status"] = properties.get("currentScenarioStatus")
    plan["status_description"] = properties.get("currentScenarioStatusDescription")
    scenario = properties.get("currentScenario") or {}
    plan["scenario"] = scenario.get("scenarioName")
    plan["scenario_job"] = scenario.get("jobId")
    plan["scenario_started"] = moment(scenario.get("startTime"))
    if properties.get("groups"):
        plan["groups"] = [_plan_group(estate, group) for group in properties["groups"]]


def _plan_group(estate: Estate, group: Json) -> Json:
    items = []
    for entry in group.get("replicationProtectedItems") or []:
        item = estate.item(target_of(entry["id"]))
        item["machine"] = item["machine"] or str(entry.get("virtualMachineId") or "").lower()
        items.append(item["name"])
    return {
        "type": group["groupType"],
        "items": items,
        "before": group.get("startGroupActions") or [],
        "after": group.get("endGroupActions") or [],
    }


def _job(estate: Estate, target: Target, body: Json) -> None:
    properties = body["properties"]
    estate.vault(target)
    started = moment(properties.get("startTime")) or estate.start
    errors = properties.get("errors") or []
    entry: Json = {
        "name": target.name,
        "vault": vault_name(target),
        "scenario": properties.get("scenarioName"),
        "started": started,
        "ended": moment(properties.get("endTime")),
        "target_type": properties.get("targetInstanceType"),
        "target_id": properties.get("targetObjectId") or "",
        "target_name": properties.get("targetObjectName") or "",
        "cancelled": properties.get("state") == "Cancelled",
    }
    if properties.get("state") == "Failed":
        told = dig(errors[0], "serviceErrorDetails") if errors else {}
        entry["error"] = {
            "code": str((told or {}).get("code") or "506"),
            "message": (told or {}).get("message") or "",
            "causes": (told or {}).get("possibleCauses") or "",
            "action": (told or {}).get("recommendedAction") or "",
        }
    if entry["scenario"]:
        estate.jobs[target.thing] = entry


def _event(estate: Estate, target: Target, body: Json) -> None:
    properties = body["properties"]
    fabric = properties.get("fabricId")
    known = estate.events.get(target.thing)
    if known is not None and known["details"] is not None:
        return  # an event read by itself is poorer than in the list
    errors = [
        {
            "code": str(error.get("errorCode") or ""),
            "message": error.get("errorMessage") or "",
            "causes": error.get("possibleCauses") or "",
            "action": error.get("recommendedAction") or "",
        }
        for error in properties.get("healthErrors") or []
    ]
    estate.vault(target)
    estate.events[target.thing] = {
        "name": target.name,
        "vault": vault_name(target),
        "at": moment(properties.get("timeOfOccurrence")) or estate.start,
        "code": properties.get("eventCode") or "",
        "type": properties.get("eventType") or "",
        "description": properties.get("description") or "",
        "affected": properties.get("affectedObjectFriendlyName") or "",
        "severity": properties.get("severity") or "OK",
        "site": estate.site(target_of(fabric))["name"] if is_arm_id(fabric) else None,
        "details": properties.get("eventSpecificDetails"),
        "provider_details": properties.get("providerSpecificDetails"),
        "errors": errors,
    }


_OF_TYPE: Mapping[str, Callable[[Estate, Target, Json], None]] = {
    "resourcegroups": _group,
    "vaults": _vault,
    "virtualnetworks": _network,
    "storageaccounts": _account,
    "replicationalertsettings": _alerts,
    "replicationfabrics": _site,
    "replicationprotectioncontainers": _container,
    "replicationrecoveryservicesproviders": _host,
    "replicationprotectableitems": _machine,
    "replicationpolicies": _policy,
    "replicationprotectioncontainermappings": _mapping,
    "replicationprotecteditems": _item,
    "recoverypoints": _point,
    "replicationrecoveryplans": _plan,
    "replicationjobs": _job,
    "replicationevents": _event,
}
