"""The estates that the practice vault can begin with, for those who choose: only the first lines of each file are read.

They stand in `resources/scenarios`; a file put there is offered without further ado.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_LAST = 100
"""Where a file stands in the list that does not say it."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """An estate on offer.

    Attributes:
        key: by which the practice vault knows it.
    """

    key: str
    title: str
    about: str


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Those on offer, in the order in which their files want to stand; a file that cannot be read is left out."""
    found: list[tuple[int, Scenario]] = []
    for file in (files("resources") / "scenarios").iterdir():
        key, _, suffix = file.name.rpartition(".")
        if suffix != "toml":
            continue
        try:
            head = tomllib.loads(file.read_text("utf-8").partition("\n[")[0])  # tables come after it, and may be long
            found.append((int(head.get("order", _LAST)), Scenario(key, str(head["title"]), str(head["about"]))))
        except (KeyError, ValueError):
            continue
    return tuple(scenario for _, scenario in sorted(found, key=lambda each: (each[0], each[1].key)))


def title_of(key: str) -> str:
    """What a scenario is called; one of a person's own files goes by the name it was given as."""
    return next((scenario.title for scenario in scenarios() if scenario.key == key), key)
