"""Why a job or an operation ended badly, as an error in our words; Azure's own stay in its details."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain.error_catalogue import ErrorEntry
from app.domain.job import JobProblem, JobState, JobTask, ReplicationJob
from app.errors import AppError, OperationFailed
from app.flows.action import Action
from app.ports.operation import OperationStatus

Explain = Callable[[str], ErrorEntry | None]
"""What an error code means; None when we know no more than Azure says."""


def job_failure(job: ReplicationJob, action: Action, explain: Explain) -> AppError | None:
    """None when the job reached its end; remarks on a good end are no failure."""
    if job.state.is_good_end or job.state is JobState.WAITING_FOR_USER:
        return None
    what = named(action)
    if job.state is JobState.CANCELLED:
        return OperationFailed(
            "cancelled",
            f"{what} was cancelled in Azure.",
            "Look at the machine before you run it again.",
            job_id=job.id.text,
        )
    problems = all_problems(job)
    code = next((problem.code for problem in problems if explain(problem.code)), problems[0].code if problems else "")
    meaning = explain(code)
    return OperationFailed(
        code or "job_failed",
        f"{what} failed in Azure{f' ({code})' if code else ''}.",
        f"{meaning.cause} {meaning.remedy}" if meaning else "Azure’s own words say why.",
        job_id=job.id.text,
        problems=problems,
        details="\n\n".join(problem_text(problem) for problem in problems),
    )


def operation_failure(status: OperationStatus, action: Action) -> AppError | None:
    if status.is_good_end:
        return None
    what = named(action)
    return OperationFailed(
        status.code or "operation_failed",
        f"{what} failed in Azure.",
        "Azure’s own words say why.",
        details=status.message,
    )


def named(action: Action) -> str:
    """The action with its subject, which some labels hold already: `Replicate DC01`, `Test failover DC01`."""
    return action.label if action.subject in action.label else f"{action.label} {action.subject}"


def all_problems(job: ReplicationJob) -> tuple[JobProblem, ...]:
    """The job's errors and those of its tasks, each once."""
    return tuple(dict.fromkeys((*job.errors, *_task_problems(job.tasks))))


def _task_problems(tasks: Iterable[JobTask]) -> Iterable[JobProblem]:
    for task in tasks:
        yield from task.errors
        yield from _task_problems(task.children)


def problem_text(problem: JobProblem) -> str:
    """Everything Azure said about one problem, for copying."""
    parts = (
        f"{problem.code} {problem.message}".strip(),
        problem.possible_causes and f"Possible causes: {problem.possible_causes}",
        problem.recommended_action and f"Recommended: {problem.recommended_action}",
        problem.provider_code and f"Provider code: {problem.provider_code}",
    )
    return "\n".join(part for part in parts if part)
