"""What the window shows of each kind, and where in Azure's JSON it stands: a table, written apart from the adapters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.conformance.readings import (
    Reading,
    code_alone,
    fabric_or_its_name,
    health,
    is_connected,
    job_of_task,
    job_state,
    last_segment,
    moment,
    number,
    optional_number,
    os_type,
    presence,
    text,
    text_of_number,
    texts,
    words_alone,
)


class Kind(StrEnum):
    """The kinds of record that are read, named by the segment before the name in their ids."""

    FABRIC = "replicationFabrics"
    PROVIDER = "replicationRecoveryServicesProviders"
    CONTAINER = "replicationProtectionContainers"
    POLICY = "replicationPolicies"
    MAPPING = "replicationProtectionContainerMappings"
    PROTECTABLE_ITEM = "replicationProtectableItems"
    PROTECTED_ITEM = "replicationProtectedItems"
    RECOVERY_POINT = "recoveryPoints"
    RECOVERY_PLAN = "replicationRecoveryPlans"
    JOB = "replicationJobs"
    EVENT = "replicationEvents"
    VAULT = "vaults"
    VAULT_HEALTH = "replicationVaultHealth"
    RESOURCE_GROUP = "resourceGroups"
    STORAGE_ACCOUNT = "storageAccounts"
    VIRTUAL_NETWORK = "virtualNetworks"


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a domain value.

    Attributes:
        field: the attribute's name.
        raw: where it stands in the record; a number takes an item of a list, and of several places the first that
            holds something counts. Empty for the record itself.
        reading: how the raw value is to be understood.
        parts: for a list of things, what is shown of each.
        of: the instance types that have the field at all; empty for all.
        once: the list repeats itself on the wire and is shown without the repetitions.
    """

    field: str
    raw: str
    reading: Reading = text
    parts: tuple[Shown, ...] = ()
    of: tuple[str, ...] = ()
    once: bool = False


def _under(place: str, paths: str) -> str:
    return "|".join(f"{place}.{path}" for path in paths.split("|"))


ID = Shown("id", "id")
NAME = Shown("name", "name")
HYPER_V_TO_AZURE = ("HyperVReplicaAzure",)

HEALTH_ERROR = (
    Shown("code", "errorCode"),
    Shown("message", "errorMessage|summaryMessage"),
    Shown("level", "errorLevel"),
    Shown("possible_causes", "possibleCauses"),
    Shown("recommended_action", "recommendedAction"),
    Shown("created", "creationTimeUtc", moment),
    Shown("source", "errorSource"),
)

READINESS_ERROR = (Shown("code", "", code_alone), Shown("message", "", words_alone))
"""Bare codes or bare sentences."""

JOB_PROBLEM = (
    Shown("code", "serviceErrorDetails.code"),
    Shown("message", "serviceErrorDetails.message|providerErrorDetails.errorMessage"),
    Shown("possible_causes", "serviceErrorDetails.possibleCauses|providerErrorDetails.possibleCauses"),
    Shown("recommended_action", "serviceErrorDetails.recommendedAction|providerErrorDetails.recommendedAction"),
    Shown("task", "taskId"),
    Shown("provider_code", "providerErrorDetails.errorCode", text_of_number),
)

_TASK = (
    Shown("id", "taskId"),
    Shown("name", "friendlyName"),
    Shown("state", "state", job_state),
    Shown("state_description", "stateDescription"),
    Shown("started", "startTime", moment),
    Shown("ended", "endTime", moment),
    Shown("child_job_id", "customDetails.jobTask.jobId", job_of_task),
    Shown("errors", "errors", parts=JOB_PROBLEM, once=True),
)
# Groups hold groups of machines: two levels below the job's own tasks were recorded.
_GROUPED_TASK = (*_TASK, Shown("children", "groupTaskCustomDetails.childTasks", parts=_TASK))
JOB_TASK = (*_TASK, Shown("children", "groupTaskCustomDetails.childTasks", parts=_GROUPED_TASK))

FIELDS: Mapping[Kind, tuple[Shown, ...]] = {
    Kind.FABRIC: (
        ID,
        NAME,
        Shown("friendly_name", "properties.friendlyName|name"),
        Shown("kind", "properties.customDetails.instanceType"),
        Shown("internal_id", "properties.internalIdentifier"),
        Shown("health", "properties.health", health),
        Shown("bcdr_state", "properties.bcdrState"),
        Shown(
            "hosts",
            "properties.customDetails.hyperVHosts",
            parts=(Shown("id", "id"), Shown("name", "name"), Shown("agent_version", "marsAgentVersion")),
            of=("HyperVSite",),
        ),
        Shown("errors", "properties.healthErrorDetails", parts=HEALTH_ERROR),
    ),
    Kind.PROVIDER: (
        ID,
        NAME,
        Shown("friendly_name", "properties.friendlyName|name"),
        Shown("provider_version", "properties.providerVersion"),
        Shown("version_state", "properties.providerVersionState"),
        Shown("server_version", "properties.serverVersion"),
        Shown("is_connected", "properties.connectionStatus", is_connected),
        Shown("last_heartbeat", "properties.lastHeartBeat", moment),
        Shown("protected_item_count", "properties.protectedItemCount", number),
        Shown("allowed_scenarios", "properties.allowedScenarios", texts),
        Shown("errors", "properties.healthErrorDetails", parts=HEALTH_ERROR),
    ),
    Kind.CONTAINER: (
        ID,
        NAME,
        Shown("friendly_name", "properties.friendlyName|name"),
        Shown("fabric_name", "properties.fabricFriendlyName|id", fabric_or_its_name),
        Shown("fabric_kind", "properties.fabricType"),
        Shown("pairing_status", "properties.pairingStatus"),
        Shown("protected_item_count", "properties.protectedItemCount", number),
    ),
    Kind.POLICY: (
        ID,
        NAME,
        Shown("friendly_name", "properties.friendlyName|name"),
        Shown("kind", "properties.providerSpecificDetails.instanceType"),
        *(
            Shown(field, f"properties.providerSpecificDetails.{raw}", reading, of=HYPER_V_TO_AZURE)
            for field, raw, reading in (
                ("copy_frequency_s", "replicationInterval", number),
                ("retention_h", "recoveryPointHistoryDurationInHours", number),
                ("app_consistent_frequency_h", "applicationConsistentSnapshotFrequencyInHours", number),
                ("initial_replication_start", "onlineReplicationStartTime", text),
                ("encryption", "encryption", text),
                ("storage_account_id", "activeStorageAccountId", text),
            )
        ),
    ),
    Kind.MAPPING: (
        ID,
        NAME,
        Shown("policy_id", "properties.policyId"),
        Shown("policy_friendly_name", "properties.policyFriendlyName|properties.policyId", last_segment),
        Shown("state", "properties.state"),
        Shown("health", "properties.health"),
        Shown("errors", "properties.healthErrorDetails", parts=HEALTH_ERROR),
    ),
    Kind.PROTECTABLE_ITEM: (
        ID,
        NAME,
        Shown("friendly_name", "properties.friendlyName|name"),
        Shown("protection_status", "properties.protectionStatus"),
        Shown("protected_item_id", "properties.replicationProtectedItemId"),
        Shown("provider_id", "properties.recoveryServicesProviderId"),
        Shown("readiness_errors", "properties.protectionReadinessErrors", parts=READINESS_ERROR),
        *(
            Shown(field, _under("properties.customDetails", raw), reading, of=("HyperVVirtualMachine",))
            for field, raw, reading in (
                ("generation", "generation", number),
                ("os_type", "osDetails.osType", os_type),
                ("os_name", "osDetails.userSelectedOSName|osDetails.osEdition", text),
                ("has_physical_disk", "hasPhysicalDisk", presence),
                ("has_fibre_channel", "hasFibreChannelAdapter", presence),
                ("has_shared_vhd", "hasSharedVhd", presence),
                ("host_id", "hyperVHostId", text),
            )
        ),
        Shown(
            "disks",
            "properties.customDetails.diskDetails",
            parts=(
                Shown("vhd_id", "vhdId"),
                Shown("name", "vhdName"),
                Shown("size_mib", "maxSizeMB", number),
                Shown("kind", "vhdType"),
            ),
            of=("HyperVVirtualMachine",),
        ),
    ),
    Kind.PROTECTED_ITEM: (
        ID,
        NAME,
        Shown("friendly_name", "properties.friendlyName|name"),
        Shown("protectable_item_id", "properties.protectableItemId"),
        Shown("provider_id", "properties.recoveryServicesProviderId"),
        Shown("fabric_friendly_name", "properties.primaryFabricFriendlyName"),
        Shown("policy_id", "properties.policyId"),
        Shown("policy_name", "properties.policyFriendlyName"),
        Shown("protection_state", "properties.protectionState"),
        Shown("protection_state_description", "properties.protectionStateDescription"),
        Shown("active_location", "properties.activeLocation"),
        Shown("test_failover_state", "properties.testFailoverState"),
        Shown("test_failover_state_description", "properties.testFailoverStateDescription"),
        Shown("allowed_operations", "properties.allowedOperations", texts),
        Shown("replication_health", "properties.replicationHealth", health),
        Shown("failover_health", "properties.failoverHealth", health),
        Shown("errors", "properties.healthErrors", parts=HEALTH_ERROR),
        Shown("current_scenario.name", "properties.currentScenario.scenarioName"),
        Shown("current_scenario.job_id", "properties.currentScenario.jobId"),
        Shown("current_scenario.started", "properties.currentScenario.startTime", moment),
        Shown("last_test_failover", "properties.lastSuccessfulTestFailoverTime", moment),
        Shown("last_failover", "properties.lastSuccessfulFailoverTime", moment),
        Shown("failover_recovery_point_id", "properties.failoverRecoveryPointId"),
        *(
            Shown(field, f"properties.providerSpecificDetails.{raw}", reading, of=HYPER_V_TO_AZURE)
            for field, raw, reading in (
                (
                    "initial_replication_percent",
                    "initialReplicationDetails.initialReplicationProgressPercentage",
                    optional_number,
                ),
                ("rpo_s", "rpoInSeconds", optional_number),
                ("rpo_calculated", "lastRpoCalculatedTime", moment),
                ("last_replicated", "lastReplicatedTime", moment),
                ("last_recovery_point", "lastRecoveryPointReceived", moment),
                ("target_name", "recoveryAzureVmName", text),
                ("target_size", "recoveryAzureVMSize", text),
                ("target_network_id", "selectedRecoveryAzureNetworkId", text),
                ("primary_nic_id", "selectedSourceNicId", text),
                ("target_resource_group_id", "recoveryAzureResourceGroupId", text),
                ("storage_account_id", "recoveryAzureStorageAccount", text),
                ("log_account_id", "recoveryAzureLogStorageAccountId", text),
                ("has_managed_replica", "protectedManagedDisks", bool),
                ("os_type", "oSDetails.osType", os_type),
                ("source_cores", "sourceVmCpuCount", number),
                ("source_memory_mib", "sourceVmRamSizeInMB", number),
                ("vm_id", "vmId", text),
            )
        ),
        Shown(
            "disks",
            "properties.providerSpecificDetails.azureVmDiskDetails",
            parts=(
                Shown("disk_id", "diskId|vhdId"),
                Shown("name", "vhdName"),
                Shown("kind", "vhdType"),
                Shown("size_mib", "maxSizeMB", number),
                Shown("lun", "lunId"),
                Shown("target_name", "targetDiskName|customTargetDiskName"),
            ),
            of=HYPER_V_TO_AZURE,
        ),
        Shown(
            "nics",
            "properties.providerSpecificDetails.vmNics",
            parts=(
                Shown("id", "nicId"),
                Shown("source_network", "vMNetworkName"),
                Shown("source_address", "ipConfigs.0.staticIPAddress"),
                Shown("target_subnet", "ipConfigs.0.recoverySubnetName"),
                Shown("target_address", "ipConfigs.0.recoveryStaticIPAddress"),
                Shown("selection", "selectionType"),
                Shown("test_subnet", "ipConfigs.0.tfoSubnetName"),
                Shown("test_address", "ipConfigs.0.tfoStaticIPAddress"),
                Shown("test_network_id", "tfoVMNetworkId"),
            ),
            of=HYPER_V_TO_AZURE,
        ),
        Shown(
            "is_hyper_v_to_azure",
            "properties.providerSpecificDetails.instanceType",
            lambda raw: raw in HYPER_V_TO_AZURE,
        ),
    ),
    Kind.RECOVERY_POINT: (
        ID,
        NAME,
        Shown("time", "properties.recoveryPointTime", moment),
        Shown("kind", "properties.recoveryPointType"),
    ),
    Kind.RECOVERY_PLAN: (
        ID,
        NAME,
        Shown("friendly_name", "properties.friendlyName|name"),
        Shown("primary_fabric_friendly_name", "properties.primaryFabricFriendlyName"),
        Shown("allowed_operations", "properties.allowedOperations", texts),
        Shown("current_scenario_status", "properties.currentScenarioStatus"),
        Shown(
            "groups",
            "properties.groups",
            parts=(
                Shown("kind", "groupType"),
                Shown(
                    "protected_item_ids",
                    "replicationProtectedItems",
                    lambda raw: tuple(item["id"] for item in raw or ()),
                ),
            ),
        ),
    ),
    Kind.JOB: (
        ID,
        NAME,
        Shown("scenario", "properties.scenarioName"),
        Shown("friendly_name", "properties.friendlyName"),
        Shown("state", "properties.state", job_state),
        Shown("state_description", "properties.stateDescription"),
        Shown("target_id", "properties.targetObjectId"),
        Shown("target_name", "properties.targetObjectName"),
        Shown("target_kind", "properties.targetInstanceType"),
        Shown("started", "properties.startTime", moment),
        Shown("ended", "properties.endTime", moment),
        Shown("activity_id", "properties.activityId"),
        Shown("allowed_actions", "properties.allowedActions", texts),
        Shown("tasks", "properties.tasks", parts=JOB_TASK),
        Shown("errors", "properties.errors", parts=JOB_PROBLEM, once=True),
        Shown(
            "drill_results",
            "properties.customDetails.protectedItemDetails",
            parts=(
                Shown("machine", "friendlyName|name"),
                Shown("test_machine", "testVmName"),
                Shown("network", "networkFriendlyName"),
                Shown("subnet", "subnet"),
                Shown("connection_status", "networkConnectionStatus"),
            ),
        ),
    ),
    Kind.EVENT: (
        ID,
        NAME,
        Shown("kind", "properties.eventType"),
        Shown("severity", "properties.severity"),
        Shown("time", "properties.timeOfOccurrence", moment),
        Shown("description", "properties.description"),
        Shown("code", "properties.eventCode"),
        Shown("target_name", "properties.affectedObjectFriendlyName"),
        Shown("fabric_id", "properties.fabricId"),
    ),
}
