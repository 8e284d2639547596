"""A card that lists what there is in Azure to choose from: suitable ones first, the others greyed with their reasons.

Few are shown at once. Of many the first ones are shown as soon as they are judged and all of them some turns of the
loop later; where rows are shown already they stay as they are until then. What Azure's lists do not tell is asked for
when the card is seen, since it may be filled before.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from operator import is_
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import ArmId
from app.flows.draft import SetUpDraft
from app.flows.step import Context
from ui.tables.column import Column, Group
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.turns import Turns
from ui.widgets.card import Card
from ui.widgets.line_edit import SearchBox
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.page import all_at_once
from ui.wizard.pages.page_lists import filter_rows, fit_to_rows
from ui.wizard.requests import ReadAgain

_SUITABLE, _REFUSED = "suitable", "refused"
_DONE = object()
_ROWS_LEAST = 5


class JudgedRow(Protocol):
    """A row that says whether it can be chosen."""

    @property
    def key(self) -> str: ...
    @property
    def is_usable(self) -> bool: ...


J = TypeVar("J", bound=JudgedRow)
T = TypeVar("T")

Making = Generator[Sequence[J] | None, None, Sequence[J]]
"""Makes rows in short steps and returns all; once it yields those that may be shown before the others."""


class JudgedCard(Card, Generic[J]):
    """The selected row is the answer; an unsuitable one may be selected to read why.

    Signals:
        chosen: the user selected another one; carries a choice of the draft.
        new_requested: one shall be created.
        requested: something is to be read of what is listed; carries a `Request`.
    """

    chosen = Signal(object)
    new_requested = Signal()
    requested = Signal(object)

    def __init__(
        self,
        theme: Theme,
        title: str,
        name: str,
        *,
        new_words: str,
        filter_words: str,
        label: str,
        rows_most: int,
        parent: QWidget | None = None,
    ) -> None:
        """`name` begins the object names; `new_words` stand on the button that creates one."""
        super().__init__(title, flush=True, parent=parent)
        self._judged_for: tuple[object, ...] = ()
        self._judged_from: tuple[object, ...] = ()
        self._wanted: ArmId | None = None
        self._subscription = ""
        self._is_loading = False
        self._turns = Turns(self)
        self.filter = SearchBox(theme, filter_words)
        self.new_button = ReasonedButton(theme, new_words, icon="create")
        self._none, self._unread = self._empty(), self._not_read()
        self._model: RecordTableModel[J] = self._build_model()
        self.table: TableView[J] = TableView(
            theme, self._model, name=f"{name}-table", empty=self._none, label=label, framed=False
        )
        assert self.head is not None
        self.head.add_control(self.filter)
        self.head.add_control(self.new_button)
        fit_to_rows(self.table, most=rows_most, least=_ROWS_LEAST)
        self.body.addWidget(self.table)
        self.filter.textChanged.connect(partial(filter_rows, self.table))
        self.filter.left.connect(self.table.grid.setFocus)
        self.table.selection_changed.connect(self._on_table_selection_changed)
        self.new_button.activated.connect(self.new_requested)

    # What is particular to one kind

    def _columns(self) -> tuple[Column[J], ...]:
        raise NotImplementedError

    def _empty(self) -> Message:
        """What stands where there is none at all."""
        raise NotImplementedError

    def _not_read(self) -> Message:
        return Message(
            "in_time",
            self.tr("What this subscription has is not read yet"),
            self.tr("Should that fail, the reason stands at the top of the page."),
            (Step(self.tr("Read again"), lambda: self.requested.emit(ReadAgain()), "refresh"),),
        )

    def _set_rows(self, draft: SetUpDraft, context: Context) -> None:
        """Show those that were read, unless `_is_judged`."""
        raise NotImplementedError

    def _tell_selected(self) -> None:
        """Say below the table what there is to say of the selected one."""
        raise NotImplementedError

    def _ask(self) -> None:
        """Have read what is not known of those that are shown. Only called while somebody sees the card."""
        raise NotImplementedError

    def _choose(self, row: J) -> None:
        """The user selected this row."""
        raise NotImplementedError

    # Rows

    @property
    def _selected(self) -> J | None:
        selected = self.table.selected_records
        return selected[0] if selected else None

    def _show_wanted(self, wanted: ArmId | None, draft: SetUpDraft, context: Context) -> None:
        """Show what the draft's subscription has, and select what the draft means."""
        self._wanted = wanted
        subscription = draft.target.subscription.lower()
        if context.estate.has_read_target(subscription):
            self.table.set_empty(self._none)
            self._set_rows(draft, context)
        elif subscription != self._subscription:
            self._forget_rows()
        self._subscription = subscription
        self._select_wanted()

    def _is_judged(self, ground: tuple[object, ...], read: tuple[object, ...]) -> bool:
        """Whether the rows are those of just these: `ground` compared, `read` the very same objects.

        To compare thousands would take longer than a key may.
        """
        is_same = len(read) == len(self._judged_from) and all(map(is_, read, self._judged_from))
        if is_same and ground == self._judged_for:
            return True
        self._judged_for, self._judged_from = ground, read
        return False

    def _forget_rows(self) -> None:
        """Leave nothing of another subscription to choose while what this one has is read, or where that failed."""
        self._judged_from = ()
        self._turns.drop()
        self.table.set_empty(self._unread)
        self._show([])

    def _show_made(self, making: Making[J], *, at_once: bool) -> None:
        """Show the rows that come of it, `at_once` or in later turns."""
        if at_once:
            self._show(all_at_once(making))
            self._turns.begin(self._end_rows)
        else:
            self._turns.follow(self._show_in_steps(making))

    def _show_in_steps(self, making: Making[J]) -> Iterator[None]:
        has_begun = False
        while True:
            try:
                first = next(making)
            except StopIteration as end:
                made: Sequence[J] = end.value
                break
            if first is not None and not self._model.total_count:
                self._show(first)
                has_begun = True
            yield
        follows = has_begun and self._is_current_seen
        slices = self.table.slices(made)
        while self._quietly(partial(next, slices, _DONE)) is not _DONE:
            yield
        self._select_wanted()
        if follows:  # the others came above it
            self.table.grid.scrollTo(self.table.grid.currentIndex())
        yield
        self._end_rows()

    def _show(self, made: Sequence[J]) -> None:
        self._quietly(lambda: self.table.set_records(made))
        self._select_wanted()

    def _select_wanted(self) -> None:
        """Have the row selected that the draft means."""
        self._quietly(self._select)
        self._tell_selected()

    def _select(self) -> None:
        wanted = self._wanted.key if self._wanted is not None else None
        self.table.select([wanted] if wanted is not None else [])
        if wanted is not None and self.table.grid.current_key != wanted:
            self.table.grid.make_current(wanted, "name")

    @property
    def _is_current_seen(self) -> bool:
        grid = self.table.grid
        return grid.viewport().rect().intersects(grid.visualRect(grid.currentIndex()))

    def _quietly(self, change: Callable[[], T]) -> T:
        """Change rows or selection without taking it for a choice of the user's."""
        was_loading, self._is_loading = self._is_loading, True
        try:
            return change()
        finally:
            self._is_loading = was_loading

    def _end_rows(self) -> None:
        """All rows are shown."""
        self.table.clear_busy()
        self._ask_if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        """What was filled while nobody looked asks now."""
        super().showEvent(event)
        if not self._turns.is_busy:
            self._turns.begin(self._ask_if_seen)

    def _ask_if_seen(self) -> None:
        if self.isVisible():
            self._ask()

    def _on_table_selection_changed(self) -> None:
        row = self._selected
        if not self._is_loading and row is not None:
            self._choose(row)

    def _build_model(self) -> RecordTableModel[J]:
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
