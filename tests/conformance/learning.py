"""What an answer tells of the estate: the values that a scenario needs to show the same thing again.

Only answers to reads of things that nothing in the session has written before are learned from. A body is taken apart
into what the practice vault keeps; it is never kept itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from tests.conformance.arm import Target, dig, is_arm_id, target_of
from tests.conformance.estate_seen import Estate, Json
from tests.conformance.learning_work import learn_event, learn_job, learn_plan, moment

MIB_PER_GIB = 1024


def learn(estate: Estate, record: Json) -> None:
    """Take one shown thing apart; what cannot be, for its type or its odd body, tells nothing but that it is there."""
    target = target_of(record["id"])
    estate.meet(target)
    try:
        _OF_TYPE.get(target.type, _nothing)(estate, target, record)
    except (AttributeError, KeyError, TypeError, ValueError):
        return


def _nothing(estate: Estate, target: Target, body: Json) -> None:
    """Of some types nothing is kept."""


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
    point = estate.point(target)
    point["at"] = moment(dig(body, "properties.recoveryPointTime"))
    point["type"] = dig(body, "properties.recoveryPointType") or "CrashConsistent"


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
    "replicationrecoveryplans": learn_plan,
    "replicationjobs": learn_job,
    "replicationevents": learn_event,
}
