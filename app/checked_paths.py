"""What the connection check asks of each place, from `resources/connection_check.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.connection_check import Paths


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("resources") / "connection_check.toml").read_text("utf-8"))


def checked_paths() -> Paths:
    """Paths that answer without a token."""
    return Paths(**_table()["paths"])


def time_url() -> str:
    """Whom to ask for the time by plain http."""
    return str(_table()["time"]["url"])
