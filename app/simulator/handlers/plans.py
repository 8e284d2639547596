"""Recovery plans: saved, listed, removed, and run.

A run starts a job for each machine and one of its own that lasts as long as the longest of them; it fails if one does.
Left out: changing a plan, scripts and manual actions inside groups (kept and shown, not run), failback of a plan.
"""

from __future__ import annotations

from collections.abc import Callable

from app.simulator import jobs, plan_runs
from app.simulator import records as rec
from app.simulator.handlers.failover import (
    begin_cleanup,
    begin_commit,
    begin_failover,
    begin_test_failover,
)
from app.simulator.lifecycle import PHASES
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import VAULT, Call, Route
from app.simulator.wire import MICROSOFT_AZURE, Json, guid, last_segment, time_text
from app.simulator.world import World

_PLAN = f"{VAULT}/replicationRecoveryPlans/{{plan}}"
_INTERNAL_GROUPS = ("Shutdown", "Failover")


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
    properties |= {
        "allowedOperations": _allowed_operations(plan, items),
        "currentScenario": scenario,
        "currentScenarioStatus": plan.status,
        "currentScenarioStatusDescription": plan.status_description,
        "groups": [] if in_list else _group_bodies(plan),
        "providerSpecificDetails": [],
    }
    return {
        "id": plan.id,
        "name": name,
        "type": "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans",
        "properties": properties,
    }


def plan_items(world: World, plan: rec.Plan) -> list[rec.Item]:
    entries = [entry for group in plan.groups for entry in group["items"]]
    return [item for entry in entries if (item := world.items.get(entry["id"].lower())) is not None]


def _allowed_operations(plan: rec.Plan, items: list[rec.Item]) -> list[str]:
    if plan.busy_job is not None:
        return []
    if any(item.test_state == "WaitingForCompletion" for item in items):
        return ["TestFailoverCleanup"]
    offered = ["PlannedFailover", "UnplannedFailover", "TestFailover"]
    if any("Commit" in PHASES[item.phase].operations for item in items):
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


def _find(call: Call) -> rec.Plan:
    name = call.params["plan"]
    plan = call.world.plans.get(f"{call.vault()}/replicationrecoveryplans/{name}".lower())
    if plan is None:
        raise missing(call, name)
    return plan


def list_plans(call: Call) -> Response:
    plans = list(call.world.plans.records(call.vault().lower() + "/"))
    return list_response(plan_body(call.world, plan, in_list=True) for plan in plans)


def get_plan(call: Call) -> Response:
    return json_response(200, plan_body(call.world, _find(call)))


def put_plan(call: Call) -> Response:
    vault, properties, world = call.vault(), call.properties(), call.world
    primary = world.fabrics.get(str(properties.get("primaryFabricId") or "").lower())
    if primary is None:
        raise missing(call, last_segment(str(properties.get("primaryFabricId") or "primaryFabricId")))
    given: list[Json] = properties.get("groups") or []
    types = {str(group.get("groupType")) for group in given}
    groups: list[Json] = [
        {"type": name, "items": [], "before": [], "after": []} for name in _INTERNAL_GROUPS if name not in types
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
    plan_id = f"{vault}/replicationRecoveryPlans/{call.params['plan']}"
    intent = {
        "id": plan_id,
        "primary": primary.id,
        "recovery": str(properties.get("recoveryFabricId") or MICROSOFT_AZURE),
        "model": str(properties.get("failoverDeploymentModel") or "ResourceManager"),
        "groups": groups,
    }
    job = _plan_job(call, "SaveRecoveryPlan", plan_id, intent)
    return jobs.accepted(call, job, plan_id)


def _entry(call: Call, given: Json) -> Json:
    """A machine of a plan; whatever id was sent for it, the machine's GUID comes back."""
    item = call.world.items.get(str(given.get("id") or "").lower())
    if item is None:
        raise missing(call, last_segment(str(given.get("id") or "id")))
    return {"id": item.id, "virtualMachineId": item.machine}


def delete_plan(call: Call) -> Response:
    plan = _find(call)
    return jobs.accepted(call, _plan_job(call, "DeleteRecoveryPlan", plan.id, {}), plan.id)


def _plan_job(
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


# Running


def test_failover(call: Call) -> Response:
    properties = call.properties()
    network = str(properties.get("networkId") or "")
    kind = str(properties.get("networkType") or "VmNetworkAsInput")
    return _run(call, "TestFailover", lambda item: begin_test_failover(call, item, network, kind, {}))


def test_failover_cleanup(call: Call) -> Response:
    comments = call.properties().get("comments")
    return _run(call, "TestFailoverCleanup", lambda item: begin_cleanup(call, item, comments))


def planned_failover(call: Call) -> Response:
    return _run(call, "PlannedFailover", lambda item: begin_failover(call, item, "PlannedFailover", {}))


def unplanned_failover(call: Call) -> Response:
    shuts_down = str(call.properties().get("sourceSiteOperations") or "").lower() == "required"
    return _run(
        call,
        "UnplannedFailover",
        lambda item: begin_failover(call, item, "UnplannedFailover", {}, shuts_down=shuts_down),
    )


def commit(call: Call) -> Response:
    return _run(call, "CommitFailover", lambda item: begin_commit(call, item))


def _run(call: Call, scenario: str, begin: Callable[[rec.Item], rec.Job]) -> Response:
    plan, world = _find(call), call.world
    if plan.busy_job is not None:
        raise bad_request(call, "InvalidParameter", "The plan is running already.", "Wait until it has ended.")
    boot_groups = [group for group in plan.groups if group["type"] not in _INTERNAL_GROUPS]
    members = [
        plan_runs.Member(number, item, begin(item))
        for number, group in enumerate(boot_groups, start=1)
        for entry in group["items"]
        if (item := world.items.get(entry["id"].lower())) is not None
    ]
    if not members:
        raise bad_request(call, "InvalidParameter", "The plan has no machines.", "Add machines to it first.")
    tasks = plan_runs.steps(scenario, members, call.now)
    error = plan_runs.failure(last_segment(plan.id), scenario, members, tasks)
    job = _plan_job(call, scenario, plan.id, {}, tasks=tasks, details=_details(scenario, members), error=error)
    plan.busy_job = job.id.lower()
    plan.scenario, plan.scenario_job, plan.scenario_started = scenario, job.id, job.accepted
    plan.status = plan.status_description = "InProgress"
    world.plans.put(plan.id.lower(), plan)
    return jobs.accepted(call, job, plan.id)


def _details(scenario: str, members: list[plan_runs.Member]) -> Json:
    """A drill's job tells the network and every test machine."""
    if scenario != "TestFailover":
        return {}
    machines = [entry for member in members for entry in member.job.details["protectedItemDetails"]]
    return {**members[0].job.details, "protectedItemDetails": machines}


ROUTES = (
    Route("GET", f"{VAULT}/replicationRecoveryPlans", list_plans),
    Route("GET", _PLAN, get_plan),
    Route("PUT", _PLAN, put_plan),
    Route("DELETE", _PLAN, delete_plan),
    Route("POST", f"{_PLAN}/testFailover", test_failover),
    Route("POST", f"{_PLAN}/testFailoverCleanup", test_failover_cleanup),
    Route("POST", f"{_PLAN}/plannedFailover", planned_failover),
    Route("POST", f"{_PLAN}/unplannedFailover", unplanned_failover),
    Route("POST", f"{_PLAN}/failoverCommit", commit),
)
