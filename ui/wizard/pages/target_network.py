"""The network card of the target page: which networks suit, why the others don't, and which subnet is the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import ArmId
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Issue, Severity, Suitability, Verdict
from app.domain.network_rules import (
    NOTHING_KNOWN,
    NetworkAccess,
    free_in_network,
    judge_subnet,
    network_verdicts,
)
from app.domain.regions import same_location
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.places import location_of, network_id
from app.flows.planning_network import given_servers, subnets_of
from app.flows.step import Context
from ui.tables.column import Align, Column, Group
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
from ui.wizard.pages.target_subnets import SubnetTable

_SUITABLE, _REFUSED = "suitable", "refused"
_ROWS = 5


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A network as the table shows it. `new` is what the run will create; it has no verdict of Azure's."""

    id: ArmId
    name: str
    space: str
    free: int
    group: str
    region: str
    verdicts: tuple[Verdict, ...]
    subnets: tuple[Subnet, ...] = ()
    dns: tuple[str, ...] = ()
    new: NetworkChoice | None = None

    @property
    def key(self) -> str:
        return self.id.key

    @property
    def is_usable(self) -> bool:
        return self.verdicts[0].is_usable

    @property
    def against(self) -> tuple[Verdict, ...]:
        """What stops it or wants care."""
        return tuple(each for each in self.verdicts if each.status is not Suitability.OK)

    @property
    def word(self) -> str:
        """The first reason, and how many there are besides: `In North Europe +2`."""
        more = len(self.against) - 1
        return f"{self.verdicts[0].word} +{more}" if more > 0 else self.verdicts[0].word

    @property
    def explanation(self) -> str:
        """All there is to say, each with its remedy; one that is shared once."""
        told = dict.fromkeys(each.remedy for each in self.verdicts if each.remedy)
        return " ".join([*(each.reason for each in self.verdicts if each.reason), *told])


class NetworkCard(Card):
    """The selected network and subnet are the answer; unsuitable ones may be selected to read why.

    Signals:
        chosen: the user selected another network or subnet; carries a `NetworkChoice`.
        new_requested: a network shall be created.
    """

    chosen = Signal(object)
    new_requested = Signal()

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, flush=True, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._new: NetworkChoice | None = None
        self._access: Mapping[str, NetworkAccess] = {}
        self._rows_of: tuple[object, ...] = ()
        self._is_loading = False
        self._has_issue = False
        self.filter = SearchBox(theme, self.tr("Filter by name, range, region, group or reason"))
        self.filter.setObjectName("target-network-filter")
        self.new_button = ReasonedButton(theme, self.tr("New ne&twork…"), icon="create")
        self.new_button.setObjectName("target-new-network")
        self._model = self._build_model()
        self.table = TableView(
            theme,
            self._model,
            name="target-network-table",
            empty=self._empty(),
            label=self.tr("Virtual networks"),
            framed=False,
        )
        self._line = StatusLine(theme, style=TextStyle.CAPTION, tinted=True)
        self._line.setObjectName("target-network-line")
        self.subnets = SubnetTable(theme)
        self._build()
        self.filter.textChanged.connect(lambda text: self._model.set_filter(self._model.filter.with_text(text)))
        self.filter.left.connect(self.table.grid.setFocus)
        self.table.selection_changed.connect(self._on_table_selection_changed)
        self.subnets.chosen.connect(self._on_subnet_chosen)
        self.new_button.activated.connect(self.new_requested)

    @property
    def message(self) -> str:
        """What is said of the chosen network."""
        return "" if self._line.isHidden() else self._line.text

    @property
    def subnet_message(self) -> str:
        """What is said of the chosen subnet."""
        return "" if self.subnets.isHidden() else self.subnets.message

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show the networks, judged for this draft, and select the one that it means."""
        self._draft, self._context = draft, context
        if draft.target.network.create:
            self._new = draft.target.network
        self._is_loading = True
        try:
            if context.estate.has_read_target(draft.target.subscription):
                self._set_rows(draft, context)
            self._select(network_id(draft))
        finally:
            self._is_loading = False
        self._has_issue = False
        self._tell_selected()
        self._show_subnets(draft, context)

    def show_access(self, access: Mapping[str, NetworkAccess]) -> None:
        """Locks and rights of networks, by the keys of their ids, have been read."""
        self._access = access
        if self._context is not None:
            self.load(self._draft, self._context)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        """Put what concerns the subnet there, and everything else at the network.

        That nothing is chosen is said once the user wants to go on.
        """
        choice = self._draft.target.network
        of_subnet = next((each for each in issues if _is_of_subnet(each)), None)
        of_network = next((each for each in issues if not _is_of_subnet(each)), None)
        has_network, has_subnet = bool(choice.network_id or choice.create), bool(choice.subnet)
        if of_subnet is not None and (insist or has_subnet):
            self.subnets.show_issue(_status_of_issue(of_subnet), of_subnet.text)
        else:
            self.subnets.show_issue(Status.INFO, "")
        self._has_issue = of_network is not None and (insist or has_network)
        if of_network is not None and self._has_issue:
            self._say(_status_of_issue(of_network), of_network.text)
        else:
            self._tell_selected()
        self._wrong = (self._has_issue and _is_blocking(of_network), _is_blocking(of_subnet))

    def first_focus(self) -> QWidget | None:
        """The first control that is wrong."""
        network_is_wrong, subnet_is_wrong = self._wrong
        if network_is_wrong:
            return self.table.grid if self._model.total_count else self.new_button
        return self.subnets.table.grid if subnet_is_wrong else None

    def _build(self) -> None:
        assert self.head is not None
        self._wrong = (False, False)
        self.head.add_control(self.filter)
        self.head.add_control(self.new_button)
        self.table.setFixedHeight(self.table.height_of_rows(_ROWS) + 2 * Height.GROUP_HEAD)
        self._line.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, 0)
        self._line.hide()
        self.subnets.hide()
        for part in (self.table, self._line, self.subnets):
            self.body.addWidget(part)

    def _build_model(self) -> RecordTableModel[NetworkRow]:
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

    def _columns(self) -> tuple[Column[NetworkRow], ...]:
        return (
            Column(
                id="name",
                title=self.tr("Virtual network"),
                text=lambda row: row.name,
                width=22,
                stretch=True,
                strong=True,
                optional=False,
            ),
            Column(id="space", title=self.tr("Address space"), text=lambda row: row.space, width=18),
            Column(
                id="free",
                title=self.tr("Free addresses"),
                text=lambda row: f"{row.free:,}",
                sort_key=lambda row: row.free,
                align=Align.RIGHT,
                width=14,
                searchable=False,
            ),
            Column(
                id="suits",
                title=self.tr("Suits"),
                text=lambda row: row.word,
                width=22,
                status=_status_of,
                icon=lambda row: "" if row.is_usable else "not_suitable",
                tooltip=lambda row: row.explanation,
                accessible=lambda row: f"{row.word}. {row.explanation}".strip(),
                optional=False,
            ),
            Column(id="group", title=self.tr("Resource group"), text=lambda row: row.group, width=20, yields=True),
            Column(id="region", title=self.tr("Region"), text=lambda row: row.region, width=14, yields=True),
            Column(
                id="subnets",
                title=self.tr("Subnets"),
                text=lambda row: ", ".join(subnet.name for subnet in row.subnets),
                width=24,
                shown=False,
            ),
            Column(
                id="reasons",
                title=self.tr("Reasons"),
                text=lambda row: " ".join(f"{each.word}. {each.reason}" for each in row.against),
                width=40,
                shown=False,
            ),
        )

    def _empty(self) -> Message:
        return Message(
            "network",
            self.tr("There is no virtual network in this subscription yet"),
            self.tr("Machines are connected to one after a failover."),
            (Step(self.tr("New network…"), self.new_requested.emit, "create", Kind.PRIMARY),),
        )

    def _set_rows(self, draft: SetUpDraft, context: Context) -> None:
        location, networks = location_of(draft, context.estate), context.estate.networks
        new = self._new_row(draft, context)
        of = (networks, location, context.rules, self._access, new)
        if of == self._rows_of:
            return
        self._rows_of = of
        rows = [self._row(each, location, context) for each in networks]
        here = {row.key for row, each in zip(rows, networks, strict=True) if same_location(each.location, location)}
        rows.sort(key=lambda row: (not row.is_usable, row.key not in here, row.name.casefold()))
        self.table.set_records([new, *rows] if new is not None else rows)

    def _row(self, network: VirtualNetwork, location: str, context: Context) -> NetworkRow:
        known = self._access.get(network.id.key, NOTHING_KNOWN)
        return NetworkRow(
            network.id,
            network.name,
            ", ".join(network.address_prefixes),
            free_in_network(network, context.rules),
            network.id.resource_group,
            context.rules.region_name(network.location),
            network_verdicts(network, location, context.rules, known),
            network.subnets,
            network.dns_servers,
        )

    def _new_row(self, draft: SetUpDraft, context: Context) -> NetworkRow | None:
        """The network to be created, as long as there is none of its id; it stays when another one is chosen."""
        new = self._new
        if new is None:
            return None
        wanted = network_id(replace(draft, target=replace(draft.target, network=new)))
        if wanted is None or context.estate.network(wanted.text) is not None:
            return None
        subnets = tuple(Subnet(each.name, each.prefix) for each in subnets_of(new))
        location = location_of(draft, context.estate)
        planned = VirtualNetwork(wanted, new.name, location, (new.address_space,), subnets)
        return NetworkRow(
            wanted,
            new.name,
            new.address_space,
            free_in_network(planned, context.rules),
            draft.target.resource_group,
            context.rules.region_name(location),
            (Verdict(Suitability.OK, self.tr("Created when you run")),),
            subnets,
            given_servers(new),
            new,
        )

    def _select(self, wanted: ArmId | None) -> None:
        self.table.select([wanted.key] if wanted is not None else [])
        if wanted is not None and self.table.grid.current_key is None:
            self.table.grid.make_current(wanted.key)

    @property
    def _selected(self) -> NetworkRow | None:
        selected = self.table.selected_records
        return selected[0] if selected else None

    def _show_subnets(self, draft: SetUpDraft, context: Context) -> None:
        row = self._selected
        self.subnets.setVisible(row is not None)
        if row is None:
            return
        self.subnets.head.set_title(self.tr("Default subnet in {}").format(row.name))
        servers = self.tr("Names from {}").format(", ".join(row.dns)) if row.dns else self.tr("Names from Azure")
        self.subnets.head.set_detail(servers)
        self.subnets.load(row.subnets, draft.target.network.subnet, draft, context)

    def _tell_selected(self) -> None:
        """Why the selected network does not suit, or what is good to know of it."""
        row = self._selected
        if not self._has_issue:
            self._say(Status.INFO, row.explanation if row is not None else "")

    def _say(self, status: Status, text: str) -> None:
        self._line.setVisible(bool(text))
        if text:
            self._line.set_status(status, text)

    def _on_table_selection_changed(self) -> None:
        row, context = self._selected, self._context
        if self._is_loading or row is None or context is None:
            return
        if row.new is not None:
            self.chosen.emit(row.new)
            return
        self.chosen.emit(NetworkChoice(network_id=row.id.text, name=row.name, subnet=self._default_in(row, context)))

    def _on_subnet_chosen(self, name: str) -> None:
        """Of a network to be created the default subnet is the first."""
        choice = self._draft.target.network
        if not choice.create:
            self.chosen.emit(replace(choice, subnet=name))
            return
        subnets = subnets_of(choice)
        first = next((each for each in subnets if each.name == name), subnets[0])
        others = tuple(each for each in subnets if each is not first)
        self.chosen.emit(replace(choice, subnet=first.name, subnet_prefix=first.prefix, more_subnets=others))

    def _default_in(self, row: NetworkRow, context: Context) -> str:
        """The only subnet that can take machines; else the one of the name that was chosen before; else none."""
        usable = [each.name for each in row.subnets if judge_subnet(each, 0, context.rules).is_usable]
        if len(usable) == 1:
            return usable[0]
        before = self._draft.target.network.subnet.lower()
        return next((name for name in usable if name.lower() == before), "")


def _is_of_subnet(issue: Issue) -> bool:
    return "subnet" in issue.field.rsplit("network.", 1)[-1]


def _is_blocking(issue: Issue | None) -> bool:
    return issue is not None and issue.is_blocking


def _status_of_issue(issue: Issue) -> Status:
    severities = {Severity.ERROR: Status.CRITICAL, Severity.WARNING: Status.WARNING}
    return severities.get(issue.severity, Status.INFO)


def _status_of(row: NetworkRow) -> Status:
    if row.new is not None:
        return Status.INFO
    if row.verdicts[0].status is Suitability.WARNING:
        return Status.WARNING
    return Status.OK if row.is_usable else Status.NEUTRAL
