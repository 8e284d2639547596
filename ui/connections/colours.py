"""The colours that connections are told apart by."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.saved_connections import SavedConnection
from ui.theme.tokens import Connection

CHOSEN = tuple(colour for colour in Connection if colour is not Connection.PRACTICE)


def colour_of(connection: SavedConnection) -> Connection:
    """Its colour; the first where the word is none."""
    return next((colour for colour in CHOSEN if colour.value == connection.colour), CHOSEN[0])


def free_colour(connections: Sequence[SavedConnection]) -> Connection:
    """The one that fewest of them wear."""
    worn = [colour_of(connection) for connection in connections]
    return min(CHOSEN, key=worn.count)


def colour_name(colour: Connection) -> str:
    return {
        Connection.TEAL: _tr("Teal"),
        Connection.INDIGO: _tr("Indigo"),
        Connection.MAGENTA: _tr("Magenta"),
        Connection.OLIVE: _tr("Olive"),
        Connection.SLATE: _tr("Slate"),
        Connection.PRACTICE: _tr("Violet"),
    }[colour]


def _tr(text: str) -> str:
    return QCoreApplication.translate("ConnectionColours", text)
