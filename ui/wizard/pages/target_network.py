"""The network card of the target page: where machines are connected after a failover, and whether they fit."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.arm_id import key
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Issue, Severity, Suitability, Verdict
from app.domain.network_rules import free_addresses, judge_network, judge_subnet
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.estimate import candidates
from app.flows.places import location_of, network_id
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.card import Card
from ui.widgets.form_field import FormField
from ui.widgets.labels import StatusLine
from ui.widgets.picker import Option, Picker
from ui.widgets.reasoned_button import ReasonedButton


class NetworkCard(Card):
    """Network and default subnet.

    Signals:
        chosen: the user picked another network or subnet; carries a `NetworkChoice`.
        new_requested: a network shall be created.
    """

    chosen = Signal(object)
    new_requested = Signal()

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._new: NetworkChoice | None = None
        self.networks = Picker(theme, placeholder=self.tr("Choose a network"))
        self.networks.setObjectName("target-network")
        self._network = FormField(theme, self.tr("Virtual net&work"), self.networks)
        self.subnets = Picker(theme, placeholder=self.tr("Choose a subnet"))
        self.subnets.setObjectName("target-subnet")
        self._subnet = FormField(theme, self.tr("&Default subnet"), self.subnets)
        self.new_button = ReasonedButton(theme, self.tr("New ne&twork…"), icon="create")
        self.new_button.setObjectName("target-new-network")
        self._line = StatusLine(theme, style=TextStyle.CAPTION)
        self._line.setObjectName("target-network-line")
        self._line.hide()
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        for field in (self._network, self._subnet):
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        assert self.head is not None
        self.head.add_control(self.new_button)
        self.body.addLayout(row)
        self.body.addWidget(self._line)
        self.networks.picked.connect(self._on_networks_picked)
        self.subnets.picked.connect(lambda name: self.chosen.emit(replace(self._draft.target.network, subnet=name)))
        self.new_button.activated.connect(self.new_requested)

    @property
    def message(self) -> str:
        """What is said of the addresses."""
        return "" if self._line.isHidden() else self._line.text

    @property
    def subnet_message(self) -> str:
        """What stands below the subnet."""
        return self._subnet.message

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Offer the networks, judged for this draft, and show the one that it means."""
        self._draft, self._context = draft, context
        if draft.target.network.create:
            self._new = draft.target.network
        wanted = network_id(draft)
        self.networks.set_options(self._network_options(draft, context))
        self.networks.set_current(wanted.key if wanted is not None else None)
        network = context.estate.network(wanted.text) if wanted is not None else None
        self.subnets.set_options(self._subnet_options(network, context))
        self.subnets.set_current(self._subnet_key(network, draft.target.network))
        self._tell_addresses(network)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        """Put what concerns the subnet there, and everything else at the network."""
        of_subnet = next((issue for issue in issues if issue.field.endswith((".subnet", ".subnet_prefix"))), None)
        of_network = next((issue for issue in issues if issue is not of_subnet), None)
        for field, issue in ((self._network, of_network), (self._subnet, of_subnet)):
            is_error = issue is not None and issue.severity is Severity.ERROR
            field.set_issue(issue.text if issue else None, Status.CRITICAL if is_error else Status.WARNING)
            if insist:
                field.reveal()

    def first_focus(self) -> QWidget | None:
        """The first control that is wrong."""
        for field, control in ((self._network, self.networks), (self._subnet, self.subnets)):
            if field.has_issue:
                return control if control.options else self.new_button
        return None

    def _network_options(self, draft: SetUpDraft, context: Context) -> list[Option]:
        location = location_of(draft, context.estate)
        judged = [(each, judge_network(each, location, context.rules)) for each in context.estate.networks]
        judged.sort(key=lambda pair: (not pair[1].is_usable, pair[0].name))
        options = [
            Option(
                network.id.key,
                network.name,
                ", ".join(network.address_prefixes),
                "network",
                "" if verdict.is_usable else verdict.word,
            )
            for network, verdict in judged
        ]
        new = self._new_id(draft, context)
        if new is None or self._new is None:
            return options
        text = self.tr("{}, created when you run").format(self._new.address_space)
        return [Option(new, self._new.name, text, "create"), *options]

    def _new_id(self, draft: SetUpDraft, context: Context) -> str | None:
        """The id of the network to be created, as long as there is none; it stays when another one is chosen."""
        if self._new is None:
            return None
        wanted = network_id(replace(draft, target=replace(draft.target, network=self._new)))
        is_there = wanted is None or context.estate.network(wanted.text) is not None
        return None if wanted is None or is_there else wanted.key

    def _subnet_options(self, network: VirtualNetwork | None, context: Context) -> list[Option]:
        choice = self._draft.target.network
        if network is None:
            return [Option(choice.subnet, choice.subnet, choice.subnet_prefix)] if choice.create else []
        return [self._subnet_option(subnet, context) for subnet in network.subnets]

    def _subnet_option(self, subnet: Subnet, context: Context) -> Option:
        free = free_addresses(subnet, context.rules)
        verdict = judge_subnet(subnet, 0, context.rules)
        secondary = subnet.prefix
        if free is not None:
            secondary = self.tr("{prefix}, {free} free").format(prefix=subnet.prefix, free=f"{free:,}")
        return Option(subnet.name, subnet.name, secondary, reason="" if verdict.is_usable else verdict.word)

    def _subnet_key(self, network: VirtualNetwork | None, choice: NetworkChoice) -> str:
        """The chosen subnet as the network spells it."""
        subnet = _subnet_of(network, choice.subnet)
        return subnet.name if subnet is not None else choice.subnet

    def _tell_addresses(self, network: VirtualNetwork | None) -> None:
        """How many addresses are free and whether the machines fit; what is wrong stands at the subnet."""
        choice, context = self._draft.target.network, self._context
        subnet = _subnet_of(network, choice.subnet)
        if network is None and choice.create:
            subnet = Subnet(choice.subnet, choice.subnet_prefix)
        verdict = None
        if context is not None and subnet is not None:
            verdict = judge_subnet(subnet, len(self._draft.machines), context.rules)
        self._line.setVisible(verdict is not None and verdict.status is Suitability.OK)
        if verdict is not None and context is not None:
            self._line.set_status(*self._fit(subnet, verdict, context))

    def _fit(self, subnet: Subnet | None, verdict: Verdict, context: Context) -> tuple[Status, str]:
        count = len(self._draft.machines)
        if count:
            one, many = self.tr("The chosen machine fits."), self.tr("The {} chosen machines fit.").format(count)
            return Status.OK, f"{verdict.reason} {one if count == 1 else many}"
        count = len(candidates(self._draft, context))
        if not count or subnet is None:
            return Status.OK, verdict.reason
        if judge_subnet(subnet, count, context.rules).status is Suitability.OK:
            all_fit = self.tr("All machines of the site that can be protected fit: {}.").format(count)
            return Status.OK, f"{verdict.reason} {all_fit}"
        some_fit = self.tr("The site has {} machines that can be protected: not all of them fit.").format(count)
        return Status.INFO, f"{verdict.reason} {some_fit}"

    def _on_networks_picked(self, picked: str) -> None:
        context = self._context
        assert context is not None
        network = next((each for each in context.estate.networks if each.id.key == key(picked)), None)
        if network is None:
            self.chosen.emit(self._new)
            return
        subnet = network.subnets[0].name if len(network.subnets) == 1 else ""
        self.chosen.emit(NetworkChoice(network_id=network.id.text, name=network.name, subnet=subnet))


def _subnet_of(network: VirtualNetwork | None, name: str) -> Subnet | None:
    if network is None:
        return None
    return next((each for each in network.subnets if each.name.lower() == name.lower()), None)
