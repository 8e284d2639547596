"""Which type of managed disk replicated data goes to, each with what it costs and for what it does."""

from __future__ import annotations

from operator import is_

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.domain.policy_rules import copy_frequency_text
from app.domain.replica_judging import managed_disks_problem
from app.flows.draft import SetUpDraft
from app.flows.estimate import managed_bills
from app.flows.replica import goes_to_managed_disks, managed_type
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.choice import RadioButton
from ui.widgets.labels import Text

_PREMIUM = "Premium"


class DiskTypeRow(QWidget):
    """Shown as long as data goes to managed disks.

    Signals:
        chosen: the user chose another type; carries it as Azure writes it.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._answers: tuple[object, ...] = ()
        self._known: tuple[object, ...] = ()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, RadioButton] = {}
        self._note = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._note.setObjectName("target-disk-type-note")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, Space.S, 0, 0)
        self._column.setSpacing(Space.S)
        self._column.addWidget(Text(self.tr("Type of disk"), TextStyle.LABEL))
        self._column.addWidget(self._note)
        self.hide()

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show the answer, and what each type would cost for this draft's machines."""
        is_asked = goes_to_managed_disks(draft) and not managed_disks_problem(context.rules)
        self.setVisible(is_asked)
        if not is_asked:
            return
        target, estate = draft.target, context.estate
        answers = (target.logs, target.disk_type, draft.site, draft.policy, draft.capacity)
        ground = (draft.machines, estate.protectable_items, estate.storage_accounts, context.rules, context.reports)
        if answers == self._answers and all(map(is_, ground, self._known)):  # comparing thousands takes too long
            return
        self._answers, self._known = answers, ground
        bills, chosen = managed_bills(draft, context), managed_type(draft, context.rules)
        for kind, name in context.rules.replica.managed_disk_types.items():
            button = self.buttons.get(kind) or self._add(kind, name)
            bill = bills.get(kind)
            cost = self.tr("About {price} {currency} a month.") if bill is not None else ""
            price = f"{bill.price:,.0f}" if bill is not None else ""
            told = cost.format(price=price, currency=context.rules.prices.currency)
            button.set_detail(" ".join(filter(None, (told, self._use(kind, context)))))
            button.setChecked(kind == chosen)
        for kind, button in self.buttons.items():
            button.setVisible(kind in context.rules.replica.managed_disk_types)
        note = self.tr("Machines keep this type after a failover. Another one later means a new first copy.")
        types = self.tr("Types of {month}.").format(month=context.rules.replica.source_of("managed_disk_types").month)
        self._note.setText(f"{note} {types}")

    def _use(self, kind: str, context: Context) -> str:
        if kind.startswith(_PREMIUM):
            least = copy_frequency_text(context.rules.storage.premium_min_copy_frequency_s)
            use = self.tr(
                "For databases. Needs a size with an s in its name, and takes no copies more often than every {}."
            )
            return use.format(least)
        if kind == context.rules.replica.managed_disk_type:
            return self.tr("Usual: for most servers.")
        return self.tr("For what is seldom used; slow to start after a failover.")

    def _add(self, kind: str, name: str) -> RadioButton:
        button = RadioButton(self._theme, name)
        button.setObjectName(f"target-disk-type-{kind.lower().replace('_', '-')}")
        button.clicked.connect(lambda _checked: self.chosen.emit(kind))
        self.buttons[kind] = button
        self._group.addButton(button)
        self._column.insertWidget(self._column.count() - 1, button)
        button.show()
        return button
