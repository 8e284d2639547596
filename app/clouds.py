"""The clouds that come with the program, from `resources/clouds.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from app.domain.cloud import Cloud

DEFAULT_CLOUD = "public"


@cache
def known_clouds() -> tuple[Cloud, ...]:
    """Those that Microsoft runs, in the order in which they are offered."""
    table = tomllib.loads((files("resources") / "clouds.toml").read_text("utf-8"))
    return tuple(Cloud(**each) for each in table["clouds"])


def cloud_named(name: str) -> Cloud | None:
    return next((cloud for cloud in known_clouds() if cloud.name == name), None)
