"""What a scenario finds begun already: vaults, sites, policies, and machines anywhere in their life.

Everything is put down as the handlers and endings would have left it, so that what comes next follows by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import convert, to_builtins

from app.simulator import jobs, replication
from app.simulator import records as rec
from app.simulator.azure_machines import create_machine
from app.simulator.enabling import new_item
from app.simulator.handlers.plans import LAST_TIMES
from app.simulator.handlers.policies import HYPER_V_REPLICA_AZURE, policy_details
from app.simulator.handlers.sites import new_fabric
from app.simulator.job_kinds import KINDS
from app.simulator.job_times import ends_at
from app.simulator.lifecycle import CONDITIONS, FAILED_OVER, TEST_STATES, phase_named
from app.simulator.neighbours import put_vault
from app.simulator.wire import MICROSOFT_AZURE, Json, between, fabric_part, guid, site_recovery_id

if TYPE_CHECKING:
    from datetime import datetime

    from app.simulator.begun_data import EventData, ItemData, JobData, PlanData, TaskData, VaultData
    from app.simulator.scenario_data import HostData, PolicyData, ScenarioData
    from app.simulator.world import World

_ASKED = {
    "targetAzureVmName": "vm_name",
    "targetAzureNetworkId": "network",
    "targetAzureV2ResourceGroupId": "group",
    "targetStorageAccountId": "account",
}
"""What a request to protect a machine calls the fields of its target."""

_USUAL_STEP_S = 20.0
"""How long a step takes whose end is not told."""

_IN_AZURE = FAILED_OVER | {"failback"}
"""Phases in which a machine of the item stands in Azure."""


class Names(NamedTuple):
    """Finds a vault or site of the scenario by what its entries call it."""

    world: World
    data: ScenarioData

    def vault(self, name: str) -> str:
        """The id, as Site Recovery writes it, of `group/vault`; the scenario's own vault for no name."""
        group, _, vault = (name or f"{self.data.resource_group}/{self.data.vault}").partition("/")
        group_id = f"/subscriptions/{self.data.subscription}/resourceGroups/{group}"
        key = f"{group_id}/providers/Microsoft.RecoveryServices/vaults/{vault}".lower()
        resource = self.world.resources.get(key)
        if resource is None:
            raise ValueError(f"the scenario has no vault named {name!r}")
        return site_recovery_id(resource.id)

    def fabric(self, vault: str, site: str) -> rec.Fabric:
        name = site or self.data.site
        fabric = self.world.fabrics.get(f"{self.vault(vault)}/replicationFabrics/{name}".lower())
        if fabric is None:
            raise ValueError(f"the scenario has no site named {name!r}")
        return fabric

    def policy(self, vault: str, name: str) -> rec.Policy:
        policy = self.world.policies.get(f"{self.vault(vault)}/replicationPolicies/{name}".lower())
        if policy is None:
            raise ValueError(f"the scenario has no policy named {name!r}")
        return policy


def build(world: World, data: ScenarioData) -> None:
    """Put down what the scenario names beyond its own vault, site and hosts.

    Raises:
        ValueError: an entry names something that is not there, or a state that no machine is ever in.
    """
    names = Names(world, data)
    for vault in data.vaults:
        _vault(world, data, vault)
    for site in data.sites:
        fabric = new_fabric(world, f"{names.vault(site.vault)}/replicationFabrics/{site.name}")
        fabric.internal_id = site.identifier or fabric.internal_id
        fabric.has_container = site.has_container
        world.fabrics.put(fabric.id.lower(), fabric)
    for host in data.hosts:
        if host.site:
            _registration(world, names.fabric(host.vault, host.site), host)
    for policy in data.policies:
        _policy(world, names, policy)
    for mapping in data.mappings:
        fabric = names.fabric(mapping.vault, mapping.site)
        mapping_id = f"{fabric.container_id}/replicationProtectionContainerMappings/{mapping.name}"
        policy_id = names.policy(mapping.vault, mapping.policy).id
        world.mappings.put(mapping_id.lower(), rec.Mapping(mapping_id, policy_id))
    for item in data.items:
        _item(world, names, item)
    for plan in data.plans:
        _plan(world, names, plan)
    for job in data.jobs:
        _job(world, names, job)
    for event in data.events:
        _event(world, names, event)
    for operation in data.operations:
        about = names.vault(operation.vault) if operation.vault else ""
        followed = rec.Operation(operation.name, about, world.now, operation.ends.timestamp())
        world.operations.put(operation.name, followed)


def _vault(world: World, data: ScenarioData, vault: VaultData) -> None:
    group = world.resources.get(f"/subscriptions/{data.subscription}/resourcegroups/{vault.group}".lower())
    if group is None:
        raise ValueError(f"the scenario has no resource group named {vault.group!r}")
    put_vault(world, group, vault)


def _registration(world: World, fabric: rec.Fabric, host: HostData) -> None:
    record = world.hosts[host.name.lower()]
    name = host.provider or guid(world.settings.seed, fabric.id.lower(), host.name.lower())
    record.provider = f"{fabric.id}/replicationRecoveryServicesProviders/{name}"
    record.fabric = fabric.id.lower()
    world.hosts.put(host.name.lower(), record)
    provider = rec.Provider(record.provider, fabric.id.lower(), host.name.lower(), is_ready=True)
    world.providers.put(record.provider.lower(), provider)


def _policy(world: World, names: Names, policy: PolicyData) -> None:
    given = {
        "recoveryPointHistoryDuration": policy.history_hours,
        "applicationConsistentSnapshotFrequencyInHours": policy.app_consistent_hours,
        "replicationInterval": policy.interval_s,
        "storageAccounts": [policy.account],
    }
    policy_id = f"{names.vault(policy.vault)}/replicationPolicies/{policy.name}"
    world.policies.put(policy_id.lower(), rec.Policy(policy_id, HYPER_V_REPLICA_AZURE, policy_details(given)))


# Protected machines


def _item(world: World, names: Names, data: ItemData) -> None:
    fabric = names.fabric(data.vault, data.site)
    policy = names.policy(data.vault, data.policy)
    machine = world.machines.get(data.machine)
    host = world.hosts.get(machine.host.lower()) if machine else None
    if machine is None or host is None:
        raise ValueError(f"the scenario has no machine with the id {data.machine!r}")
    given = {
        "osType": data.os_type,
        "vhdId": machine.disks[0].id,
        **{asked: data.target[name] for asked, name in _ASKED.items() if name in data.target},
    }
    item_id = f"{fabric.container_id}/replicationProtectedItems/{data.name}"
    item = new_item(world, item_id, machine, host.provider, policy, given, world.now)
    item.correlation = data.correlation or item.correlation
    for name, value in data.target.items():
        setattr(item.target, name, value)
    if data.nics:
        item.nics = [convert(nic, rec.ItemNic) for nic in data.nics]
    if data.disks:
        item.disks = [convert(disk, rec.ItemDisk) for disk in data.disks]
    _place_in_life(world, item, data)
    world.put_item(item)
    _go_on(world, item)


def _place_in_life(world: World, item: rec.Item, data: ItemData) -> None:
    phase = phase_named(data.state, data.vm_state)
    if phase is None:
        raise ValueError(f"no protected machine is ever in the state {data.state!r}, {data.vm_state!r}")
    if data.test_state not in TEST_STATES:
        raise ValueError(f"no test failover is ever in the state {data.test_state!r}")
    item.phase, item.test_state = phase, data.test_state
    item.warns, item.tells_age = data.warns, data.tells_age
    item.points = [rec.Point(point.name, point.at.timestamp(), point.type) for point in data.points]
    if data.trouble is not None and data.trouble not in CONDITIONS:
        raise ValueError(f"no machine is ever in the trouble {data.trouble!r}")
    item.trouble, item.trouble_since = data.trouble, world.now
    item.replicating_since = _seconds(data.replicating_since)
    item.stopped_at = _seconds(data.stopped)
    item.last_test = _seconds(data.last_test)
    item.last_failover = _seconds(data.last_failover)
    item.failover_point = data.failover_point
    item.points_deleted = phase in _IN_AZURE and phase not in ("planned", "unplanned")
    network = world.resources.get((item.target.network or "").lower())
    has_group = item.target.group.lower() in world.resources
    if phase in _IN_AZURE and has_group:
        item.vm = create_machine(world, item, item.target.vm_name, network, is_test=False, at=world.now)
    if data.test_state == "WaitingForCompletion" and has_group:
        item.test_vm = create_machine(world, item, f"{item.target.vm_name}-test", network, is_test=True, at=world.now)


def _go_on(world: World, item: rec.Item) -> None:
    """A first copy under way ends in its time."""
    key = item.id.lower()
    if item.phase == "initial":
        item.upload_mib = max(float(item.used_mib), 1.0)
        world.put_item(item)
        replication.begin_upload(world, fabric_part(key), key, item.upload_mib, world.now)
    elif item.phase == "pending":
        world.schedule(world.now + between(60, 240, item.correlation, "first point"), "first_point", key)


# Plans, jobs, events


def _plan(world: World, names: Names, data: PlanData) -> None:
    fabric = names.fabric(data.vault, data.site)
    groups: list[Json] = []
    for group in data.groups:
        entries = []
        for name in group.items:
            item = world.items.get(f"{fabric.container_id}/replicationProtectedItems/{name}".lower())
            if item is None:
                raise ValueError(f"the scenario has no protected machine named {name!r}")
            entries.append({"id": item.id, "virtualMachineId": item.machine})
        groups.append({"type": group.type, "items": entries, "before": group.before, "after": group.after})
    unknown = [name for name in data.last if name not in LAST_TIMES]
    if unknown:
        raise ValueError(f"a recovery plan keeps no time of {unknown[0]!r}")
    plan = rec.Plan(
        id=f"{names.vault(data.vault)}/replicationRecoveryPlans/{data.name}",
        primary_fabric=fabric.id,
        recovery_fabric=MICROSOFT_AZURE,
        deployment_model=data.deployment_model,
        groups=groups,
        scenario=data.scenario,
        scenario_job=data.scenario_job,
        scenario_started=_seconds(data.scenario_started) or 0.0,
        status=data.status,
        status_description=data.status_description or data.status,
        last={name: at.timestamp() for name, at in data.last.items()},
    )
    world.plans.put(plan.id.lower(), plan)


def _job(world: World, names: Names, data: JobData) -> None:
    tasks = None if data.tasks is None else [_task(task, world.now) for task in data.tasks]
    if tasks is None and data.scenario not in KINDS:
        tasks = []
    started = data.started.timestamp()
    activity = world.new_guid("activity")
    job = jobs.start(
        world,
        data.scenario,
        vault=names.vault(data.vault),
        subject="",
        target=(data.target_id, data.target_name),
        client_request_id=activity,
        correlation_id=activity,
        at=started,
        affected={},
        details=data.details,
        error=convert(to_builtins(data.error), rec.JobError) if data.error else None,
        remark=data.remark,
        tasks=tasks,
        target_type=data.target_type,
        name=data.name,
        is_past=True,
    )
    job.affected, job.label = data.affected, data.friendly_name
    if data.tasks:
        job.begins = started
        job.tasks[0].not_before = _seconds(data.tasks[0].started) or started
    if data.ended is not None and not any(task.ended for task in data.tasks or []):
        _let_end(job, data.ended.timestamp())
    if data.cancelled:
        job.cancelled = ends_at(job)
    world.jobs.put(job.id.lower(), job)


def _task(data: TaskData, now: float) -> rec.Task:
    started, ended = _seconds(data.started), _seconds(data.ended)
    seconds = _USUAL_STEP_S
    if data.skipped:
        seconds = 0.0
    elif started is not None:
        seconds = ended - started if ended is not None else max(now - started, 0.0) + _USUAL_STEP_S
    children = [_task(child, now) for child in data.children]
    one_after_the_other = data.kind == "InlineWorkflowTaskDetails"
    longest = sum(child.seconds for child in children) if one_after_the_other else seconds
    for child in children:
        child.seconds = min(child.seconds, seconds) * (min(seconds / longest, 1.0) if longest else 1.0)
    return rec.Task(
        id=data.id,
        name=data.name,
        friendly_name=data.friendly_name,
        seconds=seconds,
        skipped=data.skipped,
        kind=data.kind,
        group_type=data.group_type,
        group_name=data.group_name,
        children=children,
        work=convert(data.work, rec.MachineWork) if data.work else None,
        not_before=started or 0.0,
        tells_skip=started is not None,
    )


def _let_end(job: rec.Job, ended: float) -> None:
    """Stretch the steps so that the job ends when it did."""
    job.begins = min(job.begins, ended)
    for task in job.tasks:
        task.not_before = min(task.not_before, ended)
    last = next((task for task in reversed(job.tasks) if not task.skipped), None)
    if last is not None:
        last.seconds = max(last.seconds + ended - ends_at(job), 0.0)


def _event(world: World, names: Names, data: EventData) -> None:
    vault = names.vault(data.vault)
    event = rec.Event(
        id=f"{vault}/replicationEvents/{data.name}",
        name=data.name,
        at=data.at.timestamp(),
        code=data.code,
        type=data.type,
        description=data.description,
        affected=data.affected,
        severity=data.severity,
        fabric=names.fabric(data.vault, data.site).id if data.site else "",
        details=data.details,
        error=convert(to_builtins(data.errors[0]), rec.JobError) if data.errors else None,
        provider_details=data.provider_details,
    )
    world.events.put(event.id.lower(), event)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
