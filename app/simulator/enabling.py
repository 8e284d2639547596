"""What enabling protection makes of a machine, and what keeps it from working."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.azure_machines import subnets_of, target_size
from app.simulator.hosts import unreachable_error
from app.simulator.item_view import disk_id, nic_id
from app.simulator.replica import UnfitTarget, check_replica, disk_kind
from app.simulator.wire import Json, guid, last_segment, vault_part
from app.simulator.world import World

PREFLIGHT, TARGET, ENABLE = 0, 1, 2
"""The steps of the job in which it can fail."""


def new_item(
    world: World,
    item_id: str,
    machine: rec.Machine,
    provider_id: str,
    policy: rec.Policy,
    given: Json,
    now: float,
) -> rec.Item:
    """The protected item as the request asks for it."""
    chosen = {str(vhd).lower() for vhd in given.get("disksToInclude") or []}
    managed = {str(disk.get("diskId")).lower(): disk for disk in given.get("disksToIncludeForManagedDisks") or []}
    os_vhd = str(given.get("vhdId") or "").lower()
    disks = [
        rec.ItemDisk(
            vhd_id=disk.id,
            disk_id=disk_id(machine.id, disk, position),
            name=disk.name,
            size_mib=disk.size_mib,
            is_os=disk.id == os_vhd or (not os_vhd and disk.is_os),
            lun=position,
            account=managed.get(disk.id, {}).get("logStorageAccountId"),
            kind=disk_kind(given, managed.get(disk.id, {})),
        )
        for position, disk in enumerate(machine.disks)
        if not (chosen or managed) or disk.id in chosen or disk.id in managed
    ]
    kept = {disk.vhd_id for disk in disks}
    network = given.get("targetAzureNetworkId")
    subnet = _subnet_name(world, network, given.get("targetAzureSubnetId"))
    name = str(given.get("targetAzureVmName") or given.get("vmName") or machine.name)
    own_group = "/subscriptions/" + "/".join(item_id.split("/")[2:5])  # written as ARM writes it, not Site Recovery
    return rec.Item(
        id=item_id,
        machine=machine.id,
        machine_name=machine.name,
        provider=provider_id,
        policy=policy.id,
        phase="enabling",
        os_type=str(given.get("osType") or machine.os or "Windows"),
        memory_mib=machine.memory_mib,
        cores=machine.cores,
        used_mib=sum(disk.used_mib for disk in machine.disks if disk.id in kept),
        generation=machine.generation,
        correlation=guid(world.settings.seed, item_id.lower(), world.settings.counter),
        created=now,
        disks=disks,
        nics=[
            rec.ItemNic(
                id=nic_id(machine.id, nic.id),
                switch=nic.switch,
                source_ip=nic.ip,
                subnet=subnet,
                selection="SelectedByUser" if network else "SelectedByDefault",
                target_name=f"nic-{name}-{position:02d}",
            )
            for position, nic in enumerate(machine.nics)
        ],
        target=rec.Target(
            vm_name=name,
            size=str(given.get("targetVmSize") or target_size(machine)),
            group=str(given.get("targetAzureV2ResourceGroupId") or own_group),
            account=given.get("targetStorageAccountId"),
            log_account=given.get("logStorageAccountId"),
            network=network,
            use_managed_disks=str(given.get("useManagedDisks") or "false").lower(),
            replicates_to_managed_disks=given.get("useManagedDisksForReplication"),
            license=str(given.get("licenseType") or "NotSpecified"),
            sql_license=str(given.get("sqlServerLicenseType") or "NotSpecified"),
            rdp=given.get("enableRdpOnTargetOption"),
            availability_set=given.get("targetAvailabilitySetId"),
            availability_zone=given.get("targetAvailabilityZone"),
            placement_group=given.get("targetProximityPlacementGroupId"),
            vm_tags=given.get("targetVmTags") or {},
            nic_tags=given.get("targetNicTags") or {},
            seed_disk_tags=given.get("seedManagedDiskTags"),
            disk_tags=given.get("targetManagedDiskTags"),
        ),
    )


def _subnet_name(world: World, network_id: str | None, given: str | None) -> str | None:
    """A subnet comes as an id or as a name; without one it is the network's first."""
    if given:
        return last_segment(given)
    network = world.resources.get((network_id or "").lower())
    subnets = subnets_of(network) if network else []
    return str(subnets[0]["name"]) if subnets else None


def enable_error(
    world: World, fabric: rec.Fabric, policy: rec.Policy, machine: rec.Machine, given: Json
) -> rec.JobError | None:
    """The first reason why this machine cannot be protected as asked; None if it can."""
    return (
        _policy_error(world, fabric, policy, machine)
        or _machine_error(machine, given)
        or _target_error(world, fabric, policy, machine, given)
        or _host_error(world, machine)
    )


def _host_error(world: World, machine: rec.Machine) -> rec.JobError | None:
    host = world.hosts.get(machine.host.lower())
    error = unreachable_error(world, host.provider, machine.name) if host else None
    if error is not None:
        error.task = ENABLE
    return error


def _failure(machine: rec.Machine, code: str, causes: str, action: str, task: int) -> rec.JobError:
    return rec.JobError(code, f"Protection could not be enabled for {machine.name}.", causes, action, task=task)


def _policy_error(world: World, fabric: rec.Fabric, policy: rec.Policy, machine: rec.Machine) -> rec.JobError | None:
    under = fabric.container_id.lower() + "/"
    if any(mapping.policy_id.lower() == policy.id.lower() for mapping in world.mappings.records(under)):
        return None
    return _failure(
        machine,
        "506",
        f"The policy {last_segment(policy.id)} is not associated with the site {fabric.friendly_name}.",
        "Associate the policy with the site first.",
        PREFLIGHT,
    )


def _machine_error(machine: rec.Machine, given: Json) -> rec.JobError | None:
    os_type = str(given.get("osType") or machine.os or "")
    if os_type not in ("Windows", "Linux"):
        return _failure(
            machine,
            "70002",
            "Its operating system is not known.",
            "Say whether it runs Windows or Linux.",
            PREFLIGHT,
        )
    vhd = str(given.get("vhdId") or "").lower()
    os_disk = next((disk for disk in machine.disks if disk.id == vhd or (not vhd and disk.is_os)), None)
    if os_disk is None:
        return _failure(
            machine, "70003", "None of its disks is named as the one it starts from.", "Name its OS disk.", PREFLIGHT
        )
    limits = azure_facts().limits
    limit = limits.os_disk_gib_generation_1 if machine.generation == 1 else limits.os_disk_gib_generation_2
    if os_disk.size_mib > limit * 1024:
        return _failure(
            machine,
            "506",
            f"Its OS disk is larger than {limit} GiB.",
            "Make the OS disk smaller, or move data from it to another disk.",
            PREFLIGHT,
        )
    if any(disk.size_mib > limits.data_disk_gib * 1024 for disk in machine.disks if disk is not os_disk):
        return _failure(
            machine,
            "506",
            f"A data disk is larger than {limits.data_disk_gib} GiB.",
            "Leave that disk out, or split it.",
            PREFLIGHT,
        )
    if machine.has_shared_vhd:
        error = _failure(
            machine,
            "70094",
            "Hyper-V refused to replicate it: a virtual disk is shared with another machine.",
            "Protect clustered data by the cluster's own means.",
            ENABLE,
        )
        error.provider_code = 31389
        error.provider_message = "Hyper-V could not enable replication."
        return error
    return None


def _target_error(
    world: World, fabric: rec.Fabric, policy: rec.Policy, machine: rec.Machine, given: Json
) -> rec.JobError | None:
    vault = world.resources.get(vault_part(fabric.id.lower()))
    location = vault.body["location"] if vault else ""
    group_id = str(given.get("targetAzureV2ResourceGroupId") or "")
    if group_id and group_id.lower() not in world.resources:
        return _failure(
            machine,
            "506",
            f"The resource group {last_segment(group_id)} does not exist.",
            "Choose a resource group that exists.",
            TARGET,
        )
    try:
        check_replica(world, location, policy, machine, given)
    except UnfitTarget as reason:
        return _failure(machine, "506", reason.causes, reason.action, TARGET)
    return None
