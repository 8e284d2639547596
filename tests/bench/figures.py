"""Figures beside their budgets: the table, the baselines' source, and the JSON."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

HEADS = ("figure", "program", "baseline", "ratio", "budget", "verdict")


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a figure is compared with; `code` is what was run to get it."""

    name: str
    value: float
    code: Callable[..., Any] | ModuleType


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes:
        budget: the largest ratio to `baseline`; without a baseline, the largest value. None where it only informs.
        note: what a reader should know of it, such as where the longest stall was.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    baseline: Baseline | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline.value if self.baseline else None

    @property
    def verdict(self) -> str:
        """`inside` or `over` its budget; empty where there is none."""
        if self.budget is None:
            return ""
        measured = self.value if self.ratio is None else self.ratio
        return "inside" if measured <= self.budget else "over"

    def cells(self) -> tuple[str, ...]:
        baseline = self._amount(self.baseline.value) if self.baseline else ""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} x"
        budget = ""
        if self.budget is not None:
            budget = f"{self.budget:g} x" if self.baseline else self._amount(self.budget)
        return (self.name, self._amount(self.value), baseline, ratio, budget, self.verdict)

    def as_json(self) -> dict[str, Any]:
        compared = None
        if self.baseline is not None:
            source = textwrap.dedent(inspect.getsource(self.baseline.code))
            compared = {"name": self.baseline.name, "value": self.baseline.value, "source": source}
        return {
            "figure": self.name,
            "value": self.value,
            "unit": self.unit,
            "baseline": compared,
            "ratio": self.ratio,
            "budget": self.budget,
            "verdict": self.verdict,
            "note": self.note,
        }

    def _amount(self, value: float) -> str:
        return f"{value:.3f} s" if self.unit == "s" else f"{value:.1f} {self.unit}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned lines, notes below their figure."""
    rows = [HEADS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    notes = ["", *(figure.note for figure in figures)]
    lines = []
    for row, note in zip(rows, notes, strict=True):
        first, *others = row
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
        if note:
            lines.append(f"    {note}")
    return "\n".join(lines)


def baselines(figures: Sequence[Figure]) -> str:
    """Each baseline with its figure and the code that was measured, so that anyone can judge whether it is fair."""
    told: dict[str, str] = {}
    for figure in figures:
        baseline = figure.baseline
        if baseline is not None and baseline.name not in told:
            source = textwrap.indent(textwrap.dedent(inspect.getsource(baseline.code)).rstrip(), "    ")
            told[baseline.name] = f"{baseline.name}: {figure._amount(baseline.value)}\n{source}"
    return "\n\n".join(told.values())


def write_json(figures: Sequence[Figure], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([figure.as_json() for figure in figures], indent=2, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")
