"""Reads the rule tables in `resources/rules` into typed values, for one profile.

Each file holds the tables of the default profile and, under `profiles.<name>`, what another profile says differently,
with its own source. Nothing else in the program knows these files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from app.domain.rules import DEFAULT_PROFILE, PROFILES, Rules

_FILES = ("names", "policy", "machines", "storage", "network", "capacity", "prices", "monitoring", "sizes")

_MORE_FILES = (
    "regions",
    "vaults",
    "tags",
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
    "replica",
    "new_storage",
)


@cache
def load_rules(profile: str = DEFAULT_PROFILE) -> Rules:
    """The rules of `profile`; read once. Takes some 20 ms the first time: call it in a thread while a loop runs.

    Raises:
        ValueError: there is no such profile.
    """
    if profile not in PROFILES:
        raise ValueError(f"no rules profile {profile!r}; there are {', '.join(PROFILES)}")
    tables: dict[str, Any] = {"profile": profile}
    for name in (*_FILES, *_MORE_FILES):
        tables[name] = _read(name, profile)
    tables["sizes"]["sizes"] = _records(tables["sizes"])
    tables["regions"]["regions"] = _records(tables["regions"])
    return msgspec.convert(tables, Rules)


def _read(name: str, profile: str) -> dict[str, Any]:
    text = resources.files("resources").joinpath("rules", f"{name}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    profiles = table.pop("profiles", {})
    return _merged(table, profiles.get(profile, {}))


def _merged(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with what `other` says differently; tables are merged, all else is replaced."""
    result = dict(base)
    for name, value in other.items():
        known = result.get(name)
        result[name] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


def _records(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Long tables are written as rows below their column names."""
    columns = table.pop("columns")
    return [dict(zip(columns, row, strict=True)) for row in table.pop("rows")]
