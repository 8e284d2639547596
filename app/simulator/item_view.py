"""Protected and protectable items as the service shows them."""

from __future__ import annotations

from base64 import b64encode
from math import inf

from app.simulator import records as rec
from app.simulator.configuration import configuration_errors, lacks_of
from app.simulator.job_kinds import KINDS
from app.simulator.lifecycle import (
    FAILED_OVER,
    PHASES,
    TEST_STATES,
    Phase,
    allowed_operations,
    awaits_first_point,
    health_errors,
    health_of,
)
from app.simulator.replica import managed_disks_shown
from app.simulator.replication import EVERY_S, Course, Lag, calculated_at, course_of, lag_of, progress_of
from app.simulator.wire import (
    AZURE_CONTAINER_GUID,
    AZURE_FABRIC_NAME,
    MICROSOFT_AZURE,
    SCENARIO_NOT_BEGUN,
    Json,
    fabric_part,
    last_segment,
    time_text,
    vault_part,
    whole_second_text,
)
from app.simulator.world import World

CONTAINER_TYPE = "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers"


def nic_id(machine_id: str, nic_guid: str) -> str:
    """A NIC's id on the wire: base64 of the machine's and its own GUID in upper case."""
    return b64encode(f"Microsoft:{machine_id.upper()}\\{nic_guid.upper()}".encode()).decode()


def disk_id(machine_id: str, disk: rec.Disk, position: int) -> str:
    return f"{machine_id.upper()}_{disk.controller.upper()}_0_{position}"


# Protectable items


def protectable_item_body(world: World, fabric: rec.Fabric, machine: rec.Machine, provider_id: str) -> Json:
    item_key = world.protected_by.get(machine.id)
    item = world.items.get(item_key) if item_key else None
    if item is not None and item.phase == "enabling":
        item = None  # it counts as protected when the job that enables it has ended
    return {
        "id": f"{fabric.container_id}/replicationProtectableItems/{machine.id}",
        "name": machine.id,
        "type": f"{CONTAINER_TYPE}/replicationProtectableItems",
        "properties": {
            "friendlyName": machine.name,
            "protectionStatus": "Unprotected" if item is None else "Protected",
            "replicationProtectedItemId": None if item is None else item.id,
            "recoveryServicesProviderId": provider_id,
            "protectionReadinessErrors": [],
            "supportedReplicationProviders": ["HyperVReplicaAzure"],
            "customDetails": {
                "instanceType": "HyperVVirtualMachine",
                "sourceItemId": machine.id,
                "generation": str(machine.generation),
                "osDetails": _os_details(machine),
                "diskDetails": [
                    {"maxSizeMB": disk.size_mib, "vhdType": "Data", "vhdId": disk.id, "vhdName": disk.name}
                    for disk in machine.disks
                ],
                "hasPhysicalDisk": "NotPresent",
                "hasFibreChannelAdapter": "NotPresent",
                "hasSharedVhd": "Present" if machine.has_shared_vhd else "NotPresent",
                "hyperVHostId": machine.host.lower(),
            },
        },
    }


def _os_details(machine: rec.Machine) -> Json | None:
    if machine.os is None:
        return None
    return {
        "osType": machine.os,
        "productType": None,
        "osEdition": machine.os_edition,
        "oSVersion": None,
        "oSMajorVersion": None,
        "oSMinorVersion": None,
    }


# Protected items


def protected_item_body(world: World, item: rec.Item, now: float) -> Json:
    course = course_of_item(world, item)
    return body_with_lag(world, item, lag_of(course, now) if course else None, now)


def body_with_lag(world: World, item: rec.Item, lag: Lag | None, now: float) -> Json:
    phase = _phase_shown(world, item, now)
    fabric = world.fabrics[fabric_part(item.id.lower())]
    vault = vault_part(item.id)
    replication_health, failover_health = health_of(item)
    lacking = configuration_errors(world, item, now)
    container_id, _, name = item.id.rpartition("/replicationProtectedItems/")
    properties: Json = {
        "friendlyName": item.machine_name,
        "protectedItemType": "HyperVVirtualMachine",
        "protectableItemId": f"{container_id}/replicationProtectableItems/{item.machine}",
        "recoveryServicesProviderId": item.provider,
        "primaryFabricFriendlyName": fabric.friendly_name,
        "primaryFabricProvider": "SingleHostHyperVFabric",
        "recoveryFabricFriendlyName": MICROSOFT_AZURE,
        "recoveryFabricId": MICROSOFT_AZURE,
        "primaryProtectionContainerFriendlyName": fabric.friendly_name,
        "recoveryProtectionContainerFriendlyName": MICROSOFT_AZURE,
        "protectionState": phase.state,
        "protectionStateDescription": phase.description,
        "activeLocation": phase.active,
        "testFailoverState": item.test_state,
        "testFailoverStateDescription": TEST_STATES[item.test_state],
        "switchProviderState": "None",
        "switchProviderStateDescription": None,
        "allowedOperations": allowed_operations(item),
        "replicationHealth": replication_health,
        "failoverHealth": "Critical" if lacking else failover_health,
        "healthErrors": [*health_errors(item), *lacking],
        "policyId": item.policy,
        "policyFriendlyName": last_segment(item.policy),
        "currentScenario": _current_scenario(world, item, vault),
        "failoverRecoveryPointId": item.failover_point,
        "providerSpecificDetails": _provider_details(world, item, phase, lag, now),
        "recoveryContainerId": (
            f"{vault}/replicationFabrics/{AZURE_FABRIC_NAME}/replicationProtectionContainers/{AZURE_CONTAINER_GUID}"
        ),
        "eventCorrelationId": item.correlation,
    }
    # Absent, not null, until they happen.
    if item.last_failover is not None:
        properties["lastSuccessfulFailoverTime"] = time_text(item.last_failover)
    if item.last_test is not None:
        properties["lastSuccessfulTestFailoverTime"] = time_text(item.last_test)
    return {
        "id": item.id,
        "name": name,
        "type": f"{CONTAINER_TYPE}/replicationProtectedItems",
        "properties": properties,
    }


def course_of_item(world: World, item: rec.Item) -> Course | None:
    """What the age of its replica follows from, at the pace of its policy."""
    policy = world.policies.get(item.policy.lower())
    interval_s = float(policy.details.get("replicationInterval", 300)) if policy else 300.0
    return course_of(item, max(interval_s, 1.0))  # a policy may say 0, and still nothing is quicker than a second


def looks_alike_until(world: World, item: rec.Item, now: float) -> float:
    """Until when the item's body stays as it is but for the age of its replica, if nothing is done to anything."""
    configured = _configured_at(world, item)
    looked_again = calculated_at(now) + EVERY_S if lacks_of(world, item) else inf
    changed = inf if configured is None or configured <= now else configured
    return min(progress_of(world, item, now).until, changed, looked_again)


def _configured_at(world: World, item: rec.Item) -> float | None:
    """When the replica is shown configured: before the job that configures it has ended."""
    job = world.jobs.get(item.busy_job) if item.busy_job else None
    if item.phase != "configuring" or job is None:
        return None
    return job.begins + sum(task.seconds for task in job.tasks[:-1])


def _phase_shown(world: World, item: rec.Item, now: float) -> Phase:
    configured = _configured_at(world, item)
    return PHASES[item.phase if configured is None or now < configured else "protected"]


def _current_scenario(world: World, item: rec.Item, vault: str) -> Json:
    job = world.jobs.get(item.busy_job) if item.busy_job else None
    if job is None:
        return {"scenarioName": "None", "jobId": f"{vault}/replicationJobs/None", "startTime": SCENARIO_NOT_BEGUN}
    name = KINDS[job.scenario].scenario_on_item or job.scenario
    return {"scenarioName": name, "jobId": job.id, "startTime": time_text(job.begins)}


def _provider_details(world: World, item: rec.Item, phase: Phase, lag: Lag | None, now: float) -> Json:
    target = item.target
    shows_disks = item.phase in FAILED_OVER or item.phase == "failback"
    has_network = not awaits_first_point(item)
    return {
        "instanceType": "HyperVReplicaAzure",
        "azureVmDiskDetails": [_disk(disk, shows_disks) for disk in item.disks],
        "recoveryAzureVmName": target.vm_name,
        "recoveryAzureVMSize": target.size,
        "recoveryAzureStorageAccount": target.account,
        "recoveryAzureLogStorageAccountId": target.log_account,
        "lastReplicatedTime": whole_second_text(lag.replicated) if lag else None,
        "rpoInSeconds": lag.seconds if lag else None,
        "lastRpoCalculatedTime": time_text(lag.calculated) if lag else None,
        **({"lastRecoveryPointReceived": time_text(lag.replicated)} if lag else {}),
        "vmId": item.machine,
        "vmProtectionState": phase.vm_state,
        "vmProtectionStateDescription": phase.vm_description,
        "initialReplicationDetails": {
            "initialReplicationType": "InitialReplication",
            "initialReplicationProgressPercentage": str(progress_of(world, item, now).percent),
        },
        "vmNics": [_nic(item, nic) for nic in item.nics] if has_network else [],
        "selectedRecoveryAzureNetworkId": target.network if has_network else None,
        "selectedSourceNicId": item.nics[0].id if item.nics and has_network else None,
        "encryption": "Disabled",
        "oSDetails": {
            "osType": item.os_type,
            "productType": "UNKNOWN",
            "osEdition": "Standard",
            "oSVersion": "1.1.1.1",
            "oSMajorVersion": "0",
            "oSMinorVersion": "0",
        },
        "sourceVmRamSizeInMB": item.memory_mib,
        "sourceVmCpuCount": item.cores,
        "enableRdpOnTargetOption": target.rdp,
        "recoveryAzureResourceGroupId": target.group,
        "recoveryAvailabilitySetId": target.availability_set,
        "targetAvailabilityZone": target.availability_zone,
        "targetProximityPlacementGroupId": target.placement_group,
        "useManagedDisks": target.use_managed_disks,
        "licenseType": target.license,
        "sqlServerLicenseType": target.sql_license,
        "targetVmTags": target.vm_tags,
        "seedManagedDiskTags": target.seed_disk_tags,
        "targetManagedDiskTags": target.disk_tags,
        "targetNicTags": target.nic_tags if has_network else None,
        "protectedManagedDisks": managed_disks_shown(item),
    }


def _disk(disk: rec.ItemDisk, shown: bool) -> Json:
    return {
        "vhdType": "OperatingSystem" if disk.is_os else "Data",
        "vhdId": disk.vhd_id,
        "diskId": disk.disk_id,
        "vhdName": disk.name,
        "maxSizeMB": str(disk.size_mib),
        "targetDiskLocation": disk.location if shown else None,
        "targetDiskName": disk.target_name if shown else None,
        "lunId": str(disk.lun),
        "diskEncryptionSetId": disk.encryption_set,
        "customTargetDiskName": disk.custom_name,
    }


def _nic(item: rec.Item, nic: rec.ItemNic) -> Json:
    return {
        "nicId": nic.id,
        "replicaNicId": None,
        "sourceNicArmId": None,
        "vMNetworkName": nic.switch,
        "recoveryVMNetworkId": item.target.network,
        "ipConfigs": [
            {
                "name": None,
                "isPrimary": True,
                "subnetName": nic.switch,
                "staticIPAddress": nic.source_ip,
                "ipAddressType": "Static",
                "isSeletedForFailover": nic.selection != "NotSelected",
                "recoverySubnetName": nic.subnet,
                "recoveryStaticIPAddress": nic.static_ip or "",
                "recoveryIPAddressType": "Static" if nic.static_ip else "Dynamic",
                "recoveryPublicIPAddressId": None,
                "recoveryLBBackendAddressPoolIds": None,
                "tfoSubnetName": nic.test_subnet,
                "tfoStaticIPAddress": nic.test_ip,
                "tfoPublicIPAddressId": None,
                "tfoLBBackendAddressPoolIds": None,
            }
        ],
        "selectionType": nic.selection,
        "recoveryNetworkSecurityGroupId": nic.security_group,
        "enableAcceleratedNetworkingOnRecovery": nic.accelerated,
        "tfoVMNetworkId": item.target.test_network,
        "tfoNetworkSecurityGroupId": nic.test_security_group,
        "enableAcceleratedNetworkingOnTfo": nic.test_accelerated,
        "recoveryNicName": None,
        "recoveryNicResourceGroupName": None,
        "reuseExistingNic": False,
        "tfoRecoveryNicName": None,
        "tfoRecoveryNicResourceGroupName": None,
        "tfoReuseExistingNic": False,
        "targetNicName": nic.target_name,
    }
