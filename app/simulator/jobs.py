"""Jobs: started once, then a pure function of time.

A job is written down with its start and the length of each step; what it shows at any moment follows from those (its
state by `job_times`). Its consequences for other resources happen when its end is reached (`endings`).
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.faults.job_faults import spoil
from app.simulator.job_kinds import KINDS, Step
from app.simulator.job_times import NEVER, UNDER_WAY, end_of_step, ends_at, state_of, step_at
from app.simulator.job_view import friendly_name
from app.simulator.messages import Response
from app.simulator.router import Call
from app.simulator.wire import (
    AZURE_CONTAINER_GUID,
    AZURE_FABRIC_GUID,
    MICROSOFT_AZURE,
    Json,
    between,
    guid,
    vault_part,
)
from app.simulator.world import World

_FROM_AZURE = frozenset({"Failback", "ReprotectReplicationGroup"})
"""Scenarios whose primary side is Azure's."""


def start(
    world: World,
    scenario: str,
    *,
    vault: str,
    subject: str,
    target: tuple[str, str],
    client_request_id: str,
    correlation_id: str,
    at: float,
    affected: dict[str, str] | None = None,
    details: Json | None = None,
    intent: Json | None = None,
    error: rec.JobError | None = None,
    remark: tuple[str, str] | None = None,
    partly: rec.JobError | None = None,
    skipped: tuple[str, ...] = (),
    seconds: dict[str, float] | None = None,
    tasks: list[rec.Task] | None = None,
    target_type: str | None = None,
    name: str | None = None,
    is_past: bool = False,
) -> rec.Job:
    """Write a job down and let its end fall due.

    Args:
        subject: key of the record that the job's ending changes.
        target: id and name of what the job is about, as the job shows them.
        error: with which it will fail, at the step the error names.
        remark: code and message shown beside a success.
        partly: what kept it from succeeding for everything it was about.
        skipped: names of the steps left out this time.
        seconds: how long the named steps take, where that depends on more than chance.
        tasks: the steps, where the kind's own do not apply (recovery plans).
        is_past: it has ended, and what it did is written down already.
    """
    name = name or world.new_guid("job")
    seed = world.settings.seed
    if tasks is None:
        tasks = [_task(step, seed, name, skipped) for step in KINDS[scenario].steps]
        for task in tasks:
            if seconds and not task.skipped:
                task.seconds = seconds.get(task.name, task.seconds)
    begins = at + between(0.3, 1.2, seed, name, "begins")
    if tasks:
        tasks[0].not_before = begins + between(0.5, 2.5, seed, name, "first step")
    job = rec.Job(
        id=f"{vault}/replicationJobs/{name}",
        name=name,
        scenario=scenario,
        target_type=target_type or KINDS[scenario].target_type,
        target_id=target[0],
        target_name=target[1],
        accepted=at,
        begins=begins,
        tasks=tasks,
        client_request_id=client_request_id,
        activity=correlation_id,
        subject=subject,
        affected=_sides_swapped(affected or {}) if scenario in _FROM_AZURE else affected or {},
        details=details or {},
        intent=intent or {},
        error=error,
        remark=remark,
        partly=partly,
    )
    if is_past:
        world.jobs.put(job.id.lower(), job)
    else:
        spoil(world, job)
        await_end(world, job)
    return job


def await_end(world: World, job: rec.Job) -> None:
    """Keep the job, and let its end fall due unless it depends on the user."""
    world.jobs.put(job.id.lower(), job)
    end = ends_at(job)
    if end < NEVER:
        world.schedule(end, "job", job.id.lower())


def cancel(world: World, job: rec.Job, at: float) -> None:
    """Stop a running job. A plan's takes those of its machines with it; a machine's lets its plan's fail at the end."""
    for key in job.intent.get("children") or ():
        child = world.jobs.get(key)
        if child is not None and state_of(child, at) in UNDER_WAY:
            cancel(world, child, at)
    job.cancelled = at
    world.jobs.put(job.id.lower(), job)
    world.schedule(at, "job", job.id.lower())
    runs = (
        world.jobs.get(plan.busy_job) for plan in world.plans.records(vault_part(job.subject) + "/") if plan.busy_job
    )
    for run in runs:
        if run is not None and run.error is None and job.id.lower() in (run.intent.get("children") or ()):
            run.error = rec.JobError(
                "25080",
                f"{friendly_name(run)} of the plan {run.target_name} did not end well.",
                f"The job of {job.target_name} was cancelled.",
                "Look at the machine, and run the plan again.",
                task=len(run.tasks) - 1,
            )
            world.jobs.put(run.id.lower(), run)


def break_off(world: World, job: rec.Job, error: rec.JobError, at: float) -> None:
    """Let a running job fail here and now, in the step it is in."""
    step = step_at(job, at)
    before = job.begins
    for task in job.tasks[:step]:
        before = end_of_step(task, max(before, task.not_before))
    task = job.tasks[step]
    task.not_before = 0.0 if at < task.not_before else task.not_before
    _shorten(task, max(at - max(before, task.not_before), 0.0))
    task.waits = ""
    error.task = step
    job.error = error
    await_end(world, job)


def _shorten(task: rec.Task, seconds: float) -> None:
    task.seconds = min(task.seconds, seconds) if not task.waits else seconds
    for child in task.children:
        _shorten(child, seconds)


def _task(step: Step, seed: int, job: str, skipped: tuple[str, ...]) -> rec.Task:
    children = [_task(child, seed, job, skipped) for child in step.children]
    is_skipped = step.name in skipped or (step.seconds is None and not children and not step.waits)
    seconds = sum(child.seconds for child in children)
    if step.seconds is not None and not is_skipped:
        seconds = between(*step.seconds, seed, job, step.name)
    return rec.Task(
        id=step.id or guid(seed, job, step.name),
        name=step.name,
        friendly_name=step.friendly_name,
        seconds=seconds,
        skipped=is_skipped,
        kind=step.kind,
        children=children,
        waits="" if is_skipped else step.waits,
        tells_skip=step.tells_skip,
    )


def accepted(call: Call, job: rec.Job, resource_id: str) -> Response:
    """The 202 of a long-running operation: no body, and headers that all name the job's GUID."""
    return Response(
        202,
        {
            "Location": call.url(f"{resource_id}/operationresults/{job.name}"),
            "Azure-AsyncOperation": status_address(call, job),
            "Retry-After": call.retry_after,
            "x-ms-request-id": job.id,
        },
    )


def status_address(call: Call, job: rec.Job) -> str:
    """Where the operation that carries the job's name is followed."""
    return call.url(f"{vault_part(job.id)}/replicationOperationStatus/{job.name}")


def affected_objects(world: World, fabric: rec.Fabric, item: rec.Item | None = None) -> dict[str, str]:
    """The string map by which a job names what it touches."""
    sides = {
        "primaryCloudId": fabric.container_name,
        "primaryCloudName": fabric.friendly_name,
        "recoveryCloudId": AZURE_CONTAINER_GUID,
        "recoveryCloudName": MICROSOFT_AZURE,
        "primaryVmmId": fabric.internal_id,
        "primaryVmmName": fabric.friendly_name,
        "recoveryVmmId": AZURE_FABRIC_GUID,
        "recoveryVmmName": MICROSOFT_AZURE,
        "primaryFabricProviderId": "HyperVSite",
        "recoveryFabricProviderId": "Azure",
    }
    if item is None:
        return sides
    return {
        "primaryVmId": item.machine,
        "primaryVmName": item.machine_name,
        "recoveryVmId": "",
        "recoveryVmName": item.target.vm_name,
        "protectionProfileId": guid(world.settings.seed, item.policy, version=5),
        **sides,
    }


def _sides_swapped(affected: dict[str, str]) -> dict[str, str]:
    """What a job on the way back touches: Azure's side is the primary one, and the machine is known on both."""
    swapped = dict(affected)
    for what in ("CloudId", "CloudName", "VmmId", "VmmName", "FabricProviderId"):
        primary, recovery = f"primary{what}", f"recovery{what}"
        if primary in affected and recovery in affected:
            swapped[primary], swapped[recovery] = affected[recovery], affected[primary]
    if "primaryVmId" in affected:
        swapped["recoveryVmId"] = affected["primaryVmId"]
    return swapped


def busy_error(other: rec.Job, name: str) -> rec.JobError:
    """What an operation fails with when another one holds the machine."""
    return rec.JobError(
        code="532",
        message="The operation was not started.",
        causes=f"Another operation on {name} ({friendly_name(other)}) has not ended yet.",
        action="Wait until it has ended, or cancel it, and then start this one again.",
    )


def fabric_affected(world: World, fabric: rec.Fabric) -> dict[str, str]:
    """What a job about a server names: its side alone."""
    whole = affected_objects(world, fabric)
    return {key: whole[key] for key in ("primaryVmmId", "primaryVmmName", "primaryFabricProviderId")}
