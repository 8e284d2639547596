"""Which rules the profiles of support limits do not agree on, with each one's value and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from app.domain.rules import Rules
from app.domain.source import Dated, Source


@dataclass(frozen=True, slots=True)
class DifferingRule:
    """A rule by its dotted name, such as `machines.os_disk_max_gib.2`.

    Attributes:
        values: by profile, in the order of the profiles; None where one has no such rule.
        sources: what each value was read in.
    """

    name: str
    values: tuple[Any, ...]
    sources: tuple[Source, ...]


def differing_rules(profiles: Sequence[Rules], tables: Sequence[str]) -> tuple[DifferingRule, ...]:
    """Of these tables, in their order."""
    found = []
    for table in tables:
        said = [dict(_flat(getattr(rules, table))) for rules in profiles]
        for name in dict.fromkeys(name for each in said for name in each):
            values = tuple(each.get(name) for each in said)
            if any(value != values[0] for value in values):
                rule = f"{table}.{name}"
                found.append(DifferingRule(rule, values, tuple(rules.source_of(rule) for rules in profiles)))
    return tuple(found)


def _flat(value: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _flat(each, f"{above}.{name}" if above else str(name))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if not (isinstance(value, Dated) and field.name in ("source", "sources")):
                yield from _flat(getattr(value, field.name), f"{above}.{field.name}" if above else field.name)
    else:
        yield above, value
