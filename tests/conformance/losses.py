"""Holds a domain value against the record it was made of, by the table of what is shown.

A field that the adapters drop, swap or misread is told with its place in the record. A field that only another
replication provider lacks is not applicable there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.arm_id import ArmId
from tests.conformance.shown import FIELDS, Kind, Shown
from tests.conformance.shown_around import FIELDS_AROUND

Json = Mapping[str, Any]

ALL_FIELDS: Mapping[Kind, tuple[Shown, ...]] = {**FIELDS, **FIELDS_AROUND}


def losses(kind: Kind, raw: Json, value: object) -> Iterator[str]:
    """Every shown field of `value` that does not say what its record says."""
    yield from _losses(ALL_FIELDS[kind], raw, value, instance_type(raw), "")


def instance_type(raw: Json) -> str:
    """Which replication provider or fabric a record is of."""
    for place in ("providerSpecificDetails", "customDetails"):
        found = dig(raw, f"properties.{place}.instanceType")
        if found is not None:
            return str(found)
    return ""


def dig(raw: Any, path: str) -> Any:
    """The value at a dotted path, the first of several that holds something, or None."""
    first, *others = path.split("|")
    found = raw
    for step in filter(None, first.split(".")):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            found = None
    for other in others:
        found = found if found not in (None, "") else dig(raw, other)
    return found


def _losses(fields: tuple[Shown, ...], raw: Any, value: Any, instance: str, place: str) -> Iterator[str]:
    for shown in fields:
        if shown.of and instance not in shown.of:
            continue
        here = f"{place}{shown.field}"
        told, got = dig(raw, shown.raw), _attribute(value, shown.field)
        if shown.parts:
            wanted = _without_repetitions(shown, told or []) if shown.once else told or []
            if len(wanted) != len(got):
                yield f"{here}: the record's {shown.raw} has {len(wanted)} entries, the value {len(got)}"
                continue
            for index, (raw_part, part) in enumerate(zip(wanted, got, strict=True)):
                yield from _losses(shown.parts, raw_part, part, instance, f"{here}[{index}].")
        elif got is _ABSENT:
            if told is not None:
                yield f"{here}: the record's {shown.raw} is {told!r}, the value has no such thing"
        elif shown.reading(told) != got:
            yield f"{here}: the record's {shown.raw} is {told!r}, the value holds {got!r}"


def _without_repetitions(shown: Shown, entries: list[Any]) -> list[Any]:
    """The entries, each once; alike is what shows alike."""
    return list(
        {tuple(part.reading(dig(entry, part.raw)) for part in shown.parts): entry for entry in entries}.values()
    )


_ABSENT = object()
"""Stands for a field of a thing that the value does not have at all; right where the record has none either."""


def _attribute(value: Any, path: str) -> Any:
    for name in path.split("."):
        if value is None:
            return _ABSENT
        value = getattr(value, name)
    return str(value) if isinstance(value, ArmId) else value
