"""What happens when a recovery plan's job ends."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.job_times import state_of
from app.simulator.replica import delete_replica_disks
from app.simulator.wire import vault_part
from app.simulator.world import World


def plan_saved(world: World, job: rec.Job, at: float) -> None:
    intent = job.intent
    for group in intent["groups"]:  # what was protected when the request came may be so no more
        group["items"] = [entry for entry in group["items"] if entry["id"].lower() in world.items]
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


def forget_item(world: World, item: rec.Item) -> None:
    """The machine is protected no more, and stands in no plan any longer."""
    key = item.id.lower()
    delete_replica_disks(world, item)
    world.remove_item(item)
    for plan in list(world.plans.records(vault_part(key) + "/")):
        if any(entry["id"].lower() == key for group in plan.groups for entry in group["items"]):
            for group in plan.groups:
                group["items"] = [entry for entry in group["items"] if entry["id"].lower() != key]
            world.plans.put(plan.id.lower(), plan)


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
