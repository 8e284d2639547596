"""Where a job stands at a moment: which step it is in, in which state, until when, and what may be done with it.

Pure functions of the job and the time.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.job_kinds import KINDS

UNDER_WAY = ("NotStarted", "InProgress", "Suspended")
NEVER = float("inf")
DRILL_MAKES_MACHINE = 2
"""The step of a test failover in which the test machine is made."""


def ends_at(job: rec.Job) -> float:
    """When the job is over: at its end, at the step it fails in, or when it was cancelled."""
    if job.cancelled is not None:
        return job.cancelled
    if job.error is not None:
        steps = 0 if job.error.task is None else job.error.task + 1
        return _end_of_steps(job, steps) + (0.2 if steps == 0 else 0.0)
    return _end_of_steps(job, len(job.tasks))


def _end_of_steps(job: rec.Job, steps: int) -> float:
    """When that many steps are over: added one by one, as the steps themselves are, so that both mean one moment."""
    end = job.begins
    for task in job.tasks[:steps]:
        end = end_of_step(task, max(end, task.not_before))
    return end


def end_of_step(task: rec.Task, begins: float) -> float:
    if task.waits:
        return NEVER if task.resumed is None else task.resumed
    return begins + task.seconds


def step_at(job: rec.Job, now: float) -> int:
    """The step that is under way, or would be if the job had not stopped; the last one when all are over."""
    ends = (_end_of_steps(job, count) for count in range(1, len(job.tasks) + 1))
    return next((step for step, end in enumerate(ends) if now < end), max(len(job.tasks) - 1, 0))


def waiting_step(job: rec.Job, now: float) -> rec.Task | None:
    """The step at which the job waits for the user; None when it does not."""
    if not job.tasks or not job.begins <= now < ends_at(job):
        return None
    task = job.tasks[step_at(job, now)]
    return task if task.waits and task.resumed is None else None


def state_of(job: rec.Job, now: float) -> str:
    if job.cancelled is not None and now >= job.cancelled:
        return "Cancelled"
    if now < job.begins:
        return "NotStarted"
    if now < ends_at(job):
        return "InProgress" if waiting_step(job, now) is None else "Suspended"
    if job.error is not None:
        return "Failed"
    if job.partly is not None:
        return "PartiallySucceeded"
    return "Succeeded" if job.remark is None else "CompletedWithInformation"


GOOD_ENDS = ("Succeeded", "CompletedWithInformation", "PartiallySucceeded")


def allowed_actions(job: rec.Job, state: str) -> list[str]:
    kind = KINDS.get(job.scenario)
    if state == "InProgress":
        return ["Cancel"] if kind is None or kind.can_cancel else []
    if state == "Suspended":
        return ["Cancel", "Resume"]
    if is_half_made_drill(job, state):
        return ["RestartTestFailoverCleanup"]
    can_restart = kind is not None and kind.can_restart and job.target_type != "RecoveryPlan"
    return ["Restart"] if state in ("Failed", "Cancelled", "PartiallySucceeded") and can_restart else []


def is_half_made_drill(job: rec.Job, state: str) -> bool:
    """A test failover that failed after it had begun to make the test machine, and left something to clean up."""
    made = job.error is not None and (job.error.task or 0) >= DRILL_MAKES_MACHINE
    return state == "Failed" and job.scenario == "TestFailover" and job.target_type == "ProtectionEntity" and made
