"""Where test machines are attached, and in which subnet Azure will put each of them."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.arm_id import same
from app.domain.azure import VirtualNetwork
from app.flows.failover_networks import expected_subnet
from app.services.failover import FailoverSheet
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.fixed_value import FixedValue
from ui.widgets.form_field import FormField
from ui.widgets.picker import Option, Picker


class NetworkChoiceView(QWidget):
    """A picker of networks, those apart from real failovers first, and beside it the subnets that follow from it.

    Signals:
        changed: another network.
    """

    changed = Signal()

    def __init__(self, theme: Theme, sheet: FailoverSheet) -> None:
        super().__init__()
        self._sheet = sheet
        self.picker = Picker(theme, placeholder=self.tr("Choose a network"))
        self.picker.setObjectName("sheet-network")
        self.subnet = FixedValue(theme, "")
        self.subnet.setObjectName("sheet-subnet")
        self.picker.set_options([*map(self._option, sheet.networks), self._no_network()])
        self.picker.set_current(sheet.suggested.network_id)
        names = [item.friendly_name for item in sheet.items]
        label = self.tr("Subnet for {}").format(names[0]) if len(names) == 1 else self.tr("Subnets")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(FormField(theme, self.tr("Test &network"), self.picker), 1, Qt.AlignmentFlag.AlignTop)
        self.subnet_field = FormField(theme, label, self.subnet)
        row.addWidget(self.subnet_field, 1, Qt.AlignmentFlag.AlignTop)
        self.picker.picked.connect(self._on_picked)
        self._show()

    @property
    def network_id(self) -> str:
        """Empty for none."""
        return self.picker.current_key or ""

    def _option(self, network: VirtualNetwork) -> Option:
        is_live = any(same(item.target_network_id, network.id.text) for item in self._sheet.items)
        use = self.tr("for real failovers") if is_live else self.tr("apart from real failovers")
        return Option(network.id.text, network.name, ", ".join((use, *network.address_prefixes)), "network")

    def _no_network(self) -> Option:
        return Option("", self.tr("No network"), self.tr("cannot be reached"), "not_suitable")

    def _on_picked(self, _key: str) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        """Azure chooses the subnet: of the same name, else the first by alphabet."""
        network = self._sheet.facts.network(self.network_id)
        if network is None:
            self.subnet.set_text("–")
            self.subnet_field.set_hint("")
            return
        found: Counter[str] = Counter()
        by_alphabet = False
        for item in self._sheet.items:
            subnet = expected_subnet(item, network)
            found[subnet.name if subnet is not None else self.tr("none")] += 1
            wanted = {nic.target_subnet.lower() for nic in item.nics if nic.target_subnet}
            by_alphabet |= subnet is not None and bool(wanted) and subnet.name.lower() not in wanted
        if len(found) == 1:
            self.subnet.set_text(next(iter(found)))
        else:
            self.subnet.set_text(", ".join(f"{name}: {count}" for name, count in found.most_common()))
        named = self.tr("Azure takes the subnet of the name the machine has in real failovers.")
        first = self.tr("There is no subnet of the usual name: Azure takes the first by alphabet.")
        self.subnet_field.set_hint(first if by_alphabet else named)
