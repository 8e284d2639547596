"""The model behind every table: records by key, compared on refresh, sorted and filtered in place.

What went is removed, what differs is replaced, what is new is inserted; nothing is ever reset. `set_records` does it in
one go, for lists of up to a thousand; `apply_records` does the same in slices and leaves the loop free between them.
Both run the same steps, and after each of them the model is consistent.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from enum import Enum
from time import perf_counter
from typing import Any, Generic

from PySide6.QtCore import QObject, Qt, Signal

from ui.tables.arrangement import Arrangement, Entry, GroupHead, RecordRow
from ui.tables.cells import CHECKABLE, EDITABLE, PLAIN, cell_data, head_data
from ui.tables.column import ChoiceEdit, Column, Group, R, TextEdit
from ui.tables.keyed_rows import NO_PARENT, Index, KeyedRows
from ui.tables.neutral_text import tab_separated
from ui.tables.row_filter import Facet, RowFilter
from ui.turns import SLICE_S

RecordRole = Qt.ItemDataRole.UserRole
"""The record of a cell's row; None for a group head."""

_LISTEN_EVERY = 32
_REPLACED_AT_ONCE = 256
"""Letting go of the records they had takes as long as reading the new ones."""


class Checks(Enum):
    """What the check box in front of a row stands for."""

    NONE = "none"
    SELECTION = "selection"
    CHOICE = "choice"


class RecordTableModel(KeyedRows[Entry[R]], Generic[R]):
    """Records as rows, `columns` as columns; with `checks` a check box stands in section 0 and pushes them by one.

    Signals (besides those of `KeyedRows`):
        chosen_changed: the set of chosen keys is another (only with `Checks.CHOICE`).
        edited: a person changed cells: column id, and for each key the text before and after.
        records_replaced: records changed by an edit, an undo or a redo, as they are now.
    """

    chosen_changed = Signal()
    edited = Signal(str, object)
    records_replaced = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], Hashable],
        *,
        groups: Sequence[Group] = (),
        group_of: Callable[[R], str] | None = None,
        facets: Sequence[Facet[R]] = (),
        checks: Checks = Checks.NONE,
        can_choose: Callable[[R], bool] = lambda record: True,
        is_muted: Callable[[R], bool] = lambda record: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.facets = tuple(facets)
        self.checks = checks
        self._key = key
        self._can_choose = can_choose
        self._is_muted = is_muted
        self._searchable = tuple(column.text for column in self.columns if column.searchable)
        self._rows: dict[Hashable, RecordRow[R]] = {}
        self._arrangement: Arrangement[R] = Arrangement(tuple(groups), group_of)
        self._chosen: set[Hashable] = set()
        self._heads: list[int] | None = None
        self._refresh = 0

    # What there is

    @property
    def total_count(self) -> int:
        """Records held, shown or not."""
        return len(self._rows)

    @property
    def shown_count(self) -> int:
        """Records the filter lets through; group heads do not count."""
        return len(self._shown) - len(self.head_rows())

    @property
    def filter(self) -> RowFilter:
        return self._arrangement.filter

    @property
    def sorting(self) -> tuple[str, Qt.SortOrder] | None:
        """Column id and direction, or None for the order in which the records came."""
        sorted_by = self._arrangement.sorted_by
        return (sorted_by.id, self._arrangement.order) if sorted_by else None

    @property
    def first_section(self) -> int:
        """The section of the first column: 1 behind a check box, else 0."""
        return 0 if self.checks is Checks.NONE else 1

    def column_at(self, section: int) -> Column[R] | None:
        """The column shown in a section; None for the check box."""
        position = section - self.first_section
        return self.columns[position] if position >= 0 else None

    def section_of(self, column_id: str) -> int:
        ids = [column.id for column in self.columns]
        return ids.index(column_id) + self.first_section

    def record(self, key: Hashable) -> R | None:
        row = self._rows.get(key)
        return row.record if row else None

    def records(self) -> list[R]:
        """All records, in the order they came."""
        return [row.record for row in self._rows.values()]

    def shown_records(self) -> list[R]:
        """The records that are shown, in shown order."""
        return [entry.record for entry in self._shown if isinstance(entry, RecordRow)]

    def key_of(self, record: R) -> Hashable:
        return self._key(record)

    def held(self, keys: Iterable[Hashable]) -> list[Hashable]:
        """Those of the keys that have a record, shown or not."""
        return [key for key in keys if key in self._rows]

    def head_at(self, row: int) -> GroupHead | None:
        entry = self._shown[row]
        return entry if isinstance(entry, GroupHead) else None

    def record_at(self, row: int) -> R:
        """The record of a row that is no group head."""
        entry = self._shown[row]
        assert isinstance(entry, RecordRow)
        return entry.record

    def head_rows(self) -> list[int]:
        if self._heads is None:
            self._heads = self._arrangement.head_rows(self._shown)
        return self._heads

    def _forget_numbers(self) -> None:
        super()._forget_numbers()
        self._heads = None

    def is_muted_at(self, row: int) -> bool:
        entry = self._shown[row]
        return isinstance(entry, RecordRow) and self._is_muted(entry.record)

    def facet_counts(self, facet: Facet[R]) -> Counter[str]:
        """How many records each value of a facet would show, the other filters left as they are."""
        place = self.facets.index(facet)
        rows = self._arrangement.passing(self._rows.values(), self._facet_places(), without=facet.id)
        return Counter(row.facets[place] for row in rows)

    # New records

    def set_records(self, records: Iterable[R]) -> None:
        """Show exactly these records, at once. Of two with the same key the later one counts."""
        self._refresh += 1
        for _ in self._steps(records):
            pass
        self._settle()

    async def apply_records(self, records: Iterable[R]) -> None:
        """Show exactly these records, without holding the loop."""
        for _ in self.slices(records):
            await asyncio.sleep(0)

    def slices(self, records: Iterable[R]) -> Iterator[None]:
        """The same in slices, after each of which the loop may run. A newer refresh takes over from an older one."""
        self._refresh += 1
        refresh = self._refresh
        started = perf_counter()
        for _ in self._steps(records):
            if perf_counter() - started < SLICE_S:
                continue
            self._settle()
            yield
            if refresh != self._refresh:
                return
            started = perf_counter()
        self._settle()

    def _steps(self, records: Iterable[R]) -> Iterator[None]:
        incoming: dict[Hashable, R] = {}
        for count, record in enumerate(records):
            incoming[self._key(record)] = record
            if not count % _LISTEN_EVERY:
                yield
        changed: list[tuple[RecordRow[R], RecordRow[R]]] = []
        rows: dict[Hashable, RecordRow[R]] = {}
        for count, (key, record) in enumerate(incoming.items()):
            row = self._rows.get(key)
            if row is None:
                row = self._row(key, record)
            elif row.record is record or row.record == record:
                row.record = record  # holding the older one would keep a whole former reading in memory
            else:
                changed.append((row, self._row(key, record)))
            rows[row.key] = row  # the key that is held already, not one more of 0.3 kB
            if not count % _LISTEN_EVERY:
                yield
        self._rows = rows
        for first in range(0, len(changed), _REPLACED_AT_ONCE):
            self._replace(changed[first : first + _REPLACED_AT_ONCE])
            yield
        self._drop_choice()
        yield from self._rearrange()

    def _row(self, key: Hashable, record: R) -> RecordRow[R]:
        search = "\n".join([text(record) for text in self._searchable]).casefold()
        facets = tuple([facet.value(record) for facet in self.facets])
        return RecordRow(key, record, search, facets, self._arrangement.group_of(record))

    def _replace(self, changed: Sequence[tuple[RecordRow[R], RecordRow[R]]]) -> None:
        for row, fresh in changed:
            row.take(fresh)
        self._report_changed(self.rows_of(row.key for row, _ in changed))

    def time_passed(self) -> None:
        """Ages are words about now: have all cells asked for again."""
        self._report_changed(range(len(self._shown)))

    # Order and filter

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a section; -1, or the check box, brings back the order in which the records came."""
        self._arrangement.sorted_by = self.column_at(column) if column >= 0 else None
        self._arrangement.order = order
        self._rearrange_now()

    def set_filter(self, row_filter: RowFilter) -> None:
        if row_filter != self._arrangement.filter:
            self._arrangement.filter = row_filter
            self._rearrange_now()

    def set_groups(self, groups: Sequence[Group]) -> None:
        """Have other heads, such as when the thing that one is called after has another name now."""
        self._arrangement.groups = tuple(groups)
        self._rearrange_now()

    def _facet_places(self) -> Mapping[str, int]:
        return {facet.id: place for place, facet in enumerate(self.facets)}

    def _rearrange_now(self) -> None:
        for _ in self._rearrange():
            pass
        self._settle()

    def _rearrange(self) -> Iterator[None]:
        return self._lead_to(lambda: self._arrangement.arrange(self._rows.values(), self._facet_places()))

    # The choice, kept apart from the selection

    @property
    def chosen_keys(self) -> Set[Hashable]:
        """What is ticked, shown or filtered away; always keys of records that may be chosen."""
        return frozenset(self._chosen)

    def is_chosen(self, key: Hashable) -> bool:
        return key in self._chosen

    def chosen_records(self) -> list[R]:
        return [row.record for row in self._rows.values() if row.key in self._chosen]

    def can_choose(self, key: Hashable) -> bool:
        row = self._rows.get(key)
        return row is not None and self._can_choose(row.record)

    def choose(self, keys: Iterable[Hashable], chosen: bool = True) -> None:
        """Tick, or untick, all of these that may be."""
        before = set(self._chosen)
        if chosen:
            self._chosen.update(key for key in keys if self.can_choose(key))
        else:
            self._chosen.difference_update(keys)
        self._report_choice(before)

    def _drop_choice(self) -> None:
        """Untick what went or may no longer be chosen."""
        before = set(self._chosen)
        self._chosen = {key for key in before if self.can_choose(key)}
        self._report_choice(before)

    def _report_choice(self, before: set[Hashable]) -> None:
        if before == self._chosen:
            return
        self._report_changed(self.rows_of(before ^ self._chosen))
        self.chosen_changed.emit()

    # Editing

    def set_cells(self, column_id: str, texts: Mapping[Hashable, str]) -> dict[Hashable, str]:
        """Write texts into one column and return what stood there, for the keys where that made a difference.

        A text the column refuses, or a record that is gone or may not be chosen, is passed over.
        """
        column = self.column_at(self.section_of(column_id))
        edit = column.edit if column else None
        before: dict[Hashable, str] = {}
        fresh: list[tuple[RecordRow[R], RecordRow[R]]] = []
        for key, text in texts.items():
            row = self._rows.get(key)
            if edit is None or row is None or not self._can_choose(row.record) or edit.read(row.record) == text:
                continue
            keeps_wrong = isinstance(edit, TextEdit) and edit.keeps_wrong
            if not keeps_wrong and self._refusal(edit, row.record, text):
                continue
            before[key] = edit.read(row.record)
            fresh.append((row, self._row(key, edit.apply(row.record, text))))
        if fresh:
            self._replace(fresh)
            self.records_replaced.emit([row.record for row, _ in fresh])
        return before

    def refusal(self, index: Index, text: str) -> str:
        """Why a cell does not take this text, or "" if it does."""
        column, entry = self.column_at(index.column()), self._shown[index.row()]
        if column is None or column.edit is None or not isinstance(entry, RecordRow):
            return self.tr("This cell cannot be changed.")
        return self._refusal(column.edit, entry.record, text)

    def _refusal(self, edit: Any, record: R, text: str) -> str:
        if isinstance(edit, ChoiceEdit):
            return "" if text in edit.choices(record) else self.tr("Choose one of the list.")
        return str(edit.check(record, text))

    # What Qt asks

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns) + self.first_section

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._shown[index.row()]
        if role == RecordRole:
            return entry.record if isinstance(entry, RecordRow) else None
        column = self.column_at(index.column())
        if isinstance(entry, GroupHead):
            return head_data(entry, role) if index.column() == self.first_section else None
        if column is not None:
            return cell_data(column, entry.record, role)
        if role == Qt.ItemDataRole.CheckStateRole and self.checks is Checks.CHOICE:
            return Qt.CheckState.Checked if entry.key in self._chosen else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        key = self.key_at(index.row())
        column = self.column_at(index.column())
        if role == Qt.ItemDataRole.CheckStateRole and column is None and self.can_choose(key):
            self.choose([key], Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role != Qt.ItemDataRole.EditRole or column is None:
            return False
        before = self.set_cells(column.id, {key: str(value)})
        if before:
            self.edited.emit(column.id, {key: (before[key], str(value))})
        return bool(before)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        entry = self._shown[index.row()]
        if isinstance(entry, GroupHead):
            return Qt.ItemFlag.ItemIsEnabled
        column = self.column_at(index.column())
        if column is None:
            return CHECKABLE if self.checks is Checks.CHOICE and self._can_choose(entry.record) else PLAIN
        editable = column.edit is not None and self._can_choose(entry.record)
        return EDITABLE if editable else PLAIN

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= self.columnCount():
            return None
        column = self.column_at(section)
        if column is None:
            return self.tr("Chosen") if role == Qt.ItemDataRole.AccessibleTextRole else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.title
        return column.align.value if role == Qt.ItemDataRole.TextAlignmentRole else None

    def copy_text(self, rows: Iterable[int], sections: Sequence[int]) -> str:
        """Rows as tab-separated lines with a line of titles; group heads and the check box are left out."""
        columns = [column for section in sections if (column := self.column_at(section)) is not None]
        records = [entry.record for row in rows if isinstance(entry := self._shown[row], RecordRow)]
        lines = [[(column.copied or column.text)(record) for column in columns] for record in records]
        return tab_separated([[column.title for column in columns], *lines])
