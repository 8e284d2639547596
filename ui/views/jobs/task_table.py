"""The parts of a job as an indented table, each against what it usually takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.job import JobState, JobTask
from app.domain.rules import Rules
from ui.elapsed import elapsed_text
from ui.jobs.words import state_status, state_text, took_s, tr
from ui.tables.column import Align, Column, StatusLook
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space, Status
from ui.when import clock_text

_INDENT = "\N{EM SPACE}" * 2
_LATE = 2.0
"""A part that takes more than this many times its usual time gets a warning mark."""
_WORTH_WATCHING_S = 30.0
"""Nobody needs to know that a part of one second took three."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One part, and how deep it lies."""

    key: tuple[int, ...]
    task: JobTask
    usual_s: float | None

    @property
    def level(self) -> int:
        return len(self.key) - 1


def task_rows(tasks: Iterable[JobTask], rules: Rules, above: tuple[int, ...] = ()) -> Iterator[TaskRow]:
    """The tree from top to bottom."""
    for place, task in enumerate(tasks):
        key = (*above, place)
        yield TaskRow(key, task, rules.usual_task_s(task.id))
        yield from task_rows(task.children, rules, key)


def is_late(row: TaskRow, now: datetime) -> bool:
    took = took_s(row.task, now)
    return took is not None and row.usual_s is not None and took > max(_LATE * row.usual_s, _WORTH_WATCHING_S)


class TaskTable(TableView[TaskRow]):
    """As high as its rows, so that the page scrolls and not the table."""

    def __init__(self, theme: Theme, now: Callable[[], datetime]) -> None:
        model: RecordTableModel[TaskRow] = RecordTableModel(_columns(now), lambda row: row.key)
        empty = Message("jobs", tr("Azure has not told the parts of this job"))
        super().__init__(theme, model, name="job-tasks", empty=empty, label=tr("Tasks"), framed=False)
        model.setParent(self)
        self._fit()

    def show_tasks(self, rows: list[TaskRow]) -> None:
        self.set_records(rows)
        self._fit()

    def _fit(self) -> None:
        rows = max(self.model.total_count, 2)
        self.setFixedHeight(Height.ROW * (rows + 1) + Space.S)


def _columns(now: Callable[[], datetime]) -> tuple[Column[TaskRow], ...]:
    def status(row: TaskRow) -> Status | None:
        if row.task.state is JobState.RUNNING and is_late(row, now()):
            return Status.WARNING
        return state_status(row.task.state)

    def state(row: TaskRow) -> str:
        if row.task.state is JobState.RUNNING and is_late(row, now()):
            return tr("Takes long")
        return state_text(row.task)

    def late_tip(row: TaskRow) -> str:
        return tr("More than twice its usual time") if is_late(row, now()) else ""

    return (
        Column(
            id="task",
            title=tr("Task"),
            text=lambda row: _INDENT * row.level + row.task.name,
            accessible=lambda row: row.task.name if not row.level else f"{row.task.name}, {tr('part of the above')}",
            stretch=True,
            width=22,
            optional=False,
        ),
        Column(id="state", title=tr("State"), text=state, status=status, width=13),
        Column(
            id="started",
            title=tr("Started"),
            text=lambda row: clock_text(row.task.started) if row.task.started else "",
            align=Align.RIGHT,
            width=8,
        ),
        Column(
            id="took",
            title=tr("Took"),
            text=lambda row: elapsed_text(took_s(row.task, now())),
            status=lambda row: Status.WARNING if is_late(row, now()) else None,
            status_look=StatusLook.TINT,
            tooltip=late_tip,
            accessible=lambda row: ", ".join(filter(None, (elapsed_text(took_s(row.task, now())), late_tip(row)))),
            align=Align.RIGHT,
            width=9,
        ),
        Column(
            id="usual",
            title=tr("Usual"),
            text=lambda row: elapsed_text(row.usual_s),
            align=Align.RIGHT,
            width=9,
        ),
    )
