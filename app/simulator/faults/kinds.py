"""The kinds of fault with their words and parameters, read once from `resources/simulator/faults.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from msgspec import Struct, convert

Value = str | int
"""What a parameter can be set to."""


class Choice(Struct, frozen=True):
    key: str
    title: str


class Parameter(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for when a fault is switched on.

    Attributes:
        type: `number` (whole, within its range), `step` (the same, or the name of a job's step), `choice`, or what is
            chosen among: `host` (a registered one), `waiting` (a host, first of all those that are not), `check` (of a
            host that is to be registered), `machine`, `protected` (a machine that replicates), `network`, `account`,
            `operation`, `scenario`, `code`.
        default: None lets the vault choose.
    """

    name: str
    title: str
    type: str
    default: Value | None = None
    minimum: int = 0
    maximum: int = 0
    choices: tuple[Choice, ...] = ()


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    group: str
    title: str
    sees: str
    why: str
    remedy: str
    look: tuple[str, ...]
    limits: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    counts: tuple[int, ...] = ()


class Code(Struct, frozen=True):
    """What a job says that fails with this code."""

    title: str
    message: str
    causes: str
    action: str


class _File(Struct):
    groups: tuple[Choice, ...]
    operations: tuple[Choice, ...]
    scenarios: tuple[Choice, ...]
    codes: dict[str, Code]
    kinds: tuple[Kind, ...]


_file = convert(tomllib.loads((files("resources") / "simulator" / "faults.toml").read_text("utf-8")), _File)

GROUPS = _file.groups
OPERATIONS = _file.operations
SCENARIOS = _file.scenarios
CODES = _file.codes
FAULT_KINDS = {kind.key: kind for kind in _file.kinds}
