"""The sheet of every failover operation: checks, choices, what will happen, then how far it is and what came of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication

from app.domain.arm_id import ArmId
from app.domain.protected_item import Operation
from app.errors import AppError
from app.flows.failover import FailoverKind, button_text, operation
from app.flows.failover_refusals import why_not
from app.live.services import Services
from app.services.failover import FailoverSheet
from ui.calls import Calls
from ui.failover.checks_list import check_status
from ui.failover.form import FailoverForm
from ui.failover.run import FailoverRun
from ui.failover.run_progress import RunProgress
from ui.notices import NoticeHub
from ui.read_only import read_only_refusal, watch_access
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Status, TextStyle
from ui.turns import Turns
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal, Way
from ui.widgets.focus_ring import lead_focus
from ui.widgets.labels import StatusLine, Text
from ui.widgets.modal_sheet import ModalSheet

_TICK_MS = 1_000
_TITLE_ROOM = 36
"""Characters that fit beside the longest title and the connection."""


class FailoverSheetView(ModalSheet):
    """Opened for one operation on one or more machines.

    Signals:
        job_requested: show this job (`ArmId`).
        finished: something was done; what is shown elsewhere is old.
    """

    job_requested = Signal(object)
    finished = Signal()

    def __init__(
        self, theme: Theme, kind: FailoverKind, items: tuple[ArmId, ...], services: Services, notices: NoticeHub
    ) -> None:
        super().__init__(theme, operation(kind).title, operation(kind).purpose, submit=operation(kind).button)
        self.setObjectName("failover-sheet")
        self.submit_button.setObjectName("sheet-run")
        self.cancel_button.setObjectName("sheet-cancel")
        self._theme = theme
        self._services = services
        self._notices = notices
        self._calls = Calls(self, notices)
        self._turns = Turns(self)
        self._operation = operation(kind)
        self._items = items
        self._sheet: FailoverSheet | None = None
        self._run: FailoverRun | None = None
        self.form: FailoverForm | None = None
        self.progress: RunProgress | None = None
        self.note = StatusLine(theme, Status.INFO)
        self.note.setObjectName("sheet-state")
        self._advice = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self.retry_button = Button(theme, self.tr("Try &again"))
        self.retry_button.setObjectName("sheet-retry")
        self.jobs_button = Button(theme, self.tr("&Watch in jobs"))
        self.jobs_button.setObjectName("sheet-watch")
        self.next_button = Button(theme, "")
        self.next_button.setObjectName("sheet-next")
        self.done_button = Button(theme, self.tr("&Done"), kind=Kind.PRIMARY)
        self.done_button.setObjectName("sheet-done")
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._build_sheet()
        self._connect()
        self._begin(kind, items)

    @property
    def is_started(self) -> bool:
        """The button was pressed: closing the sheet stops nothing any more."""
        return self._run is not None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        if self._sheet is None and self._run is None:
            self._prepare()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # Building

    def _build_sheet(self) -> None:
        for part in (self.note, self._advice):
            self.body.addWidget(part)
        self.body.addWidget(self.retry_button, 0, Qt.AlignmentFlag.AlignLeft)
        for button in (self.jobs_button, self.next_button, self.done_button):
            self.footer.add_right(button)

    def _connect(self) -> None:
        self.submitted.connect(self._start)
        self.closed.connect(self._on_closed)
        self.retry_button.clicked.connect(self._prepare)
        self.jobs_button.clicked.connect(self._on_jobs_clicked)
        self.next_button.clicked.connect(self._on_next_clicked)
        self.done_button.clicked.connect(self.close_sheet)
        self._timer.timeout.connect(self._on_timer_timeout)
        watch_access(self, self._services.access, self._show_worst)

    def _begin(self, kind: FailoverKind, items: tuple[ArmId, ...]) -> None:
        """Start over, with another operation or other machines."""
        self._leave_run()
        self._drop_form()
        self._operation, self._items, self._sheet = operation(kind), items, None
        self.set_title(self._operation.title, self._operation.purpose)
        self.submit_button.setText(self._operation.button)
        self.submit_button.set_icon(self._operation.icon)
        for button in (self.jobs_button, self.next_button, self.done_button, self.retry_button):
            button.hide()
        for button in (self.cancel_button, self.submit_button):
            button.show()
        self.cancel_button.setText(self.tr("Cancel"))
        if self.isVisible():
            self._prepare()

    # Before

    def _prepare(self) -> None:
        """Read everything, and show it in place of what was read before."""
        self._leave_run()
        self._turns.drop()
        if self.form is None:
            self._show_state(Status.INFO, self.tr("Reading the machines as Azure has them now"), icon="running")
        else:
            self.form.checks_list.head.set_detail(self.tr("checking again"))
        title = self.tr("{} has to wait").format(self._operation.title)
        self.submit_button.refuse(Refusal(title, self.tr("The machines are being read.")))
        kind, items = self._operation.kind, self._items
        self._calls.run(
            "prepare",
            lambda: self._services.failover.prepare(kind, items),
            doing=self.tr("Reading the machines"),
            on_result=self._show_form,
            on_error=self._show_unreadable,
        )

    def _show_unreadable(self, error: AppError) -> None:
        self._drop_form()
        advice = " ".join(part for part in (error.advice, self.tr("Nothing was changed.")) if part)
        self._show_state(Status.CRITICAL, error.title, advice)
        self.retry_button.show()
        title = self.tr("{} has to wait").format(self._operation.title)
        self.submit_button.refuse(Refusal(title, error.title, (Way(self.tr("Try again"), self._prepare),)))

    def _show_form(self, sheet: FailoverSheet) -> None:
        if self.form is not None:
            sheet = replace(sheet, suggested=self.form.choices)
        form = FailoverForm(self._theme, sheet)
        self._turns.begin(*form.parts, lambda: self._take_form(sheet, form))

    def _take_form(self, sheet: FailoverSheet, form: FailoverForm) -> None:
        """Show a form that is made, in place of what is there."""
        self._drop_form()
        self._sheet = sheet
        self._show_state(None)
        self.set_title(f"{self._operation.title}: {_names(sheet)}", self._operation.purpose)
        self.submit_button.setText(button_text(self._operation, sheet.items))
        self.form = form
        self.form.changed.connect(self._show_worst)
        self.form.check_requested.connect(self._prepare)
        self.form.leave_out_requested.connect(self._leave_out)
        self.body.addWidget(self.form)
        self.form.show()  # now, not with the next event: the keyboard goes there
        self._show_worst()
        focused = QApplication.focusWidget()
        if focused is None or focused is self.cancel_button or not focused.isVisible():
            lead_focus(self.form.first_focus())

    @property
    def _is_preparing(self) -> bool:
        return self._calls.is_running("prepare") or self._turns.is_busy

    def _leave_out(self, machine: str) -> None:
        sheet = self._sheet
        if sheet is not None:
            left = tuple(item.id for item in sheet.items if item.friendly_name != machine)
            self._items = left
            self._prepare()

    def _show_worst(self) -> None:
        """The footer's sentence, and whether the button would act."""
        form = self.form
        if form is None:
            return
        found = form.worst
        self.footer.set_worst(check_status(found) if found else None, found.text if found else "")
        self.submit_button.settle(self._refusal(form))

    def _refusal(self, form: FailoverForm) -> Refusal | None:
        title = self.tr("{} has to wait").format(self._operation.title)
        read_only = read_only_refusal(self._services.access)
        if read_only is not None:
            return read_only
        blocked = form.blocked
        if blocked is not None:
            reason = " ".join(part for part in (blocked.text, blocked.remedy) if part)
            ways = self._ways_on()
            if not ways and blocked.machine and len(self._items) > 1:
                machine = blocked.machine
                ways = (Way(self.tr("Leave {} out").format(machine), lambda: self._leave_out(machine)),)
            return Refusal(title, reason, ways)
        if not form.is_confirmed and self._sheet is not None and form.confirm is not None:
            edit = form.confirm.edit
            reason = self.tr("Type {} in the field above the buttons.").format(self._sheet.confirmation)
            return Refusal(title, reason, (Way(self.tr("Go to the field"), lambda: self.lead_to(edit)),))
        return None

    def _ways_on(self) -> tuple[Way, ...]:
        """The operation that clears the way, if it does so for every machine here."""
        sheet = self._sheet
        refusals = [why_not(self._operation, item) for item in sheet.items] if sheet is not None else []
        kinds = {refusal.way_on for refusal in refusals if refusal is not None}
        if len(kinds) != 1 or None in refusals:
            return ()
        kind = kinds.pop()
        if kind is None:
            return ()
        return (Way(f"{operation(kind).title}…", lambda: self._begin(kind, self._items)),)

    def _drop_form(self) -> None:
        self._turns.drop()
        self.footer.set_worst(None)
        for part in (self.form, self.progress):
            if part is not None:
                part.hide()
                part.deleteLater()
        self.form = self.progress = None

    def _show_state(self, status: Status | None, text: str = "", advice: str = "", *, icon: str | None = None) -> None:
        self.note.setVisible(status is not None)
        if status is not None:
            self.note.set_status(status, text, icon=icon)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.retry_button.hide()

    # Under way

    def _start(self) -> None:
        """Send it. From here on the sheet only watches."""
        sheet, form = self._sheet, self.form
        if sheet is None or form is None or self._run is not None or self._is_preparing:
            return
        run = FailoverRun(self._services, sheet, form.choices, self._notices)
        self._run = run
        self._drop_form()
        self.progress = RunProgress(self._theme, run, self._services.rules, self._services.clock.now)
        self.body.addWidget(self.progress)
        self.progress.show()
        run.changed.connect(self._on_run_changed)
        run.ended.connect(self._on_run_ended)
        self.submit_button.hide()
        self.cancel_button.setText(self.tr("Close"))
        lead_focus(self.cancel_button)
        run.start()

    def _on_run_changed(self) -> None:
        if self.progress is not None:
            self.progress.update_now()
        self.jobs_button.setVisible(self._first_job() is not None)

    def _on_run_ended(self) -> None:
        run = self._run
        if run is None:
            return
        self._on_run_changed()
        self.cancel_button.hide()
        self.done_button.show()
        lead_focus(self.done_button)
        self._show_next(run)
        self.finished.emit()

    def _show_next(self, run: FailoverRun) -> None:
        """What usually follows: cleaning up a drill, committing a failover, or trying again."""
        kind = self._next_kind(run)
        self.next_button.setVisible(kind is not None)
        if kind is not None:
            again = kind is self._operation.kind
            self.next_button.setText(self.tr("Check and &try again") if again else f"{operation(kind).title}…")

    def _next_kind(self, run: FailoverRun) -> FailoverKind | None:
        if not run.is_good:
            return self._operation.kind
        items = [made.item for made in run.made]
        if self._operation.kind is FailoverKind.TEST and items and all(item.awaits_clean_up for item in items):
            return FailoverKind.CLEAN_UP
        if self._operation.kind in (FailoverKind.PLANNED, FailoverKind.UNPLANNED):
            return FailoverKind.COMMIT if items and all(item.allows(Operation.COMMIT) for item in items) else None
        return None

    def _on_next_clicked(self) -> None:
        run = self._run
        kind = self._next_kind(run) if run is not None else None
        if run is None or kind is None:
            return
        left = self._items
        if not run.is_good and run.snapshot is not None:
            left = tuple(each.action.target for each in run.snapshot.actions if not each.state.is_done) or left
        self._begin(kind, left)

    def _first_job(self) -> ArmId | None:
        snapshot = self._run.snapshot if self._run is not None else None
        actions = sorted(snapshot.actions, key=lambda action: action.problem is None) if snapshot is not None else ()
        return next((ArmId(action.job_id) for action in actions if action.job_id), None)

    def _on_jobs_clicked(self) -> None:
        job = self._first_job()
        self.close_sheet()
        if job is not None:
            self.job_requested.emit(job)

    def _on_timer_timeout(self) -> None:
        if self.progress is not None and self._run is not None and not self._run.is_over:
            self.progress.update_now()

    def _on_closed(self) -> None:
        was_under_way = self._run is not None and not self._run.is_over
        self._leave_run()
        self._calls.cancel_all()
        self._turns.drop()
        if was_under_way:
            self.finished.emit()

    def _leave_run(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.changed.disconnect(self._on_run_changed)
            run.ended.disconnect(self._on_run_ended)
            run.leave()


def _names(sheet: FailoverSheet) -> str:
    """Who it is about, short enough for a title."""
    names = ", ".join(item.friendly_name for item in sheet.items)
    if len(names) <= _TITLE_ROOM:
        return names
    if len(sheet.items) == 1:
        return f"{names[:_TITLE_ROOM]}…"
    return QCoreApplication.translate("FailoverSheetView", "{} machines").format(len(sheet.items))
