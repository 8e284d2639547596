"""A job as plain text for a ticket: what happened, when, at which part, Azure's words and every id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.domain.job import JobProblem, JobTask, ReplicationJob
from app.services.job_problems import all_problems, problem_text
from ui.elapsed import elapsed_text
from ui.jobs.words import state_text, title_text, took_s, tr


def ticket_text(job: ReplicationJob, now: datetime) -> str:
    """Everything somebody at another desk needs, times in UTC."""
    lines = [
        title_text(job),
        f"{tr('State')}: {state_text(job)}",
        f"{tr('Started')}: {_moment(job.started)}",
        f"{tr('Ended')}: {_moment(job.ended)}",
        f"{tr('Took')}: {elapsed_text(took_s(job, now)) or '-'}",
        "",
        tr("Tasks"),
        *_task_lines(job.tasks, now, 1),
    ]
    problems = all_problems(job)
    if problems:
        lines += ["", tr("Azure’s own words"), azure_words(problems)]
    return "\n".join([*lines, "", id_text(job)])


def id_text(job: ReplicationJob) -> str:
    """The ids that Azure support asks for."""
    lines = [f"{tr('Job')}: {job.id.text}"]
    if job.activity_id:
        lines.append(f"{tr('Activity')}: {job.activity_id}")
    return "\n".join(lines)


def azure_words(problems: Iterable[JobProblem]) -> str:
    return "\n\n".join(problem_text(problem) for problem in problems)


def _task_lines(tasks: Iterable[JobTask], now: datetime, level: int) -> Iterator[str]:
    for task in tasks:
        took = elapsed_text(took_s(task, now))
        yield "  " * level + ", ".join(part for part in (task.name, state_text(task), took) if part)
        yield from _task_lines(task.children, now, level + 1)


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment is not None else "-"
