"""Site Recovery's neighbours in Azure: wire to domain."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.adapters.azure.kind import Kind
from app.adapters.azure.wire_values import Number, Text, text, whole
from app.domain.arm_id import ArmId
from app.domain.azure import (
    AzureMachine,
    ComputeSize,
    Location,
    MachineNic,
    ResourceGroup,
    ResourceProvider,
    StorageAccount,
    Subnet,
    Subscription,
    Tenant,
    VirtualNetwork,
)


class TenantRecord(msgspec.Struct, rename="camel", gc=False):
    tenant_id: str
    display_name: Text = None
    default_domain: Text = None


def _tenant(record: TenantRecord) -> Tenant:
    domain = text(record.default_domain)
    return Tenant(record.tenant_id, text(record.display_name) or domain or record.tenant_id, domain)


class SubscriptionRecord(msgspec.Struct, rename="camel", gc=False):
    subscription_id: str
    display_name: Text = None
    state: Text = None
    tenant_id: Text = None


def _subscription(record: SubscriptionRecord) -> Subscription:
    return Subscription(
        id=record.subscription_id,
        name=text(record.display_name) or record.subscription_id,
        state=text(record.state),
        tenant_id=text(record.tenant_id),
    )


class PairedRegion(msgspec.Struct, gc=False):
    name: Text = None


class LocationMetadata(msgspec.Struct, rename="camel", gc=False):
    paired_region: list[PairedRegion] | None = None


class LocationRecord(msgspec.Struct, rename="camel", gc=False):
    name: str
    display_name: Text = None
    metadata: LocationMetadata | None = None


def _location(record: LocationRecord) -> Location:
    pairs = (record.metadata.paired_region if record.metadata else None) or []
    return Location(
        name=record.name,
        display_name=text(record.display_name) or record.name,
        paired_with=text(pairs[0].name) if pairs else "",
    )


class ProviderRecord(msgspec.Struct, rename="camel", gc=False):
    namespace: str
    registration_state: Text = None


def _provider(record: ProviderRecord) -> ResourceProvider:
    return ResourceProvider(record.namespace, text(record.registration_state))


class GroupRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    location: Text = None


def _group(record: GroupRecord) -> ResourceGroup:
    arm_id = ArmId(record.id)
    return ResourceGroup(arm_id, text(record.name) or arm_id.name, text(record.location))


class Sku(msgspec.Struct, gc=False):
    name: Text = None


class NetworkRules(msgspec.Struct, rename="camel", gc=False):
    default_action: Text = None


class Endpoints(msgspec.Struct, gc=False):
    blob: Text = None


class StorageProperties(msgspec.Struct, rename="camel", gc=False):
    access_tier: Text = None
    network_acls: NetworkRules | None = None
    public_network_access: Text = None
    provisioning_state: Text = None
    primary_endpoints: Endpoints | None = None


class StorageRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    location: Text = None
    kind: Text = None
    sku: Sku | None = None
    tags: dict[str, Text] | None = None
    properties: StorageProperties | None = None


def _storage(record: StorageRecord) -> StorageAccount:
    properties = record.properties or StorageProperties()
    tier, _, redundancy = text(record.sku.name if record.sku else "").partition("_")
    rules = properties.network_acls
    arm_id = ArmId(record.id)
    return StorageAccount(
        id=arm_id,
        name=text(record.name) or arm_id.name,
        location=text(record.location),
        kind=text(record.kind),
        tier=tier,
        redundancy=redundancy.upper(),
        access_tier=text(properties.access_tier),
        firewall_denies=text(rules.default_action if rules else "").lower() == "deny"
        or text(properties.public_network_access).lower() == "disabled",
        provisioning_state=text(properties.provisioning_state) or "Succeeded",
        blob_endpoint=text(properties.primary_endpoints.blob) if properties.primary_endpoints else "",
        tags=_tags(record.tags),
    )


def _tags(tags: Mapping[str, Text] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, text(value)) for name, value in (tags or {}).items()))


class DelegationProperties(msgspec.Struct, rename="camel", gc=False):
    service_name: Text = None


class Delegation(msgspec.Struct, gc=False):
    name: Text = None
    properties: DelegationProperties | None = None


class SubnetProperties(msgspec.Struct, rename="camel", gc=False):
    address_prefix: Text = None
    address_prefixes: list[str] | None = None
    ip_configurations: list[msgspec.Raw] | None = None
    delegations: list[Delegation] | None = None


class SubnetRecord(msgspec.Struct, gc=False):
    id: Text = None
    name: Text = None
    properties: SubnetProperties | None = None


class AddressSpace(msgspec.Struct, rename="camel", gc=False):
    address_prefixes: list[str] | None = None


class DhcpOptions(msgspec.Struct, rename="camel", gc=False):
    dns_servers: list[str] | None = None


class NetworkProperties(msgspec.Struct, rename="camel", gc=False):
    address_space: AddressSpace | None = None
    dhcp_options: DhcpOptions | None = None
    subnets: list[SubnetRecord] | None = None
    provisioning_state: Text = None


class NetworkRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    location: Text = None
    tags: dict[str, Text] | None = None
    properties: NetworkProperties | None = None


def _network(record: NetworkRecord) -> VirtualNetwork:
    properties = record.properties or NetworkProperties()
    space = properties.address_space or AddressSpace()
    arm_id = ArmId(record.id)
    return VirtualNetwork(
        id=arm_id,
        name=text(record.name) or arm_id.name,
        location=text(record.location),
        address_prefixes=tuple(space.address_prefixes or ()),
        subnets=tuple(_subnet(subnet) for subnet in properties.subnets or ()),
        provisioning_state=text(properties.provisioning_state) or "Succeeded",
        tags=_tags(record.tags),
        dns_servers=tuple((properties.dhcp_options or DhcpOptions()).dns_servers or ()),
    )


def _subnet(record: SubnetRecord) -> Subnet:
    properties = record.properties or SubnetProperties()
    prefixes = properties.address_prefixes or [text(properties.address_prefix)]
    first, *more = sorted(prefixes, key=lambda prefix: ":" in prefix)  # machines join by IPv4
    return Subnet(
        name=text(record.name) or ArmId(text(record.id)).name,
        prefix=first,
        used_addresses=len(properties.ip_configurations or ()),
        more_prefixes=tuple(more),
        delegations=tuple(map(_service, properties.delegations or ())),
    )


def _service(delegation: Delegation) -> str:
    """The service's name; where only the delegation's own is told, that one."""
    properties = delegation.properties or DelegationProperties()
    return text(properties.service_name) or text(delegation.name) or "a service"


class SizeRecord(msgspec.Struct, rename="camel", gc=False):
    name: str
    number_of_cores: Number = None
    memory: Number = msgspec.field(default=None, name="memoryInMB")
    max_data_disk_count: Number = None


def _size(record: SizeRecord) -> ComputeSize:
    return ComputeSize(
        name=record.name,
        cores=whole(record.number_of_cores) or 0,
        memory_mib=whole(record.memory) or 0,
        max_data_disks=whole(record.max_data_disk_count) or 0,
    )


class TargetSizeProperties(msgspec.Struct, rename="camel", gc=False):
    name: Text = None
    cpu_cores_count: Number = None
    memory: float | str | None = msgspec.field(default=None, name="memoryInGB")
    max_data_disk_count: Number = None
    max_nics_count: Number = None


class TargetSizeRecord(msgspec.Struct, gc=False):
    name: Text = None
    properties: TargetSizeProperties | None = None


def _target_size(record: TargetSizeRecord) -> ComputeSize:
    properties = record.properties or TargetSizeProperties()
    return ComputeSize(
        name=text(properties.name) or text(record.name),
        cores=whole(properties.cpu_cores_count) or 0,
        memory_mib=round(float(properties.memory or 0) * 1024),
        max_data_disks=whole(properties.max_data_disk_count) or 0,
        max_nics=whole(properties.max_nics_count),
    )


class Hardware(msgspec.Struct, rename="camel", gc=False):
    vm_size: Text = None


class Reference(msgspec.Struct, gc=False):
    id: Text = None


class NetworkProfile(msgspec.Struct, rename="camel", gc=False):
    network_interfaces: list[Reference] | None = None


class InstanceStatus(msgspec.Struct, gc=False):
    code: Text = None


class InstanceView(msgspec.Struct, gc=False):
    statuses: list[InstanceStatus] | None = None


class MachineProperties(msgspec.Struct, rename="camel", gc=False):
    hardware_profile: Hardware | None = None
    network_profile: NetworkProfile | None = None
    instance_view: InstanceView | None = None
    provisioning_state: Text = None


class MachineRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    location: Text = None
    properties: MachineProperties | None = None


def machine_nic_ids(machine: MachineRecord) -> tuple[str, ...]:
    profile = machine.properties.network_profile if machine.properties else None
    return tuple(text(nic.id) for nic in (profile.network_interfaces if profile else None) or () if nic.id)


def to_machine(record: MachineRecord, nics: tuple[MachineNic, ...]) -> AzureMachine:
    properties = record.properties or MachineProperties()
    view = properties.instance_view
    codes = [text(status.code) for status in (view.statuses if view else None) or ()]
    power = next((code.partition("/")[2] for code in codes if code.lower().startswith("powerstate/")), "")
    arm_id = ArmId(record.id)
    return AzureMachine(
        id=arm_id,
        name=text(record.name) or arm_id.name,
        location=text(record.location),
        size=text(properties.hardware_profile.vm_size) if properties.hardware_profile else "",
        power_state=power,
        provisioning_state=text(properties.provisioning_state),
        nics=nics,
    )


class IpProperties(msgspec.Struct, rename="camel", gc=False):
    private_ip_address: Text = msgspec.field(default=None, name="privateIPAddress")
    subnet: Reference | None = None


class IpConfiguration(msgspec.Struct, gc=False):
    properties: IpProperties | None = None


class NicProperties(msgspec.Struct, rename="camel", gc=False):
    ip_configurations: list[IpConfiguration] | None = None


class NicRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    properties: NicProperties | None = None


def _nic(record: NicRecord) -> MachineNic:
    configurations = (record.properties.ip_configurations if record.properties else None) or []
    first = (configurations[0].properties if configurations else None) or IpProperties()
    subnet = ArmId(text(first.subnet.id) if first.subnet else "")
    return MachineNic(
        name=text(record.name) or ArmId(record.id).name,
        network=subnet.segment("virtualNetworks"),
        subnet=subnet.segment("subnets"),
        private_address=text(first.private_ip_address),
    )


TENANT: Kind[Tenant] = Kind("tenant", TenantRecord, _tenant)
SUBSCRIPTION: Kind[Subscription] = Kind("subscription", SubscriptionRecord, _subscription)
LOCATION: Kind[Location] = Kind("region", LocationRecord, _location)
RESOURCE_PROVIDER: Kind[ResourceProvider] = Kind("resource provider", ProviderRecord, _provider)
RESOURCE_GROUP: Kind[ResourceGroup] = Kind("resource group", GroupRecord, _group)
STORAGE_ACCOUNT: Kind[StorageAccount] = Kind("storage account", StorageRecord, _storage)
VIRTUAL_NETWORK: Kind[VirtualNetwork] = Kind("virtual network", NetworkRecord, _network)
COMPUTE_SIZE: Kind[ComputeSize] = Kind("machine size", SizeRecord, _size)
TARGET_SIZE: Kind[ComputeSize] = Kind("machine size", TargetSizeRecord, _target_size)
MACHINE_RECORD: Kind[MachineRecord] = Kind("virtual machine in Azure", MachineRecord, lambda record: record)
NIC: Kind[MachineNic] = Kind("network interface", NicRecord, _nic)
NIC_WITH_ID: Kind[tuple[str, MachineNic]] = Kind(
    "network interface", NicRecord, lambda record: (record.id, _nic(record))
)
