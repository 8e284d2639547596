"""Rows of a table as text for a clipboard."""

from __future__ import annotations

from collections.abc import Iterable

from app.neutral_text import neutral_text


def tab_separated(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells as the clipboard wants them: tabs between cells, a line for each row."""
    return "".join("\t".join(neutral_text(cell) for cell in row) + "\n" for row in rows)
