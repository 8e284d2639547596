"""A storage card of the target page: which accounts can take replicated data, or change logs, and why others can't."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from operator import is_
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import ArmId
from app.domain.azure import StorageAccount
from app.domain.issue import Issue, Severity, Suitability
from app.domain.storage_rules import StorageUse
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.step import Context
from ui.tables.column import Column, Group
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.turns import Turns
from ui.widgets.buttons import Kind
from ui.widgets.card import Card
from ui.widgets.line_edit import SearchBox
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.page_lists import filter_rows, fit_to_rows
from ui.wizard.pages.storage_details import StorageDetails
from ui.wizard.pages.storage_rows import Keyed, StorageRow, StorageRows, account_id_of, choice_of, new_row
from ui.wizard.requests import ReadStorageAccess, ReadStored

ROWS_AT_ONCE = 200
"""Up to so many accounts are shown at once; of more, as many of the first ones, and all of them some turns later."""

_JUDGED_IN_A_STEP = 25
_DONE = object()

T = TypeVar("T")

STORED_AT_ONCE = 12
"""Of so many accounts on top it is asked what they hold, since each takes a request of its own."""

_SUITABLE, _REFUSED = "suitable", "refused"
_ROWS_LEAST, _ROWS_MOST = 6, 10
_ASK_AFTER_MS = 400


class StorageCard(Card):
    """The selected row is the answer; an unsuitable one may be selected to read why.

    Signals:
        chosen: the user selected another account; carries a `StorageChoice`.
        new_requested: an account shall be created.
        requested: something is to be read of accounts; carries a `Request`.
    """

    chosen = Signal(object)
    new_requested = Signal()
    requested = Signal(object)

    def __init__(
        self, theme: Theme, title: str, use: StorageUse = StorageUse.DATA, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, flush=True, parent=parent)
        self._use = use
        self._judged_for: tuple[object, ...] = ()
        self._read_for: tuple[object, ...] = ((),) * 4
        self._wanted: ArmId | None = None
        self._subscription = ""
        self._accounts: tuple[StorageAccount, ...] = ()
        self._asked_access: set[str] = set()
        self._asked_stored: set[str] = set()
        self._rights_unread: frozenset[str] = frozenset()
        self._ask_access: Callable[[], object] = lambda: None
        self._new: StorageChoice | None = None
        self._is_loading = False
        self._turns = Turns(self)
        self._ask_timer = QTimer(self, interval=_ASK_AFTER_MS, singleShot=True)
        prefix = "target" if use is StorageUse.DATA else "target-logs"
        self.filter = SearchBox(theme, self.tr("Name, kind, region, reason"))
        self.filter.setObjectName(f"{prefix}-filter")
        words = self.tr("N&ew…") if use is StorageUse.DATA else self.tr("New log a&ccount…")
        self.new_button = ReasonedButton(theme, words, icon="create")
        self.new_button.setObjectName(f"{prefix}-new-storage")
        self.new_button.setAccessibleName(self.tr("New storage account"))
        self._model = self._build_model()
        self.table = TableView(
            theme,
            self._model,
            name=f"{prefix}-storage-table",
            empty=self._empty(),
            label=title,
            framed=False,
        )
        self.details = StorageDetails(theme)
        self.details.setObjectName(f"{prefix}-storage-line")
        self._build()
        self.filter.textChanged.connect(self._on_filter_text_changed)
        self.filter.left.connect(self.table.grid.setFocus)
        self.table.selection_changed.connect(self._on_table_selection_changed)
        self.new_button.activated.connect(self.new_requested)
        self._ask_timer.timeout.connect(self._ask_selected)

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
        self._wanted = account_id_of(draft, self._use)
        subscription = draft.target.subscription.lower()
        if context.estate.has_read_target(subscription):
            self._set_rows(draft, context)
        elif subscription != self._subscription:
            self._forget_rows()
        self._subscription = subscription
        self._select_wanted()

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool, is_chosen: bool) -> None:
        """Say what is wrong with the choice; that nothing is chosen is said once the user wants to go on."""
        issue = next(iter(issues), None)
        if issue is None or not (insist or is_chosen):
            self.details.show_issue(Status.NEUTRAL, "")
            return
        self.details.show_issue(Status.CRITICAL if issue.severity is Severity.ERROR else Status.WARNING, issue.text)

    def first_focus(self) -> QWidget:
        return self.table.grid if self._model.total_count else self.new_button

    @property
    def _selected(self) -> StorageRow | None:
        selected = self.table.selected_records
        return selected[0] if selected else None

    def _build(self) -> None:
        assert self.head is not None
        self.head.add_control(self.filter)
        self.head.add_control(self.new_button)
        fit_to_rows(self.table, most=_ROWS_MOST, least=_ROWS_LEAST)
        self.body.addWidget(self.table)
        self.body.addWidget(self.details)

    def _build_model(self) -> RecordTableModel[StorageRow]:
        return RecordTableModel(
            self._columns(),
            lambda row: row.key,
            groups=(
                Group(_SUITABLE, self.tr("Suitable"), "ok", Status.OK),
                Group(_REFUSED, self.tr("Not suitable"), "not_suitable", note=self.tr("each with its reasons")),
            ),
            group_of=lambda row: _SUITABLE if row.is_usable else _REFUSED,
            is_muted=lambda row: not row.is_usable,
            parent=self,
        )

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
            (Step(self.tr("New…"), self.new_requested.emit, "create", Kind.PRIMARY),),
        )

    # Rows

    def _set_rows(self, draft: SetUpDraft, context: Context) -> None:
        rows = StorageRows(draft, context, self._use)
        new = new_row(self._new, self._use, draft, context) if self._new is not None else None
        accounts = context.estate.storage_accounts
        ground = (rows.ground, new)
        read = (accounts, context.storage, context.rules, context.estate.protected_items)
        if self._judged_for == ground and all(
            map(is_, read, self._read_for)
        ):  # comparing thousands takes longer than a key may
            return
        self._judged_for, self._read_for = ground, read
        if accounts is not self._accounts:
            self._accounts = accounts
            self._asked_access, self._asked_stored = set(), set()
        if len(accounts) > ROWS_AT_ONCE:
            self._turns.follow(self._show_in_steps(rows, new))
        else:
            order = rows.in_order(accounts)
            self._show([rows.row(*each) for each in order], new)
            self._turns.begin(partial(self._end_rows, rows, order))

    def _forget_rows(self) -> None:
        """Leave no account of another subscription to choose while those of this one are read."""
        self._judged_for = ()
        self._turns.drop()
        if self._model.total_count:
            self._show([], None)
            self.table.show_veil()

    def _show_in_steps(self, rows: StorageRows, new: StorageRow | None) -> Iterator[None]:
        """Show many. Where there are rows already they stay as they are until all are judged."""
        order = rows.in_order(self._accounts)
        yield
        made: list[StorageRow] = []
        for first in range(0, len(order), _JUDGED_IN_A_STEP):
            made += [rows.row(*each) for each in order[first : first + _JUDGED_IN_A_STEP]]
            if len(made) == ROWS_AT_ONCE and not self._model.total_count:
                wanted = self._wanted.key if self._wanted is not None else ""
                chosen = [rows.row(*each) for each in order[ROWS_AT_ONCE:] if each[0] == wanted]
                self._show([*made, *chosen], new)
            yield
        slices = self.table.slices([new, *made] if new is not None else made)
        while self._quietly(partial(next, slices, _DONE)) is not _DONE:
            yield
        self._select_wanted()
        yield
        self._end_rows(rows, order)

    def _show(self, made: list[StorageRow], new: StorageRow | None) -> None:
        self._quietly(lambda: self.table.set_records([new, *made] if new is not None else made))
        self._select_wanted()

    def _select_wanted(self) -> None:
        """Have the account selected that the draft means."""
        self._quietly(self._select)
        self.details.show_row(self._selected)

    def _select(self) -> None:
        wanted = self._wanted.key if self._wanted is not None else None
        self.table.select([wanted] if wanted is not None else [])
        if wanted is not None and self.table.grid.current_key != wanted:
            self.table.grid.make_current(wanted, "name")

    def _quietly(self, change: Callable[[], T]) -> T:
        """Change rows or selection without taking it for a choice of the user's."""
        was_loading, self._is_loading = self._is_loading, True
        try:
            return change()
        finally:
            self._is_loading = was_loading

    def _end_rows(self, rows: StorageRows, order: Keyed) -> None:
        self.table.clear_busy()
        groups = {row.group.lower() for row in self._model.records()}
        self.table.set_column_idle("group", len(groups) < 2)
        self._ask_access = partial(self._ask_access_to, rows, order)
        self._ask()

    # What the list does not tell

    def showEvent(self, event: QShowEvent) -> None:
        """What was filled while nobody looked asks now."""
        super().showEvent(event)
        if not self._turns.is_busy:
            self._turns.begin(self._ask)

    def _ask(self) -> None:
        if self.isVisible():
            self._ask_access()
            self._ask_selected()

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
        if row is not None and row.key in self._rights_unread and self.isVisible():
            self.requested.emit(ReadStorageAccess(self._use, (row.id,)))
        self._ask_stored()

    def _ask_stored(self) -> None:
        """Have it read what the selected account and those on top hold."""
        if not self.isVisible():
            return
        shown = self._model.shown_records()[:STORED_AT_ONCE]
        selected = self._selected
        rows = ([selected] if selected is not None else []) + [row for row in shown if row.is_usable]
        wanted = {row.key: row.id for row in rows if row.new is None and row.key not in self._asked_stored}
        if wanted:
            self._asked_stored.update(wanted)
            self.requested.emit(ReadStored(self._use, tuple(wanted.values())))

    def _on_filter_text_changed(self, text: str) -> None:
        filter_rows(self.table, text)
        self._ask_timer.start()

    def _on_table_selection_changed(self) -> None:
        row = self._selected
        if self._is_loading or row is None:
            return
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
