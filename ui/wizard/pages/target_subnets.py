"""The subnets of the chosen network: addresses, what Azure keeps of them, and how many machines would fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.azure import Subnet
from app.domain.issue import Suitability, Verdict
from app.domain.network_rules import free_addresses, judge_subnet, reserved_words
from app.flows.draft import SetUpDraft
from app.flows.network_need import Need, need_in
from app.flows.step import Context
from ui.tables.column import Align, Column, StatusLook
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.card import SectionHead
from ui.widgets.labels import StatusLine
from ui.wizard.pages.page_lists import fit_to_rows

_ROWS_LEAST, _ROWS_MOST = 1, 8


@dataclass(frozen=True, slots=True)
class SubnetRow:
    """A subnet as the table shows it."""

    name: str
    range: str
    free: int | None
    kept: str
    used: int
    need: Need
    verdict: Verdict

    @property
    def key(self) -> str:
        return self.name.lower()

    @property
    def is_usable(self) -> bool:
        return self.verdict.is_usable

    @property
    def fitting(self) -> int:
        return self.need.fitting(self.free or 0) if self.is_usable else 0


class SubnetTable(QWidget):
    """The selected row is the default subnet; an unsuitable one may be selected to read why.

    Signals:
        chosen: another subnet; carries its name.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_loading = False
        self._has_issue = False
        self._is_open = True
        self.head = SectionHead(self.tr("Default subnet"))
        self._model = RecordTableModel(
            self._columns(), lambda row: row.key, is_muted=lambda row: not row.is_usable, parent=self
        )
        self.table = TableView(
            theme,
            self._model,
            name="target-subnet-table",
            empty=Message("network", self.tr("This network has no subnet"), self.tr("Machines join a network by one.")),
            label=self.tr("Subnets"),
            framed=False,
        )
        self._line = StatusLine(theme, style=TextStyle.CAPTION, tinted=True)
        self._line.setObjectName("target-subnet-line")
        self._build()
        self.table.selection_changed.connect(self._on_table_selection_changed)

    @property
    def message(self) -> str:
        """What stands below the table."""
        return "" if self._line.isHidden() else self._line.text

    @property
    def rows(self) -> list[SubnetRow]:
        return self._model.records()

    @property
    def selected(self) -> SubnetRow | None:
        selected = self.table.selected_records
        return selected[0] if selected else None

    def load(
        self, subnets: Sequence[Subnet], chosen: str, draft: SetUpDraft, context: Context, *, is_open: bool = True
    ) -> None:
        """Show these, and select the one that is chosen; of a network that does not suit nobody is told who fits."""
        self._is_open = is_open
        self._is_loading = True
        try:
            self.table.set_records([self._row(subnet, draft, context) for subnet in subnets])
            self.table.select([chosen.lower()] if chosen else [])
            if chosen:
                self.table.grid.make_current(chosen.lower())
        finally:
            self._is_loading = False
        self._has_issue = False
        self._tell_selected()

    def show_issue(self, status: Status, text: str) -> None:
        """Say what is wrong with the choice; an empty text says what is good to know of it."""
        self._has_issue = bool(text)
        if text:
            self._say(status, text)
        else:
            self._tell_selected()

    def _build(self) -> None:
        self.head.row.setContentsMargins(Space.CARD_X, Space.M, Space.CARD_X, Space.S)
        fit_to_rows(self.table, most=_ROWS_MOST, least=_ROWS_LEAST)
        self._line.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.M)
        self._line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.table, self._line):
            column.addWidget(part)

    def _columns(self) -> tuple[Column[SubnetRow], ...]:
        return (
            Column(
                id="name",
                title=self.tr("Subnet"),
                text=lambda row: row.name,
                width=20,
                stretch=True,
                strong=True,
                optional=False,
            ),
            Column(id="range", title=self.tr("Address range"), text=lambda row: row.range, width=17),
            Column(
                id="free",
                title=self.tr("Free"),
                text=lambda row: "" if row.free is None else f"{row.free:,}",
                sort_key=lambda row: row.free,
                align=Align.RIGHT,
                width=8,
            ),
            Column(
                id="used",
                title=self.tr("In use"),
                text=lambda row: f"{row.used:,}",
                sort_key=lambda row: row.used,
                align=Align.RIGHT,
                width=8,
                yields=True,
            ),
            Column(id="kept", title=self.tr("Kept by Azure"), text=lambda row: row.kept, width=25, yields=True),
            Column(
                id="fit",
                title=self.tr("Machines that fit"),
                text=self._fit_words,
                sort_key=lambda row: row.fitting,
                width=18,
                status=_status_of,
                status_look=StatusLook.WORD,
                icon=lambda row: "" if row.is_usable else "not_suitable",
                tooltip=lambda row: _explanation(row.verdict),
                accessible=lambda row: f"{self._fit_words(row)}. {_explanation(row.verdict)}",
                optional=False,
            ),
        )

    def _fit_words(self, row: SubnetRow) -> str:
        if not row.is_usable:
            return row.verdict.word
        return self.tr("{} of {}").format(f"{row.fitting:,}", f"{row.need.machines:,}") if row.need.machines else ""

    def _row(self, subnet: Subnet, draft: SetUpDraft, context: Context) -> SubnetRow:
        rules = context.rules
        need = need_in(subnet.name, draft, context) if self._is_open else Need()
        machines, cards = (need.machines, need.cards) if need.is_chosen else (0, 0)
        return SubnetRow(
            subnet.name,
            ", ".join((subnet.prefix, *subnet.more_prefixes)),
            free_addresses(subnet, rules),
            reserved_words(subnet, rules),
            subnet.used_addresses,
            need,
            judge_subnet(subnet, machines, rules, cards),
        )

    def _tell_selected(self) -> None:
        """How many addresses are free and whether the machines fit; what is wrong comes from the checks."""
        row = self.selected
        if self._has_issue:
            return
        if row is None or not self._is_open:
            self._say(Status.INFO, "")
        elif row.verdict.status is not Suitability.OK:
            self._say(Status.WARNING, _explanation(row.verdict))
        else:
            self._say(*self._fit(row))

    def _fit(self, row: SubnetRow) -> tuple[Status, str]:
        need, reason = row.need, row.verdict.reason
        if need.is_chosen and need.machines:
            one, many = self.tr("The chosen machine fits."), self.tr("The {} chosen machines fit.")
            return Status.OK, f"{reason} {one if need.machines == 1 else many.format(f'{need.machines:,}')}"
        if not need.machines:
            return Status.OK, reason
        if row.fitting == need.machines:
            all_fit = self.tr("All machines of the site that can be protected fit: {}.").format(f"{need.machines:,}")
            return Status.OK, f"{reason} {all_fit}"
        some = self.tr("The site has {} machines that can be protected: not all of them fit.")
        return Status.INFO, f"{reason} {some.format(f'{need.machines:,}')}"

    def _say(self, status: Status, text: str) -> None:
        self._line.setVisible(bool(text))
        if text:
            self._line.set_status(status, text)

    def _on_table_selection_changed(self) -> None:
        row = self.selected
        if not self._is_loading and row is not None:
            self.chosen.emit(row.name)


def _status_of(row: SubnetRow) -> Status | None:
    if not row.is_usable:
        return Status.NEUTRAL
    if not row.need.machines:
        return None
    return Status.OK if row.fitting == row.need.machines else Status.WARNING


def _explanation(verdict: Verdict) -> str:
    return f"{verdict.reason} {verdict.remedy}".strip()
