"""Step 1, the protection goal: four questions, what serves the answers that are not served here, and a diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.issue import Issue, blocking
from app.flows.draft import GoalChoice, Hypervisor, SetUpDraft, SourcePlace, TargetPlace
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
        diagram = Card(self.tr("What it takes"), self.tr("nothing of this is changed yet"))
        diagram.body.addWidget(GoalDiagram(theme))
        body = self.frame.body
        body.setSpacing(Space.L)
        for field, question in self._questions.items():
            body.addWidget(question)
            question.answered.connect(lambda value, field=field: self._on_question_answered(field, value))
        body.addWidget(diagram)
        body.addStretch(1)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft = draft
        self._show(draft.goal)

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
        self.draft_edited.emit(self._draft)

    def _show(self, goal: GoalChoice) -> None:
        for field, question in self._questions.items():
            question.set_answer(getattr(goal, field))

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
