"""Running recovery plans: a job for each machine, and one of the plan's own that lasts as long as the longest of them.

The plan's job fails if one of its machines' does. Manual actions of its groups are waited for; runbooks are said to
have run. Left out: scripts' and runbooks' effects, and groups that start one after the other on the machines' own jobs.
"""

from __future__ import annotations

from collections.abc import Callable

from app.simulator import jobs, plan_runs
from app.simulator import records as rec
from app.simulator.handlers.failback import FAILBACK, begin_failback
from app.simulator.handlers.failover import (
    begin_cleanup,
    begin_commit,
    begin_failover,
    begin_reprotect,
    begin_test_failover,
)
from app.simulator.handlers.plans import INTERNAL_GROUPS, PLAN, busy_plan_error, find_plan, plan_job
from app.simulator.messages import Response
from app.simulator.replies import bad_request
from app.simulator.router import Call, Route
from app.simulator.wire import Json, last_segment

_SHOWN_SCENARIOS = {"Failback": "PlannedFailover"}
"""What the plan itself calls a run, where that is not the job's scenario."""


def test_failover(call: Call) -> Response:
    properties = call.properties()
    network = str(properties.get("networkId") or "")
    kind = str(properties.get("networkType") or "VmNetworkAsInput")
    return _run(call, "TestFailover", lambda item: begin_test_failover(call, item, network, kind, {}))


def test_failover_cleanup(call: Call) -> Response:
    comments = call.properties().get("comments")
    return _run(call, "TestFailoverCleanup", lambda item: begin_cleanup(call, item, comments))


def planned_failover(call: Call) -> Response:
    details = next((d for d in _provider_details(call) if d.get("instanceType") == FAILBACK), None)
    if details is not None:
        return _run(call, "Failback", lambda item: begin_failback(call, item, details))
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


def reprotect(call: Call) -> Response:
    return _run(call, "ReverseReplication", lambda item: begin_reprotect(call, item))


def cancel_failover(call: Call) -> Response:
    """No plan of machines on Hyper-V offers it, so the job says so."""
    plan = find_plan(call)
    error = rec.JobError(
        "25007",
        f"The plan {last_segment(plan.id)} is not ready for cancelling a failover.",
        "The failover of machines on Hyper-V cannot be taken back.",
        "Commit and fail back.",
        task=0,
    )
    job = plan_job(call, "CancelFailover", plan.id, {}, tasks=plan_runs.first_step(plan.id), error=error)
    return jobs.accepted(call, job, plan.id)


def _provider_details(call: Call) -> list[Json]:
    """For plans a list, though a single object is understood."""
    given = call.properties().get("providerSpecificDetails") or []
    return [given] if isinstance(given, dict) else [entry for entry in given if isinstance(entry, dict)]


def _run(call: Call, scenario: str, begin: Callable[[rec.Item], rec.Job]) -> Response:
    plan, world = find_plan(call), call.world
    busy = busy_plan_error(world, plan)
    if busy is not None:
        job = plan_job(call, scenario, plan.id, {}, tasks=plan_runs.first_step(plan.id), error=busy)
        return jobs.accepted(call, job, plan.id)
    boot_groups = [group for group in plan.groups if group["type"] not in INTERNAL_GROUPS]
    members = [
        plan_runs.Member(number, item, begin(item))
        for number, group in enumerate(boot_groups, start=1)
        for entry in group["items"]
        if (item := world.items.get(entry["id"].lower())) is not None
    ]
    if not members:
        raise bad_request(call, "InvalidParameter", "The plan has no machines.", "Add machines to it first.")
    tasks = plan_runs.steps(scenario, members, plan.groups, call.now)
    error = plan_runs.failure(last_segment(plan.id), scenario, members, tasks)
    intent = {"children": [member.job.id.lower() for member in members]}
    job = plan_job(call, scenario, plan.id, intent, tasks=tasks, details=_details(scenario, members), error=error)
    plan.busy_job = job.id.lower()
    plan.scenario, plan.scenario_job = _SHOWN_SCENARIOS.get(scenario, scenario), job.id
    plan.scenario_started = job.accepted
    if plan.scenario in ("PlannedFailover", "UnplannedFailover", "TestFailover"):
        plan.last[plan.scenario] = job.accepted
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
    Route("POST", f"{PLAN}/testFailover", test_failover),
    Route("POST", f"{PLAN}/testFailoverCleanup", test_failover_cleanup),
    Route("POST", f"{PLAN}/plannedFailover", planned_failover),
    Route("POST", f"{PLAN}/unplannedFailover", unplanned_failover),
    Route("POST", f"{PLAN}/failoverCommit", commit),
    Route("POST", f"{PLAN}/reProtect", reprotect),
    Route("POST", f"{PLAN}/failoverCancel", cancel_failover),
)
