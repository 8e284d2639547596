"""The review: every action that would be sent, in order, and beside it what it comes to.

Warnings have to be agreed to by name before the run; what a step still lacks is listed above the actions.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.issue import Issue
from app.errors import AppError
from app.flows.draft import SetUpDraft
from app.flows.draft_file import draft_text
from app.flows.estimate import estimate
from app.flows.flow import Flow
from app.flows.planning import actions_for
from app.flows.replica import goes_to_managed_disks
from app.flows.sent import sent_text
from app.flows.set_up import STEPS
from app.flows.set_up_quota import set_up_quota
from app.flows.step import Context
from ui.durations import duration_text
from ui.quota.words import standing_text
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.turns import Turns
from ui.when import moment_text
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import Text
from ui.widgets.menu import Menu
from ui.widgets.page import Page
from ui.widgets.surface import horizontal_line
from ui.wizard.page import WizardPage, made_in_turns
from ui.wizard.pages.agreements import agreements
from ui.wizard.pages.review_rows import (
    ActionRow,
    actions_text,
    machine_count,
    review_columns,
    review_groups,
    step_of,
    usual_total_s,
)
from ui.wizard.pages.review_stops import ReviewStops
from ui.wizard.pages.review_summary import Answer, ReviewSummary
from ui.wizard.requests import JumpTo, Request, SaveDraftAs

_STACK_BELOW = Width.STACK_BELOW - Width.STEP_RAIL
_SENT_LINES = 7


class ReviewPage(WizardPage):
    """Shows and edits nothing but what was agreed to, which is not part of the draft: it is asked for each run."""

    step_id = "review"

    def __init__(self, theme: Theme, summary: ReviewSummary | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._rows: tuple[ActionRow, ...] = ()
        self._summarized: tuple[SetUpDraft, Context] | None = None
        self._agreed_on: tuple[SetUpDraft, Context] | None = None
        self._frame = Page(self.step.title, self.step.purpose)
        self.table = self._build_table()
        self.summary = summary or ReviewSummary(theme)
        self._stops = ReviewStops(theme)
        self._sent = Disclosure(theme, "", lines=_SENT_LINES)
        self._sent.setObjectName("review-sent")
        self._sent.set_open(True)
        self._count = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._count.setObjectName("review-count")
        self._news = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._news.setObjectName("review-news")
        self._copy_button = Button(theme, self.tr("&Copy as"), icon="copy", caret=True)
        self._copy_button.setObjectName("review-copy")
        self._save_button = Button(theme, self.tr("Sa&ve a copy…"), icon="save")
        self._save_button.setObjectName("review-save-copy")
        self._turns = Turns(self)
        self._build()
        self._connect()

    def _build_table(self) -> TableView[ActionRow]:
        model = RecordTableModel(
            review_columns(), lambda row: row.action.id, group_of=lambda row: row.action.group, parent=self
        )
        return TableView(
            self.theme,
            model,
            name="review-table",
            empty=Message("ok", self.tr("Everything is already there")),
            label=self.tr("Actions in running order"),
            framed=False,
        )

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
        foot.addWidget(self._count)
        foot.addStretch(1)
        foot.addWidget(self._news)
        card = Card(flush=True)
        sent = QVBoxLayout()
        sent.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
        sent.addWidget(self._sent)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(horizontal_line())
        card.body.addLayout(sent)
        card.body.addWidget(horizontal_line())
        card.body.addLayout(foot)
        self._frame.header.add_button(self._copy_button)
        self._frame.header.add_button(self._save_button)
        self._frame.body.addWidget(self._stops)
        self._frame.body.addWidget(card, 1)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(self._frame, 1)
        self._sides.addWidget(self.summary)

    def _connect(self) -> None:
        self._copy_button.clicked.connect(lambda _checked: self._open_copy_menu())
        self._save_button.clicked.connect(lambda _checked: self.requested.emit(SaveDraftAs(self._draft)))
        self.table.current_changed.connect(self._show_sent)
        self.summary.agreed_changed.connect(self.own_issues_changed)
        self._stops.step_requested.connect(lambda step_id: self.requested.emit(JumpTo(step_id)))
        self.summary.step_requested.connect(lambda step_id: self.requested.emit(JumpTo(step_id)))
        self.table.opened.connect(lambda row: self.requested.emit(JumpTo(step_of(row.action, self._draft))))

    @property
    def is_busy(self) -> bool:
        """Whether something of the summary is still to come."""
        return self._turns.is_busy

    # What the wizard says

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        (summary,) = yield from made_in_turns(partial(ReviewSummary, theme))
        return cls(theme, summary)

    def set_banners(self, banners: QWidget) -> None:
        """Stand the banners below the header."""
        self._frame.set_banners(banners)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """The list comes at once, what it comes to in the loop's next turns: for 1,000 machines each takes its time."""
        self._draft, self._context = draft, context
        actions = actions_for(draft, context.estate, context.rules)
        self._rows = tuple(ActionRow(number, action) for number, action in enumerate(actions, 1))
        self.table.model.set_groups(review_groups(draft, actions))
        self.table.set_records(self._rows)
        if self._rows and self.table.current_record is None:
            self.table.grid.make_current(self._rows[0].action.id)
        self._show_sent()
        self._show_count()
        if not _alike(self._summarized, draft, context):
            self._summarized = (draft, context)
            self._turns.begin(self._agree, self._show_figures, self._show_rest)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        stops = ReviewStops.among(issues)
        self.table.set_empty(self._nothing_to_do(stops))
        context = self._context
        self._stops.show_stops(stops, moment_text(context.now, context.now) if context is not None else "")

    def own_issues(self) -> tuple[Issue, ...]:
        if not self._rows:
            return ()
        self._agree()
        wanted = len(self.summary.boxes)
        left = len(self.summary.open_agreements)
        if not left:
            return ()
        text = self.tr("{left} of {wanted} statements still need your agreement.")
        if left == 1:
            text = self.tr("{left} of {wanted} statements still needs your agreement.")
        short = self.tr("{left} to agree to").format(left=left)
        return (Issue("review.agreements", text.format(left=left, wanted=wanted), short=short),)

    def first_focus(self) -> QWidget:
        """The first step that needs work, else the first box not ticked, else the list."""
        if self._stops.first_button is not None:
            return self._stops.first_button
        box = self.summary.first_open_box()
        return box if box is not None and self._rows else self.table.grid

    def started(self, request: Request) -> None:
        self._save_button.setEnabled(False)

    def finished(self, request: Request, outcome: object) -> None:
        self._save_button.setEnabled(True)
        if not isinstance(request, SaveDraftAs) or outcome is None:
            return
        if isinstance(outcome, AppError):
            self._news.setText(outcome.sentence)
        else:
            self._news.setText(self.tr("Saved as {path}").format(path=outcome))

    # The list

    def _show_count(self) -> None:
        groups = len({row.action.group for row in self._rows})
        text = self.tr("{actions} in {groups}").format(
            actions=_counted(len(self._rows), self.tr("action"), self.tr("actions")),
            groups=_counted(groups, self.tr("group"), self.tr("groups")),
        )
        self._count.setText(text if self._rows else self.tr("No action"))
        self._news.setText("")

    def _show_sent(self) -> None:
        """Every value of the current action's request; nothing is written that could not be read here."""
        row = self.table.current_record
        self._sent.setVisible(bool(self._rows))
        if row is not None:
            self._sent.set_title(self.tr("What will be sent: {action}").format(action=row.action.label))
            self._sent.set_text(sent_text(row.action))

    def _nothing_to_do(self, stops: Sequence[Issue]) -> Message:
        if stops:
            text = self.tr("The steps named above still need answers.")
            return Message("set_up", self.tr("There is nothing to run yet"), text)
        text = self.tr("Azure has everything that this set-up asks for, so nothing would be sent.")
        machines = Step(self.tr("Choose more machines"), lambda: self.requested.emit(JumpTo("enable")))
        return Message("ok", self.tr("Everything is already there"), text, (machines,), Role.OK)

    # What it comes to

    def _agree(self) -> None:
        """Show what has to be agreed to, before anybody asks whether all of it was."""
        context = self._context
        if context is None or _alike(self._agreed_on, self._draft, context):
            return
        self._agreed_on = (self._draft, context)
        self.summary.show_agreements(agreements(self._draft, context) if self._rows else ())
        self.own_issues_changed.emit()

    def _show_figures(self) -> None:
        if self._context is not None:
            self.summary.show_figures(*self._figures(self._context, self._machines))

    def _show_rest(self) -> None:
        context = self._context
        if context is None:
            return
        fixed = self.tr("Storage account and region stay fixed per machine. A change means a new first copy.")
        if goes_to_managed_disks(self._draft):
            fixed = self.tr("Managed disks and region stay fixed per machine. A change means a new first copy.")
        self.summary.show_fixed(fixed if self._machines else "")
        self.summary.show_answers(
            tuple(
                Answer(step.id, step.title, summary.lines)
                for step in STEPS
                if step.applies(self._draft) and (summary := step.summary(self._draft, context)) is not None
            )
        )

    @property
    def _machines(self) -> int:
        return machine_count([row.action for row in self._rows])

    def _figures(self, context: Context, machines: int) -> tuple[list[tuple[str, str]], str]:
        actions = [row.action for row in self._rows]
        figures = [(self.tr("Actions"), f"{len(actions):,}"), (self.tr("Machines"), f"{machines:,}")]
        if actions:
            about = self.tr("about {time}").format(time=duration_text(max(usual_total_s(actions), 1)))
            figures.append((self.tr("Set-up"), about))
        verdict = set_up_quota(self._draft, context) if machines else None
        if verdict is not None:
            figures.append((self.tr("Quota"), standing_text(verdict)))
        reckoned = estimate(self._draft, context) if machines else None
        if reckoned is None:
            return figures, ""
        copy_s = reckoned.first_copy_h * 3600 if reckoned.first_copy_h is not None else None
        figures.append((self.tr("First copy"), duration_text(copy_s) or self.tr("not known")))
        cost = self.tr("about {amount} {currency}")
        figures.append(
            (
                self.tr("Cost a month"),
                cost.format(amount=f"{reckoned.cost.total:,.0f}", currency=reckoned.cost.currency),
            )
        )
        note = self.tr("Estimate for the machines of this set-up, list prices of {month}.")
        return figures, note.format(month=reckoned.cost.prices_of)

    # Copies

    def _open_copy_menu(self) -> None:
        menu = self.build_copy_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._copy_button.mapToGlobal(self._copy_button.rect().bottomLeft()))

    def build_copy_menu(self) -> QMenu:
        """What can be copied: the list for people, the draft for run-flow."""
        menu = Menu(self.theme, self)
        menu.addAction(self.tr("List of actions, as text"), self._copy_actions)
        menu.addAction(self.tr("Draft for run-flow, as JSON"), self._copy_draft)
        return menu

    def _copy_actions(self) -> None:
        QGuiApplication.clipboard().setText(actions_text(self._rows))
        self._news.setText(self.tr("The list is on the clipboard."))

    def _copy_draft(self) -> None:
        context = self._context
        if context is None:
            return
        done = Flow(self._draft, context).progress.done
        QGuiApplication.clipboard().setText(draft_text(self._draft, saved_at=context.now, steps_done=done))
        self._news.setText(self.tr("The draft is on the clipboard."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the summary moves below the list."""
        super().resizeEvent(event)
        is_stacked = self.width() < _STACK_BELOW
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.TopToBottom if is_stacked else ways.LeftToRight)
        if is_stacked != self.summary.is_stacked:
            self._sent.set_open(not is_stacked)  # the list needs the room; a press unfolds it
        self.summary.set_stacked(is_stacked)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _alike(before: tuple[SetUpDraft, Context] | None, draft: SetUpDraft, context: Context) -> bool:
    """Whether answers and what they are checked against are the same as before, whatever step is open."""
    if before is None or before[1] is not context:
        return False
    return before[0] == replace(draft, position=before[0].position, visited=before[0].visited)
