"""What stands on the sheet before it is started: checks, choices, what will happen, and the name to type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.flows.failover import FailoverChoices
from app.flows.failover_checks import is_blocked, worst
from app.flows.failover_facts import Check
from app.services.failover import FailoverSheet
from ui.durations import duration_text
from ui.failover.checks_list import ChecksList
from ui.failover.network_choice import NetworkChoiceView
from ui.failover.point_choice import PointChoiceView
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.card import SectionHead
from ui.widgets.choice import CheckBox
from ui.widgets.facts_box import FactsBox
from ui.widgets.form_field import TextField
from ui.widgets.numbered_steps import NumberedStep, NumberedSteps
from ui.widgets.surface import horizontal_line


class FailoverForm(QWidget):
    """Built anew for each reading; it starts from the choices that the reading suggests.

    Signals:
        changed: choices, checks or the typed name are others.
        leave_out_requested: go on without this machine (its name).
        check_requested: read everything anew.
    """

    changed = Signal()
    leave_out_requested = Signal(str)
    check_requested = Signal()

    def __init__(self, theme: Theme, sheet: FailoverSheet) -> None:
        super().__init__()
        self._theme = theme
        self._sheet = sheet
        self._checks: tuple[Check, ...] = ()
        self.checks_list = ChecksList(theme)
        self.points: PointChoiceView | None = None
        self.network: NetworkChoiceView | None = None
        self.shut_down: CheckBox | None = None
        self.notes: TextField | None = None
        self.confirm: TextField | None = None
        self.steps = NumberedSteps()
        self.box = FactsBox()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)

    @property
    def parts(self) -> Sequence[Callable[[], object]]:
        """What makes it, in pieces: to be called once each, in this order, before anything else is asked of it."""
        return (self._build_checks, self._build_options, self._build_outlook, self._update)

    @property
    def choices(self) -> FailoverChoices:
        """What is chosen now."""
        choices = self._sheet.suggested
        if self.points is not None:
            choices = replace(choices, point=self.points.choice, point_id=self.points.point_id)
        if self.network is not None:
            choices = replace(choices, network_id=self.network.network_id)
        if self.shut_down is not None:
            choices = replace(choices, shut_down=self.shut_down.isChecked())
        if self.notes is not None:
            choices = replace(choices, notes=self.notes.text.strip())
        return choices

    @property
    def blocked(self) -> Check | None:
        """What stands in the way; None where nothing does."""
        return self._checks[0] if is_blocked(self._checks) else None

    @property
    def worst(self) -> Check | None:
        """The worst check that is not passed."""
        return worst(self._checks)

    @property
    def is_confirmed(self) -> bool:
        """The name is typed, where one is asked for."""
        return self.confirm is None or self._matches(self.confirm.text)

    def first_focus(self) -> QWidget:
        """Where the keyboard belongs once everything is read."""
        if self.shut_down is not None:
            return self.shut_down
        if self.points is not None:
            return self.points.buttons[self.points.choice]
        for field in (self.notes, self.confirm):
            if field is not None:
                return field.edit
        return self.checks_list

    def _build_checks(self) -> None:
        self._column.addWidget(self.checks_list)
        self.checks_list.leave_out_requested.connect(self.leave_out_requested)
        self.checks_list.check_requested.connect(self.check_requested)

    def _build_options(self) -> None:
        choices = self._build_choices()
        if choices:
            self._column.addWidget(horizontal_line(on_raised=True))
            self._column.addWidget(SectionHead(self.tr("Your choices")))
            for choice in choices:
                self._column.addWidget(choice)

    def _build_outlook(self) -> None:
        operation = self._sheet.operation
        self._column.addWidget(horizontal_line(on_raised=True))
        self._column.addWidget(SectionHead(self.tr("What will happen")))
        self._column.addWidget(self.steps)
        self._column.addWidget(self.box)
        if operation.asks_for_name and self._sheet.confirmation:
            self._column.addWidget(horizontal_line(on_raised=True))
            self.confirm = self._build_confirm()
            self._column.addWidget(self.confirm)

    def _build_choices(self) -> list[QWidget]:
        operation, sheet = self._sheet.operation, self._sheet
        found: list[QWidget] = []
        if operation.offers_shut_down:
            many = len(sheet.items) > 1
            words = (
                self.tr("&Shut the machines down and send their last changes first")
                if many
                else self.tr("&Shut the machine down and send its last changes first")
            )
            detail = self.tr("If the host does not answer, the failover goes on without.")
            self.shut_down = CheckBox(self._theme, words, detail)
            self.shut_down.setObjectName("sheet-shut-down")
            self.shut_down.setChecked(sheet.suggested.shut_down)
            self.shut_down.toggled.connect(self._on_choice_changed)
            found.append(self.shut_down)
        if operation.offers_point:
            self.points = PointChoiceView(self._theme, sheet)
            self.points.changed.connect(self._on_choice_changed)
            found.append(self.points)
        if operation.offers_network:
            self.network = NetworkChoiceView(self._theme, sheet)
            self.network.changed.connect(self._on_choice_changed)
            found.append(self.network)
        if operation.offers_notes:
            hint = self.tr("Azure keeps them with the job: what worked, what did not.")
            self.notes = TextField(self._theme, self.tr("&Notes on the drill"), hint=hint, optional=True)
            self.notes.edit.setObjectName("sheet-notes")
            self.notes.set_text(sheet.suggested.notes)
            found.append(self.notes)
        return found

    def _build_confirm(self) -> TextField:
        count, wanted = len(self._sheet.items), self._sheet.confirmation
        label = self.tr("Type {} to &go on").format(wanted.replace("&", "&&"))
        if count > 1:
            label = self.tr("{0} of {1} machines: type {2} to &go on").format(
                self._sheet.operation.title, count, wanted
            )
        field = TextField(self._theme, label, check=self._check_confirmation)
        field.edit.setObjectName("sheet-confirm-name")
        field.value_edited.connect(lambda _text: self.changed.emit())
        return field

    def _check_confirmation(self, text: str) -> str | None:
        if not text or self._matches(text):
            return None
        return self.tr("Type {} as it stands here.").format(self._sheet.confirmation)

    def _matches(self, text: str) -> bool:
        return text.strip().casefold() == self._sheet.confirmation.casefold()

    def _on_choice_changed(self) -> None:
        self._update()
        self.changed.emit()

    def _update(self) -> None:
        """Checks and what will happen follow from the choices."""
        choices, sheet = self.choices, self._sheet
        self._checks = sheet.checks(choices)
        self.checks_list.set_checks(self._checks, may_leave_out=len(sheet.items) > 1)
        happenings = sheet.happenings(choices)
        about = self.tr("about {}")
        self.steps.set_steps(
            [
                NumberedStep(each.text, about.format(_rounded_text(each.usual_s)) if each.usual_s else "")
                for each in happenings
            ]
        )
        facts = [(fact.label, fact.text) for fact in sheet.box]
        if sheet.usual_s is not None:
            facts.insert(0, (self.tr("Usual time"), about.format(_rounded_text(sheet.usual_s))))
        self.box.set_facts(facts)


def _rounded_text(seconds: float) -> str:
    """A share of a usual time is no measurement: `about 1 min`, not `about 59 s`."""
    for step, below in ((1, 5), (5, 50), (30, 150)):
        if seconds < below:
            return duration_text(round(seconds / step) * step)
    return duration_text(seconds)
