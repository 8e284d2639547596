"""The list of jobs as a file: written as a blob into an account that belongs to the service and shows nowhere."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5

import msgspec

from app.simulator import records as rec
from app.simulator.blob_records import Blob, BlobContainer
from app.simulator.job_times import ends_at, state_of
from app.simulator.job_view import friendly_name
from app.simulator.wire import Json, guid, time_text
from app.simulator.world import World

EXPORT_ACCOUNT = "practiceexports"
EXPORT_CONTAINER = "jobs"


def export_blob(job_name: str) -> str:
    """Name of the blob that an export makes."""
    return f"{job_name}.json"


def exported(world: World, job: rec.Job, at: float) -> None:
    """Ending of an export: the jobs chosen when it was asked for, as they are now."""
    rows = [_row(chosen, at) for key in job.intent["jobs"] if (chosen := world.jobs.get(key)) is not None]
    content = msgspec.json.encode(rows)
    container = f"{EXPORT_ACCOUNT}/{EXPORT_CONTAINER}"
    if container not in world.blob_containers:
        made = BlobContainer(EXPORT_ACCOUNT, EXPORT_CONTAINER, f'"0x8D{guid(container)[:8]}"', at)
        world.blob_containers.put(container, made)
    blob = Blob(
        size=len(content),
        md5=b64encode(md5(content, usedforsecurity=False).digest()).decode(),
        content_type="application/json",
        etag=f'"0x8D{guid(job.name, "export").replace("-", "")[:13].upper()}"',
        created=at,
        modified=at,
        content=content,
    )
    world.blobs.put(f"{container}/{export_blob(job.name)}", blob)


def _row(job: rec.Job, at: float) -> Json:
    state = state_of(job, at)
    end = ends_at(job)
    return {
        "Name": friendly_name(job),
        "Status": state,
        "Item": job.target_name,
        "Type": job.target_type,
        "Start time": time_text(job.accepted),
        "End time": time_text(end) if end <= at else None,
        "Job id": job.name,
        "Error": job.error.message if job.error is not None and state == "Failed" else None,
    }
