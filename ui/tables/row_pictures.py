"""The rows of a table as they were last painted.

Painting a row takes about 2 ms, a screen of them longer than a turn of the loop may. A mouse that moves, a selection,
a refresh in which nothing changed: all of them want the same rows again, so their pictures are kept while they are in
sight, and what is due anew is painted in as many turns as it takes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from ui.tables.keyed_rows import Index
from ui.tables.record_model import RecordTableModel
from ui.tables.row_painter import RowLook, RowPainter, Section
from ui.theme.theme import Theme
from ui.turns import SLICE_S


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row, how it looks, and where in the view it stands."""

    row: int
    look: RowLook
    area: QRect


@dataclass(slots=True)
class _Picture:
    pixmap: QPixmap
    look: RowLook
    is_due: bool = False


class RowPictures:
    """Pictures of rows by the keys of their records; they outlive a row's move to another place."""

    def __init__(self, theme: Theme, model: RecordTableModel[Any]) -> None:
        self._model = model
        self._painter = RowPainter(theme, model)
        self._pictures: dict[Hashable, _Picture] = {}
        self._sections: Sequence[Section] = ()
        self._width = 1
        self._scale = 1.0
        model.dataChanged.connect(self._on_data_changed)

    def fit(self, sections: Sequence[Section], width: int, scale: float) -> None:
        """Say how the next pictures are laid out: the columns, the whole width, device pixels for each pixel."""
        if (sections, width, scale) != (self._sections, self._width, self._scale):
            self.clear()
            self._sections, self._width, self._scale = sections, width, scale

    def clear(self) -> None:
        self._pictures.clear()

    def keep(self, rows: Iterable[int]) -> None:
        """Drop what belongs to none of these rows."""
        kept = [self._model.key_at(row) for row in rows]
        self._pictures = {key: self._pictures[key] for key in kept if key in self._pictures}

    def show(self, painter: QPainter, places: Iterable[RowPlace], left: int, may_wait: bool) -> bool:
        """Draw these rows, their cells from `left` on, and say whether all of them are as they should be.

        If they may wait, painting ends with the turn of the loop: older pictures stand in for what is left.
        """
        started = perf_counter()
        complete = True
        for place in places:
            picture = self._picture(place, may_paint=not may_wait or perf_counter() - started < SLICE_S)
            if picture is None or picture.is_due or picture.look != place.look:
                complete = False
            if picture is None:
                continue
            painter.drawPixmap(QPoint(left, place.area.top()), picture.pixmap)
            if place.look.selected or place.look.marked:
                self._painter.paint_accent_bar(painter, place.area)
        return complete

    def _picture(self, place: RowPlace, *, may_paint: bool) -> _Picture | None:
        key = self._model.key_at(place.row)
        found = self._pictures.get(key)
        if found is not None and not found.is_due and found.look == place.look:
            return found
        if may_paint:
            found = self._pictures[key] = _Picture(self._paint(place), place.look)
        return found

    def _paint(self, place: RowPlace) -> QPixmap:
        height = place.area.height()
        pixmap = QPixmap(QSize(round(self._width * self._scale), round(height * self._scale)))
        pixmap.setDevicePixelRatio(self._scale)
        painter = QPainter(pixmap)
        self._painter.paint(painter, place.row, place.look, self._sections, QRect(0, 0, self._width, height))
        painter.end()
        return pixmap

    def _on_data_changed(self, first: Index, last: Index) -> None:
        rows = range(first.row(), last.row() + 1)
        for key, picture in self._pictures.items():
            if self._model.row_of(key) in rows:
                picture.is_due = True
