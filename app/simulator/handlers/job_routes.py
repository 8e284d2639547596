"""Jobs and the long-running operations that carry their names.

What else is done to jobs is in `job_actions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.filters import conditions_in
from app.simulator.handlers.monitoring import health_body
from app.simulator.handlers.plans import plan_body
from app.simulator.handlers.policies import mapping_body, policy_body
from app.simulator.handlers.sites import fabric_body, provider_body
from app.simulator.item_view import protected_item_body
from app.simulator.job_times import UNDER_WAY, allowed_actions, state_of
from app.simulator.job_view import job_body, status_body
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import VAULT, Call, Route
from app.simulator.wire import Json, fabric_part, seconds_of, vault_part

_JOB = f"{VAULT}/replicationJobs/{{job}}"
_SUCCEEDED = ("Succeeded", "CompletedWithInformation", "PartiallySucceeded")
_REMOVALS = frozenset(
    {
        "DisableDr",
        "PurgeVm",
        "UnregisterFabric",
        "PurgeVMM",
        "UnregisterDra",
        "RemoveProtectionProfile",
        "DissociateProtectionProfile",
        "PurgeProtectionProfileAssociation",
        "DeleteRecoveryPlan",
    }
)


def job_named(call: Call, name: str) -> rec.Job:
    job = call.world.jobs.get(f"{call.vault()}/replicationjobs/{name}".lower())
    if job is None:
        raise missing(call, name)
    return job


def list_jobs(call: Call) -> Response:
    """The whole list, newest first; never paged."""
    prefix = call.vault().lower() + "/"
    world, now = call.world, call.now
    keep = job_filter(call, conditions_in(call, call.query.get("$filter", "")))
    keys = world.jobs.keys(prefix)[::-1]

    def entries() -> Iterator[Json]:
        for key in keys:
            job = world.jobs.get(key)
            if job is not None and keep(job):
                yield job_body(job, now, whole=False)

    return list_response(entries())


def job_filter(call: Call, conditions: list[tuple[str, list[str]]]) -> Callable[[rec.Job], bool]:
    """What all conditions (names in lower case) ask of a job."""
    readers: dict[str, Callable[[rec.Job], str]] = {
        "jobstatus": lambda job: _status(job, call.now),
        "jobname": lambda job: job.name,
        "affectedobjecttypes": lambda job: job.target_type,
        "fabricid": lambda job: fabric_part(job.subject),
    }
    tests: list[tuple[Callable[[rec.Job], str], set[str]]] = []
    since, until = float("-inf"), float("inf")
    for name, values in conditions:
        if name in readers:
            tests.append((readers[name], {value.lower() for value in values}))
        elif name == "starttime":  # with `eq`, yet it opens a window
            since = _moment(call, values[0])
        elif name == "endtime":
            until = _moment(call, values[0])
        else:
            raise bad_request(
                call,
                "InvalidFilter",
                f"Jobs cannot be filtered by '{name}'.",
                "Filter by StartTime, EndTime, JobStatus, JobName, AffectedObjectTypes or FabricId.",
            )
    return lambda job: since <= job.accepted <= until and all(read(job).lower() in wanted for read, wanted in tests)


def _status(job: rec.Job, now: float) -> str:
    state = state_of(job, now)
    return "Succeeded" if state in _SUCCEEDED else state


def _moment(call: Call, text: str) -> float:
    try:
        return seconds_of(text)
    except ValueError:
        raise bad_request(call, "InvalidFilter", f"'{text}' is not a time.", "Write times in ISO 8601.") from None


def get_job(call: Call) -> Response:
    return json_response(200, job_body(job_named(call, call.params["job"]), call.now, whole=True))


def cancel_job(call: Call) -> Response:
    """Stop a running job; the operation that cancels carries the job's own name."""
    job = job_named(call, call.params["job"])
    state = state_of(job, call.now)
    if "Cancel" not in allowed_actions(job, state):
        raise bad_request(
            call, "InvalidParameter", f"A job that is {state} cannot be cancelled.", "Read the job's allowed actions."
        )
    jobs.cancel(call.world, job, call.now)
    return jobs.accepted(call, job, job.id)


# Long-running operations


def operation_status(call: Call) -> Response:
    job = job_named(call, call.params["operation"])
    headers = {"x-ms-request-id": job.id}
    if not call.is_in_process and state_of(job, call.now) in UNDER_WAY:
        headers["Retry-After"] = call.retry_after
    return json_response(200, status_body(job, call.now), headers)


def operation_result(call: Call) -> Response:
    """What the operation brought: the resource as it is now, or nothing when it removed one."""
    job = job_named(call, call.segments[-1])
    resource_id = "/" + "/".join(call.segments[:-2])
    state = state_of(job, call.now)
    if state in UNDER_WAY:
        return jobs.accepted(call, job, resource_id)
    body = None if job.scenario in _REMOVALS else _resource_body(call, resource_id)
    headers = {"x-ms-request-id": job.id, "Azure-AsyncOperation": jobs.status_address(call, job)}
    return Response(204, headers) if body is None else json_response(200, body, headers)


def _resource_body(call: Call, resource_id: str) -> Json | None:
    world, key = call.world, resource_id.lower()
    if item := world.items.get(key):
        return protected_item_body(world, item, call.now)
    if fabric := world.fabrics.get(key):
        return fabric_body(world, fabric)
    if provider := world.providers.get(key):
        return provider_body(world, provider, call.now)
    if policy := world.policies.get(key):
        return policy_body(policy)
    if mapping := world.mappings.get(key):
        return mapping_body(world, mapping)
    if plan := world.plans.get(key):
        return plan_body(world, plan)
    if job := world.jobs.get(key):
        return job_body(job, call.now, whole=True)
    if key.endswith("/replicationvaulthealth"):
        return health_body(world, vault_part(resource_id))
    return None


ROUTES = (
    Route("GET", f"{VAULT}/replicationJobs", list_jobs),
    Route("GET", _JOB, get_job),
    Route("POST", f"{_JOB}/cancel", cancel_job),
    Route("GET", f"{VAULT}/replicationOperationStatus/{{operation}}", operation_status),
)
