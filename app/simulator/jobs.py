"""Jobs: started once, then a pure function of time.

A job is written down with its start and the length of each step; what it shows at any moment follows from those (its
state by `job_times`). Its consequences for other resources happen when its end is reached (`endings`).
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.faults.job_faults import spoil
from app.simulator.job_kinds import KINDS, PLAN_SCENARIOS, Step
from app.simulator.job_times import NEVER, UNDER_WAY, allowed_actions, end_of_step, ends_at, state_of, waiting_step
from app.simulator.messages import Response
from app.simulator.router import Call
from app.simulator.wire import (
    AZURE_CONTAINER_GUID,
    AZURE_FABRIC_GUID,
    MICROSOFT_AZURE,
    TASK_NOT_BEGUN,
    Json,
    between,
    guid,
    last_segment,
    time_text,
    vault_part,
    whole_second_text,
    zero_fraction_text,
)
from app.simulator.world import World

JOB_TYPE = "Microsoft.RecoveryServices/vaults/replicationJobs"

_FROM_AZURE = frozenset({"Failback", "ReprotectReplicationGroup"})
"""Scenarios whose primary side is Azure's."""

_DESCRIPTIONS = {"Succeeded": "Completed"}
_OPERATION_WORDS = {
    "CompletedWithInformation": "Succeeded",
    "PartiallySucceeded": "Succeeded",
    "Suspended": "InProgress",
}


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


# State at a moment


def friendly_name(job: rec.Job) -> str:
    if job.label:
        return job.label
    if job.target_type == "RecoveryPlan" and job.scenario in PLAN_SCENARIOS:
        return PLAN_SCENARIOS[job.scenario]
    return KINDS[job.scenario].friendly_name


def job_body(job: rec.Job, now: float, *, whole: bool) -> Json:
    """The job as the service shows it; a list leaves out steps, errors, custom details and the activity."""
    state = state_of(job, now)
    unnamed = state == "NotStarted"
    properties: Json = {
        "activityId": f"{job.client_request_id} ActivityId: {job.activity}" if whole else None,
        "scenarioName": None if unnamed else job.scenario,
        "friendlyName": None if unnamed else friendly_name(job),
        "state": state,
        "stateDescription": _description(job, state, now),
        "tasks": _task_bodies(job, now) if whole and not unnamed else [],
        "errors": _error_bodies(job) if whole and state in ("Failed", "PartiallySucceeded") else [],
        "allowedActions": allowed_actions(job, state),
        "targetObjectId": None if unnamed else job.target_id,
        "targetObjectName": None if unnamed else job.target_name,
        "targetInstanceType": "ProtectionEntity" if unnamed else job.target_type,
        "customDetails": _custom_details(job, now) if whole else None,
    }
    if not unnamed:
        properties["startTime"] = time_text(job.accepted)
    if state not in UNDER_WAY:
        properties["endTime"] = whole_second_text(ends_at(job))
    return {"id": job.id, "name": job.name, "type": JOB_TYPE, "properties": properties}


def _description(job: rec.Job, state: str, now: float) -> str:
    waiting = waiting_step(job, now) if state == "Suspended" else None
    return waiting.waits if waiting else _DESCRIPTIONS.get(state, state)


def operation_status(job: rec.Job, now: float) -> Json:
    """The body of replicationOperationStatus; an error may ride on a success."""
    state = state_of(job, now)
    error: Json | None = None
    if state == "Failed" and job.error is not None:
        error = {"code": job.error.code, "message": job.error.message, "details": None}
    elif job.remark is not None and state not in UNDER_WAY:
        error = {"code": job.remark[0], "message": job.remark[1], "details": None}
    is_over = state not in UNDER_WAY
    return {
        "error": error,
        "id": None,
        "name": job.name,
        "properties": None,
        "status": _OPERATION_WORDS.get(state, state),
        "startTime": None if state == "NotStarted" else time_text(job.accepted),
        "endTime": zero_fraction_text(ends_at(job)) if is_over else None,
        "percentComplete": None,
    }


def _task_bodies(job: rec.Job, now: float) -> list[Json]:
    bodies: list[Json] = []
    kind = KINDS.get(job.scenario)
    if kind is not None and not kind.shows_steps:
        return bodies
    begins, end = job.begins, ends_at(job)
    for index, task in enumerate(job.tasks):
        begins = max(begins, task.not_before)
        failing = job.error is not None and job.error.task == index
        takes_no_time = task.skipped or (task.seconds == 0 and not task.waits)
        reached = now >= begins and (begins < end or (takes_no_time and begins <= end and job.error is None))
        if job.error is not None and job.error.task is None:
            reached = False
        stopped = job.cancelled is not None and now >= job.cancelled
        given_up = job.error is not None and now >= end and not reached
        bodies.append(_task_body(task, begins, min(now, end), reached=reached, failing=failing, stopped=stopped))
        if given_up:
            bodies[-1] |= {"state": "Other", "stateDescription": "Skipped"}
        if failing and now >= end:
            bodies[-1]["errors"] = _error_bodies(job)
        begins = end_of_step(task, begins)
    return bodies


def _task_body(task: rec.Task, begins: float, moment: float, *, reached: bool, failing: bool, stopped: bool) -> Json:
    """One step as of `moment`, which is never later than the job's end."""
    ends = end_of_step(task, begins)
    description = None
    if not reached:
        state = "NotStarted"
    elif task.skipped:
        state = "Skipped"
    elif moment < ends and task.waits and not stopped:
        state, description = "Suspended", task.waits
    elif moment < ends:
        state = "Cancelled" if stopped else "InProgress"
        ends = moment
    else:
        state = "Failed" if failing else "Succeeded"
    is_over = state in ("Succeeded", "Failed", "Cancelled")
    details: Json = {"instanceType": task.kind, **task.details}
    group: Json | None = None
    if task.kind == "ConsistencyCheckTaskDetails":
        details["vmDetails"] = []
    if task.kind == "InlineWorkflowTaskDetails":  # one after the other
        children, child_begins = [], begins
        for child in task.children:
            is_reached = reached and moment >= child_begins
            children.append(
                _task_body(child, child_begins, moment, reached=is_reached, failing=failing, stopped=stopped)
            )
            child_begins += child.seconds
        group = {"workflowIds": [guid(task.id)], "instanceType": task.kind, "childTasks": children}
    elif task.children:
        children = [
            _task_body(child, begins, moment, reached=reached, failing=failing, stopped=stopped)
            for child in task.children
        ]
        group = {
            "name": task.group_name or task.id,
            "groupId": task.group_name or task.id,
            "rpGroupType": task.group_type,
            "instanceType": task.kind,
            "childTasks": children,
        }
    elif task.work is not None:
        details["skippedReason"] = "None"
        details["skippedReasonString"] = None
        has_job = reached and not task.skipped
        details["jobTask"] = {
            "jobId": task.work.job if has_job else task.work.job.removesuffix(last_segment(task.work.job)),
            "jobFriendlyName": PLAN_SCENARIOS.get(task.work.scenario, task.work.scenario) if has_job else "Unknown",
            "targetObjectId": task.work.machine,
            "targetObjectName": task.work.machine_name,
            "targetInstanceType": "Vm",
            "jobScenarioName": task.work.scenario if has_job else "Unknown",
        }
    return {
        "taskId": task.id,
        "name": task.name,
        "startTime": time_text(begins) if reached and (task.tells_skip or not task.skipped) else TASK_NOT_BEGUN,
        "endTime": time_text(ends) if is_over else TASK_NOT_BEGUN,
        "allowedActions": [],
        "friendlyName": task.friendly_name,
        "state": "Other" if state == "Skipped" else state,
        "stateDescription": description or _DESCRIPTIONS.get(state, state),
        "taskType": task.kind,
        "customDetails": None if group else details,
        "groupTaskCustomDetails": group,
        "errors": [],
    }


def _error_bodies(job: rec.Job) -> list[Json]:
    error = job.error or job.partly
    if error is None:
        return []
    return [
        {
            "serviceErrorDetails": {
                "code": error.code,
                "message": error.message,
                "possibleCauses": error.causes,
                "recommendedAction": error.action,
                "activityId": f"{job.client_request_id} ActivityId: {job.activity}",
            },
            "providerErrorDetails": {
                "errorCode": error.provider_code,
                "errorMessage": error.provider_message,
                "errorId": guid(job.name, "error"),
                "possibleCauses": "",
                "recommendedAction": "",
            },
            "errorLevel": "Error",
            "creationTime": time_text(ends_at(job)),
            "taskId": None if error.task is None else job.tasks[error.task].id,
        }
    ]


def _custom_details(job: rec.Job, now: float) -> Json:
    if state_of(job, now) == "NotStarted":
        return {"instanceType": "AsrJobDetails", "affectedObjectDetails": {}}
    kind = KINDS.get(job.scenario)
    details: Json = {"instanceType": "AsrJobDetails" if kind is None else kind.details_type}
    if details["instanceType"] == "ExportJobDetails":
        details |= job.details if state_of(job, now) == "Succeeded" else {"blobUri": None, "sasToken": None}
    if details["instanceType"] == "TestFailoverJobDetails":
        shown = dict(job.details)
        if state_of(job, now) in (*UNDER_WAY, "Failed", "Cancelled"):
            shown["protectedItemDetails"] = []  # filled only at the end
        details |= {
            "testFailoverStatus": None,
            "comments": None,
            "networkName": None,
            "networkFriendlyName": None,
            "networkType": None,
            "protectedItemDetails": [],
            **shown,
        }
    details["affectedObjectDetails"] = job.affected
    return details


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
