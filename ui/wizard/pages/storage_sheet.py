"""The sheet that adds a new storage account to the set-up. Nothing is sent; only the name is asked after in Azure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.domain.issue import blocking
from app.domain.new_storage_rules import kind_note
from app.domain.sizes import gib_text
from app.domain.storage_rules import StorageUse
from app.errors import AppError
from app.flows.checks_storage import check_new_storage, redundancy_problem
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.estimate import estimate
from app.flows.places import location_of
from app.flows.planning_storage import account_body
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.choice import RadioButton
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.fixed_value import FixedValue
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import StatusLine, Text
from ui.widgets.surface import horizontal_line
from ui.widgets.tag_rows import TagRows
from ui.wizard.pages.sent_values import SentValues
from ui.wizard.pages.storage_rows import with_choice

ASK_AFTER_MS = 350
_GEO, _READABLE, _LOCAL = "GRS", "RAGRS", "LRS"


class StorageSheet(DockedSheet):
    """Edits an account of its own; the draft stays as it is until the primary button is pressed.

    Signals:
        added: the button was pressed and nothing is wrong; carries a `StorageChoice`.
        edited: something else stands in it.
        name_asked: typing has paused; carries a name of which Azure must say whether it is free.
    """

    added = Signal(object)
    edited = Signal()
    name_asked = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        purpose: str,
        use: StorageUse = StorageUse.DATA,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title, purpose, parent=parent)
        self.setObjectName("storage-sheet")
        self._use = use
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._is_begun = False
        self._choice = StorageChoice(create=True, redundancy=_GEO if use is StorageUse.DATA else _LOCAL)
        self._has_chosen_redundancy = False
        self._answers: dict[str, str | AppError] = {}
        self._asked = ""
        self._is_add_wanted = False
        self._wrong: Mapping[str, str] = {}
        hint = self.tr("3 to 24 small letters and digits, once in all of Azure. It can’t be changed later.")
        self._name = TextField(theme, self.tr("Na&me"), hint=hint)
        self._kinds = _Radios(theme, self.tr("Kind"), "target-kind")
        self._copies = _Radios(theme, self.tr("Copies of the data"), "target-redundancy")
        self._region = FixedValue(theme, "")
        self._tags = TagRows(theme, self.tr("For costs and owners. Anybody who sees the account reads them."))
        self._cost = StatusLine(theme)
        self.sent = SentValues()
        self.sent.setObjectName("target-storage-sent")
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.setInterval(ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask)
        self._build(theme)
        self._name.value_edited.connect(self._on_name_edited)
        self._name.edit.returnPressed.connect(self.submit_button.click)
        self._kinds.picked.connect(lambda kind: self._edit(replace(self._choice, kind=kind)))
        self._copies.picked.connect(self._on_copies_picked)
        self._tags.edited.connect(lambda tags: self._edit(replace(self._choice, tags=tags)))
        self.submitted.connect(self._on_submitted)

    def load(self, draft: SetUpDraft, context: Context, choice: StorageChoice | None = None) -> None:
        """Check against `context` from now on, beginning with `choice` where there is one; what was typed stays."""
        self._draft, self._context = draft, context
        if choice is not None:
            self._choice, self._has_chosen_redundancy = choice, True
        elif not self._has_chosen_redundancy and redundancy_problem(self._choice.redundancy, draft, context):
            self._choice = replace(self._choice, redundancy=_LOCAL)
        self._name.set_text(self._choice.name)
        self._tags.set_tags(self._choice.tags)
        self._show()

    @property
    def begun(self) -> StorageChoice | None:
        """What somebody has typed and not added; None as long as nothing was changed."""
        return self._choice if self._is_begun else None

    def go_on(self, choice: StorageChoice) -> None:
        """Show what was `begun` before."""
        assert self._context is not None
        self.load(self._draft, self._context, choice)
        self._is_begun = True

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
        if not self._name.has_issue:
            if "kind" in self._wrong:
                return self._kinds.start
            if "redundancy" in self._wrong:
                return self._copies.start
            return self._tags.first_wrong or self._name.edit
        return self._name.edit

    def _build(self, theme: Theme) -> None:
        self._name.edit.setObjectName("target-storage-name")
        self.submit_button.setObjectName("target-add-storage")
        self.cancel_button.setObjectName("target-cancel-storage")
        region = FormField(
            theme, self.tr("Region"), self._region, hint=self.tr("Fixed: storage, network and vault share one region.")
        )
        self.body.setSpacing(Space.L)
        for part in (self._name, self._kinds, self._copies, region, self._tags):
            self.body.addWidget(part)
        self.body.addWidget(horizontal_line(on_raised=True))
        self.body.addWidget(self._cost)
        self.body.addWidget(self.sent)

    def _edit(self, choice: StorageChoice) -> None:
        self._choice, self._is_begun = choice, True
        self._show()
        self.edited.emit()

    def _on_name_edited(self, text: str) -> None:
        self._is_add_wanted = False
        self._edit(replace(self._choice, name=text))

    def _on_copies_picked(self, redundancy: str) -> None:
        self._has_chosen_redundancy = True
        self._edit(replace(self._choice, redundancy=redundancy))

    def _show(self) -> None:
        context = self._context
        if context is None:
            return
        issues = blocking(check_new_storage(self._choice, self._use, self._draft, context))
        self._wrong = {issue.field: issue.text for issue in issues}
        self._show_kinds(context)
        self._show_copies(context)
        self._show_name(self._wrong.get("name", ""))
        self._tags.set_problems(self._wrong)
        self._show_cost(context)
        self._show_sent(context)

    def _show_kinds(self, context: Context) -> None:
        offers = []
        read_in = context.rules.new_storage.source_of("kinds")
        for kind in context.rules.new_storage.kinds:
            note = kind_note(kind, context.now)
            source = f"({read_in.document}, {read_in.month})" if note else ""
            advised = self.tr("Advised.") if not note else ""
            detail = " ".join(filter(None, (advised, note, kind.words, source)))
            offers.append((kind.id, kind.name, detail, kind.is_made(context.now)))
        self._kinds.show_offers(offers, self._choice.kind, self._wrong.get("kind", ""))

    def _show_copies(self, context: Context) -> None:
        rules = context.rules
        location = location_of(self._draft, context.estate)
        region = rules.region(location)
        self._region.set_text(rules.region_name(location))
        pair = rules.region_name(region.pair) if region is not None and region.pair else ""
        offers = [
            (
                each.id,
                each.name,
                self._copies_detail(each.id, rules.region_name(location), pair),
                not redundancy_problem(each.id, self._draft, context),
            )
            for each in rules.new_storage.redundancies
            if each.id in rules.storage.offered_redundancies
        ]
        self._copies.show_offers(offers, self._choice.redundancy, self._wrong.get("redundancy", ""))

    def _copies_detail(self, redundancy: str, here: str, pair: str) -> str:
        if redundancy == _LOCAL and self._use is StorageUse.LOGS:
            text = self.tr("Three copies in {}. Advised: change logs are deleted as soon as they are applied.")
            return text.format(here)
        if redundancy == _LOCAL:
            return self.tr("Three copies in {}. It survives a broken disk only.").format(here)
        if not pair:
            return self.tr("{} has no second region.").format(here)
        if redundancy == _READABLE:
            text = self.tr("As GRS, and the copy in {} can be read at any time. Replication gains nothing from that.")
            return text.format(pair)
        if self._use is StorageUse.LOGS:
            return self.tr("A second copy in {}. Change logs gain little from it.").format(pair)
        survives = self.tr("A second copy in {pair}. Advised: it survives the loss of {here}.")
        return survives.format(pair=pair, here=here)

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
            told = " ".join(filter(None, (f"{answer.title}.", answer.advice)))
            text = self.tr("{} It can be added all the same; the run stops there if somebody has the name.").format(
                told
            )
            self._name.set_issue(text, Status.WARNING)
        elif answer:
            self._name.set_issue(answer)
            self._name.reveal()
        else:
            self._name.set_issue(self.tr("{} is free.").format(name), Status.OK)

    def _show_cost(self, context: Context) -> None:
        figures = estimate(with_choice(self._draft, self._use, self._choice), context)
        self._cost.setVisible(figures is not None)
        if figures is None:
            return
        prices = context.rules.prices
        per_gib = prices.storage_per_gib.get(self._choice.redundancy, max(prices.storage_per_gib.values()))
        if self._use is StorageUse.DATA:
            gib, amount = figures.storage_gib, "{}"
        else:
            gib, amount = figures.storage_gib - figures.stored_gib, self.tr("{} of changes")
        text = self.tr("About {cost} {currency} a month for {amount}. Estimate, prices of {month}.").format(
            cost=f"{gib * per_gib:,.0f}",
            currency=prices.currency,
            amount=amount.format(gib_text(gib)),
            month=prices.source.month,
        )
        self._cost.set_status(Status.NEUTRAL, text, icon="cost")

    def _show_sent(self, context: Context) -> None:
        wrong = [*self._wrong, *(["name"] if self._is_taken else [])]
        if not wrong:
            body = account_body(self._choice, location_of(self._draft, context.estate), context.rules)
            self.sent.show_values(self._choice.name, body)
            return
        words = {
            "name": self.tr("the name"),
            "kind": self.tr("the kind"),
            "redundancy": self.tr("the copies of the data"),
            "tags": self.tr("the tags"),
        }
        self.sent.show_missing(words[field.partition("[")[0]] for field in wrong)

    @property
    def _is_taken(self) -> bool:
        """Whether Azure has refused the name."""
        answer = self._answers.get(self._choice.name)
        return isinstance(answer, str) and bool(answer)

    def _ask(self) -> None:
        self._ask_timer.stop()
        self._asked = self._choice.name
        self.name_asked.emit(self._asked)

    def _on_submitted(self) -> None:
        if self._context is None:
            return
        answer = self._answers.get(self._choice.name)
        if self._wrong or self._is_taken:
            self._is_add_wanted = False
            self._name.reveal()
            self._tags.reveal()
            self.first_focus().setFocus()
        elif answer is None:  # it is added as soon as Azure has said that the name is free
            self._is_add_wanted = True
            if self._ask_timer.isActive():
                self._ask()
        else:
            self.added.emit(self._choice)


class _Radios(QWidget):
    """Radio buttons below a label, each with what it means; one that is not offered says so and cannot be taken.

    Signals:
        picked: another one; its id.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme, label: str, name: str) -> None:
        super().__init__()
        self._theme, self._name, self._label = theme, name, label
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RadioButton] = {}
        self._line = StatusLine(theme, Status.CRITICAL, style=TextStyle.CAPTION, tinted=True)
        self._line.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._column.addWidget(Text(label, TextStyle.LABEL))
        self._column.addWidget(self._line)

    @property
    def start(self) -> QWidget:
        """The first that can be taken."""
        return next((button for button in self._buttons.values() if button.isEnabled()), self)

    def show_offers(self, offers: list[tuple[str, str, str, bool]], current: str, problem: str) -> None:
        """Offer these: id, words, detail, and whether it can be taken."""
        for offer, words, _, _ in offers:
            if offer not in self._buttons:
                self._add(offer, words)
        known = {offer: (detail, is_offered) for offer, _, detail, is_offered in offers}
        for offer, button in self._buttons.items():
            detail, is_offered = known.get(offer, ("", False))
            button.setVisible(offer in known)
            button.setEnabled(is_offered)
            button.set_detail(detail)
            button.setChecked(offer == current)
        self._line.setVisible(bool(problem))
        self._line.set_status(Status.CRITICAL, problem)

    def _add(self, offer: str, words: str) -> None:
        button = RadioButton(self._theme, words)
        button.setObjectName(f"{self._name}-{offer.lower()}")
        button.clicked.connect(lambda _checked: self.picked.emit(offer))
        self._buttons[offer] = button
        self._group.addButton(button)
        self._column.insertWidget(self._column.count() - 1, button)
        button.show()
