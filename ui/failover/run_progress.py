"""How far an operation is: per machine what Azure does, its parts ticked off, elapsed against usual, and the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.job import JobState, ReplicationJob
from app.domain.rules import Rules
from app.runtime.journal import ActionState
from app.services.failover import MachineMade
from app.services.runs import ActionSnapshot
from ui.durations import duration_text
from ui.elapsed import elapsed_text
from ui.failover.machine_made import outcome, pairs_of
from ui.failover.run import FailoverRun
from ui.jobs.error_card import ErrorCard, explain
from ui.jobs.words import state_icon, state_status, state_text, took_s
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.disclosure import Disclosure
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import StatusLine, Text
from ui.widgets.progress_line import ProgressLine
from ui.widgets.surface import horizontal_line

_MOST = 8
_IN_FULL = 3
"""Of more machines each has one line of figures."""
_NEVER_FULL = 0.97
"""A bar made of time alone does not say that it is done."""


class RunProgress(QWidget):
    """Follows one run; a line per machine, the rest of a long list as a count."""

    def __init__(self, theme: Theme, run: FailoverRun, rules: Rules, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._theme = theme
        self._run = run
        self._rules = rules
        self._now = now
        self._machines: dict[str, _MachineProgress] = {}
        self.overall = ProgressLine(theme)
        self.overall.set_title_style(TextStyle.STRONG)
        self.note = StatusLine(theme, Status.WARNING)
        self.note.setObjectName("sheet-note")
        self._more = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.L)
        self._column.addWidget(self.overall)
        self._column.addWidget(self.note)
        self._column.addWidget(horizontal_line(on_raised=True))
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self.update_now()

    def update_now(self) -> None:
        """Show the run as it is, times as of now."""
        run, now = self._run, self._now()
        snapshot = run.snapshot
        actions = snapshot.actions if snapshot is not None else ()
        self._show_overall(actions, now)
        self._show_note()
        shown = sorted(actions, key=_rank)[:_MOST] if len(actions) > _MOST else actions
        for action in shown:
            self._machine(action).show_action(action, run.jobs.get(action.action.id), now)
        for key, machine in self._machines.items():
            machine.setVisible(any(action.action.id == key for action in shown))
        left = len(actions) - len(shown)
        self._more.setVisible(left > 0)
        self._more.setText(self.tr("And {} more machines. Jobs lists them all.").format(left))
        for made in run.made:
            for action in shown:
                if action.action.target == made.item.id:
                    self._machine(action).show_made(made)

    def _machine(self, action: ActionSnapshot) -> _MachineProgress:
        key = action.action.id
        if key not in self._machines:
            self._machines[key] = _MachineProgress(self._theme, self._run, self._rules)
            self._column.insertWidget(self._column.indexOf(self._more), self._machines[key])
        return self._machines[key]

    def _show_overall(self, actions: tuple[ActionSnapshot, ...], now: datetime) -> None:
        run = self._run
        usual = run.sheet.usual_s
        started = min((action.started for action in actions if action.started is not None), default=None)
        settled = [action.settled or action.ended for action in actions if action.settled or action.ended]
        end = max(settled, default=now) if run.is_over else now
        elapsed = max((end - started).total_seconds(), 0.0) if started is not None else 0.0
        if run.is_over:
            took = self.tr("took {}").format(elapsed_text(elapsed)) if elapsed else ""
            if run.is_good:
                hint = f"{run.sheet.operation.after}."
                self.overall.set_progress(self.tr("Done, and confirmed by Azure"), 1.0, took, hint)
            else:
                self.overall.set_progress(self.tr("Not done"), None, took)
            return
        done = sum(action.state.is_done for action in actions)
        title = self.tr("Under way")
        if len(actions) > 1:
            title = self.tr("{0} of {1} machines done").format(done, len(actions))
        figure = elapsed_text(elapsed)
        if usual is not None:
            figure = self.tr("{0} of about {1}").format(elapsed_text(elapsed), duration_text(usual))
        fraction = None if usual is None else min(elapsed / usual, _NEVER_FULL)
        hint = self.tr("You can close this sheet, and the program: it goes on in Azure, and Jobs shows it.")
        self.overall.set_progress(title, fraction, figure, hint)

    def _show_note(self) -> None:
        run = self._run
        self.note.setVisible(bool(run.silence or run.error))
        if run.error is not None:
            self.note.set_status(Status.CRITICAL, run.error.sentence)
        elif run.silence:
            self.note.set_status(Status.WARNING, run.silence)


class _MachineProgress(QWidget):
    """One machine: how it is in a line, the parts of its job, and in the end what it made or why it failed."""

    def __init__(self, theme: Theme, run: FailoverRun, rules: Rules) -> None:
        super().__init__()
        self._theme = theme
        self._run = run
        self._rules = rules
        self._tasks: list[StatusLine] = []
        self._times: list[Text] = []
        self._has_end = False
        self._is_made = False
        self.line = StatusLine(theme, style=TextStyle.STRONG)
        self._figure = Text("", TextStyle.CAPTION, Role.TEXT2)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self.line, 1)
        head.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignTop)
        self._task_column = QVBoxLayout()
        self._task_column.setContentsMargins(Space.XXL, 0, 0, 0)
        self._task_column.setSpacing(Space.XS)
        self._end_column = QVBoxLayout()
        self._end_column.setContentsMargins(Space.XXL, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(head)
        column.addLayout(self._end_column)
        column.addLayout(self._task_column)

    def show_action(self, action: ActionSnapshot, job: ReplicationJob | None, now: datetime) -> None:
        status, icon = _look(action)
        words = action.action.subject
        if action.text:
            words = f"{words}: {action.text}"
        if not self._is_made:
            self.line.set_status(status, words, icon=icon)
        if action.started is not None:
            end = action.ended or action.settled or now
            self._figure.setText(elapsed_text(max((end - action.started).total_seconds(), 0.0)))
        if job is not None:
            self._show_tasks(job, now)
        if action.state is ActionState.FAILED and not self._has_end:
            self._has_end = True
            self._show_failure(action, job)

    def show_made(self, made: MachineMade) -> None:
        """The answer first: the machine in a sentence and its figures, then the parts it took."""
        if self._has_end:
            return
        self._has_end = self._is_made = True
        status, text = outcome(made, self._run.sheet.operation.kind)
        self.line.set_status(status, text)
        if made.machine is None:
            return
        pairs = pairs_of(made.machine)
        if len(self._run.sheet.items) <= _IN_FULL:
            self._end_column.addWidget(Pairs(pairs))
        else:
            told = " · ".join(value for _, value in pairs[1:] if value)
            self._end_column.addWidget(Text(told, TextStyle.CAPTION, Role.TEXT2, wrap=True))

    def _show_tasks(self, job: ReplicationJob, now: datetime) -> None:
        while len(self._tasks) < len(job.tasks):
            line, time = StatusLine(self._theme), Text("", TextStyle.CAPTION, Role.TEXT2)
            row = QHBoxLayout()
            row.setSpacing(Space.M)
            row.addWidget(line, 1)
            row.addWidget(time)
            self._task_column.addLayout(row)
            self._tasks.append(line)
            self._times.append(time)
        for line, time, task in zip(self._tasks, self._times, job.tasks, strict=False):
            words = task.name if task.state.is_good_end else f"{task.name}: {state_text(task).lower()}"
            line.set_status(state_status(task.state), words, icon=state_icon(task.state))
            took, usual = elapsed_text(took_s(task, now)), self._rules.usual_task_s(task.id)
            if task.state is JobState.RUNNING and usual is not None and usual >= 1:
                took = self.tr("{0} of about {1}").format(took, duration_text(usual))
            time.setText(took)

    def _show_failure(self, action: ActionSnapshot, job: ReplicationJob | None) -> None:
        """The job's problem in our words; without a job, what stopped the request."""
        problem = action.problem
        if problem is None:
            return
        if job is not None and problem.job_problems:
            self._end_column.addWidget(ErrorCard(self._theme, explain(job, problem.job_problems[0], self._rules)))
            return
        self._end_column.addWidget(Text(problem.advice, wrap=True))
        if problem.details:
            self._end_column.addWidget(Disclosure(self._theme, self.tr("Azure’s own words and ids"), problem.details))


def _look(action: ActionSnapshot) -> tuple[Status, str | None]:
    if action.state.is_done:
        return Status.OK, None
    if action.problem is not None:
        return (Status.CRITICAL if action.state is ActionState.FAILED else Status.WARNING), None
    return (Status.INFO, "running") if action.is_active else (Status.NEUTRAL, "in_time")


def _rank(action: ActionSnapshot) -> int:
    """Trouble first, then what is under way, then what waits, then what is done."""
    if action.problem is not None:
        return 0
    if action.state.is_done:
        return 3
    return 1 if action.is_active else 2
