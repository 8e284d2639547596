"""The rules of the comparison, read from the files in `rules`: data, with a reason for each."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct, convert, field

_FOLDER = Path(__file__).with_name("rules")

R = TypeVar("R", bound=Struct)


class Service(Struct, forbid_unknown_fields=True):
    reason: str
    host: str = ""
    path: str = ""


class Kept(Struct, forbid_unknown_fields=True):
    namespace: str
    types: list[str]


class PathRule(Struct, forbid_unknown_fields=True):
    pattern: str
    reason: str


class WordRule(Struct, forbid_unknown_fields=True):
    type: str
    places: list[str]
    ours: list[str] = field(default_factory=list)
    not_ours: list[str] = field(default_factory=list)
    of: str = ""


class NameRule(Struct, forbid_unknown_fields=True):
    type: str
    ours: str
    reason: str
    of: str = ""


class ForeignRules(Struct, forbid_unknown_fields=True):
    as_of: date
    service: list[Service]
    kept: list[Kept]
    path: list[PathRule]
    word: list[WordRule]
    name: list[NameRule]
    sentence: list[PathRule]
    products: dict[str, str]


@cache
def foreign_rules() -> ForeignRules:
    return _read("foreign", ForeignRules)


def _read(name: str, form: type[R]) -> R:
    return convert(read_table(name), form)


@cache
def read_table(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))


class TouchRule(Struct, forbid_unknown_fields=True):
    write: str
    reads: list[str]
    reason: str


class TouchRules(Struct, forbid_unknown_fields=True):
    as_of: date
    touch: list[TouchRule]


@cache
def touch_rules() -> TouchRules:
    return _read("touches", TouchRules)


class RenameRule(Struct, forbid_unknown_fields=True):
    type: str
    at: str
    keys: dict[str, str]
    reason: str


class ValueRule(Struct, forbid_unknown_fields=True, rename={"is_now": "is"}):
    type: str
    at: str
    key: str
    was: str
    is_now: str
    reason: str


class BackgroundRule(Struct, forbid_unknown_fields=True):
    type: str
    status: int
    state_at: str
    state_key: str
    state: str
    follow: str
    follow_name: str
    reason: str


class BlankRules(Struct, forbid_unknown_fields=True):
    until: int
    forms: list[str]


class JoinRule(Struct, forbid_unknown_fields=True):
    type: str
    at: str
    keys: list[str]
    into: str
    reason: str


class MoveRule(Struct, forbid_unknown_fields=True):
    type: str
    at: list[str]
    keys: dict[str, str]
    into: str
    always: dict[str, Any]
    reason: str


class DropRule(Struct, forbid_unknown_fields=True):
    type: str
    at: str
    keys: list[str]
    reason: str


class LowerRule(Struct, forbid_unknown_fields=True):
    type: str
    at: str
    reason: str


class AddedRule(Struct, forbid_unknown_fields=True):
    type: str
    at: str
    keys: list[str]
    since: int


class ResultRules(Struct, forbid_unknown_fields=True):
    gone_after: list[str]
    status_when_gone: int


class TodayRules(Struct, forbid_unknown_fields=True):
    as_of: date
    last_old_version: str
    oldest_version: str
    async_operation: dict[str, str]
    results: ResultRules
    rename: list[RenameRule]
    value: list[ValueRule]
    blanks: BlankRules
    made_in_background: list[BackgroundRule]
    join: list[JoinRule]
    move: list[MoveRule]
    drop: list[DropRule]
    lower_first: list[LowerRule]
    added: list[AddedRule]


@cache
def today_rules() -> TodayRules:
    return _read("since_2017", TodayRules)


class HeaderRule(Struct, forbid_unknown_fields=True):
    name: str
    how: str
    both: bool


class HeaderRules(Struct, forbid_unknown_fields=True):
    as_of: date
    header: list[HeaderRule]


@cache
def header_rules() -> HeaderRules:
    return _read("headers", HeaderRules)


class VolatileRule(Struct, forbid_unknown_fields=True):
    """A place by its path, in which `*` stands for anything; `recorded` and `ours` narrow it to some forms."""

    type: str
    path: str
    what: str
    reason: str
    recorded: str = "*"
    ours: str = "*"


class VolatileRules(Struct, forbid_unknown_fields=True):
    as_of: date
    place: list[VolatileRule]


@cache
def volatile_rules() -> VolatileRules:
    return _read("volatile", VolatileRules)


class OrderRule(Struct, forbid_unknown_fields=True):
    path: str
    states: list[list[str]]


class StateRules(Struct, forbid_unknown_fields=True):
    as_of: date
    order: list[OrderRule]


@cache
def state_rules() -> StateRules:
    return _read("states", StateRules)


class ExplainedRule(Struct, forbid_unknown_fields=True):
    """Patterns for a difference; what is left out fits everything."""

    name: str
    reason: str
    kind: str = ".*"
    method: str = ".*"
    origin: str = ".*"
    place: str = ".*"
    recorded: str = ".*"
    ours: str = ".*"
    with_all_others: bool = False


class ExplainedRules(Struct, forbid_unknown_fields=True):
    as_of: date
    rule: list[ExplainedRule]


@cache
def explained_rules() -> ExplainedRules:
    return _read("explained", ExplainedRules)
