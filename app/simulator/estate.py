"""Opening a scenario: from its data to a world, or from saved rows back to one."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from app.simulator import begun, crowd, fleet, large_target, neighbours, past
from app.simulator import records as rec
from app.simulator.begun_data import DiskData, NicData
from app.simulator.clock import SimulatorClock
from app.simulator.configuration import named_by
from app.simulator.handlers.access import make_owner
from app.simulator.handlers.networks import new_network
from app.simulator.handlers.policies import HYPER_V_REPLICA_AZURE, policy_details
from app.simulator.handlers.sites import new_fabric
from app.simulator.handlers.storage import new_account
from app.simulator.handlers.subscriptions import new_group
from app.simulator.handlers.vaults import new_vault
from app.simulator.identity.directory import open_directory
from app.simulator.lifecycle import conditions_of
from app.simulator.scenario_data import (
    FleetData,
    MachineData,
    ScenarioData,
    ScenarioError,
    SubnetData,
    read_scenario,
    scenario_key,
)
from app.simulator.wire import Json, guid, site_recovery_id
from app.simulator.world import World

STATE_FORMAT = 1
MIB_PER_GIB = 1024
_ACCOUNT_AGE_S = 90 * 86400
"""How long accounts of a scenario have been there."""


def open_world(
    scenario: str | ScenarioData,
    *,
    size: fleet.Size,
    seed: int,
    clock: SimulatorClock | None,
    rows: list[tuple[str, str, bytes | None]],
    crowd_size: crowd.CrowdSize | None = None,
) -> World:
    """A fresh world of the scenario, or the saved one when there are rows.

    A saved scenario is not read again, so that a new version of its file changes no state; only what a fleet generates
    is generated anew, under the saved changes.

    Raises:
        ValueError: no such scenario, a broken one, or rows of a newer format.
    """
    saved = next((body for kind, _, body in rows if kind == "settings"), None)
    if saved is not None:
        return _restored(saved, rows, clock)
    data, name = (read_scenario(scenario), scenario_key(scenario)) if isinstance(scenario, str) else (scenario, "")
    clock = clock or SimulatorClock(data.start)
    opened = clock.seconds()
    world = World(SimulatorClock(datetime.fromtimestamp(past.earliest(data, opened), UTC), speed=0))
    world.condition_of = _conditions_of
    world.settings = rec.Settings(
        scenario=name,
        count=size.of(data.fleet).machines if data.fleet else 0,
        seed=seed,
        subscription=data.subscription,
        tenant=data.tenant,
        resource_group=data.resource_group,
        vault=data.vault,
        upload_mib_s=data.upload_mib_s,
        regional_cores=data.regional_cores,
        unregistered=list(data.unregistered),
        format=STATE_FORMAT,
    )
    if data.crowd is not None:
        crowd.begin(world, (crowd_size or crowd.CrowdSize()).of(data.crowd))
    neighbours.add(world, data.subscriptions)
    make_owner(world)
    open_directory(world, data.identities)
    _build_azure(world, data)
    if data.large_target is not None:
        large_target.begin(world, data.large_target)
    _build_on_premises(world, data)
    if data.vault and data.site:
        vault = _vault_id(world, data)
        _build_sites(world, data, vault, size)
        try:
            past.live_through(world, data, vault, opened)
        except ScenarioError as error:
            raise ScenarioError(f"{world.settings.scenario}.toml: {error}") from None
    begun.build(world, data)
    world.clock = clock
    world.now = opened
    return world


def _restored(saved: bytes, rows: list[tuple[str, str, bytes | None]], clock: SimulatorClock | None) -> World:
    settings = _settings_of(saved)
    start = datetime.fromtimestamp(settings.now, UTC)
    world = World(clock or SimulatorClock(start, settings.speed))
    world.condition_of = _conditions_of
    world.settings = settings
    if settings.fleet is not None:
        fleet.fill(world, settings.fleet)
    if settings.crowd is not None:
        crowd.fill(world, settings.crowd)
    world.restore(rows)
    for table in world.tables.values():
        table.note_saved()
    return world


def _conditions_of(item: rec.Item) -> tuple[str, ...]:
    return (*conditions_of(item), *named_by(item))


def _settings_of(saved: bytes) -> rec.Settings:
    settings = msgspec.json.decode(saved, type=rec.Settings)
    if settings.format > STATE_FORMAT:
        raise ValueError("the state file was made by a newer version of the program")
    return settings


def _group(world: World, name: str) -> rec.Resource:
    return world.resources[f"/subscriptions/{world.settings.subscription}/resourcegroups/{name}".lower()]


def _subnet(data: SubnetData) -> Json:
    given: Json = {"addressPrefix": data.prefix}
    if data.delegated_to:
        given["delegations"] = [{"name": "delegation", "properties": {"serviceName": data.delegated_to}}]
    return {"name": data.name, "properties": given}


def _build_azure(world: World, data: ScenarioData) -> None:
    for group in data.groups:
        resource = new_group(world, group.name, group.location)
        if group.tags is not None:
            resource.body["tags"] = group.tags
        world.resources.put(resource.id.lower(), resource)
    for account in data.accounts:
        properties = {**account.properties, "accessTier": account.tier}
        given = {"sku": {"name": account.sku}, "kind": account.kind, "properties": properties}
        resource = new_account(
            _group(world, account.group), account.name, account.location, given, world.now - _ACCOUNT_AGE_S
        )
        world.resources.put(resource.id.lower(), resource)
    for network in data.networks:
        resource = new_network(
            world,
            _group(world, network.group),
            network.name,
            network.location,
            network.prefixes,
            [_subnet(subnet) for subnet in network.subnets],
            dns_servers=network.dns_servers,
        )
        if network.tags is not None:
            resource.body["tags"] = network.tags
        world.resources.put(resource.id.lower(), resource)
    if data.vault:
        group_resource = _group(world, data.resource_group)
        location = group_resource.body["location"]
        resource = new_vault(world, group_resource, data.vault, location, {}, world.now)
        world.resources.put(resource.id.lower(), resource)


def _build_on_premises(world: World, data: ScenarioData) -> None:
    seed = world.settings.seed
    home = {name: host.name for host in data.hosts for name in host.machines}
    held: dict[str, list[str]] = {host.name: [] for host in data.hosts}
    for machine in data.machines:
        host_name = machine.host or home[machine.name]
        record = _machine(machine, host_name, seed)
        world.machines.put(record.id, record)
        held[host_name].append(record.id)
    for host in data.hosts:
        order = {guid(seed, "machine", name): place for place, name in enumerate(host.machines)}
        record_ids = sorted(held[host.name], key=lambda machine_id: order.get(machine_id, len(order)))
        record_of_host = rec.Host(name=host.name, machines=record_ids, cluster=host.cluster, proxy=host.proxy)
        for version in ("agent_version", "provider_version", "server_version"):
            setattr(record_of_host, version, getattr(host, version) or getattr(record_of_host, version))
        world.hosts.put(host.name.lower(), record_of_host)


def _machine(data: MachineData, host: str, seed: int) -> rec.Machine:
    machine_id = data.id or guid(seed, "machine", data.name)
    disks = [_disk(data, machine_id, position, disk) for position, disk in enumerate(data.disks)]
    nics = [_nic(machine_id, position, nic) for position, nic in enumerate(data.nics)]
    return rec.Machine(
        id=machine_id,
        name=data.name,
        host=host,
        generation=data.generation,
        cores=data.cores,
        memory_mib=int(data.memory_gib * MIB_PER_GIB),
        disks=disks,
        nics=nics,
        os=data.os,
        os_edition=data.edition,
        has_shared_vhd=data.shared_vhd,
        devices=data.devices,
    )


def _disk(data: MachineData, machine_id: str, position: int, disk: tuple[int, int, float] | DiskData) -> rec.Disk:
    if not isinstance(disk, DiskData):
        size, used, churn = disk
        name = data.name if position == 0 else f"{data.name}-data{position}"
        disk = DiskData(name, size * MIB_PER_GIB, used * MIB_PER_GIB, churn_mib_s=churn)
    return rec.Disk(
        id=disk.id or guid(machine_id, "disk", position),
        name=disk.name,
        size_mib=disk.size_mib,
        used_mib=disk.used_mib,
        churn_mib_s=disk.churn_mib_s,
        is_os=position == 0 and data.os is not None,
        controller=disk.controller or guid(machine_id, "controller"),
    )


def _nic(machine_id: str, position: int, nic: list[str] | NicData) -> rec.Nic:
    if not isinstance(nic, NicData):
        nic = NicData(nic[0], ip=nic[1] if len(nic) > 1 else None)
    return rec.Nic(nic.id or guid(machine_id, "nic", position), nic.switch, nic.ip)


def _vault_id(world: World, data: ScenarioData) -> str:
    """The vault's id as Site Recovery writes it."""
    vaults = f"{_group(world, data.resource_group).id}/providers/Microsoft.RecoveryServices/vaults"
    return site_recovery_id(f"{vaults}/{data.vault}")


def _build_sites(world: World, data: ScenarioData, vault: str, size: fleet.Size) -> None:
    """The sites with their hosts registered and their policy, and in a fleet everything protected."""
    sites = {host.name: host.site or str(data.site) for host in data.hosts}
    fabrics = {
        name: new_fabric(world, f"{vault}/replicationFabrics/{name}")
        for name in dict.fromkeys([str(data.site), *sites.values()])
    }
    for fabric in fabrics.values():
        world.fabrics.put(fabric.id.lower(), fabric)
    home = fabrics[str(data.site)]
    shape = _fleet_shape(world, data, vault, home, size.of(data.fleet)) if data.fleet else None
    for host in [*world.hosts.records(), *(fleet.hosts(world.settings, shape) if shape else ())]:
        _register(world, host, fabrics[sites[host.name]] if host.name in sites else home)
    if data.policy:
        given = {
            "recoveryPointHistoryDuration": data.policy.history_hours,
            "applicationConsistentSnapshotFrequencyInHours": data.policy.app_consistent_hours,
            "replicationInterval": data.policy.interval_s,
        }
        policy_id = f"{vault}/replicationPolicies/{data.policy.name}"
        policy = rec.Policy(policy_id, HYPER_V_REPLICA_AZURE, policy_details(given))
        world.policies.put(policy_id.lower(), policy)
        for fabric in fabrics.values():
            mapping_id = f"{fabric.container_id}/replicationProtectionContainerMappings/{data.policy.name}"
            world.mappings.put(mapping_id.lower(), rec.Mapping(mapping_id, policy_id))
    if data.fleet and shape:
        settings = world.settings
        settings.fleet = shape
        world.settings = settings
        fleet.fill(world, shape)
        fleet.add_history(world, size.of(data.fleet).past_jobs)


def _register(world: World, host: rec.Host, fabric: rec.Fabric) -> None:
    name = guid(world.settings.seed, fabric.id.lower(), host.name.lower())
    host.provider = f"{fabric.id}/replicationRecoveryServicesProviders/{name}"
    host.fabric = fabric.id.lower()
    world.hosts.put(host.name.lower(), host)
    provider = rec.Provider(host.provider, fabric.id.lower(), host.name.lower(), is_ready=True)
    world.providers.put(host.provider.lower(), provider)


def _fleet_shape(world: World, data: ScenarioData, vault: str, fabric: rec.Fabric, size: FleetData) -> rec.FleetShape:
    assert data.policy is not None, "what a fleet needs was checked when its file was read"
    account, network = data.accounts[0], data.networks[0]
    group = f"/subscriptions/{data.subscription}/resourceGroups/{data.resource_group}"
    return rec.FleetShape(
        fabric=fabric,
        policy=f"{vault}/replicationPolicies/{data.policy.name}",
        group=group,
        account=f"{group}/providers/Microsoft.Storage/storageAccounts/{account.name}",
        network=f"{group}/providers/Microsoft.Network/virtualNetworks/{network.name}",
        subnet=network.subnets[0].name,
        opened=data.start.timestamp(),
        machines_per_host=size.machines_per_host,
    )
