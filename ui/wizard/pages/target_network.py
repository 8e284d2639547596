"""The network card of the target page: which networks suit, why the others don't, and which subnet is the default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.domain.azure import VirtualNetwork
from app.domain.issue import Issue, Severity, Suitability
from app.domain.network_rules import judge_subnet
from app.domain.resource_access import AccessFacts
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.places import network_id
from app.flows.planning_network import subnets_of
from app.flows.step import Context
from ui.tables.column import Align, Column
from ui.tables.states import Message, Step
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.labels import StatusLine
from ui.wizard.pages.judged_card import JudgedCard, Making
from ui.wizard.pages.network_rows import NetworkRow, NetworkRows
from ui.wizard.pages.target_subnets import SubnetTable
from ui.wizard.requests import ReadNetworkAccess

_ROWS_MOST = 8
_AT_ONCE = 60
"""Up to so many networks are shown at once; of more, as many of the first ones, and all of them some turns later."""

_JUDGED_IN_A_STEP = 10


class NetworkCard(JudgedCard[NetworkRow]):
    """Networks, and below them the subnets of the selected one. `chosen` carries a `NetworkChoice`."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._new: NetworkChoice | None = None
        self._made: NetworkRows | None = None
        self._networks: tuple[VirtualNetwork, ...] = ()
        self._asked: set[str] = set()
        self._asked_alone: tuple[str, AccessFacts] = ("", AccessFacts())
        self._ask_access: Callable[[], object] = lambda: None
        self._has_issue = False
        self._wrong = (False, False)
        super().__init__(
            theme,
            title,
            "target-network",
            new_words=_tr("New networ&k…"),
            filter_words=_tr("Name, range, region, reason"),
            label=_tr("Virtual networks"),
            rows_most=_ROWS_MOST,
            parent=parent,
        )
        self.filter.setObjectName("target-network-filter")
        self.new_button.setObjectName("target-new-network")
        self._line = StatusLine(theme, style=TextStyle.CAPTION, tinted=True)
        self._line.setObjectName("target-network-line")
        self._line.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
        self._line.hide()
        self.subnets = SubnetTable(theme)
        self.subnets.hide()
        self.body.addWidget(self._line)
        self.body.addWidget(self.subnets)
        self.subnets.chosen.connect(self._on_subnet_chosen)

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
        self._has_issue = False
        self._show_wanted(network_id(draft), draft, context)

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
            self._explain_selected()
        self._wrong = (self._has_issue and _is_blocking(of_network), _is_blocking(of_subnet))

    def first_focus(self) -> QWidget | None:
        """The first control that is wrong."""
        network_is_wrong, subnet_is_wrong = self._wrong
        if network_is_wrong:
            return self.table.grid if self._model.total_count else self.new_button
        return self.subnets.table.grid if subnet_is_wrong else None

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
            (Step(self.tr("New network…"), self.new_requested.emit, "create"),),
        )

    def _set_rows(self, draft: SetUpDraft, context: Context) -> None:
        networks = context.estate.networks
        rows = NetworkRows(draft, context, self._made)
        new = rows.new_row(self._new) if self._new is not None else None
        ground = (rows.location, draft.target.resource_group, new)
        if self._is_judged(ground, (networks, context.rules, context.networks)):
            return
        if networks is not self._networks:
            self._networks = networks
            self._asked = set()
        self._made = rows
        self._show_made(self._make(rows, new), at_once=len(networks) <= _AT_ONCE)

    def _make(self, rows: NetworkRows, new: NetworkRow | None) -> Making[NetworkRow]:
        order = rows.in_order(self._networks, self._wanted)
        self._ask_access = partial(self._ask_access_to, rows, order)
        yield None
        first = [new] if new is not None else []
        made: list[NetworkRow] = []
        for start in range(0, len(order), _JUDGED_IN_A_STEP):
            made += map(rows.row, order[start : start + _JUDGED_IN_A_STEP])
            yield [*first, *sorted(made, key=NetworkRow.place)] if len(made) == _AT_ONCE else None
        return [*first, *sorted(made, key=NetworkRow.place)]

    def _ask(self) -> None:
        self._ask_access()
        self._ask_access = lambda: None
        self._ask_about_selected()

    def _ask_access_to(self, rows: NetworkRows, order: Sequence[VirtualNetwork]) -> None:
        """Have locks and rights read of networks that would suit otherwise, once for each reading of them."""
        unasked = (each for each in order if each.id.key not in self._asked)
        wanted = tuple(each.id for each in unasked if rows.would_suit(each))
        if wanted:
            self._asked.update(each.key for each in wanted)
            self.requested.emit(ReadNetworkAccess(wanted))

    def _ask_about_selected(self) -> None:
        """Have the rights read of the selected one, where there were too many to read each.

        Once for all that is known then: an answer about many that comes later leaves them out again.
        """
        row, context = self._selected, self._context
        if row is None or context is None or row.key not in context.networks.rights_unread:
            return
        key, known = self._asked_alone
        if row.key != key or context.networks is not known:
            self._asked_alone = (row.key, context.networks)
            self.requested.emit(ReadNetworkAccess((row.id,)))

    def _show_subnets(self, draft: SetUpDraft, context: Context) -> None:
        row = self._selected
        self.subnets.setVisible(row is not None)
        if row is None:
            return
        self.subnets.head.set_title(self.tr("Default subnet in {}").format(row.name), is_name=True)
        servers = self.tr("Names from {}").format(", ".join(row.dns)) if row.dns else self.tr("Names from Azure")
        self.subnets.head.set_detail(servers)
        chosen = draft.target.network.subnet
        self.subnets.load(row.subnets, chosen, draft, context, is_open=row.is_usable)

    def _tell_selected(self) -> None:
        self._explain_selected()
        if self._context is not None:
            self._show_subnets(self._draft, self._context)
            if self.isVisible():
                self._ask_about_selected()

    def _explain_selected(self) -> None:
        """Why the selected network does not suit, or what is good to know of it."""
        row = self._selected
        if not self._has_issue:
            is_care = row is not None and row.verdicts[0].status is Suitability.WARNING
            self._say(Status.WARNING if is_care else Status.INFO, row.explanation if row is not None else "")

    def _say(self, status: Status, text: str) -> None:
        self._line.setVisible(bool(text))
        if text:
            self._line.set_status(status, text)

    def _choose(self, row: NetworkRow) -> None:
        context = self._context
        if context is None:
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


def _tr(text: str) -> str:
    return QCoreApplication.translate("NetworkCard", text)
