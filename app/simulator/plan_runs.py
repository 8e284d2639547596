"""The steps of a recovery plan's job: around the jobs of its machines, which it follows to the last one's end."""

from __future__ import annotations

from typing import NamedTuple

from app.simulator import records as rec
from app.simulator.job_kinds import PLAN_SCENARIOS
from app.simulator.job_times import ends_at
from app.simulator.wire import guid

_PREREQUISITES_S, _ENVIRONMENT_S, _FINALIZING_S = 2.5, 1.0, 1.0
_SHUTDOWN_SHARE, _FAILOVER_SHARE = 0.15, 0.6
"""Of the time the machines' own jobs take; what is left goes to starting the groups, one after the other."""

_ENVIRONMENTS = {
    "TestFailover": ("RpTfoNetworkCreation", "Create the test environment"),
    "PlannedFailover": ("RpEnvironmentCreationTask", "Create the environment"),
    "UnplannedFailover": ("RpEnvironmentCreationTask", "Create the environment"),
}
_WITH_SHUTDOWN = frozenset({"PlannedFailover", "UnplannedFailover"})


class Member(NamedTuple):
    """A machine of the plan: its boot group (counted from 1), its item, the job that was started for it."""

    group: int
    item: rec.Item
    job: rec.Job


def steps(scenario: str, members: list[Member], at: float) -> list[rec.Task]:
    """The plan's steps, which together end a moment after the last machine's job."""
    key = members[0].job.name
    environment = _ENVIRONMENTS.get(scenario)
    before = _PREREQUISITES_S + (_ENVIRONMENT_S if environment else 0.0)
    longest = max(max(ends_at(member.job) for member in members) - at - before, 0.0)
    tasks = [
        rec.Task(
            guid(key, "first"),
            "RpSrsPrerequisitesCheck",
            "Prerequisites check for the recovery plan",
            _PREREQUISITES_S,
        )
    ]
    if environment:
        tasks.append(rec.Task(guid(key, "environment"), *environment, seconds=_ENVIRONMENT_S))
    left = longest
    if scenario in _WITH_SHUTDOWN:
        shutdown = _SHUTDOWN_SHARE * longest
        left -= shutdown
        tasks.append(_shutdown(members, scenario, shutdown))
    failover = _FAILOVER_SHARE * left
    tasks.append(
        _group("FailoverAllActionGroup", "Recovery plan failover", "RpFailoverTask", members, scenario, failover)
    )
    groups = sorted({member.group for member in members})
    for number in groups:
        inside = [member for member in members if member.group == number]
        label = f"Group {number}: Start ({len(inside)})"
        tasks.append(_group(f"Group{number}", label, "BootGroup", inside, scenario, (left - failover) / len(groups)))
    tasks.append(rec.Task(guid(key, "last"), "EndRecoveryPlanTask", "Finalizing the recovery plan", _FINALIZING_S))
    return tasks


def failure(plan_name: str, scenario: str, members: list[Member], tasks: list[rec.Task]) -> rec.JobError | None:
    """What the plan fails with when one of its machines does; None when all go well."""
    failed = [member.item.machine_name for member in members if member.job.error is not None]
    if not failed:
        return None
    step = next(index for index, task in enumerate(tasks) if task.id == "FailoverAllActionGroup")
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
