"""What a drill or a failover made, read back from Azure: name, size, network, address, power."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.azure import AzureMachine
from app.flows.failover import FailoverKind
from app.services.failover import MachineMade
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import StatusLine

_RUNNING = "running"


class MachineMadeView(QWidget):
    """One machine: in a sentence how it is, then its figures."""

    def __init__(self, theme: Theme, made: MachineMade, kind: FailoverKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        status, text = outcome(made, kind)
        self.line = StatusLine(theme, status, text, style=TextStyle.STRONG)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.line)
        if made.machine is not None:
            self.pairs = Pairs(pairs_of(made.machine))
            self.pairs.setContentsMargins(Space.XXL, 0, 0, 0)
            column.addWidget(self.pairs)


def outcome(made: MachineMade, kind: FailoverKind) -> tuple[Status, str]:
    """How the machine is, in one sentence: `WEB-01-test runs in vnet-drill-weu.`"""
    name, machine = made.expected.name, made.machine
    if kind is FailoverKind.CLEAN_UP:
        if machine is None:
            return Status.OK, _tr("{} is deleted.").format(name)
        return Status.WARNING, _tr("{} is still there.").format(name)
    if machine is None:
        return Status.WARNING, _tr("{} is not there.").format(name)
    if machine.power_state != _RUNNING:
        return Status.WARNING, _tr("{0} is there and does not run: {1}.").format(name, power_text(machine))
    network = machine.nics[0].network if machine.nics else ""
    if not network:
        return Status.OK, _tr("{} runs, without a network.").format(name)
    return Status.OK, _tr("{0} runs in {1}.").format(name, network)


def pairs_of(machine: AzureMachine) -> list[tuple[str, str]]:
    """The figures of a machine, with their labels."""
    nics = machine.nics
    return [
        (_tr("Name"), machine.name),
        (_tr("Size"), machine.size),
        (_tr("Network"), ", ".join(dict.fromkeys(nic.network for nic in nics if nic.network))),
        (_tr("Subnet"), ", ".join(dict.fromkeys(nic.subnet for nic in nics if nic.subnet))),
        (_tr("Address"), ", ".join(nic.private_address for nic in nics if nic.private_address)),
        (_tr("Power"), power_text(machine)),
    ]


def power_text(machine: AzureMachine) -> str:
    """The power state as a word; Azure's own where we have none."""
    known = {
        "running": _tr("Running"),
        "starting": _tr("Starting"),
        "stopped": _tr("Stopped"),
        "deallocated": _tr("Stopped, no cores held"),
        "": _tr("Not known"),
    }
    return known.get(machine.power_state, machine.power_state)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MachineMade", text)
