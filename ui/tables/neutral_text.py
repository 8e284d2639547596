"""Text that leaves the program for a clipboard: plain, in its cell, and never run by the program that takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_DIRECTION = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA = re.compile(r"[=+@]|-(?![\d.])")


def neutral_text(text: str) -> str:
    """One cell's text without what would break the grid, turn the reading order or start a formula in a spreadsheet."""
    plain = _DIRECTION.sub("", _BREAKS.sub(" ", text)).strip()
    return f"'{plain}" if _FORMULA.match(plain) else plain


def tab_separated(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells as the clipboard wants them: tabs between cells, a line for each row."""
    return "".join("\t".join(neutral_text(cell) for cell in row) + "\n" for row in rows)
