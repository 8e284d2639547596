"""Has the vaults on screen looked into, and no others: what a vault holds costs two requests each."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QTimer

from app.services.vault_catalogue import VaultCatalogue
from ui.tables.table_view import TableView
from ui.views.connect.vault_rows import VaultRow

_LOOK_AFTER_MS = 60
"""Rows that rush past while somebody scrolls are not looked into."""
_AHEAD = 4
"""Rows below the last one on screen that are looked into as well."""
_BACKGROUND = 200
"""How many further vaults are looked into while the list is filtered by what they hold."""


class Looking(QObject):
    """Follows a table of vaults: scrolling, filtering, sorting, new rows and the current one."""

    def __init__(self, catalogue: VaultCatalogue, table: TableView[VaultRow]) -> None:
        super().__init__(table)
        self._catalogue = catalogue
        self._table = table
        self._timer = QTimer(self, interval=_LOOK_AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self._look)
        table.grid.verticalScrollBar().valueChanged.connect(self._timer.start)
        table.model.rearranged.connect(self._timer.start)
        table.current_changed.connect(self._timer.start)
        table.grid.viewport().installEventFilter(self)

    def rest(self) -> None:
        """Nobody looks: what is not begun is not looked into."""
        self._timer.stop()
        self._catalogue.want(())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._timer.start()
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        if self._table.isVisible():
            self._catalogue.want(dict.fromkeys(self._interesting()))

    def _interesting(self) -> Iterator[str]:
        """The current vault, those on screen, and where it is filtered by what they hold some that are not known."""
        model, grid, current = self._table.model, self._table.grid, self._table.current_record
        if current is not None:
            yield current.key
        first, last = max(grid.rowAt(0), 0), grid.rowAt(grid.viewport().height() - 1)
        end = model.rowCount() if last < 0 else min(last + 1 + _AHEAD, model.rowCount())
        for place in range(first, end):
            yield str(model.key_at(place))
        if model.filter.facets.get("use"):
            unknown = (each.key for each in model.records() if each.entry.contents is None)
            for _, key in zip(range(_BACKGROUND), unknown, strict=False):
                yield key
