"""The network card of the target page: which networks suit, why the others don't, and which subnet is the default."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from operator import is_

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import ArmId
from app.domain.azure import VirtualNetwork
from app.domain.issue import Issue, Severity, Suitability
from app.domain.network_rules import (
    judge_subnet,
)
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.places import network_id
from app.flows.planning_network import subnets_of
from app.flows.step import Context
from ui.tables.column import Align, Column, Group
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space, Status, TextStyle
from ui.turns import Turns
from ui.widgets.buttons import Kind
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import SearchBox
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.network_rows import NetworkRow, NetworkRows
from ui.wizard.pages.target_subnets import SubnetTable
from ui.wizard.requests import ReadNetworkAccess

_SUITABLE, _REFUSED = "suitable", "refused"
_ROWS = 5
_AT_ONCE = 60
"""Networks judged and shown in one turn of the loop."""


class NetworkCard(Card):
    """The selected network and subnet are the answer; unsuitable ones may be selected to read why.

    Signals:
        chosen: the user selected another network or subnet; carries a `NetworkChoice`.
        new_requested: a network shall be created.
        requested: a `Request` for what Azure's list of networks does not tell.
    """

    chosen = Signal(object)
    new_requested = Signal()
    requested = Signal(object)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, flush=True, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._new: NetworkChoice | None = None
        self._judged_for: tuple[object, ...] = ()
        self._judged_from: tuple[object, ...] = ((),) * 3
        self._rows: dict[str, NetworkRow] = {}
        self._asked: set[str] = set()
        self._asked_alone: set[str] = set()
        self._turns = Turns(self)
        self._is_loading = False
        self._has_issue = False
        self.filter = SearchBox(theme, self.tr("Name, range, region, reason"))
        self.filter.setObjectName("target-network-filter")
        self.new_button = ReasonedButton(theme, self.tr("New networ&k…"), icon="create")
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
        wanted = network_id(draft)
        self._is_loading = True
        try:
            if context.estate.has_read_target(draft.target.subscription):
                self._set_rows(draft, context, wanted)
            self._select(wanted)
        finally:
            self._is_loading = False
        self._has_issue = False
        self._tell_selected()
        self._show_subnets(draft, context)
        self._ask_about(self._selected, context)

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
        self._line.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
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
                width=20,
                stretch=True,
                strong=True,
                optional=False,
            ),
            Column(id="space", title=self.tr("Address space"), text=lambda row: row.space, width=15),
            Column(
                id="free",
                title=self.tr("Free"),
                text=lambda row: f"{row.free:,}",
                sort_key=lambda row: row.free,
                align=Align.RIGHT,
                width=9,
                searchable=False,
            ),
            Column(
                id="suits",
                title=self.tr("Suits"),
                text=lambda row: row.word,
                width=18,
                status=_status_of,
                icon=lambda row: "" if row.is_usable else "not_suitable",
                tooltip=lambda row: row.explanation,
                accessible=lambda row: f"{row.word}. {row.explanation}".strip(),
                optional=False,
            ),
            Column(id="group", title=self.tr("Resource group"), text=lambda row: row.group, width=16, yields=True),
            Column(id="region", title=self.tr("Region"), text=lambda row: row.region, width=13, yields=True),
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

    def _set_rows(self, draft: SetUpDraft, context: Context, wanted: ArmId | None) -> None:
        """Show the first at once, the chosen one among them, and the others in later turns of the loop."""
        rows = NetworkRows(draft, context)
        new = rows.new_row(self._new) if self._new is not None else None
        networks = context.estate.networks
        ground, read = (rows.location, draft.target.resource_group, new), (networks, context.rules, context.networks)
        if self._judged_for == ground and all(
            map(is_, read, self._judged_from)
        ):  # comparing hundreds takes longer than a key may
            return
        read_before = self._judged_from[0]
        self._judged_for, self._judged_from = ground, read
        order = rows.in_order(networks, wanted)
        if networks is not read_before:
            self._asked, self._asked_alone = set(), set()
        kept = {row.key: row for row in self._model.records()}
        self._rows = {each.id.key: kept[each.id.key] for each in order[_AT_ONCE:] if each.id.key in kept}
        self._take(rows, order[:_AT_ONCE], new)
        later = range(_AT_ONCE, len(order), _AT_ONCE)
        self._turns.begin(
            *(partial(self._take, rows, order[start : start + _AT_ONCE], new) for start in later),
            self._tell_selected,
            partial(self._ask_access, rows, order),
        )

    def _ask_access(self, rows: NetworkRows, order: list[VirtualNetwork]) -> None:
        """Have locks and rights read of networks that would suit otherwise, once for each reading of them."""
        if self.isHidden():
            return
        usable = (each.id for each in order if rows.would_suit(each))
        wanted = tuple(each for each in usable if each.key not in self._asked)
        if wanted:
            self._asked.update(each.key for each in wanted)
            self.requested.emit(ReadNetworkAccess(wanted))

    def _ask_about(self, row: NetworkRow | None, context: Context) -> None:
        """Have the rights read of the selected one, where there were too many to read each."""
        if row is None or row.key not in context.networks.rights_unread or row.key in self._asked_alone:
            return
        self._asked_alone.add(row.key)
        self.requested.emit(ReadNetworkAccess((row.id,)))

    def _take(self, rows: NetworkRows, some: list[VirtualNetwork], new: NetworkRow | None) -> None:
        """Show these as they are judged now; the others stay as they are until their turn."""
        self._rows.update({row.key: row for row in map(rows.row, some)})
        shown = sorted(self._rows.values(), key=NetworkRow.place)
        was_loading, self._is_loading = self._is_loading, True
        self.table.set_records([new, *shown] if new is not None else shown)
        self._is_loading = was_loading

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
        chosen = draft.target.network.subnet
        self.subnets.load(row.subnets, chosen, draft, context, is_open=row.is_usable)

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
