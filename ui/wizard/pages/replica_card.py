"""Where replicated data goes: a storage account or managed disks, each with what it costs, takes and allows."""

from __future__ import annotations

from operator import is_

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from app.domain.capacity import StorageBill
from app.domain.issue import Issue, Severity
from app.domain.replica_judging import account_disk_max_gib, account_disk_source, managed_disks_problem
from app.flows.draft import ReplicaKind, SetUpDraft
from app.flows.estimate import disks_above, knows_used, reckoned_machines, replica_bills
from app.flows.replica import is_premium, redundancy_of
from app.flows.step import Context, counted
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle, Width
from ui.widgets.card import Card
from ui.widgets.facts_choice import Facts, FactsChoice
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.disk_type_row import DiskTypeRow

_ACCOUNT, _DISKS = ReplicaKind.STORAGE_ACCOUNT, ReplicaKind.MANAGED_DISK


class ReplicaCard(Card):
    """Two answers side by side, or one below the other where that is too narrow.

    Signals:
        chosen: the user chose the other kind; carries a `ReplicaKind`.
        type_chosen: the user chose another type of managed disk; carries it as Azure writes it.
    """

    chosen = Signal(object)
    type_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Where replicated data goes"), parent=parent)
        self._answers: tuple[object, ...] = ()
        self._known: tuple[object, ...] = ((),) * 6
        self._columns = 0
        self.choices = {
            _ACCOUNT: FactsChoice(theme, "storage", self.tr("Storage account")),
            _DISKS: FactsChoice(theme, "disk", self.tr("Managed disks")),
        }
        self._group = QButtonGroup(self)
        for place, (kind, choice) in enumerate(self.choices.items()):
            choice.setObjectName(f"target-replica-{kind.value.replace('_', '-')}")
            self._group.addButton(choice, place)
        self.types = DiskTypeRow(theme)
        self.types.chosen.connect(self.type_chosen)
        self._dates = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._dates.setObjectName("target-replica-dates")
        self._line = StatusLine(theme, style=TextStyle.CAPTION, tinted=True)
        self._line.setObjectName("target-replica-line")
        self._line.hide()
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.M)
        self._place(len(self.choices))
        self.body.addLayout(self._grid)
        self.body.addWidget(self.types)
        self.body.addWidget(self._dates)
        self.body.addWidget(self._line)
        self._group.idClicked.connect(lambda place: self.chosen.emit(tuple(self.choices)[place]))

    @property
    def message(self) -> str:
        """What stands below the choices."""
        return "" if self._line.isHidden() else self._line.text

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show the answer, and what either means for this draft's machines."""
        self.choices[draft.target.replica].setChecked(True)
        self.types.load(draft, context)
        target, estate = draft.target, context.estate
        answers = (target.storage, target.logs, target.disk_type, draft.site, draft.policy, draft.capacity)
        read = (estate.protectable_items, estate.protected_items, estate.storage_accounts)
        ground = (draft.machines, *read, context.rules, context.reports)
        if answers == self._answers and all(map(is_, ground, self._known)):  # comparing thousands takes too long
            return
        self._answers, self._known = answers, ground
        self._dates.setText(self._dates_of(context))
        bills = replica_bills(draft, context)
        self.choices[_ACCOUNT].set_words(
            self.tr("Disks lie in an account until a failover makes managed disks of them."),
            self._account_facts(draft, context, bills.get(_ACCOUNT)),
        )
        problem = managed_disks_problem(context.rules)
        self.choices[_DISKS].setEnabled(not problem)
        self.choices[_DISKS].set_words(
            problem or self.tr("Data goes to managed disks at once, change logs to an account."),
            () if problem else self._disk_facts(draft, context, bills.get(_DISKS)),
        )

    def show_issues(self, issues: tuple[Issue, ...]) -> None:
        """Say what is wrong with the choice."""
        issue = next((each for each in issues if each.field.startswith("target.replica")), None)
        self._line.setVisible(issue is not None)
        if issue is not None:
            self._line.set_status(Status.CRITICAL if issue.severity is Severity.ERROR else Status.WARNING, issue.text)

    def first_focus(self) -> QWidget:
        """The chosen answer, else one that can be chosen."""
        usable = [choice for choice in self.choices.values() if choice.isEnabled()]
        return next((choice for choice in usable if choice.isChecked()), usable[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(len(self.choices) if self.width() >= 2 * Width.READING else 1)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(len(self.choices)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, choice in enumerate(self.choices.values()):
            self._grid.addWidget(choice, place // columns, place % columns)

    # Facts

    def _account_facts(self, draft: SetUpDraft, context: Context, bill: StorageBill | None) -> Facts:
        most = account_disk_max_gib(context.rules)
        size = self.tr("disks of at most {} GiB").format(f"{most:,}")
        larger = disks_above(most, draft, context)
        if larger:
            more = self.tr("1 is larger") if larger == 1 else self.tr("{} are larger").format(f"{larger:,}")
            size = self.tr("{size}; {larger}").format(size=size, larger=more)
        copies = redundancy_of(draft.target.storage, context.estate)
        cost = self._cost(draft, context, bill, is_in_steps=is_premium(draft, context.estate))
        return self._facts(context, cost, size, copies)

    def _disk_facts(self, draft: SetUpDraft, context: Context, bill: StorageBill | None) -> Facts:
        machines = context.rules.machines
        size = self.tr("disks of at most {} GiB").format(f"{machines.data_disk_max_gib:,}")
        if machines.large_disk_gib:
            size = self.tr("{size}; above {large} GiB only with an agent newer than {agent}").format(
                size=size, large=f"{machines.large_disk_gib:,}", agent=machines.large_disk_agent
            )
        copies = context.rules.replica.managed_disk_type.partition("_")[2]
        return self._facts(context, self._cost(draft, context, bill, is_in_steps=True), size, copies)

    def _facts(self, context: Context, cost: str, size: str, copies: str) -> Facts:
        agent = context.rules.replica.failback_agent
        back = self.tr("needs agent {} or newer on the host, with either kind").format(agent)
        return (
            (self.tr("Cost"), cost),
            (self.tr("Size"), size),
            (self.tr("Copies"), self._copies(copies, context)),
            (self.tr("Failback"), back if agent else self.tr("to the host a machine came from, or another")),
        )

    def _cost(self, draft: SetUpDraft, context: Context, bill: StorageBill | None, *, is_in_steps: bool) -> str:
        how = self.tr("in whole size steps") if is_in_steps else self.tr("by what is used")
        if bill is None:
            return how
        if not is_in_steps and not knows_used(draft, context):
            how = self.tr("taken as full")
        return self.tr("about {price} {currency} a month ({machines}, {how})").format(
            price=f"{bill.price:,.0f}",
            currency=context.rules.prices.currency,
            machines=counted(reckoned_machines(draft, context), "machine"),
            how=how,
        )

    def _copies(self, redundancy: str, context: Context) -> str:
        has_second = redundancy in context.rules.storage.advised_redundancies
        where = self.tr("in a second region too") if has_second else self.tr("within the region alone")
        return self.tr("{redundancy}: {where}").format(redundancy=redundancy, where=where)

    def _dates_of(self, context: Context) -> str:
        """Of which month the rules above are."""
        rules = context.rules
        size, back = account_disk_source(rules).month, rules.replica.source_of("failback_agent").month
        limits = self.tr("Rules of {}").format(size)
        if size != back:
            limits = self.tr("Size: rule of {size}, failback: rule of {back}").format(size=size, back=back)
        return self.tr("{limits}. Estimates by list prices of {month}, unconfirmed.").format(
            limits=limits, month=rules.prices.source_of("disk_steps").month
        )
