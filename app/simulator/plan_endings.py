"""What happens when a recovery plan's job ends."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.job_times import state_of
from app.simulator.world import World


def plan_saved(world: World, job: rec.Job, at: float) -> None:
    intent = job.intent
    existing = world.plans.get(job.subject)
    if existing is not None:
        existing.groups = intent["groups"]
        world.plans.put(job.subject, existing)
        return
    world.plans.put(
        job.subject,
        rec.Plan(
            id=intent["id"],
            primary_fabric=intent["primary"],
            recovery_fabric=intent["recovery"],
            deployment_model=intent["model"],
            groups=intent["groups"],
        ),
    )


def plan_deleted(world: World, job: rec.Job, at: float) -> None:
    world.plans.remove(job.subject)


def plan_run(world: World, job: rec.Job, at: float) -> None:
    plan = world.plans.get(job.subject)
    if plan is None:
        return
    plan.status, plan.status_description = "Succeeded", "Completed"
    if job.scenario == "TestFailover":
        plan.status, plan.status_description = "Suspended", "WaitingForStopTestFailover"
    world.plans.put(job.subject, plan)


def plan_failed(world: World, job: rec.Job, at: float) -> None:
    plan = world.plans.get(job.subject)
    if plan is not None:
        plan.status = plan.status_description = state_of(job, at)
        world.plans.put(job.subject, plan)
