"""The machines that a policy serves, by name, each with what the policy's figures mean for it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.policy_rules import PolicyFigures, ServedMachine, machine_warnings
from app.domain.rules import Rules
from ui.tables.column import Column
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import Text
from ui.widgets.modal_sheet import ModalSheet

_ROWS_MOST = 6
_ROWS_ALONE = 18
"""In a sheet that shows nothing else."""
_LISTED_MOST = 1000
"""More would hold the loop."""


@dataclass(frozen=True, slots=True)
class MachineRow:
    place: int
    name: str
    warnings: tuple[str, ...]


class ServedMachines(QWidget):
    """A table as high as its rows, up to some; more scroll. Of very many the first are listed, those with something of
    note before all others; all names can be copied."""

    def __init__(self, theme: Theme, *, rows_most: int = _ROWS_MOST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows_most = rows_most
        self._names: tuple[str, ...] = ()
        self.table: TableView[MachineRow] = TableView(
            theme,
            RecordTableModel(_columns(), lambda row: row.place),
            name="policy-machines",
            empty=Message("machine", _tr("No machine replicates with this policy"), ""),
            label=_tr("Machines of the policy"),
        )
        self._rest = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._copy = Button(theme, _tr("Copy all names"), icon="copy", kind=Kind.LINK, small=True)
        self._copy.setObjectName("policy-copy-names")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join(self._names)))
        below = QHBoxLayout()
        below.addWidget(self._rest, 1)
        below.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self.table)
        column.addLayout(below)

    @property
    def rest_text(self) -> str:
        """What is said of those that are not listed."""
        return self._rest.text()

    def load(self, machines: Sequence[ServedMachine], figures: PolicyFigures, rules: Rules) -> None:
        """Show these, judged by `figures`."""
        self._names = tuple(machine.name for machine in machines)
        warnings = [machine_warnings(figures, machine, rules) for machine in machines]
        places = range(len(machines))
        if len(machines) > _LISTED_MOST:
            places = heapq.nsmallest(_LISTED_MOST, places, key=lambda place: (not warnings[place], place))
        self.table.set_records([MachineRow(place, machines[place].name, warnings[place]) for place in places])
        self.table.set_column_idle("means", not any(warnings))
        self.table.setFixedHeight(self.table.height_of_rows(min(len(machines), self._rows_most)))
        is_short = len(machines) > _LISTED_MOST
        words = _tr("The first {0} of {1} are listed, those with something of note before all others.")
        self._rest.setText(words.format(f"{_LISTED_MOST:,}", f"{len(machines):,}") if is_short else "")


class ServedMachinesSheet(ModalSheet):
    """The names alone, to look at."""

    def __init__(self, theme: Theme, title: str, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, submit="", parent=parent)
        self.setObjectName("policy-machines-sheet")
        self.submit_button.hide()
        self.cancel_button.setText(self.tr("Close"))
        self.machines = ServedMachines(theme, rows_most=_ROWS_ALONE)
        self.body.addWidget(self.machines)


def _columns() -> tuple[Column[MachineRow], ...]:
    return (
        Column(id="name", title=_tr("Machine"), text=lambda row: row.name, width=24, stretch=True, optional=False),
        Column(
            id="means",
            title=_tr("What it means there"),
            text=lambda row: "; ".join(row.warnings) or _tr("nothing of note"),
            status=lambda row: Status.WARNING if row.warnings else None,
            tooltip=lambda row: "\n".join(row.warnings),
            sort_key=lambda row: (not row.warnings, row.warnings),
            width=36,
            stretch=True,
            optional=False,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ServedMachines", text)
