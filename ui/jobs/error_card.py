"""Why a job ended badly: what happened, why most likely, what to do best first; Azure's own words are folded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.job import JobProblem, JobState, JobTask, ReplicationJob
from app.domain.rules import Rules
from app.services.job_problems import problem_text
from ui.jobs.ticket import id_text
from ui.jobs.words import kind_text, tr
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle, Width
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import IconLabel, Text
from ui.widgets.surface import horizontal_line


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to do; `button` and `run` where it can be done from here."""

    text: str
    button: str = ""
    run: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One problem of a job, in our words."""

    title: str
    place: str
    happened: str
    cause: str
    remedies: tuple[Remedy, ...]
    azure: str


def explain(job: ReplicationJob, problem: JobProblem, rules: Rules, further: tuple[Remedy, ...] = ()) -> Explanation:
    """What is known about a problem; `further` are things to do beyond the one the catalogue names."""
    entry = rules.error(problem.code) or rules.error(problem.provider_code)
    task = task_name(job.tasks, problem.task)
    where = tr("in “{}”").format(task) if task else ""
    code = tr("Error {}").format(problem.code) if problem.code else ""
    if job.state is JobState.FAILED:
        happened = tr("{0} of {1} stopped").format(kind_text(job), job.target_name or tr("the vault"))
    else:
        happened = tr("{0} of {1} ended with a remark").format(kind_text(job), job.target_name or tr("the vault"))
    remedies = (Remedy(entry.remedy),) if entry else (Remedy(tr("Read Azure’s own words below; they name a remedy.")),)
    return Explanation(
        title=entry.title if entry else tr("Azure reports a problem"),
        place=", ".join(part for part in (code, where) if part),
        happened=f"{happened} {where}".strip() + ".",
        cause=entry.cause if entry else tr("This code is not known to the program."),
        remedies=(*remedies, *further),
        azure="\n\n".join((problem_text(problem), id_text(job))),
    )


def task_name(tasks: tuple[JobTask, ...], task_id: str) -> str:
    """The name of the part with this id; empty when there is none."""
    for task in tasks:
        if task_id and task.id.lower() == task_id.lower():
            return task.name
        found = task_name(task.children, task_id)
        if found:
            return found
    return ""


class ErrorCard(Card):
    """One problem, in the colour of how bad it is."""

    def __init__(self, theme: Theme, told: Explanation, status: Status = Status.CRITICAL) -> None:
        super().__init__()
        self.told = told
        self.setObjectName("job-error")
        self.set_edge(theme, status)
        self.body.setSpacing(Space.M)
        self.body.setContentsMargins(Space.CARD_X, Space.CARD_Y, Space.CARD_X, Space.CARD_Y)
        self.body.addLayout(self._build_head(theme, status))
        self.body.addWidget(_part(tr("What happened"), told.happened))
        self.body.addWidget(_part(tr("Why, most likely"), told.cause))
        self.body.addWidget(horizontal_line())
        self.body.addWidget(Text(tr("What to do, best first"), TextStyle.TABLE_HEAD, Role.TEXT2))
        self.body.addLayout(self._build_remedies(theme))
        self.body.addWidget(horizontal_line())
        self.words = Disclosure(theme, tr("Azure’s own words and ids"), told.azure)
        self.body.addWidget(self.words)

    def _build_head(self, theme: Theme, status: Status) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(self.told.title, TextStyle.SECTION, wrap=True))
        if self.told.place:
            words.addWidget(Text(self.told.place, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        icon = IconLabel(theme, status.value, Role(status.value), IconSize.NAV)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _build_remedies(self, theme: Theme) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.M)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, remedy in enumerate(self.told.remedies):
            grid.addWidget(Text(str(row + 1), TextStyle.LABEL, Role.TEXT2), row, 0, top)
            grid.addWidget(Text(remedy.text, wrap=True), row, 1, 1, 2 if remedy.run is None else 1, top)
            if remedy.run is not None:
                button = Button(theme, remedy.button, small=True)
                button.setObjectName(f"job-remedy-{row}")
                button.setFixedWidth(Width.ROW_BUTTON)
                button.clicked.connect(lambda _checked=False, run=remedy.run: run())
                grid.addWidget(button, row, 2, top)
        return grid


def _part(head: str, text: str) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(Text(head, TextStyle.TABLE_HEAD, Role.TEXT2))
    column.addWidget(Text(text, wrap=True))
    return part
