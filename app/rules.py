"""Reads the rule tables in `resources/rules` into typed values, for one profile.

Each file holds the tables of the default profile and, under `profiles.<name>`, what another profile says differently.
`documents` names what the figures were read in, and `sources` says which of them each rule comes from; a profile has
its own sources for what it says, or what the documents of its time said the same. Nothing else in the program knows
these files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from app.domain.rules import DEFAULT_PROFILE, PROFILES, Rules

LIMITS = (
    "machines",
    "storage",
    "replica",
    "new_storage",
    "network",
    "policy",
    "limits",
    "names",
    "capacity",
    "regions",
    "sizes",
    "vaults",
    "tags",
    "prices",
)
"""Tables of limits and figures, in the order in which people look for them."""

_OTHERS = (
    "monitoring",
    "quota",
    "usual_times",
    "error_catalogue",
    "prerequisites",
    "rights",
    "deployment",
    "releases",
    "hosts",
    "installer",
    "registration_key",
    "no_moves",
)

_RECORDS = ("sizes", "regions")
"""Long tables, written as rows below their column names."""


def load_rules(profile: str = DEFAULT_PROFILE) -> Rules:
    """The rules of `profile`; read once. Takes some 20 ms the first time: call it in a thread while a loop runs.

    Raises:
        ValueError: there is no such profile.
    """
    return _loaded(profile)


def assemble(profile: str, replaced: Mapping[str, Mapping[str, Any]]) -> Rules:
    """The rules of `profile` with these tables, as their files hold them, in place of the program's own.

    Raises:
        ValueError: there is no such profile, or a table is not what it should be.
    """
    if profile not in PROFILES:
        raise ValueError(f"no rules profile {profile!r}; there are {', '.join(PROFILES)}")
    tables: dict[str, Any] = {"profile": profile}
    for name in (*LIMITS, *_OTHERS):
        content = replaced[name] if name in replaced else own_content(name)
        tables[name] = table_of(name, content, profile)
    return msgspec.convert(tables, Rules)


def own_text(name: str) -> str:
    """The file of a table as the program brings it."""
    return resources.files("resources").joinpath("rules", f"{name}.toml").read_text(encoding="utf-8")


def table_of(name: str, content: Mapping[str, Any], profile: str) -> dict[str, Any]:
    """What a file says in one profile, with each rule's source.

    Raises:
        ValueError: its rows do not fit its columns, or a rule names a document that is not there.
    """
    table = {key: value for key, value in content.items() if key != "profiles"}
    table = _merged(table, content.get("profiles", {}).get(profile, {}))
    documents = table.pop("documents", None)
    if documents is not None:
        table["sources"] = {rule: _document(documents, key, rule) for rule, key in table["sources"].items()}
    if name in _RECORDS:
        table[name] = _records(table)
    return table


@cache
def _loaded(profile: str) -> Rules:
    return assemble(profile, {})


@cache
def own_content(name: str) -> dict[str, Any]:
    """What the program's own file of a table holds; not to be changed."""
    return tomllib.loads(own_text(name))


def _document(documents: Mapping[str, Any], key: str, rule: str) -> Any:
    if key not in documents:
        raise ValueError(f"the source of {rule} is {key!r}, which is none of the documents")
    return documents[key]


def _merged(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with what `other` says differently; tables are merged, all else is replaced."""
    result = dict(base)
    for name, value in other.items():
        known = result.get(name)
        result[name] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


def _records(table: dict[str, Any]) -> list[dict[str, Any]]:
    columns = table.pop("columns")
    return [dict(zip(columns, row, strict=True)) for row in table.pop("rows")]
