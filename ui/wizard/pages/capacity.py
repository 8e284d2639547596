"""Step 5, capacity planning: does it fit the line, how long takes the first copy, what does it cost."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Self

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.capacity import QuickEstimate
from app.domain.issue import Issue, Severity, blocking
from app.domain.sizes import gib_text
from app.errors import AppError
from app.flows.checks_replication import check_capacity
from app.flows.draft import CapacityChoice, PlannerAnswer, SetUpDraft
from app.flows.estimate import basis_of, estimate
from app.flows.replica import needs_logs, upload_id
from app.flows.step import Context
from app.ports.blobs import UploadProbe
from app.runtime.progress import Progress
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle, Width
from ui.widgets.callout import Refusal, Way
from ui.widgets.card import Card
from ui.widgets.choice import RadioButton
from ui.widgets.labels import StatusLine, Text
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.framed_page import FramedPage
from ui.wizard.page import all_at_once
from ui.wizard.pages.bandwidth_chart import Need
from ui.wizard.pages.capacity_answers import (
    answers_of,
    hours_text,
    mbps_text,
    verdict_of,
)
from ui.wizard.pages.capacity_parts import CapacityParts
from ui.wizard.requests import JumpTo, MeasureUpload, Request, StopMeasuring


class CapacityPage(FramedPage):
    """Edits `draft.capacity`. A figure that is none stays in its field and stops Next; the draft keeps the last one."""

    step_id = "capacity"

    def __init__(self, theme: Theme, parts: CapacityParts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, scrolls=True, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._own: dict[str, Issue] = {}
        self._wrong: tuple[str, ...] = ()
        self._account_id = ""
        parts = parts or all_at_once(CapacityParts.in_turns(theme))
        self.verdict, self._answers, self._chart = parts.verdict, parts.answers, parts.chart
        self.basis, self.space, self._measure = parts.basis, parts.space, parts.measure
        self._hosts = StatusLine(theme, style=TextStyle.CAPTION)
        self._fields = {
            "bandwidth_mbps": parts.bandwidth,
            "daily_change_percent": parts.daily_change,
            "growth_percent": parts.growth,
            "first_copy_hours": parts.first_copy,
        }
        self._planner = QButtonGroup(self)
        self._planner_yes = RadioButton(theme, self.tr("&Yes, I have run it"))
        self._planner_later = RadioButton(
            theme, self.tr("&Later"), self.tr("The figures above are estimates until then.")
        )
        self._planner_line = StatusLine(theme, Status.CRITICAL, style=TextStyle.CAPTION, tinted=True)
        self._build()
        self._connect()

    @property
    def measure_message(self) -> str:
        """What the last measurement found, as shown."""
        return self._measure.message

    @property
    def planner_message(self) -> str:
        """What stands below the question."""
        return "" if self._planner_line.isHidden() else self._planner_line.text

    def message_of(self, name: str) -> str:
        """What stands below the field of that object name."""
        return next(field.message for field in self._fields.values() if field.edit.objectName() == name)

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        parts = yield from CapacityParts.in_turns(theme)
        return cls(theme, parts)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        self._show()

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        found = {issue.field.removeprefix("capacity."): issue for issue in (*issues, *self._own.values())}
        self._wrong = tuple(field for field, issue in found.items() if issue.is_blocking) if insist else ()
        for name, field in self._fields.items():
            issue = found.get(name)
            is_warning = issue is not None and issue.severity is not Severity.ERROR
            field.set_issue(
                issue.text if issue is not None else None, Status.WARNING if is_warning else Status.CRITICAL
            )
            if insist:
                field.reveal()
        question = found.get("planner")
        self._planner_line.setVisible(question is not None and insist)
        if question is not None:
            self._planner_line.set_status(Status.CRITICAL, question.text)

    def own_issues(self) -> tuple[Issue, ...]:
        return tuple(self._own.values())

    def first_focus(self) -> QWidget:
        wrong = next((field for name, field in self._fields.items() if name in self._wrong), None)
        if wrong is not None:
            return wrong.edit
        return self._planner_yes if "planner" in self._wrong else self._fields["bandwidth_mbps"].edit

    def writing_buttons(self) -> tuple[ReasonedButton, ...]:
        return (self._measure.button,)

    def started(self, request: Request) -> None:
        if isinstance(request, MeasureUpload):
            self._measure.show_busy()

    def progressed(self, request: Request, progress: object) -> None:
        if isinstance(request, MeasureUpload) and isinstance(progress, Progress):
            self._measure.show_progress(progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, StopMeasuring):
            self._measure.show_outcome(None)
        elif isinstance(request, MeasureUpload) and isinstance(outcome, UploadProbe | AppError):
            self._measure.show_outcome(outcome)
            if isinstance(outcome, UploadProbe) and outcome.sent_bytes:
                self._edit(replace(self._draft.capacity, measured_mbps=round(outcome.megabits_per_s, 1)))

    def _build(self) -> None:
        names = ("capacity-bandwidth", "capacity-daily-change", "capacity-growth", "capacity-first-copy")
        figures = Card(self.tr("Figures"))
        figures.setFixedWidth(Width.SIDE_SUMMARY)
        figures.body.setSpacing(Space.M)
        for field, name in zip(self._fields.values(), names, strict=True):
            field.edit.setObjectName(name)
            # In a column this narrow a warning takes more lines than the field thinks by itself.
            field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            figures.body.addWidget(field)
        figures.body.addStretch(1)
        chart = Card(self.tr("Needed against available"), self.tr("Mbps"))
        chart.body.addWidget(self._chart)
        chart.body.addWidget(self.basis)
        chart.body.addWidget(self._hosts)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(chart)
        left.addWidget(self._build_question(), 1)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addLayout(left, 1)
        row.addWidget(figures)
        body = self.frame.body
        body.addWidget(self.verdict)
        body.addWidget(self._answers)
        body.addLayout(row)
        body.addWidget(self.space)
        body.addWidget(self._measure)
        body.addStretch(1)
        QWidget.setTabOrder(self._fields["first_copy_hours"].edit, self._planner_yes)
        QWidget.setTabOrder(self._planner_yes, self._planner_later)

    def _build_question(self) -> Card:
        card = Card(self.tr("Have you run the capacity planner?"))
        card.body.addWidget(
            Text(
                self.tr("Microsoft’s Deployment Planner watches the hosts for days and measures what changes."),
                role=Role.TEXT2,
                wrap=True,
            )
        )
        choices = QHBoxLayout()
        choices.setSpacing(Space.XXL)
        for name, button in (("yes", self._planner_yes), ("later", self._planner_later)):
            button.setObjectName(f"capacity-planner-{name}")
            self._planner.addButton(button)
            choices.addWidget(button, 1)
        card.body.addLayout(choices)
        card.body.addWidget(self._planner_line)
        card.body.addStretch(1)
        self._planner_line.hide()
        return card

    def _connect(self) -> None:
        for name, field in self._fields.items():
            field.value_edited.connect(lambda _text, name=name: self._on_figure_edited(name))
        for button, answer in ((self._planner_yes, PlannerAnswer.YES), (self._planner_later, PlannerAnswer.LATER)):
            button.clicked.connect(
                lambda _checked, answer=answer: self._edit(replace(self._draft.capacity, planner=answer))
            )
        self._measure.measure_requested.connect(lambda: self.requested.emit(MeasureUpload(self._account_id)))
        self._measure.stop_requested.connect(lambda: self.requested.emit(StopMeasuring()))
        self._measure.taken.connect(self._on_measured_taken)

    def _show(self) -> None:
        context, choice = self._context, self._draft.capacity
        if context is None:
            return
        for name, field in self._fields.items():
            if name not in self._own:
                field.set_figure(getattr(choice, name))
        self._planner.setExclusive(False)
        self._planner_yes.setChecked(choice.planner is PlannerAnswer.YES)
        self._planner_later.setChecked(choice.planner is PlannerAnswer.LATER)
        self._planner.setExclusive(True)
        figures = estimate(self._draft, context)
        self.verdict.show_verdict(verdict_of(figures, choice))
        for card, answer in zip(self._answers.cards, answers_of(figures, choice), strict=True):
            card.show_answer(answer)
        self._show_chart(figures, choice)
        basis = basis_of(self._draft, context)
        self.basis.setVisible(figures is not None)
        self.basis.show_basis(basis, choice, context.rules.capacity.churn)
        self.space.show_volumes(basis.volumes if figures is not None else ())
        self._show_measure(context, choice)

    def _show_chart(self, figures: QuickEstimate | None, choice: CapacityChoice) -> None:
        self._hosts.setVisible(figures is not None)
        if figures is None:
            self._chart.set_needs((), None, "")
            return
        changes, first = mbps_text(figures.delta_mbps), mbps_text(figures.wished_first_copy_mbps)
        wished = self.tr("First copy within {hours}: {mbps}").format(
            hours=hours_text(choice.first_copy_hours), mbps=first
        )
        needs = (
            Need(self.tr("Changes, day after day: {}").format(changes), figures.delta_mbps),
            Need(wished, figures.wished_first_copy_mbps),
        )
        line = self.tr("your line: {}").format(mbps_text(choice.bandwidth_mbps)) if choice.bandwidth_mbps else ""
        self._chart.set_needs(needs, choice.bandwidth_mbps, line)
        extra = self.tr("During the first copy the hosts need up to {} more disk space (documented rule, worst case).")
        self._hosts.set_status(Status.INFO, extra.format(gib_text(figures.source_space_gib)))

    def _show_measure(self, context: Context, choice: CapacityChoice) -> None:
        wanted = upload_id(self._draft, context.estate)
        account = context.estate.storage_account(wanted.text) if wanted is not None else None
        self._account_id = account.id.text if account is not None else ""
        self._measure.set_account(account.name if account is not None else "")
        self._measure.set_refusal(self._refusal(context) if account is None else None)
        self._measure.show_measured(choice.measured_mbps, choice.bandwidth_mbps)

    def _refusal(self, context: Context) -> Refusal:
        title = self.tr("Measuring has to wait")
        target = self._draft.target
        storage = target.logs if needs_logs(self._draft, context) else target.storage
        ways = (Way(self.tr("Open Target"), lambda: self.requested.emit(JumpTo("target"))),)
        if storage.create:
            reason = self.tr("There is nothing to send to yet: {} is created when you run the review.")
            return Refusal(title, reason.format(storage.name), ways)
        return Refusal(title, self.tr("There is nothing to send to yet: no storage account is chosen."), ways)

    def _edit(self, choice: CapacityChoice) -> None:
        if choice == self._draft.capacity:
            return
        self._draft = replace(self._draft, capacity=choice)
        self._show()
        self.draft_edited.emit(self._draft)

    def _on_figure_edited(self, name: str) -> None:
        field = self._fields[name]
        figure = field.figure
        problem = None if name == "bandwidth_mbps" and field.is_empty else self._problem_of(name, figure)
        if problem is None:
            self._own.pop(name, None)
            self._edit(replace(self._draft.capacity, **{name: figure}))
        else:
            self._own[name] = problem
            field.set_issue(problem.text)
        self.own_issues_changed.emit()

    def _problem_of(self, name: str, figure: float | None) -> Issue | None:
        """What is wrong with a figure; one that could not be read is asked about as not a number."""
        assert self._context is not None
        capacity = replace(self._draft.capacity, **{name: float("nan") if figure is None else figure})
        issues = blocking(check_capacity(replace(self._draft, capacity=capacity), self._context))
        return next((issue for issue in issues if issue.field == f"capacity.{name}"), None)

    def _on_measured_taken(self, mbps: float) -> None:
        self._own.pop("bandwidth_mbps", None)
        self._edit(replace(self._draft.capacity, bandwidth_mbps=mbps))
        self.own_issues_changed.emit()
