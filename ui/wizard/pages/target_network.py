"""The network card of the target page: which networks suit, why the others don't, and which subnet is the default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from operator import is_
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import ArmId
from app.domain.azure import VirtualNetwork
from app.domain.issue import Issue, Severity, Suitability
from app.domain.network_rules import judge_subnet
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.places import network_id
from app.flows.planning_network import subnets_of
from app.flows.step import Context
from ui.tables.column import Align, Column, Group
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.turns import Turns
from ui.widgets.buttons import Kind
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import SearchBox
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.network_rows import NetworkRow, NetworkRows
from ui.wizard.pages.page_lists import filter_rows, fit_to_rows
from ui.wizard.pages.target_subnets import SubnetTable
from ui.wizard.requests import ReadNetworkAccess

_SUITABLE, _REFUSED = "suitable", "refused"
_ROWS_LEAST, _ROWS_MOST = 6, 8
_AT_ONCE = 60
"""Up to so many networks are shown at once; of more, as many of the first ones, and all of them some turns later."""

_JUDGED_IN_A_STEP = 10
_DONE = object()

T = TypeVar("T")


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
        self._made: NetworkRows | None = None
        self._wanted: ArmId | None = None
        self._subscription = ""
        self._asked: set[str] = set()
        self._asked_alone: set[str] = set()
        self._ask_access: Callable[[], object] = lambda: None
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
        self.filter.textChanged.connect(partial(filter_rows, self.table))
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
        self._wanted = network_id(draft)
        self._has_issue = False
        subscription = draft.target.subscription.lower()
        if context.estate.has_read_target(subscription):
            self._set_rows(draft, context)
        elif subscription != self._subscription:
            self._forget_rows()
        self._subscription = subscription
        self._select_wanted()

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
        fit_to_rows(self.table, most=_ROWS_MOST, least=_ROWS_LEAST)
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
            Column(id="region", title=self.tr("Region"), text=lambda row: row.region, width=17, yields=True),
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
        networks = context.estate.networks
        rows = NetworkRows(draft, context, self._made)
        new = rows.new_row(self._new) if self._new is not None else None
        ground, read = (rows.location, draft.target.resource_group, new), (networks, context.rules, context.networks)
        if self._judged_for == ground and all(
            map(is_, read, self._judged_from)
        ):  # comparing hundreds takes longer than a key may
            return
        if networks is not self._judged_from[0]:
            self._asked, self._asked_alone = set(), set()
        self._judged_for, self._judged_from, self._made = ground, read, rows
        order = rows.in_order(networks, self._wanted)
        if len(order) > _AT_ONCE:
            self._turns.follow(self._show_in_steps(rows, order, new))
        else:
            self._show(list(map(rows.row, order)), new)
            self._turns.begin(partial(self._end_rows, rows, order))

    def _forget_rows(self) -> None:
        """Leave no network of another subscription to choose while those of this one are read."""
        self._judged_for = ()
        self._turns.drop()
        if self._model.total_count:
            self._show([], None)
            self.table.show_veil()

    def _show_in_steps(
        self, rows: NetworkRows, order: Sequence[VirtualNetwork], new: NetworkRow | None
    ) -> Iterator[None]:
        """Show many. Where there are rows already they stay as they are until all are judged."""
        made: list[NetworkRow] = []
        for first in range(0, len(order), _JUDGED_IN_A_STEP):
            made += map(rows.row, order[first : first + _JUDGED_IN_A_STEP])
            if len(made) == _AT_ONCE and not self._model.total_count:
                self._show(made, new)
            yield
        made.sort(key=NetworkRow.place)
        slices = self.table.slices([new, *made] if new is not None else made)
        while self._quietly(partial(next, slices, _DONE)) is not _DONE:
            yield
        self._select_wanted()
        yield
        self._end_rows(rows, order)

    def _show(self, made: list[NetworkRow], new: NetworkRow | None) -> None:
        shown = sorted(made, key=NetworkRow.place)
        self._quietly(lambda: self.table.set_records([new, *shown] if new is not None else shown))
        self._select_wanted()

    def _select_wanted(self) -> None:
        """Have the network selected that the draft means, and its subnets shown."""
        self._quietly(self._select)
        self._tell_selected()
        if self._context is not None:
            self._show_subnets(self._draft, self._context)
            self._ask_about_selected()

    def _quietly(self, change: Callable[[], T]) -> T:
        """Change rows or selection without taking it for a choice of the user's."""
        was_loading, self._is_loading = self._is_loading, True
        try:
            return change()
        finally:
            self._is_loading = was_loading

    def _end_rows(self, rows: NetworkRows, order: Sequence[VirtualNetwork]) -> None:
        self.table.clear_busy()
        self._ask_access = partial(self._ask_access_to, rows, order)
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """What was filled while nobody looked asks now."""
        super().showEvent(event)
        if not self._turns.is_busy:
            self._turns.begin(self._ask)

    def _ask(self) -> None:
        if self.isVisible():
            self._ask_access()
            self._ask_about_selected()

    def _ask_access_to(self, rows: NetworkRows, order: Sequence[VirtualNetwork]) -> None:
        """Have locks and rights read of networks that would suit otherwise, once for each reading of them."""
        usable = (each.id for each in order if rows.would_suit(each))
        wanted = tuple(each for each in usable if each.key not in self._asked)
        if wanted:
            self._asked.update(each.key for each in wanted)
            self.requested.emit(ReadNetworkAccess(wanted))

    def _ask_about_selected(self) -> None:
        """Have the rights read of the selected one, where there were too many to read each."""
        row, context = self._selected, self._context
        if row is None or context is None or not self.isVisible():
            return
        if row.key not in context.networks.rights_unread or row.key in self._asked_alone:
            return
        self._asked_alone.add(row.key)
        self.requested.emit(ReadNetworkAccess((row.id,)))

    def _select(self) -> None:
        wanted = self._wanted.key if self._wanted is not None else None
        self.table.select([wanted] if wanted is not None else [])
        if wanted is not None and self.table.grid.current_key is None:
            self.table.grid.make_current(wanted)

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
