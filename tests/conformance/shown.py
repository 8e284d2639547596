"""What the window shows of each kind, and where in Azure's JSON it stands: read here a second time, by other code.

`losses(kind, raw, value)` holds a domain value against the record it was made of. The reading rules are stated in this
module and share nothing with the adapters: a field the adapters drop, swap or misread is told with its place in the
record. A field that only another replication provider lacks is not applicable there (`of`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.arm_id import ArmId

Json = Mapping[str, Any]
Reading = Callable[[Any], Any]


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


# --- readings: from a raw value (None where the key is missing) to what the domain must hold ------------------------


def text(raw: Any) -> str:
    return "" if raw is None else str(raw)


def texts(raw: Any) -> tuple[str, ...]:
    return tuple(raw or ())


def number(raw: Any) -> int:
    """Numbers come as numbers and as text."""
    return optional_number(raw) or 0


def optional_number(raw: Any) -> int | None:
    return None if raw in (None, "") else int(float(raw))


def text_of_number(raw: Any) -> str:
    """A code that is a number; 0 is none."""
    return text(optional_number(raw) or None)


def moment(raw: Any) -> datetime | None:
    """The years 1, 1601 and 1753 stand for never; a time without a zone is UTC."""
    if not raw:
        return None
    whole, _, fraction = str(raw).rstrip("Z").partition(".")
    time = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    if time.year in (1, 1601, 1753):
        return None
    return time + timedelta(microseconds=int(f"{fraction:0<6}"[:6] or 0))


def one_of(words: tuple[str, ...], otherwise: str, missing: str) -> Callable[[Any], str]:
    """A word from a list, whatever its case; any other word reads as `otherwise`."""
    known = {word.lower(): word for word in words}
    return lambda raw: missing if raw is None else known.get(str(raw).lower(), otherwise)


health = one_of(("Normal", "Warning", "Critical", "None", "Unknown"), otherwise="Unknown", missing="None")
presence = one_of(("Present", "NotPresent", "Unknown"), otherwise="Unknown", missing="Unknown")
os_type = one_of(("Windows", "Linux"), otherwise="", missing="")


def job_state(raw: Any) -> str:
    words = ("NotStarted", "InProgress", "Suspended", "Succeeded", "Failed", "Cancelled", "CompletedWithInformation")
    if raw == "PartiallySucceeded":
        return "CompletedWithInformation"
    return one_of(words, otherwise="Other", missing="Other")(raw)


def is_connected(raw: Any) -> bool:
    """Only a service that says so has lost its host."""
    return raw in ("Connected", None)


def job_of_task(raw: Any) -> str:
    """A task without a job of its own links to the bare collection of jobs."""
    return "" if text(raw).endswith("/") else text(raw)


def last_segment(raw: Any) -> str:
    return text(raw).rsplit("/", 1)[-1]


def fabric_or_its_name(raw: Any) -> str:
    """The friendly name as it is, or the fabric's name out of an id."""
    return text(raw).split("/replicationFabrics/")[-1].split("/")[0]


def code_alone(raw: Any) -> str:
    return text(raw) if text(raw).isdigit() else ""


def words_alone(raw: Any) -> str:
    return "" if text(raw).isdigit() else text(raw)


# --- what is shown ---------------------------------------------------------------------------------------------------


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
                ("target_resource_group_id", "recoveryAzureResourceGroupId", text),
                ("storage_account_id", "recoveryAzureStorageAccount", text),
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


# --- holding one against the other -----------------------------------------------------------------------------------


def losses(kind: Kind, raw: Json, value: object) -> Iterator[str]:
    """Every shown field of `value` that does not say what its record says."""
    yield from _losses(FIELDS[kind], raw, value, instance_type(raw), "")


def instance_type(raw: Json) -> str:
    """Which replication provider or fabric a record is of."""
    for place in ("providerSpecificDetails", "customDetails"):
        found = dig(raw, f"properties.{place}.instanceType")
        if found is not None:
            return str(found)
    return ""


def dig(raw: Any, path: str) -> Any:
    """The value at a dotted path, the first of several that holds something, or None."""
    first, *others = path.split("|")
    found = raw
    for step in filter(None, first.split(".")):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            found = None
    for other in others:
        found = found if found not in (None, "") else dig(raw, other)
    return found


def _losses(fields: tuple[Shown, ...], raw: Any, value: Any, instance: str, place: str) -> Iterator[str]:
    for shown in fields:
        if shown.of and instance not in shown.of:
            continue
        here = f"{place}{shown.field}"
        told, got = dig(raw, shown.raw), _attribute(value, shown.field)
        if shown.parts:
            wanted = _without_repetitions(shown, told or []) if shown.once else told or []
            if len(wanted) != len(got):
                yield f"{here}: the record's {shown.raw} has {len(wanted)} entries, the value {len(got)}"
                continue
            for index, (raw_part, part) in enumerate(zip(wanted, got, strict=True)):
                yield from _losses(shown.parts, raw_part, part, instance, f"{here}[{index}].")
        elif got is _ABSENT:
            if told is not None:
                yield f"{here}: the record's {shown.raw} is {told!r}, the value has no such thing"
        elif shown.reading(told) != got:
            yield f"{here}: the record's {shown.raw} is {told!r}, the value holds {got!r}"


def _without_repetitions(shown: Shown, entries: list[Any]) -> list[Any]:
    """The entries, each once; alike is what shows alike."""
    return list(
        {tuple(part.reading(dig(entry, part.raw)) for part in shown.parts): entry for entry in entries}.values()
    )


_ABSENT = object()
"""Stands for a field of a thing that the value does not have at all; right where the record has none either."""


def _attribute(value: Any, path: str) -> Any:
    for name in path.split("."):
        if value is None:
            return _ABSENT
        value = getattr(value, name)
    return str(value) if isinstance(value, ArmId) else value
