"""The actions of a run as rows: how far each is, in words, and how long it took against what is usual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.job import JobProblem
from app.runtime.journal import ActionState
from app.services.runs import ActionSnapshot, RunSnapshot
from ui.durations import duration_text
from ui.tables.column import Align, Column, StatusLook
from ui.tables.row_filter import Facet, FacetOption
from ui.theme.tokens import Status
from ui.wizard.pages.review_rows import action_icon, number_column

STANDING = "standing"
_TOO_LONG = 2
"""Times the usual time after which an action that goes on is marked."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """`is_running` is the run's: without it, what has not begun does not wait, it rests."""

    number: int
    action: ActionSnapshot
    is_running: bool

    @property
    def key(self) -> str:
        return self.action.action.id

    @property
    def label(self) -> str:
        return self.action.action.label


def tr(text: str) -> str:
    return QCoreApplication.translate("RunPage", text)


class RunRows:
    """Makes rows of snapshots; what did not change stays the same row."""

    def __init__(self) -> None:
        self._rows: dict[str, RunRow] = {}

    def build(self, run: RunSnapshot) -> list[RunRow]:
        rows = []
        for number, action in enumerate(run.actions, 1):
            row = self._rows.get(action.action.id)
            if row is None or row.action is not action or row.is_running != run.is_running or row.number != number:
                row = RunRow(number, action, run.is_running)
            rows.append(row)
        self._rows = {row.key: row for row in rows}
        return rows

    def open_needs(self, row: RunRow) -> Sequence[RunRow]:
        """What has to be done before this one."""
        needed = (self._rows.get(action_id) for action_id in row.action.action.needs)
        return [other for other in needed if other is not None and not other.action.state.is_done]


def status_of(row: RunRow) -> Status:
    state = row.action.state
    if state is ActionState.FAILED:
        return Status.CRITICAL
    if state.is_done:
        return Status.OK
    if state.is_in_flight:
        return Status.INFO if row.is_running and row.action.problem is None else Status.WARNING
    return Status.NEUTRAL


def running_icon(row: RunRow) -> str:
    """What goes on wears its own icon; the others that of their status."""
    return "running" if status_of(row) is Status.INFO else ""


def word_of(row: RunRow) -> str:
    match row.action.state:
        case ActionState.FAILED:
            return tr("Failed")
        case ActionState.CONFIRMED:
            return tr("Confirmed")
        case ActionState.SKIPPED:
            return tr("Already there")
        case ActionState.PLANNED:
            return tr("Waiting") if row.is_running else tr("Not started")
        case _ if row.action.problem is not None:
            return tr("Not confirmed")
        case _:
            return tr("Under way") if row.is_running else tr("Interrupted")


def took_s(row: RunRow, now: datetime) -> float | None:
    """How long it took, or has taken until now; None while it has not begun."""
    action = row.action
    if action.started is None:
        return None
    until = action.ended or action.settled or (now if row.is_running else None)
    return max((until - action.started).total_seconds(), 0) if until is not None else None


def is_slow(row: RunRow, now: datetime) -> bool:
    """Whether it goes on for far longer than usual."""
    usual, took = row.action.action.usual_s, took_s(row, now)
    goes_on = row.action.state.is_in_flight and row.is_running
    return goes_on and usual is not None and took is not None and took > _TOO_LONG * usual


def standing_facet() -> Facet[RunRow]:
    """Waiting, under way, done, failed, as pills."""
    words = {
        Status.NEUTRAL: tr("Waiting"),
        Status.INFO: tr("Under way"),
        Status.OK: tr("Done"),
        Status.CRITICAL: tr("Failed"),
    }

    def value(row: RunRow) -> str:
        status = status_of(row)
        return words[Status.INFO if status is Status.WARNING else status]

    options = tuple(
        FacetOption(word, status, "running" if status is Status.INFO else "") for status, word in words.items()
    )
    return Facet(STANDING, tr("State"), value, options, as_pills=True)


def run_columns(now: Callable[[], datetime]) -> tuple[Column[RunRow], ...]:
    """`now` is the vault's time, for what is under way."""
    return (
        number_column(),
        Column(
            id="action",
            title=tr("Action"),
            text=lambda row: row.label,
            icon=lambda row: action_icon(row.action.action),
            width=24,
            stretch=True,
            optional=False,
        ),
        Column(
            id="state",
            title=tr("State"),
            text=word_of,
            status=status_of,
            status_look=StatusLook.WORD,
            icon=running_icon,
            width=12,
        ),
        Column(id="text", title=tr("What is going on"), text=lambda row: row.action.text, width=17, stretch=True),
        Column(
            id="took",
            title=tr("Took"),
            text=lambda row: duration_text(took_s(row, now())),
            sort_key=lambda row: took_s(row, now()),
            status=lambda row: Status.WARNING if is_slow(row, now()) else None,
            status_look=StatusLook.TINT,
            align=Align.RIGHT,
            width=5,
            searchable=False,
        ),
        Column(
            id="usual",
            title=tr("Usual"),
            text=lambda row: duration_text(row.action.action.usual_s),
            sort_key=lambda row: row.action.action.usual_s,
            align=Align.RIGHT,
            width=5,
            searchable=False,
            yields=True,
        ),
    )


def azures_words(action: ActionSnapshot) -> str:
    """What Azure itself said of a failure, all of it."""
    problem = action.problem
    if problem is None:
        return ""
    parts = [_problem_text(each) for each in problem.job_problems]
    parts.append(problem.details)
    if problem.code:
        parts.append(tr("Code: {code}").format(code=problem.code))
    if problem.job_id or action.job_id:
        parts.append(tr("Job: {id}").format(id=problem.job_id or action.job_id))
    if problem.correlation_id:
        parts.append(tr("Correlation id: {id}").format(id=problem.correlation_id))
    return "\n".join(part for part in parts if part)


def _problem_text(problem: JobProblem) -> str:
    words = (problem.message, problem.possible_causes, problem.recommended_action)
    said = "\n".join(word for word in words if word)
    return f"{problem.code}: {said}" if problem.code else said
