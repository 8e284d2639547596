"""The page of the run: actions ticked off as Azure confirms them, what failed and why, and what comes next.

It shows snapshots and keeps none of the work: the run goes on without this page, and without the program.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from typing import Self

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.issue import Issue
from app.flows.action import ActionKind
from app.flows.draft import SetUpDraft
from app.flows.step import Context
from app.runtime.journal import ActionState
from app.services.runs import RunSnapshot
from ui.durations import duration_text
from ui.tables.filter_bar import FilterBar
from ui.tables.record_model import RecordTableModel
from ui.tables.row_filter import RowFilter
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Space, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.surface import horizontal_line
from ui.wizard.framed_page import FramedPage
from ui.wizard.page import all_at_once
from ui.wizard.pages.review_rows import step_of, usual_total_s
from ui.wizard.pages.run_parts import RunParts
from ui.wizard.pages.run_rows import (
    RunRow,
    RunRows,
    azures_words,
    run_columns,
    running_icon,
    standing_facet,
    status_of,
    word_of,
)
from ui.wizard.requests import JumpTo

_SHOW_EVERY_MS = 100
_TICK_MS = 1_000


class RunPage(FramedPage):
    """Shows the newest snapshot at most ten times a second.

    Signals:
        retry_requested: what failed or was interrupted is to be carried out again.
        overview_requested: the run is done and its result is to be looked at.
    """

    retry_requested = Signal()
    overview_requested = Signal()

    step_id = "run"

    def __init__(self, theme: Theme, parts: RunParts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.progress, self.strip = parts or all_at_once(RunParts.in_turns(theme))
        self._clock: Callable[[], datetime] | None = None
        self._loaded_at = datetime.fromtimestamp(0, UTC)
        self._draft = SetUpDraft()
        self._rows = RunRows()
        self._run: RunSnapshot | None = None
        self._newest: RunSnapshot | None = None
        self.progress.setObjectName("run-progress")
        self.progress.set_title_style(TextStyle.SECTION)
        self._retry_button = Button(theme, "", icon="refresh", kind=Kind.PRIMARY)
        self._retry_button.setObjectName("run-retry")
        self._overview_button = Button(theme, self.tr("&Open the overview"), icon="overview", kind=Kind.PRIMARY)
        self._overview_button.setObjectName("run-open-overview")
        self.table = self._build_table()
        self._copy_button = Button(theme, self.tr("Copy"), icon="copy", small=True)
        self._copy_button.setObjectName("run-copy-reason")
        self._answer_button = Button(theme, self.tr("Change the &answer"), icon="change")
        self._answer_button.setObjectName("run-change-answer")
        self._ways = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._show_timer = self._build_timer(_SHOW_EVERY_MS, self._show_newest, repeats=False)
        self._tick_timer = self._build_timer(_TICK_MS, self._tick, repeats=True)
        self._build()
        self._connect()
        self._show_progress()
        self._explain()

    def _build_table(self) -> TableView[RunRow]:
        model = RecordTableModel(run_columns(self._now), lambda row: row.key, facets=(standing_facet(),), parent=self)
        text = self.tr("A run begins on the review, after its actions have been seen.")
        return TableView(
            self.theme,
            model,
            name="run-table",
            empty=Message("start", self.tr("Nothing is running"), text),
            label=self.tr("Actions of the run"),
            framed=False,
        )

    def _build_timer(self, interval_ms: int, run: Callable[[], object], *, repeats: bool) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(not repeats)
        timer.setInterval(interval_ms)
        timer.timeout.connect(run)
        return timer

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.XXL)
        row.addWidget(self.progress, 1)
        self._ways.setSpacing(Space.S)
        self._ways.addWidget(self._answer_button)
        self._ways.addWidget(self._retry_button)
        row.addLayout(self._ways)
        row.addWidget(self._overview_button)
        answer = Card()
        answer.body.addLayout(row)
        filter_bar = FilterBar(self.theme, self.table.model, placeholder=self.tr("Filter by action or state"))
        filter_bar.box.setObjectName("run-filter")
        self.table.top.addWidget(filter_bar)
        self.table.set_records(())
        self.strip.add_button(self._copy_button)
        card = Card(flush=True)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(horizontal_line())
        card.body.addWidget(self.strip)
        body: QVBoxLayout = self.frame.body
        body.addWidget(answer)
        body.addWidget(card, 1)

    def _connect(self) -> None:
        self.table.current_changed.connect(self._explain)
        self._retry_button.clicked.connect(lambda _checked: self.retry_requested.emit())
        self._overview_button.clicked.connect(lambda _checked: self.overview_requested.emit())
        self._answer_button.clicked.connect(lambda _checked: self.requested.emit(JumpTo(self._step_to_change())))
        self._copy_button.clicked.connect(lambda _checked: self.strip.copy())

    # What the wizard says

    def use_clock(self, now: Callable[[], datetime]) -> None:
        """Count time as the vault does; without it, ages stand still between two loads."""
        self._clock = now

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        parts = yield from RunParts.in_turns(theme)
        return cls(theme, parts)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._loaded_at = draft, context.now

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        """A run has none: what is wrong with it stands at its actions."""

    def show_run(self, run: RunSnapshot) -> None:
        """Show how far the run is; of snapshots that come faster than the eye, the newest."""
        self._newest = run
        if not self._show_timer.isActive():
            self._show_newest()

    def first_focus(self) -> QWidget:
        """What leads on, or the list."""
        buttons = (self._overview_button, self._answer_button, self._retry_button)
        leading = (each for each in buttons if each.kind is Kind.PRIMARY and each.isVisibleTo(self))
        return next(leading, self.table.grid)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_time()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick_timer.stop()

    # The run

    def _now(self) -> datetime:
        return self._clock() if self._clock is not None else self._loaded_at

    def _show_newest(self) -> None:
        run = self._newest
        if run is None or run is self._run:
            return
        if self._run is None or self._run.id != run.id:
            self.table.model.set_filter(RowFilter())
        self._run = run
        self.table.set_records(self._rows.build(run))
        self._show_progress()
        if self.table.current_record is None:
            failed = next((action for action in run.troubled), None)
            if failed is not None:
                self.table.grid.make_current(failed.action.id)
        self._explain()
        self._follow_time()
        self._show_timer.start()

    def _follow_time(self) -> None:
        """Ages grow only while something goes on and somebody looks."""
        if self.isVisible() and self._run is not None and self._run.is_running:
            self._tick_timer.start()
        else:
            self._tick_timer.stop()

    def _tick(self) -> None:
        self.table.model.time_passed()
        self._show_progress()
        self._explain()

    def _show_progress(self) -> None:
        run = self._run
        self._overview_button.setVisible(run is not None and run.is_done)
        self._retry_button.setVisible(run is not None and not run.is_done and not run.is_running)
        self._show_answer_button()
        if run is None:
            self.progress.set_progress(self.tr("Nothing is running"), None)
            return
        total, done = len(run.actions), run.done_count
        failed = sum(action.state is ActionState.FAILED for action in run.actions)
        figure = self.tr("{done} of {total}").format(done=f"{done:,}", total=f"{total:,}")
        title, hint = self._answer(run, failed)
        self._retry_button.setText(self.tr("&Retry") if failed else self.tr("&Go on"))
        self.progress.set_progress(title, done / total if total else 1.0, figure, hint)

    def _answer(self, run: RunSnapshot, failed: int) -> tuple[str, str]:
        """How it stands, in a sentence, and what that means."""
        total = f"{len(run.actions):,}"
        if run.is_done:
            return self._result(run)
        stays = self.tr("What is confirmed stays; only the rest is carried out again.")
        if not run.is_running and failed:
            title = self.tr("{failed} of {total} actions failed").format(failed=f"{failed:,}", total=total)
            return title, f"{self._way_on(run)} {stays}"
        if not run.is_running:
            return self.tr("The run was interrupted"), stays
        hint = self.tr("Running for {time}; usually about {usual}.")
        since = max((self._now() - run.created).total_seconds(), 0)
        usual = duration_text(max(usual_total_s([action.action for action in run.actions]), 1))
        text = hint.format(time=duration_text(since), usual=usual)
        if failed:
            one, many = self.tr("1 action failed; the others go on."), self.tr("{} actions failed; the others go on.")
            text = f"{one if failed == 1 else many.format(f'{failed:,}')} {text}"
        return self.tr("Carrying out {total} actions").format(total=total), text

    def _way_on(self, run: RunSnapshot) -> str:
        if run.refused:
            return self.tr("Azure would refuse the same again, unless the cause is removed there first.")
        return self.tr("Remove the cause that stands below, then retry.")

    def _result(self, run: RunSnapshot) -> tuple[str, str]:
        machines = [
            action.action.subject for action in run.actions if action.action.kind is ActionKind.ENABLE_PROTECTION
        ]
        if not machines:
            return self.tr("Everything is in place"), self.tr("Azure has confirmed each action.")
        one = self.tr("{machine} is replicating: its first copy is under way")
        many = self.tr("{count} machines are replicating: first copies are under way")
        title = one.format(machine=machines[0]) if len(machines) == 1 else many.format(count=f"{len(machines):,}")
        return title, self.tr("A first copy may take hours or days. The overview shows how far each is.")

    # The strip

    def _explain(self) -> None:
        row = self.table.current_record
        self._copy_button.setEnabled(row is not None)
        self._show_answer_button()
        if row is None:
            hint = self.tr("Move through the actions to see what stands behind each.")
            self.strip.explain(None, self.tr("Nothing needs you now"), hint)
            return
        problem = row.action.problem
        if problem is not None:
            title = f"{row.label}: {problem.title}"
            self.strip.explain(status_of(row), title, "", problem.advice, azures_words(row.action))
            return
        title = f"{row.label}: {word_of(row)[:1].lower()}{word_of(row)[1:]}"
        self.strip.explain(status_of(row), title, self._facts(row), icon=running_icon(row))

    def _show_answer_button(self) -> None:
        """It leads on where Azure would refuse the same again, and stands beside Retry where another answer may help.

        The louder of the two comes last.
        """
        run = self._run
        leads = run is not None and not run.is_running and bool(run.refused)
        self._answer_button.setVisible(bool(self._step_to_change()))
        if leads == (self._answer_button.kind is Kind.PRIMARY):
            return
        ways = (self._answer_button, self._retry_button)
        quiet, loud = ways[::-1] if leads else ways
        quiet.set_kind(Kind.SECONDARY)
        loud.set_kind(Kind.PRIMARY)
        directions = QBoxLayout.Direction
        self._ways.setDirection(directions.RightToLeft if leads else directions.LeftToRight)
        QWidget.setTabOrder(quiet, loud)

    def _step_to_change(self) -> str:
        """Where the answer stands that an action failed by: the current one, else the first that wants another.

        Empty while no answer can be changed.
        """
        run, row = self._run, self.table.current_record
        if run is None or run.is_running:
            return ""
        candidates = (*((row.action,) if row is not None else ()), *run.refused)
        failed = next((each for each in candidates if each.state is ActionState.FAILED), None)
        return step_of(failed.action, self._draft) if failed is not None else ""

    def _facts(self, row: RunRow) -> str:
        """What the row has no room for: what it waits for, or what it changes."""
        needs = self._rows.open_needs(row)
        if row.action.state is ActionState.PLANNED and needs:
            return self.tr("It waits for: {actions}.").format(actions=", ".join(need.label for need in needs))
        action = row.action.action
        change = self.tr("Before: {before}. Afterwards: {after}.")
        return change.format(before=action.before, after=action.after) if action.before else f"{action.after}."
