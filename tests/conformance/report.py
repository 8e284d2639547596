"""What a run over a folder came to: figures, a table per session, and every difference in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.arm import target_of
from tests.conformance.replay import Compared, Replayed
from tests.conformance.rules import ExplainedRule, explained_rules
from tests.conformance.shapes import Difference
from tests.conformance.start_state import COMPUTED, SEEDED

_COLUMNS = ("exchanges", "seeded", "computed", "skipped", "equal", "equal_computed", "explained", "different")


@dataclass(slots=True)
class Figures:
    """Numbers of exchanges; those that were skipped are in none of the others."""

    seeded: int = 0
    computed: int = 0
    skipped: int = 0
    equal: int = 0
    equal_computed: int = 0
    explained: int = 0
    different: int = 0

    @property
    def exchanges(self) -> int:
        return self.seeded + self.computed

    def add(self, other: Figures) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in _COLUMNS}


@dataclass(slots=True)
class Report:
    """Everything that is told."""

    sessions: dict[str, Figures] = field(default_factory=dict)
    differences: list[dict[str, Any]] = field(default_factory=list)
    explained_by: Counter[str] = field(default_factory=Counter)
    skipped_because: Counter[str] = field(default_factory=Counter)
    unreadable: dict[str, str] = field(default_factory=dict)

    def add(self, replayed: Replayed) -> None:
        figures = Figures(skipped=len(replayed.skipped))
        self.skipped_because.update(replayed.skipped.values())
        for compared in replayed.compared:
            figures.seeded += compared.origin == SEEDED
            figures.computed += compared.origin == COMPUTED
            rules = explanations(compared)
            if not rules:
                figures.equal += 1
                figures.equal_computed += compared.origin == COMPUTED
            elif all(rules):
                figures.explained += 1
                self.explained_by.update({rule.name for rule in rules if rule is not None})
            else:
                figures.different += 1
                self.differences.extend(_told(compared, rules))
        self.sessions[replayed.name] = figures

    @property
    def total(self) -> Figures:
        total = Figures()
        for figures in self.sessions.values():
            total.add(figures)
        return total

    def as_json(self) -> dict[str, Any]:
        return {
            "sessions": len(self.sessions),
            **self.total.as_json(),
            "differences": self.differences,
            "explained_by": dict(self.explained_by),
            "skipped_because": dict(self.skipped_because),
            "unreadable": self.unreadable,
            "by_session": {name: figures.as_json() for name, figures in self.sessions.items()},
        }

    def lines(self) -> Iterator[str]:
        """The report as text."""
        rows = [[name, *figures.as_json().values()] for name, figures in self.sessions.items()]
        total = self.total
        yield from _table([["session", *_COLUMNS], *rows, ["all", *total.as_json().values()]])
        yield ""
        yield f"equal, of all: {_share(total.equal, total.exchanges)}"
        yield f"equal, of computed: {_share(total.equal_computed, total.computed)}"
        yield f"explained, of all: {_share(total.explained, total.exchanges)}"
        yield from _counted("Explained by rule:", self.explained_by)
        yield from _counted("Skipped because:", self.skipped_because)
        yield from self._differences_told()
        if self.unreadable:
            yield ""
            yield "Files that could not be read as sessions:"
            yield from (f"  {name}: {why}" for name, why in self.unreadable.items())

    def _differences_told(self) -> Iterator[str]:
        head = None
        for entry in self.differences:
            line = f"{entry['session']} #{entry['index']} {entry['method']} {entry['path']} ({entry['origin']})"
            if line != head:
                yield ""
                yield line
                head = line
            yield f"  {entry['place']}: expected {entry['expected']}, got {entry['got']}"


def explanations(compared: Compared) -> list[ExplainedRule | None]:
    """For each difference of an exchange the rule that covers it, if there is one."""
    rules = [explanation(compared, difference) for difference in compared.differences]
    root = next((rule for rule in rules if rule is not None and rule.with_all_others), None)
    return [rule or root for rule in rules]


def explanation(compared: Compared, difference: Difference) -> ExplainedRule | None:
    """The rule that covers a difference, if there is one."""
    exchange = compared.exchange
    seen = {
        "kind": target_of(exchange.path).kind,
        "method": exchange.method,
        "origin": compared.origin,
        "place": difference.path,
        "recorded": difference.recorded,
        "ours": difference.ours,
    }
    for rule in explained_rules().rule:
        if all(re.fullmatch(getattr(rule, name), text, re.DOTALL) for name, text in seen.items()):
            return rule
    return None


def _told(compared: Compared, rules: Sequence[ExplainedRule | None]) -> Iterator[dict[str, Any]]:
    exchange = compared.exchange
    for difference, rule in zip(compared.differences, rules, strict=True):
        if rule is None:
            yield {
                "session": exchange.session,
                "index": exchange.index,
                "method": exchange.method,
                "path": exchange.path,
                "origin": compared.origin,
                "place": difference.path,
                "expected": difference.recorded,
                "got": difference.ours,
            }


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "none"


def _counted(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        yield ""
        yield title
        yield from (f"  {count:5}  {what}" for what, count in sorted(counts.items(), key=lambda pair: -pair[1]))


def _table(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        first, *others = zip(row, widths, strict=True)
        yield "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
