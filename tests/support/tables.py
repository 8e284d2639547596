"""Tables that tests tell besides passing or failing; they are printed after the run, in parallel runs too.

The conftest of all tests takes the fixture and the hook from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import pytest

_PROPERTY = "table"


class Tell(Protocol):
    def __call__(self, title: str, heads: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
        """Have a table printed after the run."""
        ...


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    def record(title: str, heads: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
        record_property(_PROPERTY, f"{title}\n{_as_text([heads, *rows])}")

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, text in report.user_properties:
                if name == _PROPERTY:
                    terminalreporter.write_line(f"\n{text}")


def _as_text(rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as their widest cell: the first to the left, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  "
        + "  ".join(
            cell.rjust(width) if cell.isdigit() else cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        )
        for row in cells
    )
