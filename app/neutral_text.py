"""Text that leaves the program for a clipboard or a file: plain, in its cell, and never run by whoever takes it."""

from __future__ import annotations

import re

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_DIRECTION = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA = re.compile(r"[=+@＝＋＠－]|-(?![\d.,]+\s?(?:%|[^\W\d_]{0,4})$)")
"""A minus before a figure and its unit is no formula; `-1+cmd|…` is one."""


def one_line(text: str) -> str:
    """The text without breaks, and without what turns the reading order."""
    return _DIRECTION.sub("", _BREAKS.sub(" ", text)).strip()


def neutral_text(text: str) -> str:
    """One cell's text without what would break the grid, turn the reading order or start a formula in a spreadsheet."""
    plain = one_line(text)
    return f"'{plain}" if _FORMULA.match(plain) else plain
