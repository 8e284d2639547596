"""What Qt is told about one cell: plain words by role. How it is drawn is the delegate's business."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from ui.tables.arrangement import GroupHead
from ui.tables.column import Column, R

PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
CHECKABLE = PLAIN | Qt.ItemFlag.ItemIsUserCheckable
EDITABLE = PLAIN | Qt.ItemFlag.ItemIsEditable
"""Made once: joining flags is slow, and a view asks for those of every cell it paints."""


def cell_data(column: Column[R], record: R, role: int) -> Any:
    """A record's cell under one of Qt's roles; None for a role that has nothing to say."""
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return column.shown_text(record)
        case Qt.ItemDataRole.EditRole:
            return column.edit.read(record) if column.edit else column.text(record)
        case Qt.ItemDataRole.TextAlignmentRole:
            return column.align.value
        case Qt.ItemDataRole.AccessibleTextRole:
            return column.accessible(record) if column.accessible else column.shown_text(record)
        case Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.tooltip(record)) if column.tooltip else None
        case _:
            return None


def head_data(head: GroupHead, role: int) -> Any:
    """A group head's words, which stand in its first cell for all of them."""
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return f"{head.group.title}, {head.count_text}"
    return None


def plain_tip(text: str) -> str:
    """A tooltip that Qt cannot take for rich text, whatever a name contains."""
    return text.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}")
