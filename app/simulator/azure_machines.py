"""The machines that a failover makes in Azure: disks, network interfaces with addresses, virtual machines."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from itertools import chain, count

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.wire import Json, guid, last_segment, time_text, vault_part
from app.simulator.world import World

VM_TYPE = "Microsoft.Compute/virtualMachines"
NIC_TYPE = "Microsoft.Network/networkInterfaces"
DISK_TYPE = "Microsoft.Compute/disks"

FIRST_FREE_HOST = 4
"""Azure keeps the first four addresses of a subnet and its last one."""
_KEPT_SUBNETS = {
    "gatewaysubnet": "virtual network gateways",
    "azurebastionsubnet": "Azure Bastion",
    "azurefirewallsubnet": "Azure Firewall",
    "azurefirewallmanagementsubnet": "Azure Firewall",
    "routeserversubnet": "Azure Route Server",
}
"""Names that Azure keeps for services of its own."""


# Subnets and addresses


def subnets_of(network: rec.Resource) -> list[Json]:
    found: list[Json] = network.body.get("properties", {}).get("subnets", [])
    return found


def subnet_named(network: rec.Resource, name: str | None) -> Json | None:
    return next((s for s in subnets_of(network) if name and s["name"].lower() == name.lower()), None)


def addresses_in_use(world: World, subnet_id: str) -> dict[str, str]:
    """The addresses taken in a subnet, with the id of the IP configuration that holds each."""
    return addresses_by_subnet(world).get(subnet_id.lower(), {})


def addresses_by_subnet(world: World) -> dict[str, dict[str, str]]:
    """The same for all subnets, by their ids in lower case: for whoever tells of many."""
    taken: dict[str, dict[str, str]] = {}
    for resource in world.resources.records():
        if resource.type != NIC_TYPE:
            continue
        for config in resource.body["properties"]["ipConfigurations"]:
            in_subnet = taken.setdefault(config["properties"]["subnet"]["id"].lower(), {})
            in_subnet[config["properties"]["privateIPAddress"]] = config["id"]
    return taken


def usable_addresses(prefix: str) -> Iterator[str]:
    """What may be given out in a subnet, lowest first."""
    network = IPv4Network(prefix, strict=False)
    first = int(network.network_address)
    for number in range(first + FIRST_FREE_HOST, first + network.num_addresses - 1):
        yield str(IPv4Address(number))


def free_address(world: World, subnet: Json, wanted: str | None) -> str | None:
    """The wanted address if it is free, else the lowest free one; None when the subnet is full."""
    taken = addresses_in_use(world, subnet["id"])
    if wanted and wanted not in taken:
        return wanted
    return next((address for address in usable_addresses(prefix_of(subnet)) if address not in taken), None)


def _within(subnet: Json | None, address: str | None) -> str | None:
    """The address if the subnet can give it out: a drill elsewhere takes another one, and is not refused."""
    if subnet is None or not address or ":" in prefix_of(subnet):
        return None
    range_ = IPv4Network(prefix_of(subnet), strict=False)
    place = int(IPv4Address(address)) - int(range_.network_address)
    return address if FIRST_FREE_HOST <= place < range_.num_addresses - 1 else None


def prefix_of(subnet: Json) -> str:
    """The range that addresses are given from; machines join by IPv4."""
    properties = subnet["properties"]
    prefixes = properties.get("addressPrefixes") or [properties["addressPrefix"]]
    return str(next((prefix for prefix in prefixes if ":" not in prefix), prefixes[0]))


def drill_subnet(network: rec.Resource, name: str | None) -> Json | None:
    """In a drill's network: the subnet of the same name, else the first by alphabet."""
    same = subnet_named(network, name)
    return same or min(subnets_of(network), key=lambda subnet: subnet["name"].lower(), default=None)


def kept_for(subnet: Json) -> str:
    """Which service of Azure has the subnet for itself; empty for none."""
    delegations = subnet["properties"].get("delegations") or []
    if delegations:
        return str(delegations[0]["properties"]["serviceName"])
    return _KEPT_SUBNETS.get(subnet["name"].lower(), "")


# Machines


def name_is_taken(world: World, group_id: str, name: str) -> bool:
    return f"{group_id}/providers/{VM_TYPE}/{name}".lower() in world.resources


def free_name(world: World, group_id: str, wanted: str, machine_id: str) -> str:
    """The wanted name if no machine of the group has it, else the first free one made from it and the machine's own."""
    others = (f"{wanted}-{machine_id}{suffix}" for suffix in chain([""], (f"-{n}" for n in count(2))))
    return next(name for name in chain([wanted], others) if not name_is_taken(world, group_id, name))


def create_machine(
    world: World, item: rec.Item, name: str, network: rec.Resource | None, *, is_test: bool, at: float
) -> str:
    """Make the Azure machine of a protected item, switched on; returns its id."""
    target = item.target
    group = world.resources[target.group.lower()].id
    vault_group = world.resources.get(vault_part(item.id.lower()))
    location = network.body["location"] if network else (vault_group.body["location"] if vault_group else "")
    vm_id = f"{group}/providers/{VM_TYPE}/{name}"
    nics = [
        nic_id
        for position, nic in enumerate(item.nics)
        if nic.selection != "NotSelected" and network is not None
        if (nic_id := _create_nic(world, item, nic, position, vm_id, network, location, is_test=is_test, at=at))
    ]
    disks = [_create_disk(world, item, disk, name, group, location, vm_id, at) for disk in item.disks]
    os_disk = next((disk for disk, source in zip(disks, item.disks, strict=True) if source.is_os), None)
    body: Json = {
        "name": name,
        "id": vm_id,
        "type": VM_TYPE,
        "location": location,
        "tags": dict(target.vm_tags),
        "properties": {
            "vmId": guid(world.settings.seed, vm_id.lower(), at),
            "hardwareProfile": {"vmSize": target.size},
            "provisioningState": "Succeeded",
            "storageProfile": {
                "osDisk": {**(os_disk or {}), "osType": item.os_type},
                "dataDisks": [disk for disk in disks if disk is not os_disk],
            },
            "networkProfile": {
                "networkInterfaces": [
                    {"id": nic, "properties": {"primary": position == 0}} for position, nic in enumerate(nics)
                ]
            },
            "timeCreated": time_text(at),
        },
    }
    # Only a machine on managed disks keeps its second generation.
    generation = "V2" if item.generation == 2 and target.use_managed_disks.lower() == "true" else "V1"
    extra = {"computer_name": item.machine_name, "generation": generation}
    world.resources.put(vm_id.lower(), rec.Resource(vm_id, VM_TYPE, body, extra=extra))
    return vm_id


def instance_view(resource: rec.Resource) -> Json:
    """What the machine is doing: it is on from the moment it was made until somebody switches it off."""
    power = resource.extra.get("power", "running")
    created = resource.body["properties"]["timeCreated"]
    return {
        "computerName": resource.extra["computer_name"],
        "hyperVGeneration": resource.extra["generation"],
        "statuses": [
            {
                "code": "ProvisioningState/succeeded",
                "level": "Info",
                "displayStatus": "Provisioning succeeded",
                "time": created,
            },
            {"code": f"PowerState/{power}", "level": "Info", "displayStatus": f"VM {power}"},
        ],
    }


def delete_machine(world: World, vm_id: str | None) -> None:
    """Remove an Azure machine with the interfaces and disks that were made for it."""
    vm = world.resources.get(vm_id.lower()) if vm_id else None
    if vm is None:
        return
    properties = vm.body["properties"]
    storage = properties["storageProfile"]
    for nic in properties["networkProfile"]["networkInterfaces"]:
        world.resources.remove(nic["id"].lower())
    for disk in (storage["osDisk"], *storage["dataDisks"]):
        if managed := disk.get("managedDisk"):
            world.resources.remove(managed["id"].lower())
    world.resources.remove(vm.id.lower())


def leave_behind(world: World, vm: rec.Resource) -> None:
    """Remove an Azure machine alone: its interfaces and disks belong to nobody from now on."""
    properties = vm.body["properties"]
    storage = properties["storageProfile"]
    for nic in properties["networkProfile"]["networkInterfaces"]:
        resource = world.resources.get(nic["id"].lower())
        if resource is not None:
            resource.body["properties"].pop("virtualMachine", None)
            world.resources.put(resource.id.lower(), resource)
    for disk in (storage["osDisk"], *storage["dataDisks"]):
        resource = world.resources.get(str((disk.get("managedDisk") or {}).get("id")).lower())
        if resource is not None:
            resource.body.pop("managedBy", None)
            resource.body["properties"]["diskState"] = "Unattached"
            world.resources.put(resource.id.lower(), resource)
    world.resources.remove(vm.id.lower())


def _create_nic(
    world: World,
    item: rec.Item,
    nic: rec.ItemNic,
    position: int,
    vm_id: str,
    network: rec.Resource,
    location: str,
    *,
    is_test: bool,
    at: float,
) -> str | None:
    if is_test:
        subnet = drill_subnet(network, nic.test_subnet or nic.subnet)
        wanted = _within(subnet, nic.test_ip or nic.static_ip)
    else:
        subnet = subnet_named(network, nic.subnet) or min(
            subnets_of(network), key=lambda subnet: subnet["name"].lower(), default=None
        )
        wanted = nic.static_ip
    if subnet is None or (address := free_address(world, subnet, wanted)) is None:
        return None
    group = "/".join(vm_id.split("/")[:5])
    name = f"nic-{last_segment(vm_id)}-{position:02d}" if is_test else nic.target_name
    nic_id = f"{group}/providers/{NIC_TYPE}/{name}"
    config_name = f"{name}-ipConfig"
    mac = guid(nic_id, at).replace("-", "").upper()
    body: Json = {
        "name": name,
        "id": nic_id,
        "type": NIC_TYPE,
        "location": location,
        "tags": dict(item.target.nic_tags),
        "properties": {
            "provisioningState": "Succeeded",
            "ipConfigurations": [
                {
                    "name": config_name,
                    "id": f"{nic_id}/ipConfigurations/{config_name}",
                    "properties": {
                        "provisioningState": "Succeeded",
                        "privateIPAddress": address,
                        "privateIPAllocationMethod": "Static" if wanted == address else "Dynamic",
                        "subnet": {"id": subnet["id"]},
                        "primary": True,
                        "privateIPAddressVersion": "IPv4",
                    },
                }
            ],
            "macAddress": "-".join(("00-0D-3A", mac[0:2], mac[2:4], mac[4:6])),
            "primary": position == 0,
            "enableAcceleratedNetworking": bool(nic.accelerated),
            "enableIPForwarding": False,
            "virtualMachine": {"id": vm_id},
        },
    }
    world.resources.put(nic_id.lower(), rec.Resource(nic_id, NIC_TYPE, body))
    return nic_id


def _create_disk(
    world: World, item: rec.Item, disk: rec.ItemDisk, vm_name: str, group: str, location: str, vm_id: str, at: float
) -> Json:
    profile: Json = {
        "lun": disk.lun,
        "name": disk.custom_name or f"{vm_name}-{disk.name}",
        "createOption": "Attach",
        "caching": "ReadWrite" if disk.is_os else "None",
        "diskSizeGB": max(disk.size_mib // 1024, 1),
    }
    if item.target.use_managed_disks.lower() != "true":
        account = last_segment(item.target.account or "storage")
        container = f"asr-{guid(item.correlation)[:18].replace('-', '')}"
        host = f"https://{account}.blob.core.windows.net"
        return {**profile, "vhd": {"uri": f"{host}/{container}/{disk.disk_id.lower()}.vhd"}}
    disk_id = f"{group}/providers/{DISK_TYPE}/{profile['name']}"
    account_resource = world.resources.get((disk.account or item.target.account or "").lower())
    premium = account_resource is not None and account_resource.body["sku"]["tier"] == "Premium"
    sku = disk.kind or ("Premium_LRS" if premium else "StandardSSD_LRS")
    body: Json = {
        "name": profile["name"],
        "id": disk_id,
        "type": DISK_TYPE,
        "location": location,
        "tags": dict(item.target.disk_tags or {}),
        "sku": {"name": sku},
        "managedBy": vm_id,
        "properties": {
            "diskSizeGB": profile["diskSizeGB"],
            "diskState": "Attached",
            "provisioningState": "Succeeded",
            "timeCreated": time_text(at),
            "creationData": {"createOption": "Import"},
        },
    }
    world.resources.put(disk_id.lower(), rec.Resource(disk_id, DISK_TYPE, body))
    return {**profile, "managedDisk": {"id": disk_id, "storageAccountType": sku}}


def target_size(machine: rec.Machine) -> str:
    """The size chosen for a machine when nobody chose one."""
    size = azure_facts().size_for(
        machine.cores, machine.memory_mib, len(machine.disks) - 1, len(machine.nics), machine.generation
    )
    return size.name
