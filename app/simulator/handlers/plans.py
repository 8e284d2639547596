"""Recovery plans: saved, changed, listed, removed. What they run is in `plan_actions`."""

from __future__ import annotations

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.job_times import waiting_step
from app.simulator.lifecycle import PHASES
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import VAULT, Call, Route
from app.simulator.wire import MICROSOFT_AZURE, Json, guid, last_segment, time_text
from app.simulator.world import World

PLAN = f"{VAULT}/replicationRecoveryPlans/{{plan}}"
INTERNAL_GROUPS = ("Shutdown", "Failover")
LAST_TIMES = {
    "PlannedFailover": "lastPlannedFailoverTime",
    "UnplannedFailover": "lastUnplannedFailoverTime",
    "TestFailover": "lastTestFailoverTime",
}
MOST_BOOT_GROUPS = 7
MOST_MACHINES = 100


def plan_body(world: World, plan: rec.Plan, *, in_list: bool = False) -> Json:
    fabric = world.fabrics.get(plan.primary_fabric.lower())
    name = last_segment(plan.id)
    scenario: Json | None = None
    if plan.scenario is not None:
        scenario = {
            "scenarioName": plan.scenario,
            "jobId": plan.scenario_job,
            "startTime": time_text(plan.scenario_started),
        }
    properties: Json = {
        "friendlyName": name,
        "primaryFabricId": plan.primary_fabric,
        "primaryFabricFriendlyName": fabric.friendly_name if fabric else last_segment(plan.primary_fabric),
        "recoveryFabricId": plan.recovery_fabric,
        "recoveryFabricFriendlyName": plan.recovery_fabric,
        "failoverDeploymentModel": plan.deployment_model,
    }
    items = plan_items(world, plan)
    if items:
        properties["replicationProviders"] = ["HyperVReplicaAzure"]
    # Absent, not null, until they happen.
    properties |= {LAST_TIMES[name]: time_text(at) for name, at in plan.last.items()}
    status, description = _status(world, plan)
    properties |= {
        "allowedOperations": _allowed_operations(plan, items),
        "currentScenario": scenario,
        "currentScenarioStatus": status,
        "currentScenarioStatusDescription": description,
        "groups": [] if in_list else _group_bodies(plan),
        "providerSpecificDetails": [],
    }
    return {
        "id": plan.id,
        "name": name,
        "type": "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans",
        "properties": properties,
    }


def _status(world: World, plan: rec.Plan) -> tuple[str | None, str | None]:
    """As it stands, or that the run under way waits for the user."""
    job = world.jobs.get(plan.busy_job) if plan.busy_job else None
    waiting = waiting_step(job, world.now) if job else None
    return ("Suspended", waiting.waits) if waiting else (plan.status, plan.status_description)


def plan_items(world: World, plan: rec.Plan) -> list[rec.Item]:
    entries = [entry for group in plan.groups for entry in group["items"]]
    return [item for entry in entries if (item := world.items.get(entry["id"].lower())) is not None]


def _allowed_operations(plan: rec.Plan, items: list[rec.Item]) -> list[str]:
    if plan.busy_job is not None:
        return []
    if any(item.test_state == "WaitingForCompletion" for item in items):
        return ["TestFailoverCleanup"]
    offered = ["PlannedFailover", "UnplannedFailover", "TestFailover"]
    if any({"Commit", "FinalizeFailback"} & {*PHASES[item.phase].operations} for item in items):
        offered.append("Commit")
    return offered


def _group_bodies(plan: rec.Plan) -> list[Json]:
    return [
        {
            "groupType": group["type"],
            "replicationProtectedItems": group["items"],
            "startGroupActions": group["before"],
            "endGroupActions": group["after"],
        }
        for group in plan.groups
    ]


# Reading and saving


def find_plan(call: Call) -> rec.Plan:
    name = call.params["plan"]
    plan = call.world.plans.get(f"{call.vault()}/replicationrecoveryplans/{name}".lower())
    if plan is None:
        raise missing(call, name)
    return plan


def list_plans(call: Call) -> Response:
    plans = list(call.world.plans.records(call.vault().lower() + "/"))
    return list_response(plan_body(call.world, plan, in_list=True) for plan in plans)


def get_plan(call: Call) -> Response:
    return json_response(200, plan_body(call.world, find_plan(call)))


def put_plan(call: Call) -> Response:
    vault, properties, world = call.vault(), call.properties(), call.world
    primary = world.fabrics.get(str(properties.get("primaryFabricId") or "").lower())
    if primary is None:
        raise missing(call, last_segment(str(properties.get("primaryFabricId") or "primaryFabricId")))
    groups = _groups(call, properties.get("groups") or [])
    plan_id = f"{vault}/replicationRecoveryPlans/{call.params['plan']}"
    intent = {
        "id": plan_id,
        "primary": primary.id,
        "recovery": str(properties.get("recoveryFabricId") or MICROSOFT_AZURE),
        "model": str(properties.get("failoverDeploymentModel") or "ResourceManager"),
        "groups": groups,
    }
    job = plan_job(call, "SaveRecoveryPlan", plan_id, intent)
    return jobs.accepted(call, job, plan_id)


def patch_plan(call: Call) -> Response:
    """Only the groups of a plan can be changed, all of them together."""
    plan = find_plan(call)
    given = call.properties().get("groups")
    intent = {
        "id": plan.id,
        "primary": plan.primary_fabric,
        "recovery": plan.recovery_fabric,
        "model": plan.deployment_model,
        "groups": plan.groups if given is None else _groups(call, given),
    }
    error = busy_plan_error(call.world, plan)
    return jobs.accepted(call, plan_job(call, "UpdateRecoveryPlan", plan.id, intent, error=error), plan.id)


def busy_plan_error(world: World, plan: rec.Plan) -> rec.JobError | None:
    job = world.jobs.get(plan.busy_job) if plan.busy_job else None
    return jobs.busy_error(job, last_segment(plan.id)) if job else None


def _groups(call: Call, given: list[Json]) -> list[Json]:
    """The groups as they are kept: the two internal ones are there even if nobody sent them.

    Raises:
        Refusal: there are too many groups or machines, or a machine stands in two groups.
    """
    types = {str(group.get("groupType")) for group in given}
    groups: list[Json] = [
        {"type": name, "items": [], "before": [], "after": []} for name in INTERNAL_GROUPS if name not in types
    ]
    groups += [
        {
            "type": group.get("groupType"),
            "items": [_entry(call, entry) for entry in group.get("replicationProtectedItems") or []],
            "before": group.get("startGroupActions") or [],
            "after": group.get("endGroupActions") or [],
        }
        for group in given
    ]
    ids = [entry["id"].lower() for group in groups for entry in group["items"]]
    if types - {*INTERNAL_GROUPS, "Boot"}:
        raise bad_request(call, "InvalidParameter", "A group is of no type there is.", "Send Shutdown, Failover, Boot.")
    if len(ids) > MOST_MACHINES or sum(group["type"] == "Boot" for group in groups) > MOST_BOOT_GROUPS:
        raise bad_request(
            call,
            "InvalidParameter",
            f"A plan has at most {MOST_BOOT_GROUPS} groups and {MOST_MACHINES} machines.",
            "Make a second plan.",
        )
    if len(ids) != len(set(ids)):
        raise bad_request(
            call, "InvalidParameter", "A machine stands in the plan twice.", "Put each machine into one group."
        )
    return groups


def _entry(call: Call, given: Json) -> Json:
    """A machine of a plan; whatever id was sent for it, the machine's GUID comes back."""
    item = call.world.items.get(str(given.get("id") or "").lower())
    if item is None:
        raise missing(call, last_segment(str(given.get("id") or "id")))
    return {"id": item.id, "virtualMachineId": item.machine}


def delete_plan(call: Call) -> Response:
    plan = find_plan(call)
    error = busy_plan_error(call.world, plan)
    return jobs.accepted(call, plan_job(call, "DeleteRecoveryPlan", plan.id, {}, error=error), plan.id)


def plan_job(
    call: Call,
    scenario: str,
    plan_id: str,
    intent: Json,
    *,
    tasks: list[rec.Task] | None = None,
    details: Json | None = None,
    error: rec.JobError | None = None,
) -> rec.Job:
    world, name = call.world, last_segment(plan_id)
    plan = world.plans.get(plan_id.lower())
    fabric = world.fabrics.get(str(plan.primary_fabric if plan else intent.get("primary")).lower())
    sides = jobs.affected_objects(world, fabric) if fabric else {}
    return jobs.start(
        world,
        scenario,
        vault=call.vault(),
        subject=plan_id.lower(),
        target=(guid(world.settings.seed, plan_id.lower(), version=5), name),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        affected={key: value for key, value in sides.items() if "Cloud" not in key},
        intent=intent,
        tasks=tasks,
        details=details,
        error=error,
        target_type="RecoveryPlan",
    )


ROUTES = (
    Route("GET", f"{VAULT}/replicationRecoveryPlans", list_plans),
    Route("GET", PLAN, get_plan),
    Route("PUT", PLAN, put_plan),
    Route("PATCH", PLAN, patch_plan),
    Route("DELETE", PLAN, delete_plan),
)
