"""The steps of a recovery plan's job: around the jobs of its machines, which it follows to the last one's end."""

from __future__ import annotations

from typing import NamedTuple

from app.simulator import records as rec
from app.simulator.job_kinds import PLAN_SCENARIOS
from app.simulator.job_times import ends_at
from app.simulator.wire import Json, guid, last_segment

_PREREQUISITES_S, _ENVIRONMENT_S, _FINALIZING_S = 2.5, 1.0, 1.0
_SHUTDOWN_SHARE, _FAILOVER_SHARE = 0.15, 0.6
"""Of the time the machines' own jobs take; what is left goes to starting the groups, one after the other."""

_ENVIRONMENTS = {
    "TestFailover": ("RpTfoNetworkCreation", "Create the test environment"),
    "PlannedFailover": ("RpEnvironmentCreationTask", "Create the environment"),
    "UnplannedFailover": ("RpEnvironmentCreationTask", "Create the environment"),
}
_WITH_SHUTDOWN = frozenset({"PlannedFailover", "UnplannedFailover", "Failback"})
_MANUAL = "ManualActionDetails"
_SCRIPT_S = 60.0


class Member(NamedTuple):
    """A machine of the plan: its boot group (counted from 1), its item, the job that was started for it."""

    group: int
    item: rec.Item
    job: rec.Job


def first_step(plan_id: str) -> list[rec.Task]:
    """The step in which a run fails that cannot begin at all."""
    return [_plain(plan_id, "RpSrsPrerequisitesCheck", "Prerequisites check for the recovery plan", _PREREQUISITES_S)]


def steps(scenario: str, members: list[Member], groups: list[Json], at: float) -> list[rec.Task]:
    """The plan's steps, which together end a moment after the last machine's job unless the plan waits for the user."""
    key = members[0].job.name
    if scenario == "ReverseReplication":
        return _reverse_groups(members, at)
    tasks = first_step(key)
    environment = _ENVIRONMENTS.get(scenario)
    if environment:
        tasks.append(_plain(key, *environment, _ENVIRONMENT_S))
    before = sum(task.seconds for task in tasks)
    left = max(max(_length(member.job, at) for member in members) - before, 0.0)
    if scenario == "Failback":
        sync = max(_sync_length(member.job, at) for member in members)
        tasks += _failback_steps(members, max(sync - before, 0.0))
        left = max(left - max(sync - before, 0.0), 0.0)
        if any(task.waits for member in members for task in member.job.tasks):  # all go on at one moment
            left = max(0.0, *(_length(member.job, at) - _sync_length(member.job, at) for member in members))
    if scenario in _WITH_SHUTDOWN:
        shutdown = _SHUTDOWN_SHARE * left
        left -= shutdown
        tasks.append(_shutdown(members, scenario, shutdown))
    # A run that fails stops behind the failover of all machines, the slowest of them too.
    failover = left if _fails(members) else _FAILOVER_SHARE * left
    tasks += actions(key, scenario, groups, "Failover", 0, "before")
    tasks.append(
        _group("FailoverAllActionGroup", "Recovery plan failover", "RpFailoverTask", members, scenario, failover)
    )
    tasks += actions(key, scenario, groups, "Failover", 0, "after")
    numbers = sorted({member.group for member in members})
    for number in numbers:
        inside = [member for member in members if member.group == number]
        label = f"Group {number}: Start ({len(inside)})"
        tasks += actions(key, scenario, groups, "Boot", number, "before")
        tasks.append(_group(f"Group{number}", label, "BootGroup", inside, scenario, (left - failover) / len(numbers)))
        tasks += actions(key, scenario, groups, "Boot", number, "after")
    tasks.append(_plain(key, "EndRecoveryPlanTask", "Finalizing the recovery plan", _FINALIZING_S))
    return tasks


def _plain(key: str, name: str, label: str, seconds: float) -> rec.Task:
    return rec.Task(guid(key, name), name, label, seconds)


def _length(job: rec.Job, at: float) -> float:
    """How long a machine's job takes from now, the time it waits for the user not counted."""
    if job.error is not None:
        return ends_at(job) - at
    return _first_step_at(job) - at + sum(task.seconds for task in job.tasks)


def _first_step_at(job: rec.Job) -> float:
    return max(job.begins, job.tasks[0].not_before)


def _sync_length(job: rec.Job, at: float) -> float:
    """How long it takes until a machine's failback waits for the user, or needs nobody's word."""
    steps_before = next((index for index, task in enumerate(job.tasks) if task.waits), 2)
    return _first_step_at(job) - at + sum(task.seconds for task in job.tasks[:steps_before])


def _failback_steps(members: list[Member], seconds: float) -> list[rec.Task]:
    """Getting the hosts ready, copying while the machines run, and waiting; the latter two may be skipped."""
    key = members[0].job.name
    waits = next((task.waits for member in members for task in member.job.tasks if task.waits), "")
    sync = _group("DataSyncAllActionGroup", "Data synchronization", "RpFailbackDataSyncTask", members, "Failback", 0.0)
    for task in (sync, *sync.children):
        task.seconds, task.skipped = (0.0 if not waits else seconds), not waits
    wait = _plain(key, "WaitForUserInputForFailback", "Waiting for user input", 0.0)
    wait.waits, wait.skipped = waits, not waits
    prepare = "Preparing the on-premises virtual machine"
    return [_plain(key, "PrepareVmOnPremForFailback", prepare, 0.0 if waits else seconds), sync, wait]


def _reverse_groups(members: list[Member], at: float) -> list[rec.Task]:
    numbers = sorted({member.group for member in members})
    longest = max(_length(member.job, at) for member in members)
    found: list[rec.Task] = []
    for number in numbers:
        inside = [member for member in members if member.group == number]
        label = f"Group {number}: Reverse replicate ({len(inside)})"
        seconds = longest / len(numbers)
        if _fails(members):  # in its first step, behind which all machines have ended
            seconds = 0.0 if found else longest
        group = _group(f"Group{number}", label, "ReverseReplicateGroup", inside, "ReverseReplication", seconds)
        group.id, group.group_name = guid(members[0].job.name, "reverse", number), f"Group{number}"
        found.append(group)
    return found


def actions(key: str, scenario: str, groups: list[Json], group_type: str, number: int, place: str) -> list[rec.Task]:
    """What is to be done before or after a group in a run of this kind; `number` counts boot groups from 1."""
    of_type = [group for group in groups if group["type"] == group_type]
    position = max(number - 1, 0)
    found = of_type[position][place] if position < len(of_type) else []
    direction = "RecoveryToPrimary" if scenario == "Failback" else "PrimaryToRecovery"
    return [
        _action(f"{key}{group_type}{number}{place}{order}", action)
        for order, action in enumerate(found)
        if scenario in (action.get("failoverTypes") or [scenario])
        and direction in (action.get("failoverDirections") or [direction])
        and not (direction == "RecoveryToPrimary" and _kind(action) != _MANUAL)
    ]


def _kind(action: Json) -> str:
    return str((action.get("customDetails") or {}).get("instanceType") or "")


def _action(key: str, action: Json) -> rec.Task:
    name, details = str(action.get("actionName") or ""), action.get("customDetails") or {}
    task = rec.Task(guid(key), "Unknown", name, 0.0)
    if _kind(action) == _MANUAL:
        task.kind, task.waits = "ManualActionTaskDetails", "WaitingForManualAction"
        task.details = {"name": name, "instructions": details.get("description") or "", "observation": None}
        return task
    runbook = str(details.get("runbookId") or details.get("path") or "")
    task.seconds, task.kind = _SCRIPT_S, "AutomationRunbookTaskDetails"
    task.details = {"name": name, "runbookId": runbook, "runbookName": last_segment(runbook), "jobOutput": ""}
    return task


def _fails(members: list[Member]) -> bool:
    return any(member.job.error is not None for member in members)


def failure(plan_name: str, scenario: str, members: list[Member], tasks: list[rec.Task]) -> rec.JobError | None:
    """What the plan fails with when one of its machines does; None when all go well."""
    failed = [member.item.machine_name for member in members if member.job.error is not None]
    if not failed:
        return None
    step = next((index for index, task in enumerate(tasks) if task.id == "FailoverAllActionGroup"), 0)
    return rec.JobError(
        "25014" if scenario == "PlannedFailover" else "25080",
        f"{PLAN_SCENARIOS[scenario]} of the plan {plan_name} did not end well.",
        f"It failed for {', '.join(failed)}.",
        "Look at the job of each machine, remove the cause and run the plan again.",
        task=step,
    )


def _shutdown(members: list[Member], scenario: str, seconds: float) -> rec.Task:
    groups = [
        _group(
            f"Group{number}",
            f"Shutdown: Group {number} ({len(inside)})",
            "Shutdown",
            inside,
            scenario,
            seconds,
        )
        for number in sorted({member.group for member in members})
        if (inside := [member for member in members if member.group == number])
    ]
    return rec.Task(
        id="ShutdownAllActionGroup",
        name="Unknown",
        friendly_name=f"All groups shutdown ({len(groups)})",
        seconds=seconds,
        kind="RecoveryPlanShutdownGroupTaskDetails",
        group_type="Shutdown",
        children=groups,
    )


def _group(name: str, label: str, group_type: str, members: list[Member], scenario: str, seconds: float) -> rec.Task:
    return rec.Task(
        id=name,
        name="Unknown",
        friendly_name=label,
        seconds=seconds,
        kind="RecoveryPlanGroupTaskDetails",
        group_type=group_type,
        children=[
            rec.Task(
                id=guid(member.job.name, name, group_type),
                name="Unknown",
                friendly_name=member.item.machine_name,
                seconds=seconds,
                kind="VirtualMachineTaskDetails",
                work=rec.MachineWork(member.job.id, member.item.machine, member.item.machine_name, scenario),
            )
            for member in members
        ],
    )
