"""Faults that befall jobs: one fails at a step, or reports success and does nothing. Asked once, as a job begins."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.faults.kinds import CODES
from app.simulator.world import World

FAILS, DOES_NOTHING = "job-fails", "job-does-nothing"
_MACHINE = "ProtectionEntity"


def spoil(world: World, job: rec.Job) -> None:
    """Let the job fail or come to nothing, if a fault that is on fits it.

    A recovery plan's own job follows those of its machines, which are asked themselves.
    """
    if job.error is not None or job.target_type == "RecoveryPlan":
        return
    for key in world.faults.keys(""):
        fault = world.faults.get(key)
        if fault is None or fault.kind not in (FAILS, DOES_NOTHING) or not _fits(fault, job):
            continue
        if fault.kind == DOES_NOTHING:
            job.is_hollow = True
        else:
            job.error = _error(fault, job)
        use_up(world, key, fault, job.accepted)
        return


def use_up(world: World, key: str, fault: rec.Fault, at: float) -> None:
    """Count what the fault has hit; after the last one it ends at once."""
    if fault.left is None:
        return
    fault.left -= 1
    world.faults.put(key, fault)
    if fault.left <= 0:
        world.schedule(at, "fault_end", key, str(fault.since))


def _fits(fault: rec.Fault, job: rec.Job) -> bool:
    if fault.left is not None and fault.left <= 0:
        return False
    scenario, machine = str(fault.chosen["scenario"]), str(fault.chosen["machine"])
    if machine and (job.target_type != _MACHINE or machine.lower() != job.target_name.lower()):
        return False
    return not scenario or scenario == job.scenario


def _error(fault: rec.Fault, job: rec.Job) -> rec.JobError:
    code = str(fault.chosen["code"])
    known = CODES.get(code)
    task = _task(fault.chosen["task"], job)
    if known is None:
        return rec.JobError(
            code, f"{job.target_name}: the step did not end well.", "The service gives no cause.", "", task
        )
    return rec.JobError(
        code, f"{job.target_name}: {known.message[:1].lower()}{known.message[1:]}", known.causes, known.action, task
    )


def _task(wanted: str | int, job: rec.Job) -> int | None:
    """The index of the step: counted from 1, by its name, or the last that is not skipped."""
    steps = [index for index, task in enumerate(job.tasks) if not task.skipped]
    if isinstance(wanted, str):
        names = [(task.name.lower(), task.id.lower(), task.friendly_name.lower()) for task in job.tasks]
        return next((index for index in steps if wanted.lower() in names[index]), steps[-1] if steps else None)
    if not steps:
        return None
    return steps[-1] if not 0 < wanted <= len(steps) else steps[wanted - 1]
