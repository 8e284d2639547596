"""What the table of jobs says of each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.domain.job import JobState, ReplicationJob
from ui.elapsed import elapsed_text
from ui.jobs.words import kind_text, state_icon, state_status, state_text, took_s, tr
from ui.tables.column import Align, Column, Group
from ui.tables.row_filter import Facet, FacetOption
from ui.when import moment_text

RUNNING, OVER = "running", "over"

_PILLS = (JobState.RUNNING, JobState.WAITING_FOR_USER, JobState.FAILED, JobState.SUCCEEDED)


def job_groups() -> tuple[Group, ...]:
    """Running jobs stand above those that are over."""
    return (Group(RUNNING, tr("Under way"), icon="running"), Group(OVER, tr("Over, last 24 hours"), icon="stale"))


def group_of(job: ReplicationJob) -> str:
    return OVER if job.state.is_over else RUNNING


def job_facets() -> tuple[Facet[ReplicationJob], ...]:
    states = tuple(FacetOption(_state_word(state), state_status(state)) for state in _PILLS)
    return (
        Facet("state", tr("State"), state_text, states),
        Facet("job", tr("Job"), kind_text),
        Facet("machine", tr("Machine or object"), lambda job: job.target_name or tr("None")),
    )


def job_columns(now: Callable[[], datetime]) -> tuple[Column[ReplicationJob], ...]:
    """Times are told as of `now`."""
    return (
        Column(id="job", title=tr("Job"), text=kind_text, width=22, stretch=True, optional=False),
        Column(id="machine", title=tr("Machine or object"), text=lambda job: job.target_name, width=20, stretch=True),
        Column(
            id="state",
            title=tr("State"),
            text=state_text,
            sort_key=lambda job: list(JobState).index(job.state),
            status=lambda job: state_status(job.state),
            icon=lambda job: state_icon(job.state) or "",
            width=20,
            stretch=True,
        ),
        Column(
            id="started",
            title=tr("Started"),
            text=lambda job: moment_text(job.started, now()) if job.started else "",
            sort_key=lambda job: job.started,
            align=Align.RIGHT,
            width=15,
            searchable=False,
        ),
        Column(
            id="took",
            title=tr("Took"),
            text=lambda job: elapsed_text(took_s(job, now())),
            sort_key=lambda job: took_s(job, now()),
            align=Align.RIGHT,
            width=13,
            searchable=False,
        ),
        Column(id="scenario", title=tr("Azure scenario"), text=lambda job: job.scenario, width=24, shown=False),
    )


def _state_word(state: JobState) -> str:
    return {
        JobState.RUNNING: tr("Running"),
        JobState.WAITING_FOR_USER: tr("Waits for you"),
        JobState.FAILED: tr("Failed"),
        JobState.SUCCEEDED: tr("Done"),
    }[state]
