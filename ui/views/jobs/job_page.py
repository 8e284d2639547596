"""The page of one job: its parts against their usual times, why it failed, what it made, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.domain.arm_id import ArmId
from app.domain.job import JobState, ReplicationJob
from app.domain.protected_item import ReplicationProtectedItem
from app.errors import AppError
from app.flows.failover import FailoverKind, operation
from app.flows.failover_refusals import why_not
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from app.services.failover import MachineMade
from app.services.job_problems import all_problems
from app.services.patience import silence_text
from ui.calls import Calls
from ui.elapsed import elapsed_text
from ui.failover.machine_made import MachineMadeView
from ui.jobs.error_card import ErrorCard, Remedy, explain
from ui.jobs.ticket import ticket_text
from ui.jobs.words import (
    action_kind_of,
    operation_of,
    state_icon,
    state_status,
    state_text,
    title_text,
    took_s,
)
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle, Width
from ui.views.jobs.breadcrumb import Breadcrumb
from ui.views.jobs.next_step import MAKES_MACHINE, is_newest_of_its_kind, item_of, next_step, remedy_step
from ui.views.jobs.task_table import TaskRow, TaskTable, task_rows
from ui.when import moment_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal, Way
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.labels import StatusLine, Text
from ui.widgets.page import Page
from ui.widgets.reasoned_button import ReasonedButton

_MOST_PROBLEMS = 3


class JobPage(QWidget):
    """Follows the job that is open as long as the page is on show and the job is not over.

    Signals:
        back_requested: show the list again.
        item_requested: show this machine (`ArmId`).
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
    """

    back_requested = Signal()
    item_requested = Signal(object)
    operation_requested = Signal(object, object)

    def __init__(self, theme: Theme, feeds: VaultFeeds, services: Services, notices: NoticeHub) -> None:
        super().__init__()
        self.setObjectName("page-job")
        self._theme = theme
        self._feeds = feeds
        self._services = services
        self._calls = Calls(self, notices)
        self._id: ArmId | None = None
        self._job: ReplicationJob | None = None
        self._item: ReplicationProtectedItem | None = None
        self._done_when_left: int | None = None
        self.breadcrumb = Breadcrumb(theme, self.tr("Jobs"))
        self.page = Page(self.tr("Job"), top=Space.S, scrolls=True)
        self.chip = Chip(theme, Status.NEUTRAL, "")
        self.copy_button = Button(theme, self.tr("&Copy for a ticket"), icon="copy")
        self.copy_button.setObjectName("job-copy")
        self.machine_button = Button(theme, self.tr("Show &machine"))
        self.machine_button.setObjectName("job-machine")
        self.next_button = ReasonedButton(theme, "", kind=Kind.PRIMARY)
        self.next_button.setObjectName("job-next")
        self.note = StatusLine(theme, Status.INFO)
        self.note.setObjectName("job-note")
        self.tasks = TaskTable(theme, services.clock.now)
        self.tasks_card = Card(self.tr("Tasks"), flush=True)
        self.made_card = Card(self.tr("What it made"))
        self.made_card.setObjectName("job-made")
        self._errors = QWidget()
        self._build()
        self._connect()

    @property
    def job(self) -> ReplicationJob | None:
        """The job as it was read last."""
        return self._job

    @property
    def error_cards(self) -> list[ErrorCard]:
        """What is explained now."""
        return self._errors.findChildren(ErrorCard)

    def open(self, job: ArmId) -> None:
        """Show this job and follow it."""
        if job != self._id:
            self._forget()
        self._id = job
        if self.isVisible():
            self.refresh()

    def close_job(self) -> None:
        """Stop following; the job goes on in Azure."""
        self._calls.cancel_all()
        self._id = None
        self._forget()

    def refresh(self) -> None:
        """Read the job anew, and go on following it."""
        job = self._id
        if job is None:
            return
        self._calls.run(
            "job",
            lambda: self._services.jobs.follow(
                job,
                on_look=self.show_look,
                on_silence=lambda silence: self._note(Status.WARNING, silence_text(silence)),
            ),
            doing=self.tr("Reading the job"),
            on_result=self._show_end,
            on_error=self._show_unreadable,
        )

    def regions(self) -> Sequence[QWidget]:
        return (self.breadcrumb, self.page.header, self.tasks, self._errors)

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def time_passed(self) -> None:
        """Tell times as of now."""
        if self._job is not None and not self._job.state.is_over:
            self._show_times(self._job)
            self.tasks.model.time_passed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._calls.cancel_all()
        if self._job is not None and not self._job.state.is_over:
            self._done_when_left = _parts_done(self._rows(self._job))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < Width.STACK_BELOW - Width.NAV_FOLDED
        direction = QBoxLayout.Direction.BottomToTop if is_narrow else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() is not direction:
            self._columns.setDirection(direction)
            self._errors.setMaximumWidth(self.maximumWidth() if is_narrow else Width.DETAILS)

    # Building

    def _build(self) -> None:
        header = self.page.header
        header.add_beside_title(self.chip)
        for button in (self.copy_button, self.machine_button, self.next_button):
            header.add_button(button)
        usual = Text(self.tr("“Usual” is what recorded jobs of small machines took"), TextStyle.CAPTION, Role.TEXT2)
        if self.tasks_card.head is not None:
            self.tasks_card.head.add_control(usual)
        self.tasks_card.body.addWidget(self.tasks)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(self.tasks_card)
        left.addWidget(self.made_card)
        left.addStretch(1)
        self._errors.setLayout(QVBoxLayout())
        self._errors.layout().setContentsMargins(0, 0, 0, 0)
        self._errors.layout().setSpacing(Space.M)
        self._errors.layout().setAlignment(Qt.AlignmentFlag.AlignTop)
        self._errors.setMaximumWidth(Width.DETAILS)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(Space.L)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._errors, 0)
        self.page.body.addWidget(self.note)
        self.page.body.addLayout(self._columns)
        self.page.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.breadcrumb)
        column.addWidget(self.page, 1)
        self._forget()

    def _connect(self) -> None:
        self.breadcrumb.back_requested.connect(self.back_requested)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.machine_button.clicked.connect(self._on_machine_clicked)
        self.next_button.activated.connect(self._on_next_activated)

    # Showing

    def _forget(self) -> None:
        self._job = None
        self._item = None
        self._done_when_left = None
        self.page.header.set_title(self.tr("Job"))
        self.page.header.set_purpose("")
        self.breadcrumb.set_here("")
        self.tasks.show_tasks([])
        self._clear_errors()
        for part in (self.chip, self.note, self.machine_button, self.next_button, self.copy_button, self.tasks_card):
            part.hide()
        self.made_card.hide()

    def show_look(self, job: ReplicationJob) -> None:
        """One look at the job, running or over."""
        self._job = job
        self._item = item_of(job, self._feeds.protected_items.value)
        title = title_text(job)
        self.page.header.set_title(title)
        self.breadcrumb.set_here(title)
        self.chip.set_status(state_status(job.state), state_text(job), icon=state_icon(job.state))
        rows = self._rows(job)
        self.tasks.show_tasks(rows)
        for part in (self.chip, self.copy_button, self.tasks_card):
            part.show()
        self.machine_button.setVisible(self._item is not None)
        self._show_times(job)
        self._show_what_was_missed(rows)
        self._show_next(job)
        self._show_problems(job)

    def _show_end(self, job: ReplicationJob) -> None:
        """Nothing more will come: look at what it made."""
        self.show_look(job)
        kind, item = operation_of(job), self._item
        if kind not in MAKES_MACHINE or not job.state.is_good_end or item is None:
            return
        if is_newest_of_its_kind(job, self._feeds.jobs.value):
            self._calls.run(
                "made",
                lambda: self._services.failover.machines_made(kind, [item.id]),
                doing=self.tr("Reading back the machine"),
                on_result=lambda made: self._show_made(kind, made),
            )

    def _show_times(self, job: ReplicationJob) -> None:
        now = self._services.clock.now()
        parts = []
        if job.started is not None:
            parts.append(self.tr("Started {}").format(moment_text(job.started, now)))
        took = elapsed_text(took_s(job, now))
        if took:
            parts.append(self.tr("took {}").format(took) if job.state.is_over else self.tr("{} so far").format(took))
        action = action_kind_of(job)
        usual = self._services.rules.usual_s(action) if action is not None else None
        if usual is not None:
            parts.append(self.tr("usually about {}").format(elapsed_text(usual)))
        self.page.header.set_purpose(" · ".join(parts))
        rows = self.tasks.model.records()
        if self.tasks_card.head is not None:
            self.tasks_card.head.set_detail(self.tr("{0} of {1} done").format(_parts_done(rows), len(rows)))

    def _show_what_was_missed(self, rows: Sequence[TaskRow]) -> None:
        """The job went on while nobody looked: say so once."""
        before, self._done_when_left = self._done_when_left, None
        since = _parts_done(rows) - before if before is not None else 0
        if since > 0:
            text = self.tr("Went on while you were away: {} more done.")
            tasks = self.tr("1 task") if since == 1 else self.tr("{} tasks").format(since)
            self._note(Status.INFO, text.format(tasks))
        elif before is not None:
            self._note(Status.INFO, "")

    def _show_next(self, job: ReplicationJob) -> None:
        item, step = self._item, next_step(job, self._item)
        self.next_button.setVisible(step is not None)
        if step is None or item is None:
            return
        self.next_button.setText(step.label)
        refusal = why_not(operation(step.kind), item)
        if refusal is None:
            self.next_button.allow()
            return
        ways = ()
        if refusal.way_on is not None:
            way_on = refusal.way_on
            ways = (Way(f"{operation(way_on).title}…", lambda: self._ask_for(way_on)),)
        self.next_button.refuse(Refusal(refusal.title, refusal.reason, ways))

    def _show_problems(self, job: ReplicationJob) -> None:
        problems = all_problems(job)[:_MOST_PROBLEMS]
        told = [explain(job, problem, self._services.rules, self._remedies(job, problem.code)) for problem in problems]
        if [card.told.azure for card in self.error_cards] == [each.azure for each in told]:
            return
        self._clear_errors()
        status = Status.CRITICAL if job.state is JobState.FAILED else Status.WARNING
        for each in told:
            self._errors.layout().addWidget(ErrorCard(self._theme, each, status))
        self._errors.setVisible(bool(told))

    def _remedies(self, job: ReplicationJob, code: str) -> tuple[Remedy, ...]:
        """What can be done from here, after the remedy in words."""
        found = []
        entry = self._services.rules.error(code)
        step = remedy_step(entry.operation, self._item) if entry is not None else None
        if step is not None:
            kind = step.kind
            found.append(Remedy(operation(kind).purpose, step.label, lambda: self._ask_for(kind)))
        again = operation_of(job)
        if again is not None and self._item is not None and job.state is JobState.FAILED:
            text = self.tr("When the cause is gone, start it again.")
            found.append(Remedy(text, self.tr("Try again…"), lambda: self._ask_for(again)))
        hand_on = self.tr("Hand it on: the copy holds Azure’s words, times and ids.")
        return (*found, Remedy(hand_on, self.tr("Copy text"), self._on_copy_clicked))

    def _show_made(self, kind: FailoverKind, made: tuple[MachineMade, ...]) -> None:
        self._clear(self.made_card)
        for each in made:
            self._item = each.item
            if each.machine is None and kind is FailoverKind.TEST and not each.item.awaits_clean_up:
                self.made_card.body.addWidget(self._build_cleaned_up(each))
            else:
                self.made_card.body.addWidget(MachineMadeView(self._theme, each, kind))
        if self._job is not None:
            self._show_next(self._job)
        self.made_card.setVisible(bool(made))

    def _build_cleaned_up(self, made: MachineMade) -> StatusLine:
        """What the drill says it made, since nothing of it is left to look at."""
        text = self.tr("{} has been cleaned up since.").format(made.expected.name)
        drill = self._job.drill_results[0] if self._job is not None and self._job.drill_results else None
        if drill is not None and drill.network:
            ran = self.tr("{0} ran in {1}, subnet {2}, and has been cleaned up since.")
            text = ran.format(drill.test_machine, drill.network, drill.subnet or "–")
        return StatusLine(self._theme, Status.NEUTRAL, text)

    def _show_unreadable(self, error: AppError) -> None:
        self._note(Status.CRITICAL, error.sentence)

    def _note(self, status: Status, text: str) -> None:
        self.note.set_status(status, text)
        self.note.setVisible(bool(text))

    def _rows(self, job: ReplicationJob) -> list[TaskRow]:
        return list(task_rows(job.tasks, self._services.rules))

    def _clear_errors(self) -> None:
        for card in self.error_cards:
            card.setParent(None)
            card.deleteLater()
        self._errors.hide()

    def _clear(self, card: Card) -> None:
        while card.body.count():
            widget = card.body.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    # What a person does

    def _ask_for(self, kind: FailoverKind) -> None:
        if self._item is not None:
            self.operation_requested.emit(kind, (self._item.id,))

    def _on_next_activated(self) -> None:
        step = next_step(self._job, self._item) if self._job is not None else None
        if step is not None:
            self._ask_for(step.kind)

    def _on_machine_clicked(self) -> None:
        if self._item is not None:
            self.item_requested.emit(self._item.id)

    def _on_copy_clicked(self) -> None:
        if self._job is not None:
            QGuiApplication.clipboard().setText(ticket_text(self._job, self._services.clock.now()))


def _parts_done(rows: Sequence[TaskRow]) -> int:
    return sum(row.task.state.is_good_end for row in rows)
