"""Replication protected items: wire to domain. Ten thousand of them are read at a sitting, so this stays lean."""

from __future__ import annotations

from sys import intern

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
    shared,
    text,
    whole,
)
from app.domain.arm_id import ArmId
from app.domain.protected_item import CurrentScenario, ReplicatedDisk, ReplicationProtectedItem, TargetNic
from app.domain.protection import REPLICATION_PROVIDER


class ScenarioRecord(msgspec.Struct, rename="camel", gc=False):
    scenario_name: Text = None
    job_id: Text = None
    start_time: Text = None


class DiskRecord(msgspec.Struct, rename="camel", gc=False):
    disk_id: Text = None
    vhd_id: Text = None
    vhd_name: Text = None
    vhd_type: Text = None
    max_size: Number = msgspec.field(default=None, name="maxSizeMB")
    lun_id: Text = None
    target_disk_name: Text = None
    custom_target_disk_name: Text = None


class IpConfigRecord(msgspec.Struct, rename="camel", gc=False):
    is_primary: bool | str | None = None
    static_ip_address: Text = msgspec.field(default=None, name="staticIPAddress")
    recovery_subnet_name: Text = None
    recovery_static_ip_address: Text = msgspec.field(default=None, name="recoveryStaticIPAddress")
    tfo_subnet_name: Text = None
    tfo_static_ip_address: Text = msgspec.field(default=None, name="tfoStaticIPAddress")


class NicRecord(msgspec.Struct, rename="camel", gc=False):
    nic_id: Text = None
    vm_network_name: Text = msgspec.field(default=None, name="vMNetworkName")
    selection_type: Text = None
    ip_configs: list[IpConfigRecord] | None = None
    tfo_network_id: Text = msgspec.field(default=None, name="tfoVMNetworkId")


class FirstCopyRecord(msgspec.Struct, rename="camel", gc=False):
    initial_replication_progress_percentage: Number = None


class SystemRecord(msgspec.Struct, rename="camel", gc=False):
    os_type: Text = None


class ManagedDiskRecord(msgspec.Struct, rename="camel", gc=False):
    replica_disk_type: Text = None


class ReplicationRecord(msgspec.Struct, rename="camel", gc=False):
    instance_type: Text = None
    azure_vm_disk_details: list[DiskRecord] | None = None
    recovery_azure_vm_name: Text = None
    recovery_azure_vm_size: Text = msgspec.field(default=None, name="recoveryAzureVMSize")
    recovery_azure_storage_account: Text = None
    recovery_azure_log_storage_account_id: Text = None
    protected_managed_disks: list[ManagedDiskRecord] | None = None
    last_replicated_time: Text = None
    rpo_in_seconds: Number = None
    last_rpo_calculated_time: Text = None
    vm_id: Text = None
    initial_replication_details: FirstCopyRecord | None = None
    vm_nics: list[NicRecord] | None = None
    selected_recovery_azure_network_id: Text = None
    selected_source_nic_id: Text = None
    os_details: SystemRecord | None = msgspec.field(default=None, name="oSDetails")
    source_vm_ram: Number = msgspec.field(default=None, name="sourceVmRamSizeInMB")
    source_vm_cpu_count: Number = None
    recovery_azure_resource_group_id: Text = None
    last_recovery_point_received: Text = None


class ItemProperties(msgspec.Struct, rename="camel", gc=False):
    friendly_name: Text = None
    protectable_item_id: Text = None
    recovery_services_provider_id: Text = None
    primary_fabric_friendly_name: Text = None
    protection_state: Text = None
    protection_state_description: Text = None
    active_location: Text = None
    test_failover_state: Text = None
    test_failover_state_description: Text = None
    allowed_operations: list[str] | None = None
    replication_health: Text = None
    failover_health: Text = None
    health_errors: list[HealthErrorRecord] | None = None
    policy_id: Text = None
    policy_friendly_name: Text = None
    current_scenario: ScenarioRecord | None = None
    last_successful_test_failover_time: Text = None
    last_successful_failover_time: Text = None
    failover_recovery_point_id: Text = None
    provider_specific_details: ReplicationRecord | None = None


class ItemRecord(msgspec.Struct, gc=False):
    id: str
    properties: ItemProperties
    name: Text = None


_NO_DETAILS = ReplicationRecord()


def _item(record: ItemRecord) -> ReplicationProtectedItem:
    properties = record.properties
    details = properties.provider_specific_details or _NO_DETAILS
    first_copy = details.initial_replication_details
    system = details.os_details
    arm_id = ArmId(record.id)
    name = text(record.name) or arm_id.name
    return ReplicationProtectedItem(
        id=arm_id,
        name=name,
        friendly_name=text(properties.friendly_name) or name,
        protectable_item_id=text(properties.protectable_item_id),
        provider_id=shared(properties.recovery_services_provider_id),
        fabric_friendly_name=shared(properties.primary_fabric_friendly_name),
        policy_id=shared(properties.policy_id),
        policy_name=shared(properties.policy_friendly_name),
        protection_state=shared(properties.protection_state),
        protection_state_description=shared(properties.protection_state_description),
        active_location=shared(properties.active_location),
        test_failover_state=shared(properties.test_failover_state),
        test_failover_state_description=shared(properties.test_failover_state_description),
        allowed_operations=tuple(map(intern, properties.allowed_operations or ())),
        replication_health=read_health(text(properties.replication_health)),
        failover_health=read_health(text(properties.failover_health)),
        errors=health_errors(properties.health_errors),
        current_scenario=_scenario(properties.current_scenario),
        initial_replication_percent=whole(first_copy.initial_replication_progress_percentage) if first_copy else None,
        rpo_s=whole(details.rpo_in_seconds),
        rpo_calculated=moment(details.last_rpo_calculated_time),
        last_replicated=moment(details.last_replicated_time),
        last_recovery_point=moment(details.last_recovery_point_received),
        last_test_failover=moment(properties.last_successful_test_failover_time),
        last_failover=moment(properties.last_successful_failover_time),
        target_name=text(details.recovery_azure_vm_name),
        target_size=shared(details.recovery_azure_vm_size),
        target_network_id=shared(details.selected_recovery_azure_network_id),
        target_resource_group_id=shared(details.recovery_azure_resource_group_id),
        storage_account_id=shared(details.recovery_azure_storage_account),
        log_account_id=shared(details.recovery_azure_log_storage_account_id),
        has_managed_replica=bool(details.protected_managed_disks),
        managed_disk_types=tuple(shared(disk.replica_disk_type) for disk in details.protected_managed_disks or ()),
        os_type=read_os_type(text(system.os_type) if system else ""),
        source_cores=whole(details.source_vm_cpu_count) or 0,
        source_memory_mib=whole(details.source_vm_ram) or 0,
        vm_id=text(details.vm_id),
        disks=tuple(_disk(disk) for disk in details.azure_vm_disk_details or ()),
        nics=tuple(_nic(nic) for nic in details.vm_nics or ()),
        primary_nic_id=text(details.selected_source_nic_id),
        failover_recovery_point_id=text(properties.failover_recovery_point_id),
        is_hyper_v_to_azure=text(details.instance_type).lower() == REPLICATION_PROVIDER.lower(),
    )


def _scenario(record: ScenarioRecord | None) -> CurrentScenario | None:
    if record is None:
        return None
    return CurrentScenario(shared(record.scenario_name), shared(record.job_id), moment(record.start_time))


def _disk(record: DiskRecord) -> ReplicatedDisk:
    return ReplicatedDisk(
        disk_id=text(record.disk_id) or text(record.vhd_id),
        name=text(record.vhd_name),
        kind=shared(record.vhd_type),
        size_mib=whole(record.max_size) or 0,
        lun=shared(record.lun_id),
        target_name=text(record.target_disk_name) or text(record.custom_target_disk_name),
    )


def _nic(record: NicRecord) -> TargetNic:
    configs = record.ip_configs or []
    primary = next((config for config in configs if config.is_primary in (True, "true", "True")), None)
    config = primary or (configs[0] if configs else IpConfigRecord())
    return TargetNic(
        id=text(record.nic_id),
        source_network=shared(record.vm_network_name),
        source_address=text(config.static_ip_address),
        target_subnet=shared(config.recovery_subnet_name),
        target_address=text(config.recovery_static_ip_address),
        selection=shared(record.selection_type),
        test_subnet=shared(config.tfo_subnet_name),
        test_address=text(config.tfo_static_ip_address),
        test_network_id=shared(record.tfo_network_id),
    )


PROTECTED_ITEM: Kind[ReplicationProtectedItem] = Kind("replicated item", ItemRecord, _item)
