"""What is done to jobs beside cancelling: restarting, resuming, exporting them.

Follows Replication Jobs - Restart, Resume and Export of the Site Recovery REST reference. Left out: exports as XML or
as a workbook.
"""

from __future__ import annotations

from app.simulator import jobs, restarting
from app.simulator import records as rec
from app.simulator.exports import EXPORT_ACCOUNT, EXPORT_CONTAINER, export_blob
from app.simulator.handlers.failover import begin_cleanup
from app.simulator.handlers.job_routes import job_filter, job_named
from app.simulator.handlers.storage import blob_endpoint
from app.simulator.job_times import allowed_actions, state_of, waiting_step
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response
from app.simulator.router import VAULT, Call, Route
from app.simulator.wire import Json, guid, time_text

_JOBS = f"{VAULT}/replicationJobs"
_JOB = f"{_JOBS}/{{job}}"
_WEEK_S = 7 * 86_400.0
_ANY = ("", "All")


def restart_job(call: Call) -> Response:
    """Begin a job that restarts the old one; after a half-made test failover, one that cleans up."""
    job = job_named(call, call.params["job"])
    actions = _actions(call, job)
    if "RestartTestFailoverCleanup" in actions:
        item = call.world.items.get(job.subject)
        if item is not None:
            return jobs.accepted(call, begin_cleanup(call, item, None), job.id)
    if "Restart" not in actions:
        raise _not_now(call, job, "restarted")
    begun = jobs.start(
        call.world,
        "RestartJob",
        vault=call.vault(),
        subject=job.subject,
        target=(job.target_id, job.target_name),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        intent={"job": job.id.lower()},
        target_type=job.target_type,
    )
    return jobs.accepted(call, begun, job.id)


def resume_job(call: Call) -> Response:
    """The operation carries the job's own name, as it is the same job that goes on."""
    job = job_named(call, call.params["job"])
    waiting = waiting_step(job, call.now)
    if waiting is None:
        raise _not_now(call, job, "resumed")
    restarting.resume(call.world, job, waiting, str(call.properties().get("comments") or ""), call.now)
    return jobs.accepted(call, job, job.id)


def _actions(call: Call, job: rec.Job) -> list[str]:
    return allowed_actions(job, state_of(job, call.now))


def _not_now(call: Call, job: rec.Job, done: str) -> Exception:
    state = state_of(job, call.now)
    return bad_request(
        call, "InvalidParameter", f"A job that is {state} cannot be {done}.", "Read the job's allowed actions."
    )


def export_jobs(call: Call) -> Response:
    """Write the jobs of a period, a week unless another one is named, into a file; the job says where it is."""
    vault, body, world = call.vault(), call.json(), call.world
    kind = str(body.get("jobOutputType") or "Json")
    if kind != "Json":
        message = f"Not simulated: jobs exported as {kind}"
        return json_response(501, {"error": {"code": "NotImplemented", "message": message}})
    wanted: list[tuple[str, list[str]]] = [("starttime", [time_text(call.now - _WEEK_S)])]
    for name in ("startTime", "endTime", "fabricId", "affectedObjectTypes", "jobStatus", "jobName"):
        text = str(body.get(name) or "")
        if text not in _ANY:
            wanted.append((name.lower(), [part.strip() for part in text.split(",")]))
    keep = job_filter(call, wanted)
    found = [key for key in world.jobs.keys(vault.lower() + "/") if keep(world.jobs[key])]
    job = jobs.start(
        world,
        "ExportJobs",
        vault=vault,
        subject=vault.lower(),
        target=("", ""),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        intent={"jobs": found[::-1]},
    )
    job.details = _place(call, job)
    world.jobs.put(job.id.lower(), job)
    return jobs.accepted(call, job, job.id)


def _place(call: Call, job: rec.Job) -> Json:
    blob = f"{blob_endpoint(call, EXPORT_ACCOUNT)}{EXPORT_CONTAINER}/{export_blob(job.name)}"
    return {"blobUri": blob, "sasToken": f"sv=2025-11-05&sr=b&sp=r&sig={guid(job.name, 'signature')}"}


ROUTES = (
    Route("POST", f"{_JOB}/restart", restart_job),
    Route("POST", f"{_JOB}/resume", resume_job),
    Route("POST", f"{_JOBS}/export", export_jobs),
)
