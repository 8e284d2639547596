"""Lists on a page that scrolls: as high as their rows, so that a short one has no second bar inside the page’s."""

from __future__ import annotations

from typing import Any

from ui.tables.record_model import RecordTableModel
from ui.tables.table_view import TableView
from ui.theme.tokens import Height

_EMPTY = 4
"""So many rows take the words that stand where there are none."""


def fit_to_rows(table: TableView[Any], *, most: int, least: int) -> None:
    """Keep the table as high as its rows, `least` to `most` of them; more scroll. A filter changes no height."""

    def fit() -> None:
        model = table.model
        if model.shown_count == model.total_count:
            room = table.height_of_rows(least if model.total_count else max(least, _EMPTY))
            table.setFixedHeight(max(room, table.height_of_rows(0) + _height_of(model, most)))

    table.model.rearranged.connect(fit)
    fit()


def filter_rows(table: TableView[Any], text: str) -> None:
    """Show what has these words, from the top or from what is chosen, wherever the list was scrolled to before."""
    model, grid = table.model, table.grid
    model.set_filter(model.filter.with_text(text))
    grid.scrollToTop()
    shown = [key for key in grid.selected_keys if model.rows_of([key])]
    if shown:  # as the current one too, else the grid goes to its top when the keyboard comes
        grid.make_current(shown[0])


def _height_of(model: RecordTableModel[Any], most: int) -> int:
    """Px of the first records and the group heads above them; a row that would be cut is left out whole."""
    heads = set(model.head_rows())
    height = waiting = records = 0
    for row in range(model.rowCount()):
        if row in heads:
            waiting += Height.GROUP_HEAD
            continue
        if records == most:
            break
        records += 1
        height += waiting + Height.ROW
        waiting = 0
    return height
