"""Editing many cells: fill down, set a column for several rows, and undo and redo of all of it.

An undo writes cells, not records: what a refresh has changed elsewhere in a record meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from ui.tables.record_model import RecordTableModel

_UNDO_LIMIT = 200

Texts = Mapping[Hashable, tuple[str, str]]


class RecordEdits(QObject):
    """The undo stack of one table and the edits that span rows."""

    def __init__(self, model: RecordTableModel[Any], parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_UNDO_LIMIT)
        model.edited.connect(self._on_model_edited)

    def set_column(self, column_id: str, keys: Sequence[Hashable], text: str) -> int:
        """Write one text into a column of several rows; returns in how many it changed something."""
        before = self._model.set_cells(column_id, dict.fromkeys(keys, text))
        if before:
            self._on_model_edited(column_id, {key: (old, text) for key, old in before.items()})
        return len(before)

    def fill_down(self, column_id: str, keys: Sequence[Hashable]) -> int:
        """Repeat the first row's cell in the rows after it."""
        column = self._model.column_at(self._model.section_of(column_id))
        first = self._model.record(keys[0]) if keys else None
        if column is None or column.edit is None or first is None:
            return 0
        return self.set_column(column_id, keys[1:], column.edit.read(first))

    def _on_model_edited(self, column_id: str, texts: Texts) -> None:
        self.stack.push(_CellsCommand(self._model, column_id, texts))


class _CellsCommand(QUndoCommand):
    """Cells of one column, before and after. The change is already made when it is pushed."""

    def __init__(self, model: RecordTableModel[Any], column_id: str, texts: Texts) -> None:
        super().__init__()
        self._model = model
        self._column_id = column_id
        self._texts = dict(texts)
        self._is_done = True

    def redo(self) -> None:
        if not self._is_done:
            self._model.set_cells(self._column_id, {key: after for key, (_, after) in self._texts.items()})
        self._is_done = True

    def undo(self) -> None:
        self._model.set_cells(self._column_id, {key: before for key, (before, _) in self._texts.items()})
        self._is_done = False
