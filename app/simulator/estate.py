"""Opening a scenario: from a file in `resources/scenarios` to a world, or from saved rows back to one."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct, convert, field

from app.simulator import fleet
from app.simulator import records as rec
from app.simulator.clock import SimulatorClock
from app.simulator.handlers.access import make_owner
from app.simulator.handlers.networks import new_network
from app.simulator.handlers.policies import HYPER_V_REPLICA_AZURE, policy_details
from app.simulator.handlers.sites import new_fabric
from app.simulator.handlers.storage import new_account
from app.simulator.handlers.subscriptions import new_group
from app.simulator.handlers.vaults import new_vault
from app.simulator.lifecycle import conditions_of
from app.simulator.wire import guid, site_recovery_id
from app.simulator.world import World

STATE_FORMAT = 1
DEFAULT_FLEET = 1000
MIB_PER_GIB = 1024


class GroupData(Struct, forbid_unknown_fields=True):
    name: str
    location: str


class AccountData(Struct, forbid_unknown_fields=True):
    group: str
    name: str
    location: str
    sku: str
    kind: str = "StorageV2"
    tier: str | None = None


class SubnetData(Struct, forbid_unknown_fields=True):
    name: str
    prefix: str


class NetworkData(Struct, forbid_unknown_fields=True):
    group: str
    name: str
    location: str
    prefixes: list[str]
    subnets: list[SubnetData]


class HostData(Struct, forbid_unknown_fields=True):
    name: str
    machines: list[str]


class MachineData(Struct, forbid_unknown_fields=True):
    name: str
    generation: int
    cores: int
    memory_gib: float
    disks: list[tuple[int, int, float]]
    nics: list[list[str]]
    os: str | None = None
    edition: str | None = None
    shared_vhd: bool = False


class PolicyData(Struct, forbid_unknown_fields=True):
    name: str
    history_hours: int
    app_consistent_hours: int
    interval_s: int


class ScenarioData(Struct, forbid_unknown_fields=True):
    """A scenario file. `on_premises` names another one whose hosts and machines stand here too.

    Attributes:
        fault: steps of a script of what goes wrong (`faults.script`).
    """

    start: datetime
    subscription: str
    tenant: str
    resource_group: str
    upload_mib_s: float
    regional_cores: int = 0
    vault: str | None = None
    site: str | None = None
    on_premises: str | None = None
    policy: PolicyData | None = None
    groups: list[GroupData] = field(default_factory=list)
    accounts: list[AccountData] = field(default_factory=list)
    networks: list[NetworkData] = field(default_factory=list)
    hosts: list[HostData] = field(default_factory=list)
    machines: list[MachineData] = field(default_factory=list)
    fault: list[dict[str, Any]] = field(default_factory=list)


def scenario_names() -> list[str]:
    folder = files("resources") / "scenarios"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def read_scenario(name: str) -> ScenarioData:
    """
    Raises:
        ValueError: there is no scenario of that name.
    """
    if name not in scenario_names():
        raise ValueError(f"there is no scenario named {name!r}; there are {', '.join(scenario_names())}")
    text = (files("resources") / "scenarios" / f"{name}.toml").read_text("utf-8")
    return convert(tomllib.loads(text), ScenarioData)


def open_world(
    scenario: str,
    *,
    count: int | None,
    seed: int,
    clock: SimulatorClock | None,
    rows: list[tuple[str, str, bytes | None]],
) -> World:
    """A fresh world of the scenario, or the saved one when there are rows.

    A saved scenario is not read again, so that a new version of its file changes no state; only what a fleet generates
    is generated anew, under the saved changes.

    Raises:
        ValueError: no such scenario, or rows of a newer format.
    """
    saved = next((body for kind, _, body in rows if kind == "settings"), None)
    if saved is not None:
        return _restored(saved, rows, clock)
    data = read_scenario(scenario)
    world = World(clock or SimulatorClock(data.start))
    world.condition_of = conditions_of
    world.settings = rec.Settings(
        scenario=scenario,
        count=(count or DEFAULT_FLEET) if scenario == "fleet" else 0,
        seed=seed,
        subscription=data.subscription,
        tenant=data.tenant,
        resource_group=data.resource_group,
        vault=data.vault,
        upload_mib_s=data.upload_mib_s,
        regional_cores=data.regional_cores,
        format=STATE_FORMAT,
    )
    make_owner(world)
    _build_azure(world, data)
    _build_on_premises(world, read_scenario(data.on_premises) if data.on_premises else data)
    if data.vault and data.site:
        _build_site(world, data)
    return world


def _restored(saved: bytes, rows: list[tuple[str, str, bytes | None]], clock: SimulatorClock | None) -> World:
    settings = _settings_of(saved)
    start = datetime.fromtimestamp(settings.now, UTC)
    world = World(clock or SimulatorClock(start, settings.speed))
    world.condition_of = conditions_of
    world.settings = settings
    if settings.scenario == "fleet":
        _generate_fleet(world, read_scenario("fleet"))
    world.restore(rows)
    for table in world.tables.values():
        table.changed.clear()
    return world


def _settings_of(saved: bytes) -> rec.Settings:
    settings = msgspec.json.decode(saved, type=rec.Settings)
    if settings.format > STATE_FORMAT:
        raise ValueError("the state file was made by a newer version of the program")
    return settings


def _group(world: World, name: str) -> rec.Resource:
    return world.resources[f"/subscriptions/{world.settings.subscription}/resourcegroups/{name}".lower()]


def _build_azure(world: World, data: ScenarioData) -> None:
    for group in data.groups:
        resource = new_group(world, group.name, group.location)
        world.resources.put(resource.id.lower(), resource)
    for account in data.accounts:
        given = {"sku": {"name": account.sku}, "kind": account.kind, "properties": {"accessTier": account.tier}}
        resource = new_account(_group(world, account.group), account.name, account.location, given, world.now)
        world.resources.put(resource.id.lower(), resource)
    for network in data.networks:
        subnets = [{"name": subnet.name, "properties": {"addressPrefix": subnet.prefix}} for subnet in network.subnets]
        group_resource = _group(world, network.group)
        resource = new_network(world, group_resource, network.name, network.location, network.prefixes, subnets)
        world.resources.put(resource.id.lower(), resource)
    if data.vault:
        group_resource = _group(world, data.resource_group)
        location = group_resource.body["location"]
        resource = new_vault(world, group_resource, data.vault, location, {}, world.now)
        world.resources.put(resource.id.lower(), resource)


def _build_on_premises(world: World, data: ScenarioData) -> None:
    seed = world.settings.seed
    home = {name: host.name for host in data.hosts for name in host.machines}
    for machine in data.machines:
        record = _machine(machine, home[machine.name], seed)
        world.machines.put(record.id, record)
    for host in data.hosts:
        record_ids = [guid(seed, "machine", name) for name in host.machines]
        world.hosts.put(host.name.lower(), rec.Host(name=host.name, machines=record_ids))


def _machine(data: MachineData, host: str, seed: int) -> rec.Machine:
    machine_id = guid(seed, "machine", data.name)
    disks = [
        rec.Disk(
            id=guid(machine_id, "disk", position),
            name=data.name if position == 0 else f"{data.name}-data{position}",
            size_mib=size * MIB_PER_GIB,
            used_mib=used * MIB_PER_GIB,
            churn_mib_s=churn,
            is_os=position == 0 and data.os is not None,
            controller=guid(machine_id, "controller"),
        )
        for position, (size, used, churn) in enumerate(data.disks)
    ]
    nics = [
        rec.Nic(guid(machine_id, "nic", position), nic[0], nic[1] if len(nic) > 1 else None)
        for position, nic in enumerate(data.nics)
    ]
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
    )


def _build_site(world: World, data: ScenarioData) -> None:
    """The site with its hosts registered, and in a fleet everything protected."""
    vault = site_recovery_id(f"{_group(world, data.resource_group).id}/providers/Microsoft.RecoveryServices/vaults")
    fabric = new_fabric(world, f"{vault}/{data.vault}/replicationFabrics/{data.site}")
    world.fabrics.put(fabric.id.lower(), fabric)
    for host in [*world.hosts.records(), *fleet.hosts(world.settings)]:
        name = guid(world.settings.seed, fabric.id.lower(), host.name.lower())
        host.provider = f"{fabric.id}/replicationRecoveryServicesProviders/{name}"
        host.fabric = fabric.id.lower()
        world.hosts.put(host.name.lower(), host)
        provider = rec.Provider(host.provider, fabric.id.lower(), host.name.lower(), is_ready=True)
        world.providers.put(host.provider.lower(), provider)
    if data.policy:
        given = {
            "recoveryPointHistoryDuration": data.policy.history_hours,
            "applicationConsistentSnapshotFrequencyInHours": data.policy.app_consistent_hours,
            "replicationInterval": data.policy.interval_s,
        }
        policy_id = f"{vault}/{data.vault}/replicationPolicies/{data.policy.name}"
        policy = rec.Policy(policy_id, HYPER_V_REPLICA_AZURE, policy_details(given))
        world.policies.put(policy_id.lower(), policy)
        mapping_id = f"{fabric.container_id}/replicationProtectionContainerMappings/{data.policy.name}"
        world.mappings.put(mapping_id.lower(), rec.Mapping(mapping_id, policy_id))
    if world.settings.scenario == "fleet":
        _generate_fleet(world, data)
        fleet.add_history(world)


def _generate_fleet(world: World, data: ScenarioData) -> None:
    """Let machines and items of a fleet be made when they are asked for."""
    assert data.policy is not None, "a fleet is protected by a policy"
    vault = f"/Subscriptions/{data.subscription}/resourceGroups/{data.resource_group}/providers"
    vault = f"{vault}/Microsoft.RecoveryServices/vaults/{data.vault}"
    fabric = new_fabric(world, f"{vault}/replicationFabrics/{data.site}")
    account, network = data.accounts[0], data.networks[0]
    group = f"/subscriptions/{data.subscription}/resourceGroups/{data.resource_group}"
    fleet.Fleet(
        settings=world.settings,
        fabric=fabric,
        policy_id=f"{vault}/replicationPolicies/{data.policy.name}",
        group=group,
        account=f"{group}/providers/Microsoft.Storage/storageAccounts/{account.name}",
        network=f"{group}/providers/Microsoft.Network/virtualNetworks/{network.name}",
        subnet=network.subnets[0].name,
        opened=data.start.timestamp(),
    ).fill(world)
