"""The sheet of every failover operation: checks, choices, what will happen, then how far it is and what came of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent

from app.domain.arm_id import ArmId
from app.flows.failover import FailoverKind, button_text, operation
from app.live.services import Services
from app.services.failover import FailoverSheet
from app.services.runs import RunSnapshot
from ui.calls import Calls
from ui.elapsed import elapsed_text
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.facts_box import FactsBox
from ui.widgets.labels import StatusLine
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.numbered_steps import NumberedStep, NumberedSteps


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
        self._operation = operation(kind)
        super().__init__(theme, self._operation.title, self._operation.purpose, submit=self._operation.button)
        self.setObjectName("failover-sheet")
        self.submit_button.setObjectName("sheet-run")
        self.cancel_button.setObjectName("sheet-cancel")
        self._theme = theme
        self._items = items
        self._services = services
        self._calls = Calls(self, notices)
        self._sheet: FailoverSheet | None = None
        self._is_started = False
        self.steps = NumberedSteps()
        self.facts = FactsBox()
        self.progress = StatusLine(theme)
        self.progress.hide()
        for part in (self.steps, self.facts, self.progress):
            self.body.addWidget(part)
        self.submitted.connect(self._start)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._sheet is None:
            self._calls.run(
                "prepare",
                lambda: self._services.failover.prepare(self._operation.kind, self._items),
                doing=self.tr("Reading the machines"),
                on_result=self._show_sheet,
            )

    def _show_sheet(self, sheet: FailoverSheet) -> None:
        self._sheet = sheet
        names = ", ".join(item.friendly_name for item in sheet.items)
        self.set_title(f"{self._operation.title}: {names}", self._operation.purpose)
        self.submit_button.setText(button_text(self._operation, sheet.items))
        self.steps.set_steps(
            [NumberedStep(each.text, elapsed_text(each.usual_s)) for each in sheet.happenings(sheet.suggested)]
        )
        self.facts.set_facts([(fact.label, fact.text) for fact in sheet.box])

    def _start(self) -> None:
        sheet = self._sheet
        if sheet is None or self._is_started:
            return
        self._is_started = True

        async def carry_out() -> RunSnapshot:
            run = await self._services.failover.plan(sheet, sheet.suggested)
            return await self._services.runner.carry_out(run, self._show_run)

        self._calls.run("run", carry_out, doing=self._operation.title, on_result=self._on_ended)

    def _show_run(self, run: RunSnapshot) -> None:
        self.progress.show()
        self.progress.set_status(Status.INFO, "; ".join(action.text for action in run.actions), icon="running")

    def _on_ended(self, run: RunSnapshot) -> None:
        self._show_run(run)
        self.finished.emit()
