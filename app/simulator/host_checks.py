"""The checks of a host by the script, with their words, read once from `resources/simulator/host_checks.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from msgspec import Struct, convert


class Check(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    ok: str
    fails: str
    result: str = "failed"


class Address(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    address: str
    result: str = "failed"


class _File(Struct):
    checks: tuple[Check, ...]
    addresses: tuple[Address, ...]


_file = convert(tomllib.loads((files("resources") / "simulator" / "host_checks.toml").read_text("utf-8")), _File)

CHECKS = _file.checks
ADDRESSES = _file.addresses
TITLES = {check.id: check.title for check in CHECKS} | {address.id: address.title for address in ADDRESSES}
"""Of everything that can be made to fail."""
