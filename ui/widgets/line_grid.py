"""Lines with columns in a card, where a table would be too narrow: each cell holds words that wrap."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.theme.tokens import Space, Width
from ui.widgets.surface import horizontal_line

_BREAK = "\u200b"


def columns(parent: QWidget, stretches: tuple[int, ...]) -> QGridLayout:
    """The grid that heads and rows share, so that they stand below each other."""
    grid = QGridLayout(parent)
    grid.setContentsMargins(Space.CARD_X, Space.M, Space.CARD_X, Space.M)
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.XS)
    for column, stretch in enumerate(stretches):
        grid.setColumnStretch(column, stretch)
        grid.setColumnMinimumWidth(column, Width.PICKER_LEAST)
    return grid


def breakable(text: str) -> str:
    """Words that may be broken within names of hosts, so that they fit a narrow column; only for showing."""
    return re.sub(r"(?<=\w)([.@/])(?=[^\W\d])", rf"\1{_BREAK}", text)


def divided(row: QWidget) -> QWidget:
    """`row` below a divider."""
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(horizontal_line())
    column.addWidget(row)
    return part
