"""Going on with a job that stopped: after a restart from the step it stopped in, after the user's word from the wait.

A restart is an operation of its own, by a short job; when that ends, the old job runs again from where it stopped. What
stood in its way is looked for anew, so that it fails again unless somebody has removed the cause.
"""

from __future__ import annotations

from collections.abc import Callable

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.enabling import enable_error, new_item
from app.simulator.handlers.policies import creation_error, dissociation_error, limits_error, removal_error
from app.simulator.hosts import silence_error
from app.simulator.job_times import allowed_actions, state_of, step_at, waiting_step
from app.simulator.job_view import friendly_name
from app.simulator.wire import fabric_part
from app.simulator.world import World

ALREADY_PROTECTED = "45031"

Check = Callable[[World, rec.Job, float], rec.JobError | None]


def restarted(world: World, job: rec.Job, at: float) -> None:
    """Ending of the job that restarts another one."""
    old = world.jobs.get(job.intent["job"])
    if old is None or "Restart" not in allowed_actions(old, state_of(old, at)):
        return  # another restart was quicker
    stopped = old.error or old.partly
    step = step_at(old, old.cancelled) if old.cancelled is not None else ((stopped.task or 0) if stopped else 0)
    check = _CHECKS.get(old.scenario)
    error = check(world, old, at) if check else None
    if error is None and not old.intent.get("already"):
        error = _take(world, old)
    if error is not None:
        error.task = max(error.task or 0, step)
    old.tasks[step].not_before = at
    old.cancelled, old.error = None, error
    old.partly = _partly(world, old)
    jobs.await_end(world, old)


def resume(world: World, job: rec.Job, step: rec.Task, comments: str, at: float) -> None:
    """The user has said that the job may go on, and with a plan's job those of its machines that wait."""
    step.resumed = at
    for key in job.intent.get("children") or ():
        child = world.jobs.get(key)
        waiting = waiting_step(child, at) if child else None
        if child is not None and waiting is not None and waiting.waits == step.waits:
            resume(world, child, waiting, comments, at)
    if "observation" in step.details:
        step.details["observation"] = comments
    jobs.await_end(world, job)


def _take(world: World, job: rec.Job) -> rec.JobError | None:
    """Hold the machine again, if nothing else does."""
    item = world.items.get(job.subject)
    if item is None:
        return None
    busy = world.jobs.get(item.busy_job) if item.busy_job else None
    if busy is not None and busy is not job:
        return jobs.busy_error(busy, item.machine_name)
    item.busy_job = job.id.lower()
    world.put_item(item)
    return None


def _partly(world: World, job: rec.Job) -> rec.JobError | None:
    fabric = world.fabrics.get(fabric_part(job.subject))
    return silence_error(world, fabric) if fabric and job.scenario == "AssociateProtectionProfile" else None


# What may still stand in the way


def _enabling(world: World, job: rec.Job, at: float) -> rec.JobError | None:
    fabric = world.fabrics.get(fabric_part(job.subject))
    machine = world.machines.get(job.target_id)
    policy = world.policies.get(str(job.intent.get("policy") or "").lower())
    existing = world.item_of_machine(job.target_id)
    if existing is not None:
        busy = world.jobs.get(existing.busy_job) if existing.busy_job else None
        job.intent["already"] = True
        job.remark = (ALREADY_PROTECTED, f"{existing.machine_name} is protected already.")
        return jobs.busy_error(busy, existing.machine_name) if busy else None
    if fabric is None or machine is None or policy is None:
        return _gone(job, "The site, the machine or the policy is gone.")
    taken = world.items.get(job.intent["item"].lower())
    if taken is not None:
        return _gone(job, f"Its name stands for the machine {taken.machine_name} by now.")
    given = job.intent["given"]
    item = new_item(world, job.intent["item"], machine, job.intent["provider"], policy, given, at)
    item.busy_job = job.id.lower()
    world.put_item(item)
    return enable_error(world, fabric, policy, machine, given)


def _reverse(world: World, job: rec.Job, at: float) -> rec.JobError | None:
    item = world.items.get(job.subject)
    if item is None or item.phase != "restored":
        return rec.JobError(
            "25038",
            f"{job.target_name} is not ready for reverse replication.",
            "Its failback is not committed, or it is protected again.",
            "Commit the failback first.",
        )
    return None


def _ending_protection(world: World, job: rec.Job, at: float) -> rec.JobError | None:
    return None if job.subject in world.items else _gone(job, "It is not protected any more.")


def _clean_up(world: World, job: rec.Job, at: float) -> rec.JobError | None:
    item = world.items.get(job.subject)
    if item is not None and item.test_state == "WaitingForCompletion":
        return None
    return _gone(job, "No test failover is waiting for its clean-up.")


def _policy_creation(world: World, job: rec.Job, at: float) -> rec.JobError | None:
    details = job.intent["details"]
    return limits_error(job.target_name, details) or creation_error(world, world.policies.get(job.subject), details)


def _policy_removal(world: World, job: rec.Job, at: float) -> rec.JobError | None:
    policy = world.policies.get(job.subject)
    return removal_error(world, policy) if policy else _gone(job, "The policy is gone.")


def _dissociation(world: World, job: rec.Job, at: float) -> rec.JobError | None:
    fabric = world.fabrics.get(fabric_part(job.subject))
    mapping = world.mappings.get(job.subject)
    if fabric is None or mapping is None:
        return _gone(job, "The site or the association is gone.")
    return dissociation_error(world, fabric, mapping.policy_id)


def _gone(job: rec.Job, causes: str) -> rec.JobError:
    return rec.JobError(
        "506", f"{friendly_name(job)} of {job.target_name} was not done.", causes, "There is nothing left to do."
    )


_CHECKS: dict[str, Check] = {
    "EnableDr": _enabling,
    "ReprotectReplicationGroup": _reverse,
    "DisableDr": _ending_protection,
    "TestFailoverCleanup": _clean_up,
    "AddProtectionProfile": _policy_creation,
    "RemoveProtectionProfile": _policy_removal,
    "DissociateProtectionProfile": _dissociation,
}
