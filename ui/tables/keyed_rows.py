"""Rows known by key, and how to lead a view from one list of them to another without a reset.

Selection and current row survive because rows that stay keep their persistent indexes. Every signal costs a view work
in proportion to its rows, so scattered changes are gathered: what goes is first moved to the end and removed there at
once, what comes is inserted at the end at once and then moved to its place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import is_
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Signal

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()

_MANY_SPANS = 12


class Keyed(Protocol):
    """Anything that can be told from its like."""

    @property
    def key(self) -> Hashable: ...


E = TypeVar("E", bound=Keyed)


class KeyedRows(QAbstractTableModel, Generic[E]):
    """The rows that are shown. Who derives from it says what their cells hold.

    Signals:
        rearranging: rows are about to go, come or move.
        rearranged: they have; rows and their numbers are settled again.
    """

    rearranging = Signal()
    rearranged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: list[E] = []
        self._numbers: dict[Hashable, int] | None = None
        self._rearrangement = 0
        self._is_unsettled = False

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def key_at(self, row: int) -> Hashable:
        return self._shown[row].key

    def row_of(self, key: Hashable) -> int | None:
        """Where a key is shown, or None while it is not."""
        return self._row_numbers().get(key)

    def rows_of(self, keys: Iterable[Hashable]) -> list[int]:
        """The rows of those keys that are shown, ascending."""
        numbers = self._row_numbers()
        return sorted([numbers[key] for key in keys if key in numbers])

    def _forget_numbers(self) -> None:
        """Rows have gone, come or moved: what was worked out of their places no longer holds."""
        self._numbers = None

    def _row_numbers(self) -> dict[Hashable, int]:
        if self._numbers is None:
            self._numbers = {entry.key: row for row, entry in enumerate(self._shown)}
        return self._numbers

    def _lead_to(self, goal: Callable[[], list[E]]) -> Iterator[None]:
        """Show what `goal` says, in steps after each of which the model is consistent.

        Whoever runs the steps calls `_settle` when they are done, and whenever the loop may run between two of them.
        If something else rearranges then, it knows the newer goal, and this one stops.
        """
        self._rearrangement += 1
        number = self._rearrangement
        target = goal()
        if len(target) == len(self._shown) and all(map(is_, target, self._shown)):
            self._unsettle()  # counts may be others all the same
            return
        for step in (self._remove_what_went, self._insert_what_came, self._put_in_order):
            step(target)
            yield
            if number != self._rearrangement:
                return

    def _unsettle(self) -> None:
        if not self._is_unsettled:
            self._is_unsettled = True
            self.rearranging.emit()

    def _settle(self) -> None:
        if self._is_unsettled:
            self._is_unsettled = False
            self.rearranged.emit()

    def _remove_what_went(self, target: Sequence[E]) -> None:
        staying = {entry.key for entry in target}
        gone = spans(row for row, entry in enumerate(self._shown) if entry.key not in staying)
        if len(gone) > _MANY_SPANS:
            kept = [entry for entry in self._shown if entry.key in staying]
            self._move(kept + [entry for entry in self._shown if entry.key not in staying])
            gone = [(len(kept), len(self._shown) - 1)]
        for first, last in reversed(gone):
            self._unsettle()
            self.beginRemoveRows(NO_PARENT, first, last)
            del self._shown[first : last + 1]
            self._forget_numbers()
            self.endRemoveRows()

    def _insert_what_came(self, target: Sequence[E]) -> None:
        present = {entry.key for entry in self._shown}
        new = spans(row for row, entry in enumerate(target) if entry.key not in present)
        if len(new) <= _MANY_SPANS:
            self._move([entry for entry in target if entry.key in present])
            for first, last in new:
                self._insert(first, target[first : last + 1])
        else:
            self._insert(len(self._shown), [entry for entry in target if entry.key not in present])

    def _insert(self, first: int, entries: Sequence[E]) -> None:
        self._unsettle()
        self.beginInsertRows(NO_PARENT, first, first + len(entries) - 1)
        self._shown[first:first] = entries
        self._forget_numbers()
        self.endInsertRows()

    def _move(self, order: Sequence[E]) -> None:
        """Give the rows another order; persistent indexes follow their rows."""
        if all(now.key == then.key for now, then in zip(self._shown, order, strict=True)):
            return
        self._unsettle()
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._shown[index.row()].key for index in before]
        self._shown = list(order)
        self._forget_numbers()
        after = [self.index(self.row_of(key) or 0, index.column()) for key, index in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _put_in_order(self, target: Sequence[E]) -> None:
        """The last step: the order, and entries that say something else than older ones with the same key.

        Always tells that rows are settled, since counts may be others even where no row has moved.
        """
        self._unsettle()
        self._move(target)
        changed = [row for row, (now, then) in enumerate(zip(self._shown, target, strict=True)) if now is not then]
        for row in changed:
            self._shown[row] = target[row]
        self._report_changed(changed)

    def _report_changed(self, rows: Iterable[int]) -> None:
        """Have the view ask again for these rows, given in ascending order."""
        changed = spans(rows)
        if len(changed) > _MANY_SPANS:
            changed = [(changed[0][0], changed[-1][1])]
        last_section = self.columnCount() - 1
        for first, last in changed:
            self.dataChanged.emit(self.index(first, 0), self.index(last, last_section))


def spans(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending row numbers as spans of neighbours, first and last."""
    if isinstance(rows, range) and rows.step == 1:
        return [(rows.start, rows.stop - 1)] if rows else []
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
