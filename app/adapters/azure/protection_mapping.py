"""Fabrics, providers, containers, policies, mappings, protectable items, recovery points and plans: wire to domain."""

from __future__ import annotations

import msgspec

from app.adapters.azure.kind import Kind
from app.adapters.azure.wire_values import (
    HealthErrorRecord,
    Number,
    Text,
    health_errors,
    moment,
    read_health,
    read_os_type,
    text,
    whole,
)
from app.domain.arm_id import ArmId
from app.domain.fabric import Fabric, FabricHost, RecoveryServicesProvider
from app.domain.health import HealthError
from app.domain.protection import (
    ContainerMapping,
    Presence,
    ProtectableItem,
    ProtectionContainer,
    ReplicationPolicy,
    SourceDisk,
)
from app.domain.recovery import RecoveryPlan, RecoveryPlanGroup, RecoveryPoint


class HostRecord(msgspec.Struct, rename="camel", gc=False):
    id: Text = None
    name: Text = None
    mars_agent_version: Text = None


class FabricDetails(msgspec.Struct, rename="camel", gc=False):
    instance_type: Text = None
    hyper_v_hosts: list[HostRecord] | None = msgspec.field(default=None, name="hyperVHosts")


class FabricProperties(msgspec.Struct, rename="camel", gc=False):
    friendly_name: Text = None
    internal_identifier: Text = None
    bcdr_state: Text = None
    health: Text = None
    health_error_details: list[HealthErrorRecord] | None = None
    custom_details: FabricDetails | None = None


class FabricRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: FabricProperties | None = None


def _fabric(record: FabricRecord) -> Fabric:
    properties = record.properties or FabricProperties()
    details = properties.custom_details or FabricDetails()
    arm_id = ArmId(record.id)
    name = text(record.name) or arm_id.name
    return Fabric(
        id=arm_id,
        name=name,
        friendly_name=text(properties.friendly_name) or name,
        kind=text(details.instance_type),
        internal_id=text(properties.internal_identifier),
        health=read_health(text(properties.health)),
        bcdr_state=text(properties.bcdr_state),
        hosts=tuple(
            FabricHost(text(host.id), text(host.name), text(host.mars_agent_version))
            for host in details.hyper_v_hosts or ()
        ),
        errors=health_errors(properties.health_error_details),
    )


class ProviderProperties(msgspec.Struct, rename="camel", gc=False):
    friendly_name: Text = None
    provider_version: Text = None
    provider_version_state: Text = None
    server_version: Text = None
    connection_status: Text = None
    last_heart_beat: Text = None
    protected_item_count: Number = None
    allowed_scenarios: list[str] | None = None
    health_error_details: list[HealthErrorRecord] | None = None


class ProviderRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: ProviderProperties | None = None


def _provider(record: ProviderRecord) -> RecoveryServicesProvider:
    properties = record.properties or ProviderProperties()
    arm_id = ArmId(record.id)
    name = text(record.name) or arm_id.name
    return RecoveryServicesProvider(
        id=arm_id,
        name=name,
        friendly_name=text(properties.friendly_name) or name,
        provider_version=text(properties.provider_version),
        version_state=text(properties.provider_version_state),
        is_connected=text(properties.connection_status).lower() in ("connected", ""),
        last_heartbeat=moment(properties.last_heart_beat),
        protected_item_count=whole(properties.protected_item_count) or 0,
        server_version=text(properties.server_version),
        allowed_scenarios=tuple(properties.allowed_scenarios or ()),
        errors=health_errors(properties.health_error_details),
    )


class ContainerProperties(msgspec.Struct, rename="camel", gc=False):
    friendly_name: Text = None
    fabric_friendly_name: Text = None
    fabric_type: Text = None
    pairing_status: Text = None
    protected_item_count: Number = None


class ContainerRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: ContainerProperties | None = None


def _container(record: ContainerRecord) -> ProtectionContainer:
    properties = record.properties or ContainerProperties()
    arm_id = ArmId(record.id)
    name = text(record.name) or arm_id.name
    return ProtectionContainer(
        id=arm_id,
        name=name,
        friendly_name=text(properties.friendly_name) or name,
        fabric_name=text(properties.fabric_friendly_name) or arm_id.segment("replicationFabrics"),
        fabric_kind=text(properties.fabric_type),
        pairing_status=text(properties.pairing_status),
        protected_item_count=whole(properties.protected_item_count) or 0,
    )


class PolicyDetails(msgspec.Struct, rename="camel", gc=False):
    instance_type: Text = None
    replication_interval: Number = None
    recovery_point_history_duration_in_hours: Number = None
    application_consistent_snapshot_frequency_in_hours: Number = None
    online_replication_start_time: Text = None
    encryption: Text = None
    active_storage_account_id: Text = None


class PolicyProperties(msgspec.Struct, rename="camel", gc=False):
    friendly_name: Text = None
    provider_specific_details: PolicyDetails | None = None


class PolicyRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: PolicyProperties | None = None


def _policy(record: PolicyRecord) -> ReplicationPolicy:
    properties = record.properties or PolicyProperties()
    details = properties.provider_specific_details or PolicyDetails()
    arm_id = ArmId(record.id)
    name = text(record.name) or arm_id.name
    return ReplicationPolicy(
        id=arm_id,
        name=name,
        friendly_name=text(properties.friendly_name) or name,
        kind=text(details.instance_type),
        copy_frequency_s=whole(details.replication_interval) or 0,
        retention_h=whole(details.recovery_point_history_duration_in_hours) or 0,
        app_consistent_frequency_h=whole(details.application_consistent_snapshot_frequency_in_hours) or 0,
        initial_replication_start=text(details.online_replication_start_time),
        encryption=text(details.encryption),
        storage_account_id=text(details.active_storage_account_id),
    )


class MappingProperties(msgspec.Struct, rename="camel", gc=False):
    policy_id: Text = None
    policy_friendly_name: Text = None
    state: Text = None
    health: Text = None
    health_error_details: list[HealthErrorRecord] | None = None


class MappingRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: MappingProperties | None = None


def _mapping(record: MappingRecord) -> ContainerMapping:
    properties = record.properties or MappingProperties()
    arm_id = ArmId(record.id)
    policy = ArmId(text(properties.policy_id))
    return ContainerMapping(
        id=arm_id,
        name=text(record.name) or arm_id.name,
        policy_id=policy,
        policy_friendly_name=text(properties.policy_friendly_name) or policy.name,
        state=text(properties.state),
        health=text(properties.health) or "Normal",
        errors=health_errors(properties.health_error_details),
    )


class SourceOs(msgspec.Struct, rename="camel", gc=False):
    os_type: Text = None
    os_edition: Text = None
    user_selected_os_name: Text = msgspec.field(default=None, name="userSelectedOSName")


class SourceDiskRecord(msgspec.Struct, rename="camel", gc=False):
    max_size: Number = msgspec.field(default=None, name="maxSizeMB")
    vhd_type: Text = None
    vhd_id: Text = None
    vhd_name: Text = None


class MachineDetails(msgspec.Struct, rename="camel", gc=False):
    generation: Number = None
    os_details: SourceOs | None = None
    disk_details: list[SourceDiskRecord] | None = None
    has_physical_disk: Text = None
    has_fibre_channel_adapter: Text = None
    has_shared_vhd: Text = None
    hyper_v_host_id: Text = msgspec.field(default=None, name="hyperVHostId")


class ProtectableProperties(msgspec.Struct, rename="camel", gc=False):
    friendly_name: Text = None
    protection_status: Text = None
    replication_protected_item_id: Text = None
    recovery_services_provider_id: Text = None
    protection_readiness_errors: list[Text] | None = None
    custom_details: MachineDetails | None = None


class ProtectableRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: ProtectableProperties | None = None


_PRESENCE = {member.value.lower(): member for member in Presence}


def _presence(value: Text) -> Presence:
    return _PRESENCE.get(text(value).lower(), Presence.UNKNOWN)


def _readiness(value: Text) -> HealthError:
    """The service lists bare codes or bare sentences."""
    words = text(value)
    return HealthError(code=words, message="") if words.isdigit() else HealthError(code="", message=words)


def _protectable(record: ProtectableRecord) -> ProtectableItem:
    properties = record.properties or ProtectableProperties()
    details = properties.custom_details or MachineDetails()
    system = details.os_details or SourceOs()
    arm_id = ArmId(record.id)
    name = text(record.name) or arm_id.name
    return ProtectableItem(
        id=arm_id,
        name=name,
        friendly_name=text(properties.friendly_name) or name,
        protection_status=text(properties.protection_status),
        protected_item_id=text(properties.replication_protected_item_id),
        provider_id=text(properties.recovery_services_provider_id),
        generation=whole(details.generation) or 0,
        os_type=read_os_type(text(system.os_type)),
        os_name=text(system.user_selected_os_name) or text(system.os_edition),
        disks=tuple(
            SourceDisk(text(disk.vhd_id), text(disk.vhd_name), whole(disk.max_size) or 0, text(disk.vhd_type))
            for disk in details.disk_details or ()
        ),
        has_physical_disk=_presence(details.has_physical_disk),
        has_fibre_channel=_presence(details.has_fibre_channel_adapter),
        has_shared_vhd=_presence(details.has_shared_vhd),
        host_id=text(details.hyper_v_host_id),
        readiness_errors=tuple(_readiness(error) for error in properties.protection_readiness_errors or ()),
    )


class PointProperties(msgspec.Struct, rename="camel", gc=False):
    recovery_point_time: Text = None
    recovery_point_type: Text = None


class PointRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: PointProperties | None = None


def _point(record: PointRecord) -> RecoveryPoint:
    properties = record.properties or PointProperties()
    time = moment(properties.recovery_point_time)
    if time is None:
        raise ValueError("the recovery point has no time")
    arm_id = ArmId(record.id)
    return RecoveryPoint(arm_id, text(record.name) or arm_id.name, time, text(properties.recovery_point_type))


class PlanItem(msgspec.Struct, gc=False):
    id: Text = None


class PlanGroupRecord(msgspec.Struct, rename="camel", gc=False):
    group_type: Text = None
    replication_protected_items: list[PlanItem] | None = None


class PlanProperties(msgspec.Struct, rename="camel", gc=False):
    friendly_name: Text = None
    primary_fabric_friendly_name: Text = None
    allowed_operations: list[str] | None = None
    groups: list[PlanGroupRecord] | None = None
    current_scenario_status: Text = None


class PlanRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: PlanProperties | None = None


def _plan(record: PlanRecord) -> RecoveryPlan:
    properties = record.properties or PlanProperties()
    arm_id = ArmId(record.id)
    name = text(record.name) or arm_id.name
    return RecoveryPlan(
        id=arm_id,
        name=name,
        friendly_name=text(properties.friendly_name) or name,
        primary_fabric_friendly_name=text(properties.primary_fabric_friendly_name),
        allowed_operations=tuple(properties.allowed_operations or ()),
        groups=tuple(
            RecoveryPlanGroup(
                text(group.group_type), tuple(text(item.id) for item in group.replication_protected_items or ())
            )
            for group in properties.groups or ()
        ),
        current_scenario_status=text(properties.current_scenario_status),
    )


FABRIC: Kind[Fabric] = Kind("Hyper-V site", FabricRecord, _fabric)
PROVIDER: Kind[RecoveryServicesProvider] = Kind("Hyper-V host", ProviderRecord, _provider)
CONTAINER: Kind[ProtectionContainer] = Kind("protection container", ContainerRecord, _container)
POLICY: Kind[ReplicationPolicy] = Kind("replication policy", PolicyRecord, _policy)
MAPPING: Kind[ContainerMapping] = Kind("policy association", MappingRecord, _mapping)
PROTECTABLE_ITEM: Kind[ProtectableItem] = Kind("virtual machine", ProtectableRecord, _protectable)
RECOVERY_POINT: Kind[RecoveryPoint] = Kind("recovery point", PointRecord, _point)
RECOVERY_PLAN: Kind[RecoveryPlan] = Kind("recovery plan", PlanRecord, _plan)
