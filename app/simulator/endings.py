"""What happens when a job ends: the site is there, the machine is failed over, the replica is gone."""

from __future__ import annotations

from collections.abc import Callable

from app.simulator import jobs, replication
from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.azure_machines import create_machine, delete_machine, free_name
from app.simulator.event_log import record_event, record_health_event
from app.simulator.exports import exported
from app.simulator.handlers.sites import new_fabric
from app.simulator.hosts import is_shut_out, is_silent, move_machine
from app.simulator.job_kinds import PLAN_SCENARIOS
from app.simulator.job_times import GOOD_ENDS, ends_at, is_half_made_drill, state_of, step_at
from app.simulator.lifecycle import COMMITS_TO
from app.simulator.plan_endings import forget_item, plan_deleted, plan_failed, plan_run, plan_saved
from app.simulator.replica import goes_to_managed_disks, make_replica_disks
from app.simulator.restarting import restarted
from app.simulator.wire import fabric_part, guid, last_segment, vault_part
from app.simulator.world import World

_VALIDATED_EVERY_S = 12 * 3600.0
Ending = Callable[[World, rec.Job, float], None]


def finish_job(world: World, job_key: str, note: str, at: float) -> None:
    """Effect: the job's end is reached."""
    job = world.jobs[job_key]
    if ends_at(job) != at:
        return  # it was cancelled before its time
    state = state_of(job, at)
    item = world.items.get(job.subject)
    if item is not None and item.busy_job == job_key:
        item.busy_job = None
        world.put_item(item)
    plan = world.plans.get(job.subject)
    if plan is not None and plan.busy_job == job_key:
        plan.busy_job = None
        world.plans.put(job.subject, plan)
    endings = SUCCESSES if state in GOOD_ENDS and not job.is_hollow else FAILURES
    ending = endings.get((job.target_type, job.scenario))
    if ending is not None:
        ending(world, job, at)
    record_event(world, job, state, at)


# Sites and policies


def _site_created(world: World, job: rec.Job, at: float) -> None:
    if job.subject not in world.fabrics:
        fabric = new_fabric(world, job.intent["id"])
        fabric.has_container = False
        world.fabrics.put(job.subject, fabric)


def _site_removed(world: World, job: rec.Job, at: float) -> None:
    under = job.subject + "/"
    stopped = [item.busy_job for item in world.items.records(under)]
    plans = world.plans.records(vault_part(job.subject) + "/")
    stopped += [plan.busy_job for plan in plans if plan.primary_fabric.lower() == job.subject]
    for running in (world.jobs.get(key) for key in stopped if key):
        if running is not None:
            jobs.break_off(world, running, _site_gone(running), at)
    for item in list(world.items.records(under)):
        forget_item(world, item)
    for key in world.mappings.keys(under):
        world.mappings.remove(key)
    for key in world.providers.keys(under):
        _host_leaves(world, key)
    world.uploads.remove(job.subject)
    world.fabrics.remove(job.subject)


def _site_gone(job: rec.Job) -> rec.JobError:
    return rec.JobError(
        "506",
        f"{job.target_name}: the job was broken off.",
        "The site was removed by force while it ran.",
        "Look after what the job has left behind.",
    )


def _host_registered(world: World, job: rec.Job, at: float) -> None:
    provider = world.providers.get(job.subject)
    if provider is None:
        return
    provider.is_ready = True
    world.providers.put(job.subject, provider)
    host = world.hosts[provider.host]
    host.fabric = provider.fabric
    world.hosts.put(provider.host, host)
    fabric = world.fabrics[provider.fabric]
    fabric.has_container = True
    world.fabrics.put(provider.fabric, fabric)


def _host_removed(world: World, job: rec.Job, at: float) -> None:
    _host_leaves(world, job.subject)


def _host_leaves(world: World, provider_key: str) -> None:
    provider = world.providers.get(provider_key)
    if provider is None:
        return
    host = world.hosts[provider.host]
    host.fabric = host.provider = ""
    world.hosts.put(provider.host, host)
    world.providers.remove(provider_key)


def _policy_written(world: World, job: rec.Job, at: float) -> None:
    policy = rec.Policy(job.intent["id"], "HyperVReplicaAzure", job.intent["details"])
    world.policies.put(job.subject, policy)


def _policy_removed(world: World, job: rec.Job, at: float) -> None:
    world.policies.remove(job.subject)


def _associated(world: World, job: rec.Job, at: float) -> None:
    world.mappings.put(job.subject, rec.Mapping(job.intent["id"], job.intent["policy"]))


def _dissociated(world: World, job: rec.Job, at: float) -> None:
    world.mappings.remove(job.subject)


# Protected items


def _replication_begun(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None or job.intent.get("already"):
        return
    item.phase = "initial"
    item.upload_mib = max(item.used_mib * float(job.intent.get("share", 1.0)), 1.0)
    policy = world.policies.get(item.policy.lower()) if job.scenario == "EnableDr" else None
    item.copies_from = replication.start_after(policy, at)
    if item.copies_from is not None:
        world.schedule(item.copies_from, "first_copy", job.subject)
    if item.copies_from is not None or is_silent(world, item.provider) or is_shut_out(world, item):
        item.upload_left = item.upload_mib
    make_replica_disks(world, item, at)
    world.put_item(item)
    if item.upload_left is None:
        replication.begin_upload(world, fabric_part(item.id.lower()), job.subject, item.upload_mib, at)


def first_point(world: World, item_key: str, note: str, at: float) -> None:
    """Effect: the first recovery point is there, and the service finishes protection by a job of its own."""
    item = world.items.get(item_key)
    if item is None or item.phase != "pending":
        return
    activity = world.new_guid("activity")
    job = jobs.start(
        world,
        "IrCompletion",
        vault=vault_part(item.id),
        subject=item_key,
        target=(item.machine, item.machine_name),
        client_request_id=activity,
        correlation_id=activity,
        at=at,
        affected=jobs.affected_objects(world, world.fabrics[fabric_part(item.id.lower())], item),
    )
    item.phase = "configuring"
    item.busy_job = job.id.lower()
    item.replicating_since = at
    item.stopped_at, item.points_deleted, item.failover_point = None, False, None
    world.put_item(item)


def _protected(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None:
        return
    item.phase = "protected"
    if item.replicating_since is None:  # its first point came before points were noted down
        item.replicating_since = at
    item.snapshots_fail_since = None
    if not item.is_validated:
        world.schedule(at + _VALIDATED_EVERY_S, "validate", job.subject)
    machine = world.machines.get(item.machine)
    replicated = {disk.vhd_id for disk in item.disks}
    churn = sum(disk.churn_mib_s for disk in machine.disks if disk.id in replicated) if machine else 0.0
    if churn > azure_facts().limits.churn_mib_s:
        item.trouble, item.trouble_since = "churn", at
        record_health_event(world, item, "churn", at)
    elif is_silent(world, item.provider):
        item.trouble, item.trouble_since = "silent", at
    elif is_shut_out(world, item):
        item.trouble, item.trouble_since = "storage", at
    world.put_item(item)
    replication.load(world, fabric_part(item.id.lower()), job.subject, churn, at)


def validate(world: World, item_key: str, note: str, at: float) -> None:
    """Effect: the service looks for the first time at what the item's failover will need."""
    item = world.items.get(item_key)
    if item is not None and item.phase == "protected":
        item.is_validated = True
        world.put_item(item)


def _enable_failed(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    is_its_own = item is not None and item.machine == job.target_id and item.busy_job is None
    if item is not None and is_its_own and item.phase == "enabling" and job.intent.get("creates"):
        forget_item(world, item)


def _properties_updated(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None:
        return
    for name, value in job.intent["target"].items():
        setattr(item.target, name, value)
    for position, changes in job.intent["nics"].items():
        for name, value in changes.items():
            setattr(item.nics[int(position)], name, value)
    for position, changes in job.intent.get("disks", {}).items():
        for name, value in changes.items():
            setattr(item.disks[int(position)], name, value)
    world.put_item(item)


def _resynchronized(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is not None and item.trouble == "stuck":
        item.trouble = None
        world.put_item(item)


def _drill_ready(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None:
        return
    network = world.resources.get(str(job.intent.get("network") or "").lower())
    # Another drill may have taken the name meanwhile.
    name = free_name(world, item.target.group, str(job.intent["name"]), item.machine)
    for shown in job.details.get("protectedItemDetails", ()):
        shown["testVmName"] = shown["testVmFriendlyName"] = name
    world.jobs.put(job.id.lower(), job)
    item.test_vm = create_machine(world, item, name, network, is_test=True, at=at)
    item.test_state = "WaitingForCompletion"
    world.put_item(item)


def _drill_cleaned_up(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None:
        return
    delete_machine(world, item.test_vm)
    item.test_vm = None
    item.test_state = "MarkedForDeletion"
    item.last_test = at
    world.put_item(item)


def _failed_over(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None:
        return
    item.phase = "planned" if job.scenario == "PlannedFailover" else "unplanned"
    item.stopped_at = item.stopped_at or job.begins
    item.last_failover = at
    item.trouble = None
    _place_in_azure(world, item, job, at)
    replication.load(world, fabric_part(item.id.lower()), job.subject, None, at)


def _point_changed(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is not None:
        delete_machine(world, item.vm)
        _place_in_azure(world, item, job, at)


def _place_in_azure(world: World, item: rec.Item, job: rec.Job, at: float) -> None:
    name = free_name(world, item.target.group, str(job.intent["name"]), item.machine)
    network = world.resources.get((item.target.network or "").lower())
    item.vm = create_machine(world, item, name, network, is_test=False, at=at)
    item.failover_point = job.intent.get("point")
    account = last_segment(item.target.account or "storage")
    container = f"asr-{guid(item.correlation)[:18].replace('-', '')}"
    is_managed = goes_to_managed_disks(item)
    for disk in item.disks:
        disk.location = (
            None
            if is_managed
            else f"https://{account}.blob.core.windows.net/{container}/copied-{disk.disk_id.lower()}.vhd"
        )
        disk.target_name = f"{name}-{disk.name}"
    world.put_item(item)


def _committed(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None or item.phase not in COMMITS_TO:
        return
    if item.phase == "failback":
        delete_machine(world, item.vm)
        item.vm = None
        for disk in item.disks:
            disk.location = disk.target_name = None
    item.phase = COMMITS_TO[item.phase]
    item.points_deleted = True
    world.put_item(item)


def _failed_back(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is not None:
        item.phase = "failback"
        world.put_item(item)
        if provider := job.intent.get("provider"):
            move_machine(world, item, provider)


def _removed(world: World, job: rec.Job, at: float) -> None:
    item = world.items.get(job.subject)
    if item is None:
        return
    replication.end_upload(world, fabric_part(item.id.lower()), job.subject, at)
    replication.load(world, fabric_part(item.id.lower()), job.subject, None, at)
    forget_item(world, item)


def _drill_failed(world: World, job: rec.Job, at: float) -> None:
    """What was made of the test machine is left behind, and wants cleaning up."""
    item = world.items.get(job.subject)
    if item is not None and is_half_made_drill(job, state_of(job, at)):
        item.test_state = "WaitingForCompletion"
        world.put_item(item)


def _failover_stopped(world: World, job: rec.Job, at: float) -> None:
    """A failover cancelled once it had begun to make the machine has stopped replication for good."""
    item = world.items.get(job.subject)
    if item is None or job.cancelled is None or job.tasks[step_at(job, at)].name not in _PAST_RETURN:
        return
    item.trouble, item.trouble_since = "stuck", at
    world.put_item(item)
    record_health_event(world, item, "stuck", at)


_PAST_RETURN = ("VmFailover", "VmFoStartVmOnSecondary")
_ITEM, _SERVER, _PROFILE, _PLAN = "ProtectionEntity", "Server", "ProtectionProfile", "RecoveryPlan"

SUCCESSES: dict[tuple[str, str], Ending] = {
    (_SERVER, "CreateSite"): _site_created,
    (_SERVER, "UnregisterFabric"): _site_removed,
    (_SERVER, "PurgeVMM"): _site_removed,
    (_SERVER, "RegisterDra"): _host_registered,
    (_SERVER, "UnregisterDra"): _host_removed,
    (_PROFILE, "AddProtectionProfile"): _policy_written,
    (_PROFILE, "ModifyProtectionProfile"): _policy_written,
    (_PROFILE, "RemoveProtectionProfile"): _policy_removed,
    (_PROFILE, "AssociateProtectionProfile"): _associated,
    (_PROFILE, "DissociateProtectionProfile"): _dissociated,
    (_PROFILE, "PurgeProtectionProfileAssociation"): _dissociated,
    (_ITEM, "EnableDr"): _replication_begun,
    (_ITEM, "ReprotectReplicationGroup"): _replication_begun,
    (_ITEM, "IrCompletion"): _protected,
    (_ITEM, "UpdateVmProperties"): _properties_updated,
    (_ITEM, "RepairVMReplication"): _resynchronized,
    (_ITEM, "TestFailover"): _drill_ready,
    (_ITEM, "TestFailoverCleanup"): _drill_cleaned_up,
    (_ITEM, "PlannedFailover"): _failed_over,
    (_ITEM, "UnplannedFailover"): _failed_over,
    (_ITEM, "ChangePit"): _point_changed,
    (_ITEM, "CommitFailover"): _committed,
    (_ITEM, "FinalizeFailback"): _committed,
    (_ITEM, "Failback"): _failed_back,
    (_ITEM, "DisableDr"): _removed,
    (_ITEM, "PurgeVm"): _removed,
    (_PLAN, "SaveRecoveryPlan"): plan_saved,
    (_PLAN, "UpdateRecoveryPlan"): plan_saved,
    (_PLAN, "DeleteRecoveryPlan"): plan_deleted,
    (_PLAN, "TestFailover"): plan_run,
    (_PLAN, "TestFailoverCleanup"): plan_run,
    (_PLAN, "PlannedFailover"): plan_run,
    (_PLAN, "UnplannedFailover"): plan_run,
    (_PLAN, "CommitFailover"): plan_run,
    (_PLAN, "Failback"): plan_run,
    (_PLAN, "ReverseReplication"): plan_run,
    **{(target, "RestartJob"): restarted for target in (_ITEM, _SERVER, _PROFILE, _PLAN)},
    ("Other", "ExportJobs"): exported,
}

FAILURES: dict[tuple[str, str], Ending] = {
    (_ITEM, "EnableDr"): _enable_failed,
    (_ITEM, "TestFailover"): _drill_failed,
    (_ITEM, "PlannedFailover"): _failover_stopped,
    (_ITEM, "UnplannedFailover"): _failover_stopped,
    **{(_PLAN, scenario): plan_failed for scenario in PLAN_SCENARIOS},
}
