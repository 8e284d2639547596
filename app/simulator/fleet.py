"""A fleet of any size: each machine and protected item is made from its ordinal when somebody asks for it.

Opening ten thousand of them costs their names alone. What is counted about them (items per host, health) follows from
the ordinal too, so that no count ever reads them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.configuration import note_all
from app.simulator.event_log import record_event
from app.simulator.item_view import disk_id, nic_id
from app.simulator.job_times import ends_at, state_of
from app.simulator.scenario_data import FleetData
from app.simulator.wire import guid, vault_part
from app.simulator.world import World

SPARE_HOSTS = 2
MOST = 50_000
DAY_S = 86_400.0
KEPT_S = 30 * DAY_S
"""Jobs of a fleet lie within so long a time."""

_ROLES = ("WEB", "APP", "SQL", "FS", "LNX", "RDS")
_SHAPES = ((2, 4), (4, 8), (8, 32), (4, 16), (2, 4), (8, 16))
"""Cores and memory in GiB by role."""
_USED_PER_GIB, _DATA_USED_MIB = 400, 200 * 1024
_STUCK_EVERY, _CHURN_EVERY, _UNTESTED_EVERY = 211, 83, 3


def machine_id(seed: int, ordinal: int) -> str:
    return guid(seed, "fleet", ordinal)


def host_name(ordinal: int) -> str:
    return f"HV-{ordinal + 1:03d}.fleet.local"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a fleet is asked for; what is None is as its file says.

    Raises:
        ValueError: a number is out of range.
    """

    machines: int | None = None
    hosts: int | None = None
    jobs: int | None = None

    def __post_init__(self) -> None:
        for number, least, words in ((self.machines, 1, "machines"), (self.hosts, 1, "hosts"), (self.jobs, 0, "jobs")):
            if number is not None and not least <= number <= MOST:
                raise ValueError(f"a fleet has {least} to {MOST:,} {words}, not {number:,}")

    def of(self, data: FleetData) -> FleetData:
        machines = data.machines if self.machines is None else self.machines
        return FleetData(
            machines=machines,
            machines_per_host=-(-machines // self.hosts) if self.hosts else data.machines_per_host,
            past_jobs=data.past_jobs if self.jobs is None else self.jobs,
        )


def hosts(settings: rec.Settings, shape: rec.FleetShape) -> list[rec.Host]:
    """The hosts of a fleet: full ones, and two that have room."""
    per_host = shape.machines_per_host
    needed = -(-settings.count // per_host)
    return [
        rec.Host(
            name=host_name(host),
            machines=[
                machine_id(settings.seed, ordinal)
                for ordinal in range(host * per_host, min((host + 1) * per_host, settings.count))
            ],
        )
        for host in range(needed + SPARE_HOSTS)
    ]


def trouble_of(ordinal: int) -> str | None:
    if ordinal % _STUCK_EVERY == 7:
        return "stuck"
    return "churn" if ordinal % _CHURN_EVERY == 11 else None


def was_tested(ordinal: int) -> bool:
    return ordinal % _UNTESTED_EVERY != 0


def _size_gib(ordinal: int) -> int:
    """Of the disk with the system."""
    return 64 + 32 * (ordinal % 5)


def _has_data_disk(ordinal: int) -> bool:
    return ordinal % 4 == 2


def _used_mib(ordinal: int) -> int:
    return _size_gib(ordinal) * _USED_PER_GIB + (_DATA_USED_MIB if _has_data_disk(ordinal) else 0)


def fill(world: World, shape: rec.FleetShape) -> None:
    """Put the machines and items into their tables, unmade, and count them."""
    _Fleet(world.settings, shape).fill(world)


class _Fleet:
    """Makes machines and items of a fleet."""

    def __init__(self, settings: rec.Settings, shape: rec.FleetShape) -> None:
        self.settings = settings
        self.shape = shape
        self.fabric = shape.fabric

    def fill(self, world: World) -> None:
        seed, count = self.settings.seed, self.settings.count
        ids = [machine_id(seed, ordinal) for ordinal in range(count)]
        under = f"{self.fabric.container_id}/replicationProtectedItems/".lower()
        keys = [under + name for name in ids]
        world.machines.generate(iter(ids), self.machine)
        world.items.generate(iter(keys), self.item)
        world.protected_by.update(zip(ids, keys, strict=True))
        per_host = self.shape.machines_per_host
        for host in range(-(-count // per_host)):
            world.items_per_provider[self.provider_of(host)] += min(per_host, count - host * per_host)
        world.replica_mib[self.shape.account.lower()] += sum(map(_used_mib, range(count)))
        conditions = world.conditions_in(vault_part(self.fabric.id))
        conditions["testable"] = dict(zip(keys, ids, strict=True))
        if keys:
            note_all(world, conditions["testable"], self.item(0))
        for ordinal in range(count):
            for name in (trouble_of(ordinal), None if was_tested(ordinal) else "untested"):
                if name is not None:
                    conditions.setdefault(name, {})[keys[ordinal]] = ids[ordinal]

    def provider_of(self, host: int) -> str:
        name = guid(self.settings.seed, self.fabric.id.lower(), host_name(host).lower())
        return f"{self.fabric.id}/replicationRecoveryServicesProviders/{name}"

    def machine(self, ordinal: int) -> rec.Machine:
        identity = machine_id(self.settings.seed, ordinal)
        role = ordinal % len(_ROLES)
        cores, memory_gib = _SHAPES[role]
        is_linux = _ROLES[role] == "LNX"
        name = f"{_ROLES[role]}-{ordinal + 1:05d}"
        size_gib = _size_gib(ordinal)
        controller = guid(identity, "controller")
        disks = [
            rec.Disk(
                guid(identity, 0),
                name,
                size_gib * 1024,
                size_gib * _USED_PER_GIB,
                0.2,
                is_os=True,
                controller=controller,
            )
        ]
        if _has_data_disk(ordinal):
            disks.append(
                rec.Disk(guid(identity, 1), f"{name}-data", 512 * 1024, _DATA_USED_MIB, 0.8, controller=controller)
            )
        return rec.Machine(
            id=identity,
            name=name,
            host=host_name(ordinal // self.shape.machines_per_host),
            generation=1 + ordinal % 2,
            cores=cores,
            memory_mib=memory_gib * 1024,
            disks=disks,
            nics=[
                rec.Nic(
                    guid(identity, "nic"), "Servers", f"10.{ordinal >> 16 & 255}.{ordinal >> 8 & 255}.{ordinal & 255}"
                )
            ],
            os="Linux" if is_linux else "Windows",
            os_edition="Ubuntu 22.04" if is_linux else "Windows Server 2022",
        )

    def item(self, ordinal: int) -> rec.Item:
        machine = self.machine(ordinal)
        began = self.shape.opened - DAY_S * (20 + ordinal % 200)
        size = azure_facts().size_for(machine.cores, machine.memory_mib, len(machine.disks) - 1, 1, machine.generation)
        return rec.Item(
            id=f"{self.fabric.container_id}/replicationProtectedItems/{machine.id}",
            machine=machine.id,
            machine_name=machine.name,
            provider=self.provider_of(ordinal // self.shape.machines_per_host),
            policy=self.shape.policy,
            phase="protected",
            os_type=str(machine.os),
            memory_mib=machine.memory_mib,
            cores=machine.cores,
            used_mib=sum(disk.used_mib for disk in machine.disks),
            generation=machine.generation,
            correlation=guid(machine.id, "correlation"),
            created=began - 7200,
            disks=[
                rec.ItemDisk(
                    vhd_id=disk.id,
                    disk_id=disk_id(machine.id, disk, position),
                    name=disk.name,
                    size_mib=disk.size_mib,
                    is_os=disk.is_os,
                    lun=position,
                )
                for position, disk in enumerate(machine.disks)
            ],
            nics=[
                rec.ItemNic(
                    id=nic_id(machine.id, nic.id),
                    switch=nic.switch,
                    source_ip=nic.ip,
                    subnet=self.shape.subnet,
                    target_name=f"nic-{machine.name}-00",
                )
                for nic in machine.nics
            ],
            target=rec.Target(
                vm_name=machine.name,
                size=size.name,
                group=self.shape.group,
                account=self.shape.account,
                network=self.shape.network,
                use_managed_disks="true",
            ),
            test_state="MarkedForDeletion" if was_tested(ordinal) else "None",
            trouble=trouble_of(ordinal),
            trouble_since=self.shape.opened - 3600 * (1 + ordinal % 9),
            replicating_since=began,
            last_test=self.shape.opened - DAY_S * (ordinal % 150) - 4000 if was_tested(ordinal) else None,
        )


def add_history(world: World, past_jobs: int) -> None:
    """Jobs and events of the days before, so that lists are not empty."""
    keys = world.items.keys()
    fabric = next(world.fabrics.records())
    spacing = min(1000.0, KEPT_S / max(past_jobs, 1))
    for number in range(past_jobs):
        item = world.items[keys[number * len(keys) // past_jobs]]
        scenario = ("TestFailover", "TestFailoverCleanup", "UpdateVmProperties", "RepairVMReplication")[number % 4]
        activity = world.new_guid("activity")
        at = world.now - (past_jobs - number) * spacing
        job = jobs.start(
            world,
            scenario,
            vault=vault_part(item.id),
            subject=item.id.lower(),
            target=(item.machine, item.machine_name),
            client_request_id=activity,
            correlation_id=activity,
            at=at,
            affected=jobs.affected_objects(world, fabric, item),
            error=_old_failure(item) if number % 37 == 5 else None,
        )
        end = ends_at(job)
        record_event(world, job, state_of(job, end), end)
    world.forget_due()


def _old_failure(item: rec.Item) -> rec.JobError:
    return rec.JobError(
        "25018",
        f"The host of {item.machine_name} could not be reached.",
        "Its connection to Azure was interrupted.",
        "Check the connection, refresh the server and try again.",
        task=0,
    )
