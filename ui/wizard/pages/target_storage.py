"""A storage card of the target page: which accounts can take replicated data, or change logs, and why others can't."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.azure import StorageAccount
from app.domain.issue import Issue, Severity, Suitability
from app.domain.storage_rules import StorageUse
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.step import Context
from ui.tables.column import Column
from ui.tables.states import Message, Step
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.wizard.pages.judged_card import JudgedCard, Making
from ui.wizard.pages.storage_details import StorageDetails
from ui.wizard.pages.storage_rows import Keyed, StorageRow, StorageRows, account_id_of, choice_of, new_row
from ui.wizard.requests import ReadStorageAccess, ReadStored

ROWS_AT_ONCE = 200
"""Up to so many accounts are shown at once; of more, as many of the first ones, and all of them some turns later."""

_JUDGED_IN_A_STEP = 25

STORED_AT_ONCE = 12
"""Of so many accounts on top it is asked what they hold, since each takes a request of its own."""

_ROWS_MOST = 10
_ASK_AFTER_MS = 400


class StorageCard(JudgedCard[StorageRow]):
    """Accounts for replicated data, or for change logs. `chosen` carries a `StorageChoice`."""

    def __init__(
        self, theme: Theme, title: str, use: StorageUse = StorageUse.DATA, parent: QWidget | None = None
    ) -> None:
        self._use = use
        self._accounts: tuple[StorageAccount, ...] = ()
        self._asked_access: set[str] = set()
        self._asked_stored: set[str] = set()
        self._rights_unread: frozenset[str] = frozenset()
        self._ask_access: Callable[[], object] = lambda: None
        self._new: StorageChoice | None = None
        is_data = use is StorageUse.DATA
        prefix = "target" if is_data else "target-logs"
        super().__init__(
            theme,
            title,
            f"{prefix}-storage",
            new_words=_tr("N&ew…") if is_data else _tr("New log a&ccount…"),
            filter_words=_tr("Name, kind, region, reason"),
            label=title,
            rows_most=_ROWS_MOST,
            parent=parent,
        )
        self.filter.setObjectName(f"{prefix}-filter")
        self.new_button.setObjectName(f"{prefix}-new-storage")
        self.new_button.setAccessibleName(self.tr("New storage account"))
        self.details = StorageDetails(theme)
        self.details.setObjectName(f"{prefix}-storage-line")
        self.body.addWidget(self.details)
        self._ask_timer = QTimer(self, interval=_ASK_AFTER_MS, singleShot=True)
        self._ask_timer.timeout.connect(self._ask_about_few)
        self.filter.textChanged.connect(self._ask_timer.start)

    @property
    def message(self) -> str:
        """What stands below the table."""
        return self.details.message

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show the accounts, judged for this draft, and select the one that it means."""
        choice = choice_of(draft, self._use)
        self._rights_unread = context.storage.rights_unread
        if choice.create:
            self._new = choice
        self._show_wanted(account_id_of(draft, self._use), draft, context)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool, is_chosen: bool) -> None:
        """Say what is wrong with the choice; that nothing is chosen is said once the user wants to go on."""
        issue = next(iter(issues), None)
        if issue is None or not (insist or is_chosen):
            self.details.show_issue(Status.NEUTRAL, "")
            return
        self.details.show_issue(Status.CRITICAL if issue.severity is Severity.ERROR else Status.WARNING, issue.text)

    def first_focus(self) -> QWidget:
        return self.table.grid if self._model.total_count else self.new_button

    def _columns(self) -> tuple[Column[StorageRow], ...]:
        return (
            Column(
                id="name",
                title=self.tr("Storage account"),
                text=lambda row: row.name,
                width=24,
                stretch=True,
                strong=True,
                optional=False,
            ),
            Column(
                id="redundancy", title=self.tr("Redundancy"), text=lambda row: row.redundancy, width=12, yields=True
            ),
            Column(
                id="stored",
                title=self.tr("Stored there"),
                text=lambda row: row.stored,
                sort_key=lambda row: row.used_bytes if row.used_bytes is not None else None,
                tooltip=lambda row: row.contents if row.new is None else "",
                width=18,
                yields=True,
                searchable=False,
            ),
            Column(
                id="suits",
                title=self.tr("Suits"),
                text=lambda row: row.word,
                width=22,
                status=_status_of,
                icon=_icon_of,
                tooltip=lambda row: row.explanation,
                accessible=lambda row: f"{row.word}. {row.explanation}".strip(),
                optional=False,
            ),
            Column(id="kind", title=self.tr("Kind"), text=lambda row: row.kind, width=18, yields=True),
            Column(id="region", title=self.tr("Region"), text=lambda row: row.region, width=15, yields=True),
            Column(id="group", title=self.tr("Resource group"), text=lambda row: row.group, width=18, yields=True),
            Column(
                id="reasons",
                title=self.tr("Reasons"),
                text=lambda row: row.explanation.replace("\n", " "),
                width=40,
                shown=False,
            ),
        )

    def _empty(self) -> Message:
        why = (
            self.tr("Replicated disks wait in one until a failover.")
            if self._use is StorageUse.DATA
            else self.tr("Changes wait in one until they are applied to the disks.")
        )
        return Message(
            "storage",
            self.tr("There is no storage account in this subscription yet"),
            why,
            (Step(self.tr("New storage account…"), self.new_requested.emit, "create"),),
        )

    # Rows

    def _set_rows(self, draft: SetUpDraft, context: Context) -> None:
        rows = StorageRows(draft, context, self._use)
        new = new_row(self._new, self._use, draft, context) if self._new is not None else None
        accounts = context.estate.storage_accounts
        read = (accounts, context.storage, context.rules, context.estate.protected_items)
        if self._is_judged((rows.ground, new), read):
            return
        if accounts is not self._accounts:
            self._accounts = accounts
            self._asked_access, self._asked_stored = set(), set()
        self._show_made(self._make(rows, new), at_once=len(accounts) <= ROWS_AT_ONCE)

    def _make(self, rows: StorageRows, new: StorageRow | None) -> Making[StorageRow]:
        order = rows.in_order(self._accounts)
        self._ask_access = partial(self._ask_access_to, rows, order)
        yield None
        made = [new] if new is not None else []
        for first in range(0, len(order), _JUDGED_IN_A_STEP):
            after = first + _JUDGED_IN_A_STEP
            made += [rows.row(*each) for each in order[first:after]]
            yield [*made, *self._make_wanted(rows, order[after:])] if after == ROWS_AT_ONCE else None
        return made

    def _make_wanted(self, rows: StorageRows, order: Keyed) -> Iterable[StorageRow]:
        """What is chosen is shown with the first, wherever it stands among the others."""
        wanted = self._wanted.key if self._wanted is not None else ""
        return (rows.row(*each) for each in order if each[0] == wanted)

    def _tell_selected(self) -> None:
        self.details.show_row(self._selected)

    def _end_rows(self) -> None:
        groups = {row.group.lower() for row in self._model.records()}
        self.table.set_column_idle("group", len(groups) < 2)
        super()._end_rows()

    # What the list does not tell

    def _ask(self) -> None:
        self._ask_access()
        self._ask_access = lambda: None
        self._ask_about_few()

    def _ask_about_few(self) -> None:
        if self.isVisible():
            self._ask_selected()
            self._ask_stored()

    def _ask_access_to(self, rows: StorageRows, order: Keyed) -> None:
        """Have locks and rights read of accounts that would be suitable otherwise."""
        asked = self._asked_access
        wanted = {key: each.id for key, each in order if key not in asked and rows.would_suit(each)}
        if wanted:
            asked.update(wanted)
            self.requested.emit(ReadStorageAccess(self._use, tuple(wanted.values())))

    def _ask_selected(self) -> None:
        """Of too many accounts, rights on each alone are read where one is chosen."""
        row = self._selected
        if row is not None and row.key in self._rights_unread:
            self.requested.emit(ReadStorageAccess(self._use, (row.id,)))

    def _ask_stored(self) -> None:
        """Have it read what the selected account and those on top hold."""
        shown = self._model.shown_records()[:STORED_AT_ONCE]
        selected = self._selected
        rows = ([selected] if selected is not None else []) + [row for row in shown if row.is_usable]
        wanted = {row.key: row.id for row in rows if row.new is None and row.key not in self._asked_stored}
        if wanted:
            self._asked_stored.update(wanted)
            self.requested.emit(ReadStored(self._use, tuple(wanted.values())))

    def _choose(self, row: StorageRow) -> None:
        self._ask_timer.start()
        new = row.new
        self.chosen.emit(new if new is not None else replace(self._unmade, account_id=row.id.text, name=row.name))

    @property
    def _unmade(self) -> StorageChoice:
        return StorageChoice() if self._use is StorageUse.DATA else StorageChoice(redundancy="LRS")


def _status_of(row: StorageRow) -> Status:
    if row.new is not None:
        return Status.INFO
    if row.verdict.status is Suitability.WARNING:
        return Status.WARNING
    return Status.OK if row.is_usable and row.is_advised else Status.NEUTRAL


def _icon_of(row: StorageRow) -> str:
    if not row.is_usable:
        return "not_suitable"
    return "info" if _status_of(row) is Status.NEUTRAL else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("StorageCard", text)
