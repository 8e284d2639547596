"""The sheet "What would land": where each machine would come alive, in any network, before anything happens.

It only looks. A thousand machines are worked out in turns of the loop, so that keys come in between; what Azure says of
fixed addresses comes later, and the rows follow.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.address_answer import AddressAnswer
from app.domain.azure import VirtualNetwork
from app.domain.issue import Suitability
from app.flows.draft import SetUpDraft
from app.flows.landing import Lander
from app.flows.landing_machines import network_for_tests, networks_to_look_at, subjects_of
from app.flows.landing_preview import fixed_addresses, preview
from app.flows.landing_text import address_text, as_csv, as_text, left_out, remarks_text, size_words, summary, told_text
from app.flows.landing_values import Landing, Place, Preview, Way
from app.flows.network_need import with_taken
from app.flows.step import Context
from ui.tables.filter_bar import FilterBar
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle, Width
from ui.turns import Turns
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.picker import Option, Picker
from ui.widgets.surface import horizontal_line
from ui.widgets.tabs import Tabs
from ui.wizard.page import made_in_turns
from ui.wizard.pages.explanation_strip import ExplanationStrip
from ui.wizard.pages.landing_table import STATUS, LandingRow, landing_table

_AT_ONCE = 50
"""Machines that are worked out in one turn of the loop: some milliseconds."""
_ROWS_AT_ONCE = 250
_TOLD_FIRST = 3
"""Sentences about all machines that stand open; more are folded."""
_LEAST_ROWS = 4
_WAYS = (Way.FAILOVER, Way.TEST)


class LandingSheet(ModalSheet):
    """Follows the draft while it is open.

    Signals:
        addresses_asked: Azure shall be asked about fixed addresses; carries the network's id and the addresses.
        changed: another preview is shown now.
    """

    panel_width = Width.WIDE_SHEET
    addresses_asked = Signal(object, object)
    changed = Signal()

    def __init__(
        self, theme: Theme, table: TableView[LandingRow], strip: ExplanationStrip, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, self.tr("What would land"), submit="", parent=parent)
        self.chosen_words = self.tr("chosen in this set-up")
        """What is said of the draft's own network."""
        self.setObjectName("landing-sheet")
        self._theme = theme
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._networks: tuple[VirtualNetwork, ...] = ()
        self._picked: dict[Way, str] = {}
        self._answers: dict[str, dict[str, AddressAnswer]] = {}
        self._asked: dict[str, set[str]] = {}
        self._landings: dict[str, Landing] = {}
        self.preview: Preview | None = None
        self._turns = Turns(self)
        self._are_all_told = False
        self.tabs = Tabs(theme)
        self.tabs.setObjectName("landing-way")
        self.tabs.setAccessibleName(self.tr("Which failover"))
        self.picker = Picker(theme, placeholder=self.tr("Choose a network"))
        self.picker.setObjectName("landing-network")
        self.summary = Text("", TextStyle.STRONG, wrap=True)
        self.summary.setObjectName("landing-summary")
        self._left_out = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._told = QVBoxLayout()
        self._told.setSpacing(Space.XS)
        self._more = Button(theme, "", kind=Kind.LINK)
        self._more.setObjectName("landing-more")
        self.asking = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self.asking.setObjectName("landing-asking")
        self.table, self.strip = table, strip
        self.filter = FilterBar(theme, self.table.model, placeholder=self.tr("Machine, subnet, address or remark"))
        self.filter.box.setObjectName("landing-filter")
        self._copy = Button(theme, self.tr("&Copy as text"), icon="copy")
        self._copy.setObjectName("landing-copy")
        self._copy_csv = Button(theme, self.tr("Copy as CS&V"))
        self._copy_csv.setObjectName("landing-copy-csv")
        self._build_body()
        self._connect()

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make it in pieces, each for a turn of the loop of its own."""
        parts = yield from made_in_turns(partial(landing_table, theme), partial(ExplanationStrip, theme, "landing"))
        return cls(theme, *parts)

    @property
    def way(self) -> Way:
        """Which failover is shown."""
        return _WAYS[self.tabs.currentIndex()]

    @property
    def is_busy(self) -> bool:
        """Whether rows are still to come."""
        return self._turns.is_busy

    @property
    def told(self) -> tuple[str, ...]:
        """What is said of all machines together and stands open."""
        lines = (self._told.itemAt(place).widget() for place in range(self._told.count()))
        return tuple(line.text for line in lines if isinstance(line, StatusLine))

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Look at this draft; networks that were picked stay."""
        if draft is self._draft and context is self._context:
            return
        self._draft, self._context = draft, context
        self._networks = networks_to_look_at(draft, context)
        self._show_networks()
        self._look()

    def show_answers(self, network: str, answers: Mapping[str, AddressAnswer]) -> None:
        """What Azure said of fixed addresses in the network of that id."""
        self._answers.setdefault(network.lower(), {}).update(answers)
        if network.lower() == (self.picker.current_key or ""):
            self._look()

    def show_not_asked(self, network: str, reason: str) -> None:
        """Azure could not be asked; what is known without it stands."""
        if network.lower() == (self.picker.current_key or ""):
            text = self.tr("Azure could not be asked about fixed addresses. {}").format(reason)
            self.asking.setText(text.strip())
            self.asking.show()

    def _build_body(self) -> None:
        for words in (self.tr("Failover"), self.tr("Test failover")):
            self.tabs.addTab(words)
        self.submit_button.hide()
        self.cancel_button.setText(self.tr("Close"))
        self.footer.add_left(self._copy)
        self.footer.add_left(self._copy_csv)
        self.body.setAlignment(Qt.AlignmentFlag(0))
        self._network = Text(self.tr("Net&work"), TextStyle.LABEL, Role.TEXT2)
        self._network.setBuddy(self.picker)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.tabs)
        row.addSpacing(Space.L)
        row.addWidget(self._network)
        row.addWidget(self.picker, 1)
        self.body.addLayout(row)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(self.summary)
        words.addLayout(self._told)
        words.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._left_out)
        words.addWidget(self.asking)
        self.asking.hide()
        self.body.addLayout(words)
        self.table.top.addWidget(self.filter)
        self.table.setMinimumHeight(self.table.height_of_rows(_LEAST_ROWS))
        card = Card(flush=True)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(horizontal_line())
        card.body.addWidget(self.strip)
        self.body.addWidget(card, 1)
        self._explain()

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_tabs_current_changed)
        self.picker.picked.connect(self._on_picker_picked)
        self.table.current_changed.connect(self._explain)
        self._more.clicked.connect(self._on_more_clicked)
        self._copy.clicked.connect(lambda: self._put_on_clipboard(as_text))
        self._copy_csv.clicked.connect(lambda: self._put_on_clipboard(as_csv))
        self.closed.connect(self._turns.drop)

    # Networks

    def _show_networks(self) -> None:
        chosen = self._networks[0].id.key if self._networks else ""
        is_first = self._draft.target.network.network_id or self._draft.target.network.create
        options = []
        for network in self._networks:
            texts = [", ".join(network.address_prefixes)]
            if is_first and network.id.key == chosen:
                texts.append(self.chosen_words)
            options.append(Option(network.id.key, network.name, " · ".join(filter(None, texts)), "network"))
        self.picker.set_options(options)
        known = {network.id.key for network in self._networks}
        for way in _WAYS:
            if self._picked.get(way) not in known:
                self._picked[way] = chosen
        if self._context is not None and self._picked[Way.TEST] == chosen:
            preferred = network_for_tests(self._networks, self._context)
            self._picked[Way.TEST] = preferred.id.key if preferred is not None else chosen
        self.picker.set_current(self._picked[self.way] or None)

    def _on_tabs_current_changed(self) -> None:
        self.picker.set_current(self._picked.get(self.way) or None)
        self._look()

    def _on_picker_picked(self, picked: str) -> None:
        self._picked[self.way] = picked
        self._look()

    # The preview

    def _look(self) -> None:
        """Work it out anew, some machines in each turn of the loop."""
        context = self._context
        if context is None:
            return
        self.asking.hide()
        network = next((each for each in self._networks if each.id.key == self.picker.current_key), None)
        answers = self._answers.get(network.id.key, {}) if network is not None else {}
        known = with_taken(network, context.estate) if network is not None else None
        lander = Lander(subjects_of(self._draft, context), Place(self.way, known, answers))
        landed: list[Landing] = []
        pieces = [partial(_land, lander, landed, start) for start in range(0, len(lander.subjects), _AT_ONCE)]
        self._turns.begin(*pieces, lambda: self._show(preview(lander, landed)))

    def _show(self, found: Preview) -> None:
        self.preview = found
        self._landings = {landing.key: landing for landing in found.landings}
        self.summary.setText(summary(found))
        left = left_out(found)
        self._left_out.setText(left)
        self._left_out.setVisible(bool(left))
        self._show_told()
        self.filter.set_facet_shown("result", found.place.network is not None)  # nothing lands nowhere
        worst_first = sorted(found.landings, key=lambda landing: -landing.status.rank)
        rows: list[LandingRow] = []
        starts = range(0, max(len(worst_first), 1), _ROWS_AT_ONCE)
        self._turns.begin(*(partial(self._add_rows, rows, worst_first, start) for start in starts), self._end)

    def _add_rows(self, rows: list[LandingRow], landings: list[Landing], start: int) -> None:
        rows += [LandingRow.of(landing) for landing in landings[start : start + _ROWS_AT_ONCE]]
        self.table.set_records(rows)

    def _end(self) -> None:
        self._explain()
        self._ask()
        self.changed.emit()

    def _ask(self) -> None:
        """Have Azure asked about fixed addresses that it was not asked about yet."""
        found = self.preview
        if found is None or found.place.network is None:
            return
        network = found.place.network
        if self._context is None or self._context.estate.network(network.id.text) is None:
            return  # it is still to be created: everything in it is free
        asked = self._asked.setdefault(network.id.key, set())
        fresh = tuple(address for address in fixed_addresses(found.landings, found.place) if address not in asked)
        if fresh:
            asked.update(fresh)
            self.addresses_asked.emit(network.id, fresh)

    def _show_told(self) -> None:
        told = self.preview.told if self.preview is not None else ()
        while self._told.count():
            widget = self._told.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown = told if self._are_all_told else told[:_TOLD_FIRST]
        for each in shown:
            status = Status.INFO if each.status is Suitability.OK else STATUS[each.status]
            self._told.addWidget(StatusLine(self._theme, status, told_text(each)))
        more = len(told) - len(shown)
        self._more.setVisible(bool(more) or (self._are_all_told and len(told) > _TOLD_FIRST))
        self._more.setText(self.tr("Show {} more").format(more) if more else self.tr("Show fewer"))

    def _on_more_clicked(self) -> None:
        self._are_all_told = not self._are_all_told
        self._show_told()

    # One machine

    def _explain(self) -> None:
        row = self.table.current_record
        landing = self._landings.get(row.key) if row is not None else None
        if landing is None:
            hint = self.tr("Move to a row to read all that is said of its machine.")
            self.strip.explain(None, self.tr("Nothing is sent: this only looks"), hint)
            return
        name = landing.machine.name
        title = (
            name
            if name == landing.name
            else self.tr("{machine}, in Azure {name}").format(machine=name, name=landing.name)
        )
        status = Status.INFO if landing.remarks and landing.status is Suitability.OK else STATUS[landing.status]
        told_by = landing.machine.told_by
        size = self.tr("Size: {}.").format(size_words(landing))
        lands = any(card.subnet for card in landing.cards)
        address = self.tr("Address: {}.").format(address_text(landing)) if lands else ""
        cards = self.tr("Network cards {}.").format(told_by) if told_by else ""
        self.strip.explain(status, title, " ".join(filter(None, (size, cards, address, remarks_text(landing)))))

    def _put_on_clipboard(self, words: Callable[[Preview], str]) -> None:
        if self.preview is not None:
            QGuiApplication.clipboard().setText(words(self.preview))


def _land(lander: Lander, landed: list[Landing], start: int) -> None:
    landed += map(lander.land, lander.subjects.machines(start, start + _AT_ONCE))
