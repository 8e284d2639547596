"""The table of a preview: one row a machine, with where it lands and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.issue import Suitability
from app.flows.landing_text import (
    address_cell,
    address_text,
    cards_cell,
    remark_cell,
    size_cell,
    size_words,
    subnet_cell,
)
from app.flows.landing_values import Landing
from ui.tables.column import Align, Column, StatusLook
from ui.tables.record_model import RecordTableModel
from ui.tables.row_filter import Facet, FacetOption
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Status

STATUS = {
    Suitability.OK: Status.OK,
    Suitability.WARNING: Status.WARNING,
    Suitability.BLOCKED: Status.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class LandingRow:
    """The words of a row; they are made once, since sorting and searching ask for them many times."""

    key: str
    machine: str
    name: str
    size: str
    size_words: str
    cards: str
    subnet: str
    address: str
    address_text: str
    remark: str
    status: Suitability
    card_count: int

    @classmethod
    def of(cls, landing: Landing) -> LandingRow:
        return cls(
            landing.key,
            landing.machine.name,
            landing.name,
            size_cell(landing),
            size_words(landing),
            cards_cell(landing),
            subnet_cell(landing),
            address_cell(landing),
            address_text(landing),
            remark_cell(landing),
            landing.status,
            len(landing.cards),
        )


def landing_table(theme: Theme) -> TableView[LandingRow]:
    model = RecordTableModel(_columns(), lambda row: row.key, facets=(_facet(),))
    empty = Message("machine", _tr("There is no machine to look at yet"), _tr("Choose a site with machines first."))
    return TableView(
        theme, model, name="landing-table", empty=empty, label=_tr("Where machines would land"), framed=False
    )


def _columns() -> tuple[Column[LandingRow], ...]:
    return (
        Column(
            id="machine",
            title=_tr("Machine"),
            text=lambda row: row.machine,
            tooltip=lambda row: _tr("{machine}, in Azure {name}").format(machine=row.machine, name=row.name),
            width=16,
            stretch=True,
            strong=True,
            optional=False,
        ),
        Column(
            id="size",
            title=_tr("Size"),
            text=lambda row: row.size,
            tooltip=lambda row: row.size_words,
            width=16,
        ),
        Column(
            id="cards",
            title=_tr("Cards"),
            text=lambda row: row.cards,
            sort_key=lambda row: row.card_count,
            tooltip=lambda row: _tr("Network cards: {}").format(row.cards),
            align=Align.RIGHT,
            width=9,
            searchable=False,
        ),
        Column(id="subnet", title=_tr("Subnet"), text=lambda row: row.subnet, width=12, stretch=True),
        Column(
            id="address",
            title=_tr("Address"),
            text=lambda row: row.address,
            sort_key=lambda row: _order_of(row.address),
            tooltip=lambda row: row.address_text,
            width=16,
            stretch=True,
        ),
        Column(
            id="remark",
            title=_tr("Remark"),
            text=lambda row: row.remark,
            sort_key=lambda row: (-row.status.rank, row.remark.casefold()) if row.remark else None,
            status=_status,
            status_look=StatusLook.CHIP,
            width=19,
            stretch=True,
        ),
    )


def _status(row: LandingRow) -> Status | None:
    if not row.remark:
        return None
    return Status.NEUTRAL if row.status is Suitability.OK else STATUS[row.status]


def _order_of(address: str) -> tuple[int, ...] | None:
    """Addresses by their numbers; whoever takes the next free one comes last."""
    numbers = address.partition(",")[0].split(".")
    return tuple(map(int, numbers)) if len(numbers) == 4 and all(each.isdecimal() for each in numbers) else None


def _facet() -> Facet[LandingRow]:
    words = {
        Suitability.BLOCKED: _tr("Fail"),
        Suitability.WARNING: _tr("Differ"),
        Suitability.OK: _tr("Land"),
    }
    options = tuple(FacetOption(word, STATUS[status]) for status, word in words.items())
    return Facet("result", _tr("Result"), lambda row: words[row.status], options, as_pills=True)


def _tr(text: str) -> str:
    return QCoreApplication.translate("LandingTable", text)
