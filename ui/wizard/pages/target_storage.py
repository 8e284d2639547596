"""The storage card of the target page: which accounts can take replicated data, and why the others can't."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import ArmId
from app.domain.azure import StorageAccount
from app.domain.issue import Issue, Severity, Suitability, Verdict
from app.domain.rules import Rules
from app.domain.storage_rules import judge_storage
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.places import location_of, storage_id
from app.flows.step import Context
from ui.tables.column import Column, Group
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space, Status, TextStyle
from ui.widgets.buttons import Kind
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import SearchBox
from ui.widgets.reasoned_button import ReasonedButton

_SUITABLE, _REFUSED = "suitable", "refused"
_ROWS_LEAST = 6


@dataclass(frozen=True, slots=True)
class StorageRow:
    """An account as the table shows it. `new` is what the run will create; it has no verdict of Azure's."""

    id: ArmId
    name: str
    redundancy: str
    kind: str
    region: str
    verdict: Verdict
    is_advised: bool = False
    new: StorageChoice | None = None

    @property
    def key(self) -> str:
        return self.id.key

    @property
    def is_usable(self) -> bool:
        return self.verdict.is_usable

    @property
    def explanation(self) -> str:
        return f"{self.verdict.reason} {self.verdict.remedy}".strip()


class StorageCard(Card):
    """The selected row is the answer; an unsuitable one may be selected to read why.

    Signals:
        chosen: the user selected another account; carries a `StorageChoice`.
        new_requested: an account shall be created.
    """

    chosen = Signal(object)
    new_requested = Signal()

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, flush=True, parent=parent)
        self._rows_of: tuple[object, ...] = ()
        self._new: StorageChoice | None = None
        self._is_loading = False
        self._has_issue = False
        self.filter = SearchBox(theme, self.tr("Filter by name, kind or reason"))
        self.filter.setObjectName("target-filter")
        self.new_button = ReasonedButton(theme, self.tr("N&ew…"), icon="create")
        self.new_button.setObjectName("target-new-storage")
        self.new_button.setAccessibleName(self.tr("New storage account"))
        self._model = self._build_model()
        self.table = TableView(
            theme,
            self._model,
            name="target-storage-table",
            empty=self._empty(),
            label=self.tr("Storage accounts"),
            framed=False,
        )
        self._line = StatusLine(theme, style=TextStyle.CAPTION, tinted=True)
        self._line.setObjectName("target-storage-line")
        self._build()
        self.filter.textChanged.connect(self._on_filter_text_changed)
        self.filter.left.connect(self.table.grid.setFocus)
        self.table.selection_changed.connect(self._on_table_selection_changed)
        self.new_button.activated.connect(self.new_requested)

    @property
    def message(self) -> str:
        """What stands below the table."""
        return "" if self._line.isHidden() else self._line.text

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show the accounts, judged for this draft, and select the one that it means."""
        if draft.target.storage.create:
            self._new = draft.target.storage
        self._is_loading = True
        try:
            if context.estate.has_read_target(draft.target.subscription):
                self._set_rows(draft, context)
            wanted = storage_id(draft)
            self.table.select([wanted.key] if wanted is not None else [])
        finally:
            self._is_loading = False
        self._tell_selected()

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool, is_chosen: bool) -> None:
        """Say what is wrong with the choice; that nothing is chosen is said once the user wants to go on."""
        issue = next(iter(issues), None)
        self._has_issue = issue is not None and (insist or is_chosen)
        if issue is not None and self._has_issue:
            status = Status.CRITICAL if issue.severity is Severity.ERROR else Status.WARNING
            self._say(status, issue.text)
        else:
            self._tell_selected()

    def first_focus(self) -> QWidget:
        return self.table.grid if self._model.total_count else self.new_button

    def _build(self) -> None:
        assert self.head is not None
        self.head.add_control(self.filter)
        self.head.add_control(self.new_button)
        self.table.setMinimumHeight((_ROWS_LEAST + 1) * Height.ROW)
        self._line.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.M)
        self._line.hide()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._line)

    def _build_model(self) -> RecordTableModel[StorageRow]:
        return RecordTableModel(
            self._columns(),
            lambda row: row.key,
            groups=(
                Group(_SUITABLE, self.tr("Suitable"), "ok", Status.OK),
                Group(_REFUSED, self.tr("Not suitable"), "not_suitable", note=self.tr("each with its reason")),
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
            Column(id="redundancy", title=self.tr("Redundancy"), text=lambda row: row.redundancy, width=13),
            Column(
                id="suits",
                title=self.tr("Suits"),
                text=lambda row: row.verdict.word,
                width=24,
                status=_status_of,
                icon=_icon_of,
                tooltip=lambda row: row.explanation,
                accessible=lambda row: f"{row.verdict.word}. {row.explanation}".strip(),
                optional=False,
            ),
            Column(id="kind", title=self.tr("Kind"), text=lambda row: row.kind, width=20, yields=True),
            Column(
                id="region", title=self.tr("Region"), text=lambda row: row.region, width=16, stretch=True, yields=True
            ),
        )

    def _empty(self) -> Message:
        return Message(
            "storage",
            self.tr("There is no storage account in this subscription yet"),
            self.tr("Replicated disks wait in one until a failover."),
            (Step(self.tr("New…"), self.new_requested.emit, "create", Kind.PRIMARY),),
        )

    def _set_rows(self, draft: SetUpDraft, context: Context) -> None:
        location = location_of(draft, context.estate)
        new = self._new_row(draft, context)
        of = (context.estate.storage_accounts, location, draft.policy.copy_frequency_s, new)
        if of == self._rows_of:
            return
        self._rows_of = of
        frequency, rules = draft.policy.copy_frequency_s, context.rules
        rows = [self._row(each, location, frequency, rules) for each in context.estate.storage_accounts]
        rows.sort(key=lambda row: (not row.is_advised, row.name))
        self.table.set_records([new, *rows] if new is not None else rows)

    def _row(self, account: StorageAccount, location: str, copy_frequency_s: int, rules: Rules) -> StorageRow:
        has_tier = account.access_tier and account.access_tier != account.tier
        kind = f"{account.kind}, {account.access_tier}" if has_tier else account.kind
        return StorageRow(
            account.id,
            account.name,
            f"{account.tier} {account.redundancy}" if account.tier == "Premium" else account.redundancy,
            kind,
            rules.region_name(account.location),
            judge_storage(account, location, copy_frequency_s, rules),
            account.redundancy in rules.storage.advised_redundancies,
        )

    def _new_row(self, draft: SetUpDraft, context: Context) -> StorageRow | None:
        """The account to be created, as long as there is none of its id; it stays when another one is chosen."""
        new = self._new
        if new is None:
            return None
        wanted = storage_id(replace(draft, target=replace(draft.target, storage=new)))
        if wanted is None or context.estate.storage_account(wanted.text) is not None:
            return None
        word = self.tr("Created when you run")
        region = context.rules.region_name(location_of(draft, context.estate))
        return StorageRow(
            wanted, new.name, new.redundancy, self.tr("New"), region, Verdict(Suitability.OK, word), new=new
        )

    def _say(self, status: Status, text: str, icon: str | None = None) -> None:
        self._line.setVisible(bool(text))
        if text:
            self._line.set_status(status, text, icon=icon)

    def _tell_selected(self) -> None:
        """What is good to know of the selected account, where nothing is wrong with it."""
        if self._has_issue:
            return
        selected = self.table.selected_records
        row = selected[0] if selected else None
        self._say(Status.OK if row is not None and row.is_advised else Status.INFO, row.explanation if row else "")

    def _on_filter_text_changed(self, text: str) -> None:
        self._model.set_filter(self._model.filter.with_text(text))

    def _on_table_selection_changed(self) -> None:
        selected = self.table.selected_records
        if self._is_loading or not selected:
            return
        row = selected[0]
        self.chosen.emit(row.new or StorageChoice(account_id=row.id.text, name=row.name))


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
