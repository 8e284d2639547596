"""The sheet that adds a new storage account to the set-up. Nothing is sent; only the name is asked after in Azure."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.domain.issue import blocking
from app.errors import AppError
from app.flows.checks import check_target
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.estimate import estimate
from app.flows.places import location_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.choice import RadioButton
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.fixed_value import FixedValue
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import StatusLine, Text
from ui.widgets.surface import horizontal_line

ASK_AFTER_MS = 350
_GEO, _LOCAL = "GRS", "LRS"


class StorageSheet(DockedSheet):
    """Edits an account of its own; the draft stays as it is until the primary button is pressed.

    Signals:
        added: the button was pressed and nothing is wrong; carries a `StorageChoice`.
        name_asked: typing has paused; carries a name of which Azure must say whether it is free.
    """

    added = Signal(object)
    name_asked = Signal(str)

    def __init__(self, theme: Theme, title: str, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, parent=parent)
        self.setObjectName("storage-sheet")
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._choice = StorageChoice(create=True)
        self._answers: dict[str, str | AppError] = {}
        self._asked = ""
        self._is_add_wanted = False
        self._name = TextField(theme, self.tr("Na&me"))
        self._redundancies = QButtonGroup(self)
        self._buttons: dict[str, RadioButton] = {}
        self._redundancy_line = StatusLine(theme, Status.CRITICAL, style=TextStyle.CAPTION, tinted=True)
        self._region = FixedValue(theme, "")
        self._cost = StatusLine(theme)
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.setInterval(ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask)
        self._build(theme)
        self._name.value_edited.connect(self._on_name_edited)
        self._name.edit.returnPressed.connect(self.submit_button.click)
        self.submitted.connect(self._on_submitted)

    def load(self, draft: SetUpDraft, context: Context, choice: StorageChoice | None = None) -> None:
        """Check against `context` from now on, beginning with `choice` where there is one; what was typed stays."""
        self._draft, self._context = draft, context
        region = context.rules.region(location_of(draft, context.estate))
        if choice is not None:
            self._choice = choice
        elif region is not None and not region.pair and not self._name.text:
            self._choice = replace(self._choice, redundancy=_LOCAL)
        self._name.set_text(self._choice.name)
        self._show()

    def show_answer(self, name: str, answer: str | AppError) -> None:
        """Azure said of `name` that it is free (empty), or what to do instead; or could not be asked."""
        self._answers[name] = answer
        self._show()
        if self._is_add_wanted and name == self._choice.name:
            self._on_submitted()

    @property
    def name_message(self) -> str:
        """What stands below the name."""
        return self._name.message

    def first_focus(self) -> QWidget:
        """The first field that is wrong, else the name."""
        if not self._name.has_issue and not self._redundancy_line.isHidden():
            return self._buttons[self._choice.redundancy]
        return self._name.edit

    def _build(self, theme: Theme) -> None:
        self._name.edit.setObjectName("target-storage-name")
        self.submit_button.setObjectName("target-add-storage")
        self.cancel_button.setObjectName("target-cancel-storage")
        copies = QVBoxLayout()
        copies.setSpacing(Space.S)
        copies.addWidget(Text(self.tr("Copies of the data"), TextStyle.LABEL))
        for place, (redundancy, words) in enumerate(
            ((_GEO, self.tr("Geo-redundant (GRS)")), (_LOCAL, self.tr("Locally redundant (LRS)")))
        ):
            button = RadioButton(theme, words)
            button.setObjectName(f"target-redundancy-{redundancy.lower()}")
            self._buttons[redundancy] = button
            self._redundancies.addButton(button, place)
            copies.addWidget(button)
            button.clicked.connect(lambda _checked, each=redundancy: self._edit(replace(self._choice, redundancy=each)))
        copies.addWidget(self._redundancy_line)
        region = FormField(
            theme, self.tr("Region"), self._region, hint=self.tr("Fixed: storage, network and vault share one region.")
        )
        self.body.setSpacing(Space.L)
        self.body.addWidget(self._name)
        self.body.addLayout(copies)
        self.body.addWidget(region)
        self.body.addWidget(horizontal_line(on_raised=True))
        self.body.addWidget(self._cost)

    def _wanted(self) -> SetUpDraft:
        return replace(self._draft, target=replace(self._draft.target, storage=self._choice))

    def _edit(self, choice: StorageChoice) -> None:
        self._choice = choice
        self._show()

    def _on_name_edited(self, text: str) -> None:
        self._is_add_wanted = False
        self._edit(replace(self._choice, name=text))

    def _show(self) -> None:
        context = self._context
        if context is None:
            return
        issues = {issue.field: issue.text for issue in blocking(check_target(self._wanted(), context))}
        wrong = issues.get("target.storage.redundancy", "")
        self._redundancy_line.setVisible(bool(wrong))
        self._redundancy_line.set_status(Status.CRITICAL, wrong)
        self._show_copies(context)
        self._show_name(issues.get("target.storage.name", ""))
        self._show_cost(context)

    def _show_copies(self, context: Context) -> None:
        rules = context.rules
        location = location_of(self._draft, context.estate)
        region = rules.region(location)
        here = rules.region_name(location)
        self._region.set_text(here)
        offered = rules.storage.offered_redundancies
        for redundancy, button in self._buttons.items():
            button.setVisible(redundancy in offered)
            button.setChecked(redundancy == self._choice.redundancy)
        pair = rules.region_name(region.pair) if region is not None and region.pair else ""
        survives = self.tr("A second copy in {pair}. Advised: it survives the loss of {here}.")
        if pair:
            self._buttons[_GEO].set_detail(survives.format(pair=pair, here=here))
        else:
            self._buttons[_GEO].set_detail(self.tr("A second copy in another region."))
        self._buttons[_LOCAL].set_detail(self.tr("Three copies in {}. It survives a broken disk only.").format(here))

    def _show_name(self, problem: str) -> None:
        """What is wrong with the name; else what Azure says of it, which is asked once typing pauses."""
        name = self._choice.name
        if problem:
            self._ask_timer.stop()
            self._name.set_issue(problem)
            return
        answer = self._answers.get(name)
        if answer is None:
            self._name.set_issue(self.tr("Asking Azure whether the name is free…"), Status.INFO)
            if name != self._asked:
                self._ask_timer.start()
        elif isinstance(answer, AppError):
            text = self.tr("Azure could not be asked whether the name is free. {}").format(answer.title)
            self._name.set_issue(text, Status.WARNING)
        elif answer:
            self._name.set_issue(answer)
            self._name.reveal()
        else:
            self._name.set_issue(self.tr("{} is free.").format(name), Status.OK)

    def _show_cost(self, context: Context) -> None:
        figures = estimate(self._wanted(), context)
        self._cost.setVisible(figures is not None)
        if figures is not None:
            cost = figures.cost
            text = self.tr("About {cost} {currency} a month for {gib} GiB. Estimate, prices of {month}.").format(
                cost=f"{cost.storage:,.0f}",
                currency=cost.currency,
                gib=f"{figures.storage_gib:,.0f}",
                month=cost.prices_of,
            )
            self._cost.set_status(Status.NEUTRAL, text, icon="cost")

    def _ask(self) -> None:
        self._ask_timer.stop()
        self._asked = self._choice.name
        self.name_asked.emit(self._asked)

    def _on_submitted(self) -> None:
        context = self._context
        if context is None:
            return
        issues = blocking(check_target(self._wanted(), context))
        is_wrong = any(issue.field.startswith("target.storage") for issue in issues)
        answer = self._answers.get(self._choice.name)
        if is_wrong or (isinstance(answer, str) and answer):
            self._is_add_wanted = False
            self._name.reveal()
            self.first_focus().setFocus()
        elif answer is None:  # it is added as soon as Azure has said that the name is free
            self._is_add_wanted = True
            if self._ask_timer.isActive():
                self._ask()
        else:
            self.added.emit(self._choice)
