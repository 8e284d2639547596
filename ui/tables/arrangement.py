"""From all records to the rows that are shown: filter, sort, group. Plain Python, no model and no view.

Sorting takes one `sorted` over raw keys. Records without a value come last in both directions, and equal ones keep the
order in which they arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic

from PySide6.QtCore import Qt

from app.domain.bulk import BulkEntry
from ui.tables.column import Column, Group, R
from ui.tables.row_filter import RowFilter


class RecordRow(BulkEntry, Generic[R], eq=False):
    """One record with what filter and order need of it, worked out once."""

    key: Hashable
    record: R
    search: str
    facets: tuple[str, ...]
    group: str
    order: Any = None

    def take(self, fresh: RecordRow[R]) -> None:
        """Become what `fresh` is; whoever holds this row then has the newer record."""
        self.record = fresh.record
        self.search = fresh.search
        self.facets = fresh.facets
        self.group = fresh.group


@dataclass(frozen=True, slots=True)
class HeadKey:
    """The key of a group head; no record has one like it."""

    group: str


@dataclass(frozen=True, slots=True)
class GroupHead:
    """A group's head as a row: how many of its records are shown, of how many in all groups."""

    group: Group
    count: int
    total: int

    @property
    def key(self) -> HeadKey:
        return HeadKey(self.group.id)

    @property
    def count_text(self) -> str:
        count = f"{self.count:,} of {self.total:,}"
        return f"{count}, {self.group.note}" if self.group.note else count


Entry = RecordRow[R] | GroupHead


class Arrangement(Generic[R]):
    """What is asked for: filter, column to sort by, direction, groups."""

    def __init__(self, groups: Sequence[Group] = (), group_of: Callable[[R], str] | None = None) -> None:
        self.filter = RowFilter()
        self.sorted_by: Column[R] | None = None
        self.order = Qt.SortOrder.AscendingOrder
        self.groups = tuple(groups)
        self._group_of = group_of

    def group_of(self, record: R) -> str:
        return self._group_of(record) if self._group_of else ""

    def arrange(self, rows: Iterable[RecordRow[R]], facet_places: Mapping[str, int]) -> list[Entry[R]]:
        """What to show, in order. A row whose group is none of the groups comes last, under no head."""
        rows = list(rows)
        ordered = self._ordered(self.passing(rows, facet_places))
        if not self.groups:
            return [*ordered]
        entries: list[Entry[R]] = []
        known = {group.id for group in self.groups}
        for group in self.groups:
            members = [row for row in ordered if row.group == group.id]
            if members:
                entries += [GroupHead(group, len(members), len(rows)), *members]
        return entries + [row for row in ordered if row.group not in known]

    def passing(
        self, rows: Iterable[RecordRow[R]], facet_places: Mapping[str, int], *, without: str = ""
    ) -> list[RecordRow[R]]:
        """The rows the filter lets through, with the facet `without` left open."""
        passing = list(rows)
        for word in self.filter.words:
            passing = [row for row in passing if word in row.search]
        for facet_id, values in self.filter.facets.items():
            if facet_id != without:
                place = facet_places[facet_id]
                passing = [row for row in passing if row.facets[place] in values]
        return passing

    def _ordered(self, rows: list[RecordRow[R]]) -> list[RecordRow[R]]:
        if self.sorted_by is None:
            return rows
        order = self.sorted_by.order
        for row in rows:
            row.order = order(row.record)
        valued = [row for row in rows if row.order is not None]
        valued.sort(key=attrgetter("order"), reverse=self.order is Qt.SortOrder.DescendingOrder)
        return valued + [row for row in rows if row.order is None]

    def head_rows(self, entries: Sequence[Entry[R]]) -> list[int]:
        """Where heads stand; a table without groups need not be walked."""
        if not self.groups:
            return []
        return [row for row, entry in enumerate(entries) if isinstance(entry, GroupHead)]
