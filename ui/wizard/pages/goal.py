"""Step 1, the protection goal: four questions, what serves the answers that are not served here, and a diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import is_not
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.issue import Issue, blocking
from app.domain.prerequisite_checks import AzureSide
from app.errors import AppError
from app.flows.draft import GoalChoice, Hypervisor, SetUpDraft, SourcePlace, TargetPlace
from app.flows.goal_needs import azure_needs
from app.flows.goal_picture import picture_of
from app.flows.goals import Alternative, alternative
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.card import Card
from ui.widgets.choice import ChoiceCard
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.surface import TintedBox
from ui.wizard.framed_page import FramedPage
from ui.wizard.pages.goal_diagram import GoalDiagram
from ui.wizard.pages.goal_needs import GoalNeeds
from ui.wizard.requests import ReadAzureSide, Request, ShowPrerequisites

_LOOK_AFTER_MS = 600
"""Whoever only comes by on the way to another step has nothing read for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One card: what stands in the draft when it is chosen, and its words."""

    key: str
    value: object
    icon: str
    text: str
    detail: str


class Question(QWidget):
    """A question with its cards, and below them what is missing, or what serves the answer instead.

    Signals:
        answered: a card was chosen by the user; carries the answer's value.
    """

    answered = Signal(object)

    def __init__(self, theme: Theme, field: str, words: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self.field = field
        self._label = Text(words, TextStyle.LABEL)
        self._group = QButtonGroup(self)
        self._answers = tuple(answers)
        self._cards = [ChoiceCard(theme, each.icon, each.text, each.detail) for each in answers]
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        for place, (answer, card) in enumerate(zip(answers, self._cards, strict=True)):
            card.setObjectName(f"goal-{field.replace('_', '-')}-{answer.key}")
            self._group.addButton(card, place)
            row.addWidget(card, 1)
        self._missing = StatusLine(theme, Status.CRITICAL, style=TextStyle.CAPTION, tinted=True)
        self._missing.setObjectName(f"goal-{field.replace('_', '-')}-issue")
        self._missing.hide()
        self._elsewhere = Elsewhere(theme)
        self._elsewhere.setObjectName(f"goal-{field.replace('_', '-')}-elsewhere")
        self._elsewhere.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self._label)
        column.addLayout(row)
        column.addWidget(self._missing)
        column.addWidget(self._elsewhere)
        self.setAccessibleName(words)
        self._group.idClicked.connect(lambda place: self.answered.emit(self._answers[place].value))

    @property
    def first_card(self) -> ChoiceCard:
        """The chosen card, else the first: where Tab stops."""
        return next((card for card in self._cards if card.isChecked()), self._cards[0])

    def set_answer(self, value: object) -> None:
        """Show the answer as chosen; None leaves the question open."""
        self._group.setExclusive(False)
        for answer, card in zip(self._answers, self._cards, strict=True):
            card.setChecked(value is not None and answer.value == value)
        self._group.setExclusive(True)

    def show_missing(self, text: str) -> None:
        """Say in red what is missing; empty takes it away."""
        self._missing.setVisible(bool(text))
        if text:
            self._missing.set_status(Status.CRITICAL, text)

    def show_elsewhere(self, other: Alternative | None) -> None:
        """Say which product serves this answer."""
        self._elsewhere.setVisible(other is not None)
        if other is not None:
            self._elsewhere.show_alternative(other)


class Elsewhere(TintedBox):
    """The product that serves a goal which this program does not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Status.INFO)
        self._product = Text("", TextStyle.STRONG, wrap=True)
        self._text = Text("", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._product)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        row.setSpacing(Space.M)
        row.addWidget(IconLabel(theme, "info", Role.INFO, IconSize.NAV))
        row.addLayout(words, 1)

    def show_alternative(self, other: Alternative) -> None:
        """Show its name and how one gets there."""
        self._product.setText(self.tr("Served by {}").format(other.product))
        self._text.setText(other.text)


class GoalPage(FramedPage):
    """Every answer may be changed at any time; the flow says which of them this program serves."""

    step_id = "goal"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, scrolls=True, parent=parent)
        self._draft = SetUpDraft()
        self._missing: tuple[str, ...] = ()
        self._questions = {question.field: question for question in self._build_questions()}
        self._diagram = GoalDiagram(theme)
        self._parts = Card(self.tr("What it takes"), " ")
        self._parts.setObjectName("goal-parts")
        self._parts.body.addWidget(self._diagram)
        self._needs = GoalNeeds(theme)
        self._needs.prerequisites_requested.connect(lambda: self.requested.emit(ShowPrerequisites()))
        self._look_timer = QTimer(self, interval=_LOOK_AFTER_MS, singleShot=True)
        self._look_timer.timeout.connect(self._look)
        self._context: Context | None = None
        self._side: AzureSide | None = None
        self._why_open = ""
        self._needs_of: tuple[object, ...] = ()
        """What the needs that are shown were judged of: thousands of accounts take a while."""
        self._side_of: tuple[str, str, str] = ("", "", "")
        body = self.frame.body
        body.setSpacing(Space.L)
        for field, question in self._questions.items():
            body.addWidget(question)
            question.answered.connect(lambda value, field=field: self._on_question_answered(field, value))
        body.addWidget(self._parts)
        body.addWidget(self._needs)
        body.addStretch(1)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft = draft
        self._context = context
        if _place_of(draft) != self._side_of:
            self._side, self._why_open = None, ""
        self._show(draft.goal)
        self._show_needs()
        if self.isVisible():
            self._look_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look_timer.stop()

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if not isinstance(request, ReadAzureSide) or _place_of(request.draft) != _place_of(self._draft):
            return
        if isinstance(outcome, AzureSide):
            self._side = outcome
        elif isinstance(outcome, AppError):  # what the estate knows stays; the rest says why it is open
            self._why_open = outcome.sentence
        self._show_needs()

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        other = alternative(self._draft.goal)
        stops = blocking(issues)
        self._missing = tuple(issue.field.removeprefix("goal.") for issue in stops)
        for field, question in self._questions.items():
            is_other = other is not None and other.field == field
            text = next((issue.text for issue in stops if issue.field == f"goal.{field}"), "")
            question.show_missing(text if insist and not is_other else "")
            question.show_elsewhere(other if is_other else None)

    def first_focus(self) -> QWidget:
        field = next((field for field in self._questions if field in self._missing), "source")
        return self._questions[field].first_card

    def _on_question_answered(self, field: str, value: object) -> None:
        answer: dict[str, Any] = {field: value}
        self._draft = replace(self._draft, goal=replace(self._draft.goal, **answer))
        self._show_parts(self._draft.goal)
        self.draft_edited.emit(self._draft)

    def _show(self, goal: GoalChoice) -> None:
        for field, question in self._questions.items():
            question.set_answer(getattr(goal, field))
        self._show_parts(goal)

    def _show_parts(self, goal: GoalChoice) -> None:
        picture = picture_of(goal)
        self._diagram.show_picture(picture)
        self._needs.setVisible(picture.is_served)
        other = alternative(goal)
        assert self._parts.head is not None
        self._parts.head.set_detail(
            self.tr("nothing of this is changed yet")
            if other is None
            else self.tr("not set up here, but by {}").format(other.product)
        )

    def _show_needs(self) -> None:
        context = self._context
        if context is None:
            return
        ground = self._draft.vault, context.estate, context.rules, self._side, self._why_open
        if not self._needs_of or any(map(is_not, ground, self._needs_of)):
            self._needs_of = ground
            self._needs.show_needs(azure_needs(self._draft, context, self._side, self._why_open))

    def _look(self) -> None:
        """Ask Azure once for each place that the draft names; what the estate knows is shown meanwhile."""
        place = _place_of(self._draft)
        if self._context is not None and place[0] and place != self._side_of:
            self._side_of = place
            self.requested.emit(ReadAzureSide(self._draft))

    def _build_questions(self) -> tuple[Question, ...]:
        theme = self.theme
        return (
            Question(
                theme,
                "source",
                self.tr("Where do the machines run now?"),
                (
                    Answer(
                        "on-premises",
                        SourcePlace.ON_PREMISES,
                        "site",
                        self.tr("In our own site"),
                        self.tr("On servers that you run"),
                    ),
                    Answer(
                        "azure",
                        SourcePlace.AZURE,
                        "production",
                        self.tr("In Azure"),
                        self.tr("Another region is the target"),
                    ),
                    Answer(
                        "other-cloud",
                        SourcePlace.OTHER_CLOUD,
                        "network",
                        self.tr("In another cloud"),
                        self.tr("At another provider"),
                    ),
                ),
            ),
            Question(
                theme,
                "target",
                self.tr("Where shall they run when the site is lost?"),
                (
                    Answer(
                        "azure",
                        TargetPlace.AZURE,
                        "production",
                        self.tr("In Azure"),
                        self.tr("Started there from replicated disks"),
                    ),
                    Answer(
                        "second-site",
                        TargetPlace.SECOND_SITE,
                        "site",
                        self.tr("In a second site of ours"),
                        self.tr("On servers that stand by"),
                    ),
                ),
            ),
            Question(
                theme,
                "hypervisor",
                self.tr("What do they run on?"),
                (
                    Answer(
                        "hyper-v",
                        Hypervisor.HYPER_V,
                        "hosts",
                        self.tr("Hyper-V"),
                        self.tr("Windows Server hosts and clusters"),
                    ),
                    Answer("vmware", Hypervisor.VMWARE, "machine", self.tr("VMware"), self.tr("ESXi hosts, vCenter")),
                    Answer(
                        "physical",
                        Hypervisor.PHYSICAL,
                        "storage",
                        self.tr("Nothing, they are physical"),
                        self.tr("Servers without a hypervisor"),
                    ),
                ),
            ),
            Question(
                theme,
                "uses_vmm",
                self.tr("Does System Center Virtual Machine Manager run the hosts?"),
                (
                    Answer("no", False, "hosts", self.tr("No"), self.tr("Each host is registered by itself")),
                    Answer("yes", True, "set_up", self.tr("Yes"), self.tr("Hosts belong to clouds of a VMM server")),
                ),
            ),
        )


def _place_of(draft: SetUpDraft) -> tuple[str, str, str]:
    """Whose prerequisites are looked at."""
    vault = draft.vault
    return vault.subscription.lower(), vault.resource_group.lower(), "" if vault.create else vault.name.lower()
