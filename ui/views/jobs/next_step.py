"""What comes after a job: its machine, and the operation that is next on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.job import JobState, ReplicationJob
from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.flows.failover import OPERATIONS, FailoverKind
from ui.jobs.words import operation_of, tr

MAKES_MACHINE = (FailoverKind.TEST, FailoverKind.PLANNED, FailoverKind.UNPLANNED, FailoverKind.COMMIT)


@dataclass(frozen=True, slots=True)
class NextStep:
    kind: FailoverKind
    label: str


def item_of(job: ReplicationJob, items: Iterable[ReplicationProtectedItem] | None) -> ReplicationProtectedItem | None:
    """The machine a job is about, by its id, else by its name; None for jobs about other things."""
    if job.target_kind and job.target_kind != "ProtectionEntity":
        return None
    by_name = None
    for item in items or ():
        if job.target_id and item.name.lower() == job.target_id.rsplit("/", 1)[-1].lower():
            return item
        if item.friendly_name == job.target_name:
            by_name = item
    return by_name


def next_step(job: ReplicationJob, item: ReplicationProtectedItem | None) -> NextStep | None:
    """What somebody will want to do after reading the job's page."""
    kind = operation_of(job)
    if kind is None or item is None or not job.state.is_over:
        return None
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        return NextStep(kind, tr("&Try again…"))
    if kind is FailoverKind.TEST and item.awaits_clean_up:
        return NextStep(FailoverKind.CLEAN_UP, tr("Clean &up…"))
    if kind in (FailoverKind.PLANNED, FailoverKind.UNPLANNED) and item.allows(Operation.COMMIT):
        return NextStep(FailoverKind.COMMIT, tr("Co&mmit…"))
    return None


def remedy_step(allowed_by: str, item: ReplicationProtectedItem | None) -> NextStep | None:
    """The operation a remedy names, if Azure offers it now."""
    if item is None or allowed_by not in item.allowed_operations:
        return None
    found = next((each for each in OPERATIONS if each.allowed_by.value == allowed_by), None)
    return NextStep(found.kind, f"{found.title}…") if found is not None else None


def is_newest_of_its_kind(job: ReplicationJob, jobs: Iterable[ReplicationJob] | None) -> bool:
    """No later job of the kind has worked on the same machine, as far as the last day tells."""
    return not any(
        other.scenario == job.scenario
        and other.target_id.lower() == job.target_id.lower()
        and other.started is not None
        and job.started is not None
        and other.started > job.started
        for other in jobs or ()
    )
