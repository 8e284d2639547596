"""The sheet that changes a saved connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal

from app.saved_connections import SavedConnection
from ui.connections.colours import colour_of
from ui.connections.form import ConnectionForm
from ui.theme.theme import Theme
from ui.widgets.modal_sheet import ModalSheet


class ConnectionSheet(ModalSheet):
    """Name, colour, and how it opens.

    Signals:
        changed: keep it like this; carries the `SavedConnection`.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, connection: SavedConnection, others: Sequence[SavedConnection]) -> None:
        super().__init__(theme, connection.name, submit="")
        self.setObjectName("connection-sheet")
        self.set_title(self.tr("Change the connection"))
        self.submit_button.setText(self.tr("&Save"))
        self._saved = connection
        self.form = ConnectionForm(theme)
        self.form.load(connection.name, colour_of(connection), others, opens_read_only=connection.opens_read_only)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.submitted.connect(self._on_submitted)

    def _on_submitted(self) -> None:
        if not self.form.accept():
            return
        form = self.form
        self.changed.emit(
            replace(self._saved, name=form.name, colour=form.colour.value, opens_read_only=form.opens_read_only)
        )
        self.close_sheet()
