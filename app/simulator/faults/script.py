"""Scripts: which fault begins or ends at which virtual time.

    [[at]]
    after = "PT10M"             # since the script began
    fault = "host-offline"
    host = "HV-HQ-02"           # the kind's own parameters
    for = "PT30M"               # or `count = 3`; without either it lasts until somebody ends it

    [[at]]
    after = "PT2H"
    end = "all"                 # or the name of a fault

In a scenario file the same tables are called `[[fault]]`. A script is checked as a whole before anything of it begins.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from app.simulator.faults.choosing import chosen
from app.simulator.faults.control import Step, check_limits, seconds_in
from app.simulator.faults.kinds import FAULT_KINDS, Value
from app.simulator.world import World


def read_script(world: World, text: str) -> list[Step]:
    """
    Raises:
        ValueError: a mistake in the script, told in a sentence that names the step.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"The script is no TOML: {error}.") from None
    steps = content.pop("at", [])
    if content:
        raise ValueError(f"The script has {', '.join(map(repr, content))}, where only [[at]] is known.")
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise ValueError("The steps of a script are tables headed [[at]].")
    if not steps:
        raise ValueError("The script has no step; each one is a table headed [[at]].")
    return read_steps(world, steps)


def read_steps(world: World, tables: Sequence[dict[str, Any]]) -> list[Step]:
    """
    Raises:
        ValueError: as above.
    """
    found: list[Step] = []
    for number, table in enumerate(tables, 1):
        try:
            found.append(_step(world, dict(table)))
        except ValueError as error:
            raise ValueError(f"Step {number} of the script: {_sentence(str(error))}") from None
    return found


def _step(world: World, table: dict[str, Any]) -> Step:
    after = seconds_in(table.pop("after", 0))
    kind_name, ending = table.pop("fault", None), table.pop("end", None)
    if (kind_name is None) == (ending is None):
        raise ValueError("it needs either `fault`, for what begins, or `end`, for what ends")
    if ending is not None:
        if ending != "all" and ending not in FAULT_KINDS:
            raise ValueError(_unknown(ending))
        if table:
            raise ValueError(f"{', '.join(map(repr, table))} means nothing beside `end`")
        return Step(after, end=str(ending))
    kind = FAULT_KINDS.get(kind_name) if isinstance(kind_name, str) else None
    if kind is None:
        raise ValueError(_unknown(kind_name))
    lasts = check_limits(kind, table.pop("for", None), count := table.pop("count", None))
    for name, value in table.items():
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ValueError(f"{name} = {value!r} is neither a text nor a whole number")
    given: dict[str, Value] = table
    chosen(world, kind, given)
    return Step(after, fault=kind.key, lasts=lasts, count=count, chosen=given)


def _unknown(name: object) -> str:
    return f"there is no fault named {name!r}; there are {', '.join(FAULT_KINDS)}"


def _sentence(clause: str) -> str:
    return clause if clause.endswith(".") else f"{clause}."
