"""Jobs as the service shows them at a moment: whole, in lists, and as the status of an operation."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.job_kinds import KINDS, PLAN_SCENARIOS
from app.simulator.job_times import UNDER_WAY, allowed_actions, end_of_step, ends_at, state_of, waiting_step
from app.simulator.wire import (
    TASK_NOT_BEGUN,
    Json,
    guid,
    last_segment,
    time_text,
    whole_second_text,
    zero_fraction_text,
)

JOB_TYPE = "Microsoft.RecoveryServices/vaults/replicationJobs"

_DESCRIPTIONS = {"Succeeded": "Completed"}
_OPERATION_WORDS = {
    "CompletedWithInformation": "Succeeded",
    "PartiallySucceeded": "Succeeded",
    "Suspended": "InProgress",
}


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


def status_body(job: rec.Job, now: float) -> Json:
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
        comes_to_it = job.error is None or (job.error.task is not None and index <= job.error.task)
        reached = now >= begins and comes_to_it and (begins < end or (takes_no_time and begins <= end))
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
