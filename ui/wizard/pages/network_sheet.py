"""The sheet that adds a virtual network to the set-up: ranges, subnets, DNS servers, tags. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.address_ranges import read_ranges
from app.domain.issue import Issue, Severity
from app.domain.network_plan import proposed_space
from app.flows.checks_network import check_network
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.places import location_of, network_id
from app.flows.planning_network import network_body, subnets_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.turns import Turns
from ui.widgets.buttons import Button, Kind
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.edit_rows import EditColumn, EditRows, Told
from ui.widgets.fixed_value import FixedValue
from ui.widgets.form_field import FormField, TextField
from ui.widgets.tag_rows import TagRows
from ui.wizard.pages.address_space_bar import AddressSpaceBars
from ui.wizard.pages.sent_values import SentValues
from ui.wizard.pages.subnet_words import SubnetWords

_ROWS_AT_ONCE = 8
"""Rows of subnets made in one turn of the loop; each takes some 3 ms."""


class NetworkSheet(DockedSheet):
    """Edits a network of its own; the draft stays as it is until the primary button is pressed.

    Signals:
        added: the button was pressed and nothing is wrong; carries a `NetworkChoice`.
        edited: something else stands in it.
    """

    added = Signal(object)
    edited = Signal()

    def __init__(self, theme: Theme, title: str, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, parent=parent)
        self.setObjectName("network-sheet")
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._is_begun = False
        self._choice = NetworkChoice(create=True)
        self._issues: dict[str, Issue] = {}
        self._most_rows: int | None = None
        self._turns = Turns(self)
        self.name = TextField(theme, self.tr("Na&me"), placeholder="vnet-dr")
        self.space = TextField(
            theme,
            self.tr("A&ddress range"),
            placeholder="10.60.0.0/16",
            hint=self.tr("One that no other network uses, if they shall reach each other. Several: commas between."),
        )
        self.space_offer = Button(theme, "", kind=Kind.LINK, small=True)
        self.bars = AddressSpaceBars(theme)
        self.subnets = self._build_subnets(theme)
        self.servers = self._build_servers(theme)
        self.tags = TagRows(theme)
        self._region = FixedValue(theme, "")
        self.sent = SentValues()
        self._build(theme)
        self._connect()

    def load(self, draft: SetUpDraft, context: Context, choice: NetworkChoice | None = None) -> None:
        """Check against `context` from now on, beginning with `choice` where there is one; what was typed stays."""
        self._draft, self._context = draft, context
        if choice is not None:
            self._choice = choice
        self._region.set_text(context.rules.region_name(location_of(draft, context.estate)))
        self._begin_rows()
        self._show()

    @property
    def begun(self) -> NetworkChoice | None:
        """What somebody has typed and not added; None as long as nothing was changed."""
        return self._choice if self._is_begun else None

    def go_on(self, choice: NetworkChoice) -> None:
        """Show what was `begun` before."""
        assert self._context is not None
        self.load(self._draft, self._context, choice)
        self._is_begun = True

    def message_of(self, field: str) -> str:
        """What stands below a field of the choice."""
        if field in ("subnet", "subnet_prefix"):
            return self.subnets.messages_of(0, 0 if field == "subnet" else 1)
        return (self.name if field == "name" else self.space).message

    def first_focus(self) -> QWidget:
        """The first field that is wrong, else the name."""
        wrong = {field for field, issue in self._issues.items() if issue.is_blocking}
        for field, widget in (("name", self.name), ("address_space", self.space)):
            if field in wrong:
                return widget.edit
        for place in range(len(subnets_of(self._choice))):
            for column in (0, 1):
                if _subnet_field(place, column) in wrong:
                    return self.subnets.field_of(place, column)
        for place in range(len(self._choice.dns_servers)):
            if f"dns_servers[{place}]" in wrong:
                return self.servers.field_of(place)
        return self.tags.first_wrong or self.name.edit

    def _build_subnets(self, theme: Theme) -> EditRows:
        return EditRows(
            theme,
            "target-subnet",
            self.tr("Subnets"),
            (
                EditColumn("target-subnet-name", self.tr("S&ubnet name"), self.tr("Name of subnet {}"), "snet-core"),
                EditColumn(
                    "target-subnet-range",
                    self.tr("Subnet add&ress range"),
                    self.tr("Address range of subnet {}"),
                    "10.60.0.0/24",
                ),
            ),
            add=self.tr("Add a subnet"),
            remove=self.tr("Take this subnet out"),
            fixed=1,
            hint=self.tr("The first is the default: machines join it unless they are told otherwise."),
        )

    def _build_servers(self, theme: Theme) -> EditRows:
        return EditRows(
            theme,
            "target-dns",
            self.tr("DNS servers"),
            (EditColumn("target-dns-server", self.tr("Server"), self.tr("DNS server {}"), "10.60.0.10"),),
            add=self.tr("Add a server"),
            remove=self.tr("Take this server out"),
            optional=True,
            hint=self.tr(
                "Without any, machines ask Azure for names. Machines joined to a domain need the addresses that their "
                "domain controllers have in Azure."
            ),
        )

    def _build(self, theme: Theme) -> None:
        for name, control in (
            ("target-network-name", self.name.edit),
            ("target-network-range", self.space.edit),
            ("target-network-offer", self.space_offer),
            ("target-network-bars", self.bars),
            ("target-network-sent", self.sent),
            ("target-add-network", self.submit_button),
            ("target-cancel-network", self.cancel_button),
        ):
            control.setObjectName(name)
        self.tags.set_hint(
            self.tr("For costs and owners. A name and a value; anybody who sees the network reads them.")
        )
        space = QVBoxLayout()
        space.setSpacing(Space.S)
        space.addWidget(self.space)
        space.addWidget(self.space_offer, 0, Qt.AlignmentFlag.AlignLeft)
        fixed = self.tr("Fixed: storage, network and vault share one region.")
        self.body.setSpacing(Space.L)
        self.body.addWidget(self.name)
        self.body.addLayout(space)
        for part in (self.bars, self.subnets, self.servers, self.tags):
            self.body.addWidget(part)
        self.body.addWidget(FormField(theme, self.tr("Region"), self._region, hint=fixed))
        self.body.addWidget(self.sent)

    def _connect(self) -> None:
        self.name.value_edited.connect(lambda text: self._edit(replace(self._choice, name=text)))
        self.space.value_edited.connect(lambda text: self._edit(replace(self._choice, address_space=text)))
        self.space_offer.clicked.connect(self._on_space_offer_clicked)
        self.subnets.edited.connect(self._on_subnets_edited)
        self.subnets.row_added.connect(self._on_subnet_added)
        self.subnets.offer_taken.connect(self._on_subnet_offer_taken)
        self.servers.edited.connect(
            lambda rows: self._edit(replace(self._choice, dns_servers=tuple(server for (server,) in rows)))
        )
        self.tags.edited.connect(lambda tags: self._edit(replace(self._choice, tags=tags)))
        for field in (self.name, self.space):
            field.edit.returnPressed.connect(self.submit_button.click)
        self.submitted.connect(self._on_submitted)

    # Edits

    def _edit(self, choice: NetworkChoice) -> None:
        self._choice, self._is_begun = choice, True
        self._show()
        self.edited.emit()

    def _on_subnets_edited(self, rows: tuple[tuple[str, str], ...]) -> None:
        self._edit(SubnetWords.with_rows(self._choice, rows))

    def _on_subnet_added(self, place: int) -> None:
        """Begin with the next free range: that is the part which is hard to tell by heart."""
        self._choice = SubnetWords.with_rows(self._choice, self.subnets.rows)
        self._on_subnet_offer_taken(place)

    def _on_subnet_offer_taken(self, place: int) -> None:
        words = self._words
        offer = words.proposal(place) if words is not None else ""
        rows = [*self.subnets.rows]
        rows[place] = (rows[place][0], offer or rows[place][1])
        self.subnets.set_rows(rows)
        self._edit(SubnetWords.with_rows(self._choice, self.subnets.rows))

    def _on_space_offer_clicked(self) -> None:
        self._edit(replace(self._choice, address_space=self._space_proposal))
        self.space.edit.setFocus()

    @property
    def _space_proposal(self) -> str:
        context = self._context
        return proposed_space(context.estate.networks, context.rules) if context is not None else ""

    @property
    def _wanted(self) -> SetUpDraft:
        return replace(self._draft, target=replace(self._draft.target, network=self._choice))

    @property
    def _words(self) -> SubnetWords | None:
        return None if self._context is None else SubnetWords(self._wanted, self._context)

    # What is shown

    def _begin_rows(self) -> None:
        """Of many subnets make the rows in turns; until all stand there, nobody types into them."""
        count, there = len(subnets_of(self._choice)), len(self.subnets.rows)
        if count - there <= _ROWS_AT_ONCE:
            return
        self._most_rows = there + _ROWS_AT_ONCE
        self.subnets.setEnabled(False)
        self._turns.begin(*[self._show_more_rows] * -(-(count - self._most_rows) // _ROWS_AT_ONCE))

    def _show_more_rows(self) -> None:
        count = len(subnets_of(self._choice))
        self._most_rows = (self._most_rows or 0) + _ROWS_AT_ONCE
        if self._most_rows >= count:
            self._most_rows = None
            self.subnets.setEnabled(True)
        if self._context is not None:
            self._show_subnets(SubnetWords(self._wanted, self._context))

    def _show(self) -> None:
        context, choice = self._context, self._choice
        if context is None:
            return
        self._issues = self._check(context)
        self._show_fields(choice)
        self.bars.show_ranges(
            read_ranges(choice.address_space), [(each.name or "–", each.prefix) for each in subnets_of(choice)]
        )
        self._show_subnets(SubnetWords(self._wanted, context))
        self.servers.set_rows((server,) for server in choice.dns_servers)
        for place in range(len(choice.dns_servers)):
            issue = self._issues.get(f"dns_servers[{place}]")
            self.servers.tell(place, [] if issue is None else [Told(Status.CRITICAL, issue.text)])
        self.tags.set_tags(choice.tags)
        self.tags.set_problems({field: issue.text for field, issue in self._issues.items()})
        self._show_sent(context)

    def _check(self, context: Context) -> dict[str, Issue]:
        """By field; of several the one that stops it. A name that is taken is of no use for a new network."""
        wanted = self._wanted
        there = network_id(wanted)
        if there is not None and context.estate.network(there.text) is not None:
            text = self.tr("{0} has a network {1} already. Type another name, or choose that one from the list.")
            taken = Issue("name", text.format(there.resource_group, there.name))
            return {**_by_field(check_network(_renamed(wanted), context)), "name": taken}
        return _by_field(check_network(wanted, context))

    def _show_fields(self, choice: NetworkChoice) -> None:
        for field, widget in (("name", self.name), ("address_space", self.space)):
            widget.set_text(getattr(choice, field))
            issue = self._issues.get(field)
            widget.set_issue(issue.text if issue is not None else None, _status_of(issue))
        offer = self._space_proposal if "address_space" in self._issues else ""
        self.space_offer.setVisible(bool(offer))
        self.space_offer.setText(self.tr("Take {}, which no network here uses").format(offer))

    def _show_subnets(self, words: SubnetWords) -> None:
        subnets = subnets_of(self._choice)[: self._most_rows]
        self.subnets.set_rows((each.name, each.prefix) for each in subnets)
        for place in range(len(subnets)):
            told = [
                Told(_status_of(issue), issue.text, column)
                for column in (0, 1)
                if (issue := self._issues.get(_subnet_field(place, column))) is not None
            ]
            of_range = self._issues.get(_subnet_field(place, 1))
            if of_range is None and not (told and words.is_kept(place)):  # else the same would stand there twice
                told.append(Told(*words.room(place), 1))
            offer = words.proposal(place) if of_range is not None else ""
            self.subnets.tell(place, told, self.tr("Take {}").format(offer) if offer else "")

    def _show_sent(self, context: Context) -> None:
        wrong = [field for field, issue in self._issues.items() if issue.is_blocking]
        if not wrong:
            body = network_body(self._choice, location_of(self._draft, context.estate))
            self.sent.show_values(self._choice.name, body)
            return
        words = {
            "name": self.tr("the name"),
            "address_space": self.tr("the address range"),
            "dns_servers": self.tr("the DNS servers"),
            "tags": self.tr("the tags"),
        }
        self.sent.show_missing(words.get(field.partition("[")[0], self.tr("the subnets")) for field in wrong)

    def _on_submitted(self) -> None:
        if any(issue.is_blocking for issue in self._issues.values()):
            for part in (self.name, self.space, self.subnets, self.servers, self.tags):
                part.reveal()
            self.first_focus().setFocus()
            return
        choice = self._choice
        servers = tuple(server for server in choice.dns_servers if server.strip())
        tags = tuple((name, value) for name, value in choice.tags if name.strip() or value)
        self.added.emit(replace(choice, dns_servers=servers, tags=tags))


def _renamed(draft: SetUpDraft) -> SetUpDraft:
    """With a name that nobody has, so that the other fields are checked as those of a new network."""
    network = replace(draft.target.network, name=f"{draft.target.network.name[:40]}.new.network")
    return replace(draft, target=replace(draft.target, network=network))


def _by_field(issues: Iterable[Issue]) -> dict[str, Issue]:
    found: dict[str, Issue] = {}
    for issue in issues:
        known = found.get(issue.field)
        if known is None or issue.severity.rank < known.severity.rank:
            found[issue.field] = issue
    return found


def _subnet_field(place: int, column: int) -> str:
    if place == 0:
        return ("subnet", "subnet_prefix")[column]
    return f"more_subnets[{place - 1}].{('name', 'prefix')[column]}"


def _status_of(issue: Issue | None) -> Status:
    return Status.WARNING if issue is not None and issue.severity is not Severity.ERROR else Status.CRITICAL
