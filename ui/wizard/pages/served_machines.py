"""The machines that a policy serves, by name, each with what the policy's figures mean for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.domain.policy_rules import PolicyFigures, ServedMachine, machine_warnings
from app.domain.rules import Rules
from ui.tables.column import Column
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.modal_sheet import ModalSheet

_ROWS_MOST = 6


@dataclass(frozen=True, slots=True)
class MachineRow:
    place: int
    name: str
    warnings: tuple[str, ...]


class ServedMachines(TableView[MachineRow]):
    """As high as its rows, up to some; more scroll."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            RecordTableModel(_columns(), lambda row: row.place),
            name="policy-machines",
            empty=Message("machine", _tr("No machine replicates with this policy"), ""),
            label=_tr("Machines of the policy"),
            parent=parent,
        )

    def load(self, machines: Sequence[ServedMachine], figures: PolicyFigures, rules: Rules) -> None:
        """Show these, judged by `figures`."""
        rows = [
            MachineRow(place, machine.name, machine_warnings(figures, machine, rules))
            for place, machine in enumerate(machines)
        ]
        self.set_records(rows)
        self.set_column_idle("means", not any(row.warnings for row in rows))
        self.setFixedHeight(self.height_of_rows(min(len(machines), _ROWS_MOST)))


class ServedMachinesSheet(ModalSheet):
    """The names alone, to look at."""

    def __init__(self, theme: Theme, title: str, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, submit="", parent=parent)
        self.setObjectName("policy-machines-sheet")
        self.submit_button.hide()
        self.cancel_button.setText(self.tr("Close"))
        self.machines = ServedMachines(theme)
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
